"""Running plans inside an open transaction: the one way in which a store is written.

Several plans that share no customer run together with one call of each kind, so that many merges
cost a store few round trips.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar, final

from attrs import evolve, frozen

from dedupkit.customers import Customer, FieldMap, JudgementSet
from dedupkit.customers.customer import evolve_customer
from dedupkit.errors import ExecutionError, StalePlanError, StaleWriteError, StoreError
from dedupkit.execution.amounts import check_derived
from dedupkit.execution.checks import check_plan, replayed
from dedupkit.execution.readback import check_kept, check_rows, check_totals
from dedupkit.plans import (
    Create,
    CreateGroup,
    CustomerChange,
    DeleteGroup,
    MovedRows,
    Plan,
    PlanKind,
    Receipt,
    RemovedRow,
    Repoint,
    RowChanges,
    Step,
    UndoPlan,
    UndoReason,
    renamed,
)
from dedupkit.plans.steps import all_touched
from dedupkit.ports import (
    Change,
    CustomerStore,
    GroupTransaction,
    Guard,
    JournalTransaction,
    Transaction,
)

__all__ = ["Task", "prepare", "run"]

Move: TypeAlias = MovedRows | tuple[str, str]

R = TypeVar("R", MovedRows, RemovedRow)


@final
@frozen(kw_only=True)
class Task:
    """A plan that has been checked, and what it comes to.

    Attributes:
        plan: The plan.
        before: The customers that it expects, as loaded; id → customer in the plan's order.
        after: The same as replayed, and the created ones.
        by: Who executes.
        at: When.
        original: Of an undo: the receipt of what is undone.
        because: Of an undo: why.
    """

    plan: Plan
    before: FieldMap[str, Customer]
    after: FieldMap[str, Customer]
    by: str
    at: datetime
    original: Receipt | None = None
    because: UndoReason | None = None

    @property
    def changes(self) -> list[Change]:
        """Every customer before and after; created ones last."""
        ids = dict.fromkeys((*self.before, *self.after))
        return [(self.before.get(i), self.after.get(i)) for i in ids]

    @property
    def creates(self) -> bool:
        """Whether it creates a customer."""
        return any(isinstance(step, Create) for step in self.plan.steps)


def prepare(
    plan: Plan,
    loaded: Mapping[str, Customer],
    store: CustomerStore,
    *,
    by: str,
    at: datetime,
    guards: Iterable[Guard] = (),
    original: Receipt | None = None,
    because: UndoReason | None = None,
    judgements: JudgementSet | None = None,
) -> Task:
    """Check a plan against the customers as they are, and replay it.

    Raises:
        ExecutionError: it may not be executed; `StalePlanError` where customers have changed.
    """
    if isinstance(plan, UndoPlan) and original is None:
        raise ExecutionError(
            plan.id, "the receipt of what it undoes is not in the journal; use undo(receipt, …)"
        )
    if original is not None and (erased := all_touched(plan.steps) & {*original.redacted}):
        raise ExecutionError(
            plan.id,
            f"the data of {', '.join(sorted(erased))} was taken out of the receipt since, and what "
            "concerns it is not undone any more; preview_undo shows what still can be",
        )
    before = FieldMap({i: loaded[i] for i in plan.ids if i in loaded})
    check_plan(plan, before, store.relations, guards, judgements or JudgementSet())
    after = replayed(plan, before)
    check_derived(plan, before, after, store.relations)
    stamped = {i: _stamped(card, at, plan, before) for i, card in after.items()}
    return Task(
        plan=plan,
        before=before,
        after=FieldMap(stamped),
        by=by,
        at=at,
        original=original,
        because=because,
    )


def run(tasks: Sequence[Task], tx: Transaction, store: CustomerStore) -> list[Receipt]:
    """Write tasks that share no customer, read them back, and remember their receipts.

    A task that creates customers runs alone.

    Raises:
        StalePlanError: another writer was faster.
        StoreError: the store cannot, or did not keep what it was handed.
    """
    creates = any(task.creates for task in tasks)
    groups = [step for task in tasks for step in task.plan.steps]
    _create_groups(tx, tasks[0].plan, [s.name for s in groups if isinstance(s, CreateGroup)])
    if creates:  # rows can refer to a card only when it is there
        real = _save(tasks, tx)
        rows = _move(tasks, tx, real)
    else:
        rows = _move(tasks, tx, {})
        real = _save(tasks, tx)
    _delete_groups(tx, tasks[0].plan, [s.name for s in groups if isinstance(s, DeleteGroup)])
    expected = [_expected(task, real) for task in tasks]
    found = tx.load([i for cards in expected for i in cards])
    moved = _by_task(expected, (row for change in rows.values() for row in change.moved))
    removed = _by_task(expected, (row for change in rows.values() for row in change.removed))
    receipts = []
    for task, cards, left, lost in zip(tasks, expected, moved, removed, strict=True):
        here = {i: found[i] for i in cards if i in found}
        check_kept(task.plan, cards, here, store.relations)
        check_totals(task.plan, task.before, here)
        changes = [CustomerChange(task.before.get(i), here.get(i)) for i in cards]
        receipts.append(_receipt(task, changes, left, lost))
    check_rows([task.plan for task in tasks], store)
    undone = [evolve(t.original, undone_by=t.plan.id) for t in tasks if t.original is not None]
    _remember(tx, [*receipts, *undone])
    return receipts


def _remember(tx: Transaction, receipts: Sequence[Receipt]) -> None:
    if isinstance(tx, JournalTransaction):
        tx.remember_all(receipts)
        return
    for receipt in receipts:
        tx.remember(receipt)


def _stamped(
    customer: Customer, at: datetime, plan: Plan, before: Mapping[str, Customer]
) -> Customer:
    """Date a card; one that an undo inserts again was created when it was created."""
    if customer.id in before or plan.kind is PlanKind.UNDO:
        return evolve_customer(customer, {"updated_at": at})
    return evolve_customer(customer, {"created_at": customer.created_at or at, "updated_at": at})


def _save(tasks: Sequence[Task], tx: Transaction) -> dict[str, str]:
    """Save all customers of all tasks; return the ids that were asked for → those of the store."""
    changes = [change for task in tasks for change in task.changes]
    try:
        ids = tx.save(changes)
    except StaleWriteError as error:
        raise StalePlanError(tasks[0].plan.id, error.ids) from error  # several run again alone
    wanted = [(after or before).id for before, after in changes]  # type: ignore[union-attr]  # a change has a side
    return {one: other for one, other in zip(wanted, ids, strict=True) if one != other}


def _move(tasks: Sequence[Task], tx: Transaction, real: Mapping[str, str]) -> dict[str, RowChanges]:
    """Move rows, one call per relation, and put back those that an undo brings home."""
    moves: dict[str, list[Move]] = {}
    homecoming: dict[str, list[RemovedRow]] = {}
    for task in tasks:
        removed = () if task.original is None else task.original.removed
        for step in _repoints(task.plan.steps, real):
            back = [
                row
                for row in removed
                if (row.relation, row.source) == (step.relation, step.target)
                and row.row in (step.only or ())
            ]
            homecoming.setdefault(step.relation, []).extend(back)
            gone = {row.row for row in back}
            pair = (step.source, step.target)
            if step.only is None:
                moves.setdefault(step.relation, []).append(pair)
            elif rows := tuple(row for row in step.only if row not in gone):
                moves.setdefault(step.relation, []).append(MovedRows(step.relation, *pair, rows))
    changes = {relation: tx.move(relation, pairs) for relation, pairs in moves.items()}
    if isinstance(tasks[0].plan, UndoPlan):  # which runs alone
        _check_return(changes)
    for relation, rows_back in homecoming.items():
        if rows_back:
            tx.put_back(relation, rows_back)
    return changes


def _check_return(changes: Mapping[str, RowChanges]) -> None:
    """Refuse to drop a row that goes back and meets another of the same key.

    Raises:
        StoreError: there are some; all of them are named.
    """
    dropped = [row for change in changes.values() for row in change.removed]
    if dropped:
        places = ", ".join(f"{row.row} of {row.relation!r}" for row in dropped)
        raise StoreError(
            "rows that cannot go back, since the customer whose they were has another of the same "
            f"key by now: {places}; solve them first"
        )


def _repoints(steps: Iterable[Step], real: Mapping[str, str]) -> list[Repoint]:
    found = (renamed(step, real) for step in steps if isinstance(step, Repoint))
    return [step for step in found if isinstance(step, Repoint)]


def _expected(task: Task, real: Mapping[str, str]) -> dict[str, Customer | None]:
    """Return what must be read back: id → customer, None where there must be none."""
    cards: dict[str, Customer | None] = dict.fromkeys(task.before)
    for customer_id, card in task.after.items():
        chosen = real.get(customer_id, customer_id)
        cards[chosen] = card if chosen == customer_id else evolve(card, id=chosen)
    return cards


def _by_task(expected: Sequence[Mapping[str, object]], rows: Iterable[R]) -> list[list[R]]:
    """Return the rows that left the customers of each task, in the order of *rows*."""
    task_of = {i: place for place, cards in enumerate(expected) for i in cards}
    found: list[list[R]] = [[] for _ in expected]
    for row in rows:
        found[task_of[row.source]].append(row)
    return found


def _receipt(
    task: Task,
    changes: Sequence[CustomerChange],
    moved: Sequence[MovedRows],
    removed: Sequence[RemovedRow],
) -> Receipt:
    plan = task.plan
    return Receipt(
        plan_id=plan.id,
        kind=plan.kind,
        by=task.by,
        at=task.at,
        steps=plan.steps,
        changes=changes,
        moved=moved,
        removed=removed,
        undoes=plan.undoes if isinstance(plan, UndoPlan) else None,
        because=task.because,
    )


def _create_groups(tx: Any, plan: Plan, names: list[str]) -> None:  # noqa: ANN401  # a Transaction that may know groups
    if names:
        _with_groups(tx, plan).create_groups(names)


def _delete_groups(tx: Any, plan: Plan, names: list[str]) -> None:  # noqa: ANN401  # as above
    if names:
        _with_groups(tx, plan).delete_groups(names)


def _with_groups(tx: Any, plan: Plan) -> GroupTransaction:  # noqa: ANN401  # as above
    if not isinstance(tx, GroupTransaction):
        raise ExecutionError(plan.id, "it changes groups, and this store does not keep groups")
    return tx
