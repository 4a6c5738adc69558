"""A store of a host's own functions."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest

from dedupkit.customers import Balance, Customer
from dedupkit.errors import ConfigurationError, StoreError
from dedupkit.plans import MovedRows, Receipt, Relation, RemovedRow, RowBalance, RowChanges
from dedupkit.ports import Change, SupportsHistory
from dedupkit.stores.callbacks import CallbackStore

CARDS = {i: Customer(id=i) for i in ("1", "2", "3")}


def nothing(_: Sequence[Change]) -> None:
    """Save nothing, and return no ids."""


class TestCallbackStore:
    def test_cards_come_as_a_mapping_or_one_by_one(self) -> None:
        """In the order of ids, and only those asked for."""
        for load in (lambda _: CARDS, lambda _: reversed(CARDS.values())):
            store = CallbackStore(load, nothing, None, nullcontext)
            assert list(store.get(["2", "1", "9"])) == ["1", "2"]
            with store.transaction() as tx:
                assert list(tx.load(["2", "1", "9"])) == ["1", "2"]

    def test_scanning_needs_a_function(self) -> None:
        """Without one it says which."""
        store = CallbackStore(lambda _: CARDS, nothing, None, nullcontext)
        with pytest.raises(ConfigurationError, match="scan="):
            store.scan()
        store = CallbackStore(
            lambda _: CARDS, nothing, None, nullcontext, scan=lambda _: CARDS.values()
        )
        assert [card.id for card in store.scan()] == ["1", "2", "3"]

    def test_relations_need_a_function_that_moves(self) -> None:
        """Declared ones cannot be left behind."""
        with pytest.raises(ConfigurationError, match="move is needed"):
            CallbackStore(lambda _: CARDS, nothing, None, nullcontext, relations=["orders"])
        with CallbackStore(lambda _: CARDS, nothing, None, nullcontext).transaction() as tx:
            with pytest.raises(StoreError, match="'orders' cannot be moved"):
                tx.move("orders", [("2", "1")])
            with pytest.raises(StoreError, match="put_back="):
                tx.put_back("orders", [RemovedRow("orders", "2", "1", "o1")])

    def test_what_rows_add_up_to_is_never_handed_to_save(self) -> None:
        """Loading computes it; on both sides of a change it is left out."""
        credit, points = Balance("store_credit", "NOK", 9), Balance("loyalty", "points", 5)
        card = Customer(id="1", balances=[credit, points])
        saved: list[Change] = []
        store = CallbackStore(
            lambda _: [card],
            saved.extend,
            lambda *_: (),
            nullcontext,
            relations=[Relation("lots", balance=RowBalance("loyalty", "points"))],
        )
        with store.transaction() as tx:
            assert tx.load(["1"])["1"].balances == (points, credit)
            tx.save([(card, card)])
        [(before, after)] = saved
        assert before == after == Customer(id="1", balances=[credit])

    def test_ids_may_be_left_out_where_nothing_is_created(self) -> None:
        """A created customer's id must come from the host."""
        with CallbackStore(lambda _: CARDS, nothing, None, nullcontext).transaction() as tx:
            assert tx.save([(CARDS["1"], CARDS["1"]), (CARDS["2"], None)]) == ("1", "2")
            with pytest.raises(StoreError, match="must return the id"):
                tx.save([(None, Customer(id="new-1"))])

    def test_moved_rows_may_come_plain(self) -> None:
        """Or with what was removed."""
        moved = MovedRows("orders", "2", "1", ("o1",))
        answers: list[RowChanges | list[MovedRows]] = [[moved], RowChanges([moved])]
        store = CallbackStore(
            lambda _: CARDS, nothing, lambda _, __: answers.pop(), nullcontext, relations=["orders"]
        )
        with store.transaction() as tx:
            assert tx.move("orders", [("2", "1")]) == RowChanges([moved])
            assert tx.move("orders", [("2", "1")]) == RowChanges([moved])

    def test_rows_are_put_back_by_the_host(self) -> None:
        """With what the receipt kept."""
        heard: list[object] = []
        store = CallbackStore(
            lambda _: CARDS,
            nothing,
            lambda _, __: [],
            nullcontext,
            put_back=lambda relation, rows: heard.append((relation, rows)),
        )
        row = RemovedRow("clubs", "2", "1", "m1")
        with store.transaction() as tx:
            tx.put_back("clubs", [row])
        assert heard == [("clubs", [row])]

    def test_redirects_are_followed_from_card_to_card(self) -> None:
        """One load a hop; deleted ends stay, unknown ids are left out."""
        cards = {
            "1": Customer(id="1", merged_into="2"),
            "2": Customer(id="2", merged_into="3"),
            "3": CARDS["3"],
            "4": Customer(id="4", merged_into="9"),
        }
        store = CallbackStore(
            lambda ids: [cards[i] for i in ids if i in cards], nothing, None, nullcontext
        )
        with store.transaction() as tx:
            assert tx.resolve(["1", "3", "4", "8"]) == {"1": "3", "3": "3", "4": "9"}

    def test_history_is_there_where_the_journal_has_one(self) -> None:
        """A plain journal has none."""

        class Journal(dict[str, Receipt]):
            def remember(self, receipt: Receipt) -> None:
                self[receipt.plan_id] = receipt

            def receipt(self, plan_id: str) -> Receipt | None:
                return self.get(plan_id)

        store = CallbackStore(lambda _: CARDS, nothing, None, nullcontext, journal=Journal())
        assert not isinstance(store, SupportsHistory)


@pytest.mark.parametrize("found", [None, 5, ["1"], {"1": "Anna"}])
def test_what_is_loaded_must_be_customers(found: Any) -> None:  # noqa: ANN401  # what is told
    """The host's function is named, not a place inside the library."""
    store = CallbackStore(lambda _: found, nothing, None, nullcontext)
    with pytest.raises(StoreError, match="load must return Customer objects"):
        store.get(["1"])
