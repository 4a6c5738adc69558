"""The reference store."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Customer, FieldMap, Judgement, Verdict, WebProfile
from dedupkit.errors import ConfigurationError, StaleWriteError, StoreError
from dedupkit.plans import PlanKind, Receipt, Relation, RowBalance
from dedupkit.ports import (
    GroupTransaction,
    JudgementStore,
    SupportsGroups,
    SupportsHistory,
    SupportsHolders,
    SupportsRows,
    SupportsSearch,
)
from dedupkit.stores.memory import MemoryStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = Customer(id="1", first_name="Anna", version="a")
BEN = Customer(id="2", first_name="Ben")


class TestShape:
    def test_it_shows_what_it_holds_as_dicts(self) -> None:
        """Customers and rows, in the form in which they were given."""
        columns = {"m1": {"customer": "2", "club": "chess"}}
        store = MemoryStore([ANNA, BEN], rows={"orders": {"o1": "1"}, "clubs": columns})
        assert store.customers == {"1": ANNA, "2": BEN}
        assert store.rows == {"orders": {"o1": "1"}, "clubs": columns}
        assert len(store.rows) == 2
        assert repr(store.rows) == "RowsView(orders: 1, clubs: 1)"
        assert repr(store) == "<MemoryStore of 2 customers>"

    def test_a_mapping_of_customers_will_do(self) -> None:
        """As another store shows them."""
        assert MemoryStore({"1": ANNA}).customers == {"1": ANNA}

    def test_it_satisfies_the_optional_ports(self) -> None:
        """All but lookups and groups of duplicates."""
        store = MemoryStore()
        ports = (JudgementStore, SupportsGroups, SupportsHistory, SupportsHolders, SupportsRows)
        assert all(isinstance(store, port) for port in (*ports, SupportsSearch))
        with store.transaction() as tx:
            assert isinstance(tx, GroupTransaction)

    def test_ids_given_twice_are_refused_by_name(self) -> None:
        """All of them."""
        with pytest.raises(ConfigurationError, match="given twice: 1, 2"):
            MemoryStore([ANNA, BEN, evolve(ANNA, city="X"), evolve(BEN, city="X")])

    def test_relations_are_those_declared_and_those_with_rows(self) -> None:
        """A declaration adds what is known of it; none is declared twice."""
        letters = Relation("letters", rows="leave")
        store = MemoryStore([ANNA], {"letters": {}, "orders": {}}, [letters])
        assert store.relations == (letters, Relation("orders"))
        with pytest.raises(ConfigurationError, match="named twice: orders"):
            MemoryStore(relations=["orders", Relation("orders")])

    def test_a_row_must_name_its_customer(self) -> None:
        """In the column that the relation says."""
        with pytest.raises(ConfigurationError, match="column 'customer'"):
            MemoryStore([ANNA], rows={"orders": {"o1": {"buyer": "1"}}})
        buyer = Relation("orders", column="buyer")
        store = MemoryStore([ANNA], {"orders": {"o1": {"buyer": "1"}}}, [buyer])
        assert store.rows("orders", "1") == (FieldMap(id="o1", buyer="1"),)

    def test_an_unknown_relation_is_told_with_the_known_ones(self) -> None:
        """Or with none."""
        with pytest.raises(StoreError, match="knows orders"):
            MemoryStore(relations=["orders"]).counts("letters", ["1"])
        with pytest.raises(StoreError, match="knows none"):
            MemoryStore().counts("letters", ["1"])

    def test_balances_given_beside_rows_must_add_up(self) -> None:
        """Those that do not are named, together; what is left out is computed."""
        lots = Relation("lots", balance=RowBalance("loyalty", "points"))
        rows = {"lots": {f"l{i}": {"customer": i, "amount": 5} for i in ("1", "2")}}
        right, wrong = (Balance("loyalty", "points", n) for n in (5, 7))
        store = MemoryStore([evolve(ANNA, balances=[right]), BEN], rows, [lots])
        assert MemoryStore(store.customers, dict(store.rows), [lots]).customers == store.customers
        cards = [evolve(card, balances=[wrong]) for card in (ANNA, BEN)]
        with pytest.raises(ConfigurationError, match="balances of 1, 2 are not what"):
            MemoryStore(cards, rows, [lots])

    @pytest.mark.parametrize("row", ["1", {"customer": "1"}, {"customer": "1", "amount": 0.5}])
    def test_a_row_that_adds_to_a_balance_must_hold_an_amount(self, row: Any) -> None:  # noqa: ANN401  # what is told
        """It is named with its column."""
        lots = Relation("lots", balance=RowBalance("loyalty", "points"))
        with pytest.raises(ConfigurationError, match="row 'l1' of 'lots': column 'amount'"):
            MemoryStore([ANNA], {"lots": {"l1": row}}, [lots])

    def test_two_relations_cannot_add_up_to_one_balance(self) -> None:
        """It would be counted twice."""
        points = RowBalance("loyalty", "points")
        with pytest.raises(ConfigurationError, match="'lots' and 'bonus'"):
            MemoryStore(relations=[Relation(name, balance=points) for name in ("lots", "bonus")])


class TestReading:
    def test_scan_goes_through_ids_as_texts(self) -> None:
        """And on from any of them."""
        store = MemoryStore(Customer(id=i) for i in ("2", "10", "1"))
        assert [card.id for card in store.scan()] == ["1", "10", "2"]
        assert [card.id for card in store.scan("1")] == ["10", "2"]

    def test_search_finds_active_cards_by_every_word(self) -> None:
        """Best first."""
        cards = [
            Customer(id="1", first_name="Bjørn", last_name="Hansen", mobile="912 34 567"),
            Customer(id="2", first_name="Bjørnar", last_name="Hansen"),
            Customer(id="3", first_name="Bjørn", last_name="Hansen", merged_into="1"),
        ]
        store = MemoryStore(cards)
        assert [card.id for card in store.search("bjorn hansen")] == ["1", "2"]
        assert [card.id for card in store.search("91234567")] == ["1"]
        assert list(store.search(" ")) == []

    def test_groups_count_active_members(self) -> None:
        """Empty groups are there."""
        cards = [evolve(ANNA, groups=["press"]), evolve(BEN, groups=["press"], merged_into="1")]
        assert MemoryStore(cards, groups=["empty"]).groups() == {"empty": 0, "press": 1}

    def test_rows_and_counts_belong_to_a_customer(self) -> None:
        """In the order of their ids."""
        store = MemoryStore([ANNA, BEN], rows={"orders": {"o2": "1", "o1": "1"}})
        assert [row["id"] for row in store.rows("orders", "1")] == ["o1", "o2"]
        assert store.counts("orders", ["1", "2"]) == {"1": 2, "2": 0}


class TestWriting:
    def test_versions_stay_as_given_until_written(self) -> None:
        """Then they are tokens that nobody has given."""
        store = MemoryStore([evolve(ANNA, version="1"), BEN])
        assert store.customers["2"].version is None
        with store.transaction() as tx:
            tx.save([(BEN, BEN)])
        assert store.customers["2"].version == "2"
        assert store.customers["1"].version == "1"

    def test_a_transaction_within_another_is_part_of_it(self) -> None:
        """Its failure takes back its own writes, the outer one's takes all."""
        store = MemoryStore([ANNA])
        with store.transaction() as tx:
            tx.save([(None, BEN)])
            with suppress(RuntimeError), store.transaction() as inner:
                inner.save([(None, Customer(id="3"))])
                raise RuntimeError
        assert set(store.customers) == {"1", "2"}

        with suppress(RuntimeError), store.transaction():
            store.judge([Judgement("1", "2", Verdict.SAME)])
            raise RuntimeError
        assert list(store.judgements()) == []

    def test_ids_are_chosen_behind_the_highest_and_never_again(self) -> None:
        """Not even after the customer is deleted."""
        store = MemoryStore([Customer(id="41"), Customer(id="x")])
        with store.transaction() as tx:
            assert tx.save([(None, Customer(id="new-1"))]) == ("42",)
            tx.save([(tx.load(["42"])["42"], None)])
            assert tx.save([(None, Customer(id="50"))]) == ("50",)
            assert tx.save([(None, Customer(id="new-1"))]) == ("51",)

    def test_an_id_that_is_there_is_not_created(self) -> None:
        """Nothing is overwritten."""
        store = MemoryStore([ANNA])
        with pytest.raises(StoreError, match="is there already"), store.transaction() as tx:
            tx.save([(None, Customer(id="1"))])

    def test_a_change_needs_one_id(self) -> None:
        """On both sides, and only one change of it."""
        store = MemoryStore([ANNA, BEN])
        for changes in ([(ANNA, BEN)], [(ANNA, ANNA), (ANNA, None)], [(None, None)]):
            with pytest.raises(StoreError, match="one change per"), store.transaction() as tx:
                tx.save(changes)

    def test_a_stale_write_names_the_customers(self) -> None:
        """Unknown ones are stale, too."""
        store = MemoryStore([ANNA])
        with pytest.raises(StaleWriteError) as caught, store.transaction() as tx:
            tx.save([(evolve(ANNA, version="b"), ANNA), (BEN, BEN)])
        assert caught.value.ids == ("1", "2")

    def test_unique_values_are_held_for_what_is_written(self) -> None:
        """What was given twice may stay so."""
        named = [
            evolve(card, web_profile=WebProfile(id=f"w{card.id}", username="anna"))
            for card in (ANNA, BEN)
        ]
        store = MemoryStore([*named, Customer(id="3")])
        third = evolve(store.customers["3"], web_profile=named[0].web_profile)
        refused = pytest.raises(StoreError, match="already that of customer '2'")
        with store.transaction() as tx, refused:
            tx.save([(store.customers["3"], third)])
        with store.transaction() as tx:
            tx.save([(named[0], evolve(named[0], web_profile=None))])
        assert store.holders("web_profile.username", ["anna", "x"]) == {"anna": "2"}

    def test_two_changes_cannot_claim_one_value(self) -> None:
        """Both are named."""
        store = MemoryStore(unique=["number"])
        changes = [(None, Customer(id=i, number="7")) for i in ("a", "b")]
        refused = pytest.raises(StoreError, match="'b' is already that of customer 'a'")
        with store.transaction() as tx, refused:
            tx.save(changes)

    def test_a_group_with_members_is_not_deleted(self) -> None:
        """It is named."""
        store = MemoryStore([evolve(ANNA, groups=["press"])], groups=["empty"])
        with store.transaction() as tx:
            tx.delete_groups(["empty", "gone before"])
        with pytest.raises(StoreError, match="press"), store.transaction() as tx:
            tx.delete_groups(["press"])
        assert store.groups() == {"press": 1}

    def test_a_row_given_again_refers_to_another_customer(self) -> None:
        """The newer one counts."""
        store = MemoryStore([ANNA, BEN], rows={"orders": {"o1": "1"}})
        store.add_rows("orders", {"o1": "2"})
        assert store.counts("orders", ["1", "2"]) == {"1": 0, "2": 1}

    def test_a_plan_executed_again_counts_as_newer(self) -> None:
        """History is in the order of executions; marking one as undone moves nothing."""
        store = MemoryStore([ANNA, BEN])
        one, other = (Receipt(plan_id=i, kind=PlanKind.EDIT, by="a", at=AT) for i in ("p", "q"))
        with store.transaction() as tx:
            for receipt in (one, other, evolve(one, undone_by="u")):
                tx.remember(receipt)
            assert [receipt.plan_id for receipt in store.receipts] == ["p", "q"]
            tx.remember(one)
        assert [receipt.plan_id for receipt in store.receipts] == ["q", "p"]

    def test_a_redirect_to_a_deleted_customer_ends_there(self) -> None:
        """X6: its id is all that is left."""
        store = MemoryStore([evolve(ANNA, merged_into="9")])
        with store.transaction() as tx:
            assert tx.resolve(["1", "9"]) == {"1": "9"}

    def test_a_redirect_outlives_its_card(self) -> None:
        """Whoever was merged into a card that is deleted still leads where that card led."""
        cards = [Customer(id="1", merged_into="2"), Customer(id="2", merged_into="3")]
        store = MemoryStore([*cards, Customer(id="3")])
        with store.transaction() as tx:
            tx.save([(cards[1], None)])
            assert tx.resolve(["1", "2"]) == {"1": "3", "2": "3"}


def test_redirects_in_a_circle_are_an_error() -> None:
    """Asking where they lead never runs for ever."""
    store = MemoryStore([Customer(id="1", merged_into="2"), Customer(id="2", merged_into="1")])
    with store.transaction() as tx, pytest.raises(StoreError, match="circle"):
        tx.resolve(["1"])


def test_what_is_given_must_be_customers_with_ids_of_their_own() -> None:
    """Those that stand twice are named, be they equal or not."""
    with pytest.raises(ConfigurationError, match="ids given twice: 1; keep"):
        MemoryStore([ANNA, ANNA])
    with pytest.raises(ConfigurationError, match="must be Customer objects"):
        MemoryStore(["1"])  # type: ignore[list-item]  # what is told
