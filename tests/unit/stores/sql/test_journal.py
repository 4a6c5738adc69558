"""The journal in the library's own tables."""

from datetime import UTC, datetime

import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import Customer, Judgement, Verdict
from dedupkit.execution import execute_many, undo
from dedupkit.merging import plan_merge
from dedupkit.plans import PlanKind, Receipt
from dedupkit.ports import JournalTransaction
from dedupkit.stores.sql import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)


def merged(pairs: int) -> tuple[SqlStore, sa.Engine, list[str]]:
    """A register of pairs that were merged in one batch, and the plans."""
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    store = SqlStore.create(engine, relations=["orders"])
    ids = [str(n) for n in range(2 * pairs)]
    with store.transaction() as tx:
        tx.save([(None, Customer(id=i, last_name="Hansen", flags={i})) for i in ids])
    cards = store.get(ids)
    plans = [
        plan_merge(cards[one], [cards[other]], relations=store.relations)
        for one, other in zip(ids[::2], ids[1::2], strict=True)
    ]
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    execute_many(plans, store, by="anna", at=AT)
    return store, engine, statements


class TestManyReceipts:
    def test_a_batch_takes_no_more_statements_the_more_it_holds(self) -> None:
        """Neither reading, nor writing, nor the journal asks plan by plan."""
        assert len(merged(2)[2]) == len(merged(20)[2])

    def test_receipts_are_written_in_order_and_an_undone_one_keeps_its_place(self) -> None:
        """The journal tells of the plans as they were given, marked or not."""
        store, _, _ = merged(3)
        first, second, third = store.history()
        done = undo(second, store, by="anna", at=AT)
        marked = [(r.plan_id, r.undone_by) for r in store.history()]
        assert marked == [
            (first.plan_id, None),
            (second.plan_id, done.plan_id),
            (third.plan_id, None),
            (done.plan_id, None),
        ]

    def test_the_transaction_reads_many_at_once(self) -> None:
        """Plans without a receipt are left out."""
        store, _, _ = merged(2)
        known = {receipt.plan_id: receipt for receipt in store.history()}
        with store.transaction() as tx:
            assert isinstance(tx, JournalTransaction)
            assert tx.receipts([*known, "unknown"]) == known


class TestRewriting:
    def test_receipts_without_customers_are_rewritten_too(self) -> None:
        """A plan of groups concerns nobody, and whoever asks for all means it."""
        store = SqlStore.create("sqlite://")
        with store.transaction() as tx:
            tx.remember(Receipt(plan_id="p", kind=PlanKind.EDIT, by="anna", at=AT))
            plans = tx.rewrite_receipts(None, lambda receipt: evolve(receipt, by="ben"))
            found = tx.receipt("p")
        assert plans == {"p"}
        assert found is not None
        assert found.by == "ben"

    def test_judgements_on_others_stay_as_they_are(self) -> None:
        """Only what names one of the ids is rewritten, and counted."""
        store = SqlStore.create("sqlite://")
        mine, other = (
            Judgement(*pair, Verdict.SAME, by="anna", at=AT) for pair in (("1", "2"), ("3", "4"))
        )
        store.judge([mine, other])
        with store.transaction() as tx:
            count = tx.rewrite_judgements(["2"], lambda judgement: evolve(judgement, by=None))
        assert count == 1
        assert list(store.judgements()) == [evolve(mine, by=None), other]
