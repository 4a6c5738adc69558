"""Balances that add up from rows, in the reference store and in a database."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Customer, FieldMap
from dedupkit.plans import Relation, RowBalance
from dedupkit.stores.derived import sum_rows, with_sums, without_derived, without_derived_changes
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.rows import Row
from dedupkit.stores.sql import SqlStore

LOTS = Relation("lots", balance=RowBalance("loyalty", "points", amount="left"))
KEY = ("loyalty", "points", None)
CREDIT = Balance("store_credit", "NOK", 9)
ANNA = Customer(id="1", first_name="Anna", balances=[CREDIT])
BEN = Customer(id="2", first_name="Ben")
ROWS: Mapping[str, Mapping[str, Any]] = {
    "l1": {"customer": "1", "left": "0.10", "expires": "2026"},
    "l2": {"customer": "1", "left": Decimal("0.20"), "expires": "2027"},
    "l3": {"customer": "2", "left": -3, "expires": "2027"},
}

Store: TypeAlias = MemoryStore | SqlStore


def points(amount: str | int) -> Balance:
    """So many points."""
    return Balance("loyalty", "points", amount)


@pytest.fixture(params=["memory", "database"])
def store(request: pytest.FixtureRequest) -> Store:
    """A register of two customers with lots."""
    made: Store = MemoryStore(relations=[LOTS])
    if request.param == "database":
        made = SqlStore.create("sqlite://", relations=[LOTS])
    with made.transaction() as tx:
        tx.save([(None, ANNA), (None, BEN)])
    made.add_rows("lots", ROWS)
    return made


class TestReading:
    def test_every_way_of_reading_shows_the_exact_sum(self, store: Store) -> None:
        """Of the rows that refer to the customer, beside what is stored."""
        wanted = {"1": (points("0.3"), CREDIT), "2": (points(-3),)}
        with store.transaction() as tx:
            loaded = tx.load(["1", "2"])
        assert {i: card.balances for i, card in loaded.items()} == wanted
        assert {i: card.balances for i, card in store.get(["1", "2"]).items()} == wanted
        assert {card.id: card.balances for card in store.scan()} == wanted
        assert [card.balances for card in store.search("ben")] == [(points(-3),)]

    def test_a_new_row_shows_at_once(self, store: Store) -> None:
        """And at zero there is no balance."""
        store.add_rows("lots", {"l4": {"customer": "2", "left": 3}})
        assert store.get(["2"])["2"].balances == ()

    def test_rows_that_move_take_their_amount_along(self, store: Store) -> None:
        """Nobody writes a balance."""
        with store.transaction() as tx:
            tx.move("lots", [("1", "2")])
        found = store.get(["1", "2"])
        assert (found["1"].balances, found["2"].balances) == ((CREDIT,), (points("-2.7"),))


class TestListing:
    def test_a_row_is_listed_under_its_own_id(self, store: Store) -> None:
        """Also where the host's table has a column of that name."""
        store.add_rows("lots", {"l4": {"customer": "2", "left": 3, "id": 77}})
        assert [row["id"] for row in store.rows("lots", "2")] == ["l3", "l4"]


class TestWriting:
    def test_what_is_saved_of_it_is_not_written(self, store: Store) -> None:
        """Neither more, nor less, nor on a customer that is new."""
        with store.transaction() as tx:
            now = tx.load(["1", "2"])
            tx.save(
                [
                    (now["1"], evolve(now["1"], balances=[CREDIT, points(70)])),
                    (now["2"], evolve(now["2"], balances=[])),
                    (None, Customer(id="3", balances=[points(5), CREDIT])),
                ]
            )
        found = store.get(["1", "2", "3"])
        assert [card.balances for card in found.values()] == [
            (points("0.3"), CREDIT),
            (points(-3),),
            (CREDIT,),
        ]

    def test_a_row_that_came_since_makes_no_write_stale(self, store: Store) -> None:
        """A plan is, by its fingerprint; the store compares what is stored."""
        with store.transaction() as tx:
            before = tx.load(["1"])["1"]
        store.add_rows("lots", {"l4": {"customer": "1", "left": 3}})
        with store.transaction() as tx:
            tx.save([(before, evolve(before, city="Oslo"))])
        assert store.get(["1"])["1"].balances == (points("3.3"), CREDIT)


class TestParts:
    def test_without_derived_balances_nothing_is_copied(self) -> None:
        """Most registers have none."""
        changes = [(ANNA, BEN), (None, ANNA), (BEN, None)]
        assert without_derived_changes(changes, {}) is changes
        assert without_derived(ANNA, {KEY: LOTS}) is ANNA
        assert with_sums(ANNA, {KEY: Decimal(0)}) is ANNA
        assert without_derived_changes(changes, {KEY: LOTS}) == changes

    def test_rows_that_hold_no_columns_add_nothing(self) -> None:
        """And rows of a relation that adds up to nothing."""
        lots = [Row("a", "1", FieldMap(left=2)), Row("b", "1")]
        assert sum_rows(LOTS, lots) == {"1": Decimal(2)}
        assert sum_rows(Relation("lots"), lots) == {}
