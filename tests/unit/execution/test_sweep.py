"""Bringing late rows home."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from dedupkit.customers import Balance, Customer
from dedupkit.errors import ConfigurationError
from dedupkit.execution import sweep, undo
from dedupkit.plans import PlanKind, Relation, RowBalance, TransferBalance
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
CARDS = (
    Customer(id="1"),
    Customer(id="2", merged_into="1"),
    Customer(id="3", merged_into="2"),
    Customer(id="4", merged_into="9"),
    Customer(id="5"),
)
ROWS = {
    "orders": {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"},
    "letters": {"f": "3"},
    "invoices": {"g": "2"},
}
RELATIONS = ("orders", "letters", Relation("invoices", rows="leave"))


class TestSweep:
    @pytest.mark.parametrize("kind", ["memory", "sql"])
    def test_rows_move_to_who_stands_for_the_card_now(self, kind: str) -> None:
        """Through chains; posted rows stay, and so do those of a card whose master is gone."""
        store: MemoryStore | SqlStore = MemoryStore(CARDS, ROWS, RELATIONS)
        if kind == "sql":
            store = SqlStore.create("sqlite://", relations=RELATIONS)
            with store.transaction() as tx:
                tx.save([(None, card) for card in CARDS])
            for name, rows in ROWS.items():
                store.add_rows(name, rows)
        summary = sweep(store, by="anna", at=AT)
        assert [set(receipt.ids) for receipt in summary.receipts] == [{"1", "2", "3"}]
        ids = ["1", "2", "3", "4", "5"]
        assert list(store.counts("orders", ids).values()) == [3, 0, 0, 1, 1]
        assert list(store.counts("letters", ids).values()) == [1, 0, 0, 0, 0]
        assert list(store.counts("invoices", ids).values()) == [0, 1, 0, 0, 0]
        assert sweep(store, by="anna", at=AT).receipts == ()
        undo(summary.receipts[0], store, by="anna", at=AT)
        assert list(store.counts("orders", ids).values()) == [1, 1, 1, 1, 1]

    def test_only_the_cards_asked_for_are_swept(self) -> None:
        """An active one has nothing to sweep."""
        store = MemoryStore(CARDS, ROWS, RELATIONS)
        summary = sweep(store, by="anna", at=AT, ids=["2", "5", "unknown"])
        assert [set(receipt.ids) for receipt in summary.receipts] == [{"1", "2"}]
        assert store.counts("orders", ["1", "2", "3", "5"]) == {"1": 2, "2": 0, "3": 1, "5": 1}

    def test_a_sweep_is_an_edit(self) -> None:
        """Nothing is merged by it."""
        store = MemoryStore(CARDS, ROWS, RELATIONS)
        (receipt,) = sweep(store, by="anna", at=AT).receipts
        assert receipt.kind is PlanKind.EDIT

    def test_late_rows_carry_what_they_add_up_to(self) -> None:
        """Points of the relation that is late alone, in their programme, said in the receipt."""
        points = RowBalance("loyalty", "points", programme="club")
        relations = (
            Relation("lots", balance=points),
            Relation("sales", balance=RowBalance("on_account", "NOK")),
            Relation("posted", rows="leave", balance=RowBalance("bonus", "NOK")),
            "orders",
        )
        rows: dict[str, dict[str, str | dict[str, str]]] = {
            "lots": {
                "l1": {"customer": "2", "amount": "5"},
                "l2": {"customer": "3", "amount": "7"},
            },
            "sales": {"s1": {"customer": "1", "amount": "9"}},
            "posted": {"p1": {"customer": "2", "amount": "3"}},
            "orders": {"o1": "2"},
        }
        stored = [Balance("store_credit", "NOK", 4)]
        cards = [CARDS[0], Customer(id="2", merged_into="1", balances=stored), *CARDS[2:]]
        store = MemoryStore(cards, rows, relations)
        (receipt,) = sweep(store, by="anna", at=AT).receipts
        carried = [step for step in receipt.steps if isinstance(step, TransferBalance)]
        assert carried == [
            TransferBalance(
                kind="loyalty",
                unit="points",
                programme="club",
                amount=amount,
                source=card,
                target="1",
                settled_by="lots",
                origin=(card,),
            )
            for card, amount in (("2", 5), ("3", 7))
        ]
        assert Balance("loyalty", "points", 12, programme="club") in store.customers["1"].balances
        assert set(store.customers["2"].balances) == {*stored, Balance("bonus", "NOK", 3)}

    def test_the_store_must_show_rows(self) -> None:
        """Functions of a host do not."""
        store = CallbackStore(lambda _: {}, lambda _: None, None, nullcontext)
        with pytest.raises(ConfigurationError, match="SupportsRows"):
            sweep(store, by="anna", at=AT)

    def test_one_id_is_no_collection(self) -> None:
        """It would be read letter by letter, and nothing swept."""
        with pytest.raises(ConfigurationError, match="also where there is one"):
            sweep(MemoryStore(), by="anna", at=AT, ids="17")
        with pytest.raises(ConfigurationError, match="also where there is one"):
            sweep(MemoryStore(), by="anna", at=AT, ids=17)  # type: ignore[arg-type]  # what is told
