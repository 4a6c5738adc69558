"""Executing many plans."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from dedupkit.customers import Customer, Judgement, Verdict
from dedupkit.errors import ConfigurationError, StalePlanError, StoreError
from dedupkit.execution import execute, execute_many, undo
from dedupkit.merging import plan_merge
from dedupkit.plans import (
    Blocker,
    Create,
    CreateGroup,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    Plan,
    PlanKind,
    Relation,
    Repoint,
    Retire,
    SetField,
    plan_undo,
)
from dedupkit.ports import Change, Transaction
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing.faults import StoreFault

AT = datetime(2026, 1, 1, tzinfo=UTC)
CARDS = tuple(Customer(id=str(n)) for n in range(1, 9))


def merge(master: int, card: int, *, relation: str | None = None) -> MergePlan:
    """Merge one card into another."""
    steps = () if relation is None else (Repoint(relation, str(card), str(master)),)
    return MergePlan(
        master_id=str(master),
        duplicates=[DuplicateCard(str(card), Disposition.DELETE)],
        expects=[Expectation.of(CARDS[i - 1]) for i in (master, card)],
        steps=[*steps, Retire(str(card), str(master))],
    )


class Heard:
    """A reporter that keeps what it hears."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.told: list[tuple[str, object]] = []

    def start(self, stage: str, total: int | None) -> None:
        """Begin."""
        self.told.append((stage, total))

    def advance(self, stage: str, done: int) -> None:
        """Go on."""
        self.told.append((stage, done))

    def finish(self, stage: str) -> None:
        """End."""
        self.told.append((stage, "end"))


class TestExecuteMany:
    @pytest.mark.parametrize("batch", [1, 2, 100])
    def test_plans_are_done_stale_or_refused(self, batch: int) -> None:
        """The second shares a customer with the first, the third leaves a relation out."""
        store = MemoryStore(CARDS, relations=["orders"])
        plans = [
            merge(1, 2, relation="orders"),
            merge(1, 3, relation="orders"),
            merge(4, 5),
            merge(6, 7, relation="orders"),
        ]
        summary = execute_many(plans, store, by="anna", at=AT, batch=batch)
        assert [r.plan_id for r in summary.receipts] == [plans[0].id, plans[3].id]
        assert [r.plan_id for r in summary.stale] == [plans[1].id]
        assert isinstance(summary.stale[0].error, StalePlanError)
        assert [r.plan_id for r in summary.refused] == [plans[2].id]
        assert summary.describe() == "2 executed, 1 stale, 1 refused"

    def test_what_was_executed_before_is_not_executed_anew(self) -> None:
        """The same call again finishes what an earlier one began."""
        store = MemoryStore(CARDS)
        plans = [merge(1, 2), merge(3, 4)]
        first = execute(plans[0], store, by="anna", at=AT)
        summary = execute_many(plans, store, by="ben", at=AT)
        assert summary.receipts[0] == first
        assert [receipt.by for receipt in summary.receipts] == ["anna", "ben"]
        assert execute_many(plans, store, by="carl", at=AT) == summary

    def test_one_plan_that_the_store_cannot_write_does_not_stop_the_others(self) -> None:
        """A collision is found out one by one."""
        relation = Relation("clubs", unique=("club",))
        rows = {f"m{n}": {"customer": str(n), "club": "chess"} for n in (1, 2)}
        store = MemoryStore(CARDS, {"clubs": rows}, [relation])
        plans = [merge(1, 2, relation="clubs"), merge(3, 4, relation="clubs")]
        summary = execute_many(plans, store, by="anna", at=AT)
        assert [r.plan_id for r in summary.receipts] == [plans[1].id]
        assert isinstance(summary.refused[0].error, StoreError)
        assert summary.stale == ()

    def test_cards_that_were_judged_different_are_refused(self) -> None:
        """Judgements are read once for a batch; the other plans are executed."""
        read = []

        def judgements(store: MemoryStore) -> Iterator[Judgement]:
            read.append(store)
            return store.judgements()

        fault = StoreFault(name="counts", trips=(), store={"judgements": judgements})
        harness = fault.harness()
        harness.seed(CARDS, {})
        harness.store.judge([Judgement("1", "2", Verdict.DIFFERENT)])
        plans = [merge(1, 2, relation="orders"), merge(3, 4, relation="orders")]
        summary = execute_many(plans, harness.store, by="anna", at=AT)
        assert [r.plan_id for r in summary.receipts] == [plans[1].id]
        assert "1 and 2" in str(summary.refused[0].error)
        assert len(read) == 1

    def test_plans_that_create_run_alone(self) -> None:
        """Their provisional ids are of their own."""
        store = MemoryStore(CARDS)
        created = [
            Plan(kind=PlanKind.IMPORT, steps=[Create(Customer(id="new-1"))], request=str(n))
            for n in (1, 2)
        ]
        summary = execute_many([merge(1, 2), *created, merge(3, 4)], store, by="anna", at=AT)
        assert [r.ids for r in summary.receipts] == [("1", "2"), ("9",), ("10",), ("3", "4")]

    def test_undos_run_alone(self) -> None:
        """Each is asked of the journal what it undoes, beside merges too."""
        store = MemoryStore(CARDS)
        receipts = execute_many([merge(1, 2), merge(3, 4)], store, by="anna", at=AT).receipts
        undos = [plan_undo(receipt, store.get(receipt.ids)) for receipt in receipts]
        summary = execute_many([*undos, merge(5, 6)], store, by="anna", at=AT)
        assert [r.ids for r in summary.receipts] == [("1", "2"), ("3", "4"), ("5", "6")]
        assert all(store.customers[i].is_active for i in "1234")

    def test_receipts_are_signed(self) -> None:
        """Whether plans run together or alone."""
        summary = execute_many([merge(1, 2), merge(3, 4)], MemoryStore(CARDS), by="anna", at=AT)
        assert {(receipt.by, receipt.at) for receipt in summary.receipts} == {("anna", AT)}

    @pytest.mark.parametrize("batch", [1, 100])
    def test_guards_are_asked_about_every_plan(self, batch: int) -> None:
        """What they forbid does not stop the others."""

        def guard(plan: Plan, _: Mapping[str, Customer]) -> list[Blocker]:
            return [Blocker(code="erasure_pending", customers=["1"])] if "1" in plan.ids else []

        plans = [merge(1, 2), merge(3, 4), merge(5, 6)]
        summary = execute_many(
            plans, MemoryStore(CARDS), by="anna", at=AT, guards=[guard], batch=batch
        )
        assert [r.ids for r in summary.receipts] == [("3", "4"), ("5", "6")]
        assert "erasure of 1" in str(summary.refused[0].error)

    def test_guards_may_come_from_a_generator(self) -> None:
        """All plans are asked about all the same."""

        def guard(*_: object) -> list[Blocker]:
            return [Blocker(code="erasure_pending")]

        plans, guards = [merge(1, 2), merge(3, 4)], (one for one in [guard])
        summary = execute_many(plans, MemoryStore(CARDS), by="anna", at=AT, guards=guards)
        assert summary.describe() == "0 executed, 0 stale, 2 refused"

    def test_a_plan_that_is_given_twice_is_executed_once(self) -> None:
        """X3: also one that expects no customer."""
        plan = Plan(kind=PlanKind.EDIT, steps=[CreateGroup("members")])
        store = MemoryStore()
        summary = execute_many([plan, plan], store, by="anna", at=AT)
        assert [receipt.plan_id for receipt in summary.receipts] == [plan.id, plan.id]
        assert len(store.receipts) == 1
        with store.transaction() as tx:
            assert tx.receipt(plan.id) == summary.receipts[0] == summary.receipts[1]

    def test_a_plan_whose_steps_make_no_sense_does_not_stop_the_others(self) -> None:
        """One that was made by hand, or read from JSON."""
        expects = [Expectation.of(CARDS[0])]
        wrong = Plan(
            kind=PlanKind.EDIT, expects=expects, steps=[SetField("1", "colour", None, "red")]
        )
        summary = execute_many([wrong, merge(3, 4)], MemoryStore(CARDS), by="anna", at=AT)
        assert summary.describe() == "1 executed, 0 stale, 1 refused"
        assert "does not suit its field" in str(summary.refused[0].error)

    def test_a_journal_that_is_asked_for_a_whole_batch(self) -> None:
        """What stands is not executed anew, what was undone is."""
        store = SqlStore.create("sqlite://")
        with store.transaction() as tx:
            tx.save([(None, card) for card in CARDS])
        cards = store.get(str(n) for n in range(1, 7))
        plans = [plan_merge(cards[i], [cards[j]]) for i, j in (("1", "2"), ("3", "4"), ("5", "6"))]
        first, second = execute_many(plans[:2], store, by="anna", at=AT).receipts
        undo(second, store, by="anna", at=AT)
        with store.transaction() as tx:
            known = tx.receipts([plan.id for plan in plans])
        summary = execute_many(plans, store, by="ben", at=AT)
        assert set(known) == {plans[0].id, plans[1].id}
        assert summary.receipts[0] == first
        assert [r.plan_id for r in summary.receipts] == [plans[0].id, plans[2].id]
        assert [r.plan_id for r in summary.stale] == [plans[1].id]

    @pytest.mark.parametrize(
        ("pairs", "batch", "expected"),
        [
            ([(1, 2), (3, 4), (5, 6)], 100, 1),
            ([(1, 2), (3, 4), (5, 6)], 2, 2),
            ([(1, 2), (3, 4), (5, 6)], 1, 3),
            ([(1, 2), (3, 4), (1, 5)], 100, 1),
            ([(1, 2), (2, 3)], 100, 1),
        ],
        ids=["all at once", "in batches", "one by one", "a shared master", "a retired card"],
    )
    def test_plans_that_share_no_customer_are_written_together(
        self, pairs: list[tuple[int, int]], batch: int, expected: int
    ) -> None:
        """With one call a batch; one that meets what another has written is stale by then."""
        saved = []

        def save(tx: Transaction, changes: Sequence[Change]) -> Sequence[str]:
            saved.append(tx)
            return tx.save(changes)

        fault = StoreFault(name="counts", trips=(), transaction={"save": save})
        harness = fault.harness()
        harness.seed(CARDS, {})
        plans = [merge(*pair, relation="orders") for pair in pairs]
        execute_many(plans, harness.store, by="anna", at=AT, batch=batch)
        assert len(saved) == expected

    def test_progress_hears_of_every_plan(self) -> None:
        """Batch by batch."""
        heard = Heard()
        plans = [merge(1, 2), merge(3, 4), merge(5, 6)]
        execute_many(plans, MemoryStore(CARDS), by="a", at=AT, batch=2, progress=heard)
        assert heard.told == [("execute", 3), ("execute", 2), ("execute", 1), ("execute", "end")]

    def test_no_plans_no_work(self) -> None:
        """An empty summary."""
        assert execute_many([], MemoryStore(), by="anna", at=AT).receipts == ()

    def test_a_batch_holds_at_least_one_plan(self) -> None:
        """Zero is refused."""
        with pytest.raises(ConfigurationError, match="batch"):
            execute_many([], MemoryStore(), by="anna", at=AT, batch=0)


def test_what_is_no_plan_is_told() -> None:
    """Before anything is opened; a plan alone is no collection of plans."""
    for given in (["{}"], merge(1, 2), None):
        with pytest.raises(ConfigurationError, match="plans is a collection of Plan objects"):
            execute_many(given, MemoryStore(CARDS), by="anna", at=AT)  # type: ignore[arg-type]  # what is told


class TestCollector:
    """Python looks for no cycles while a batch runs."""

    @pytest.fixture(autouse=True)
    def _collecting(self) -> Iterator[None]:
        gc.enable()
        yield
        gc.enable()

    @pytest.mark.parametrize("host_collects", [True, False])
    def test_it_is_as_the_host_left_it(self, *, host_collects: bool) -> None:
        """Off within a batch; afterwards on where it was on before."""
        seen: list[bool] = []

        def look(_plan: Plan, _cards: Mapping[str, Customer]) -> Sequence[Blocker]:
            seen.append(gc.isenabled())
            return ()

        if not host_collects:
            gc.disable()
        execute_many(
            [merge(1, 2), merge(3, 4)], MemoryStore(CARDS), by="anna", at=AT, guards=[look]
        )
        assert (seen, gc.isenabled()) == ([False, False], host_collects)

    def test_it_goes_on_after_a_failure(self) -> None:
        """An error of a guard leaves it on."""

        def fail(_plan: Plan, _cards: Mapping[str, Customer]) -> Sequence[Blocker]:
            raise RuntimeError

        with pytest.raises(RuntimeError):
            execute_many([merge(1, 2)], MemoryStore(CARDS), by="anna", at=AT, guards=[fail])
        assert gc.isenabled()
