"""Execute many plans: each all or nothing, many with one call of each kind, resumable."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import final

from attrs import field, frozen

from dedupkit.customers import as_tuple
from dedupkit.errors import ConfigurationError, ExecutionError, StalePlanError, StoreError
from dedupkit.execution.checks import check_signature, check_store, read_judgements
from dedupkit.execution.execute import execute, standing_receipt
from dedupkit.execution.run import Task, prepare, run
from dedupkit.plans import Create, Plan, Receipt, UndoPlan
from dedupkit.ports import CustomerStore, Guard, JournalTransaction, Transaction
from dedupkit.progress import SILENT, Reporter

__all__ = ["Refusal", "Summary", "execute_many"]


@final
@frozen
class Refusal:
    """A plan that was not executed, and why.

    Attributes:
        plan_id: The plan.
        error: What `execute` would have raised for it.
    """

    plan_id: str
    error: ExecutionError | StoreError = field(eq=False)


@final
@frozen(kw_only=True)
class Summary:
    """What came of many plans.

    Attributes:
        receipts: Of every plan that stands executed now, in the given order; those of plans that
            had been executed before included.
        stale: Plans whose customers have changed.
        refused: Plans that were refused for other reasons, or that the store could not write.
    """

    receipts: tuple[Receipt, ...] = field(default=(), converter=as_tuple)
    stale: tuple[Refusal, ...] = field(default=(), converter=as_tuple)
    refused: tuple[Refusal, ...] = field(default=(), converter=as_tuple)

    def describe(self) -> str:
        """Return the counts as one line."""
        return (
            f"{len(self.receipts)} executed, {len(self.stale)} stale, {len(self.refused)} refused"
        )


def execute_many(
    plans: Iterable[Plan],
    store: CustomerStore,
    /,
    *,
    by: str,
    at: datetime,
    guards: Iterable[Guard] = (),
    batch: int = 100,
    progress: Reporter | None = None,
) -> Summary:
    """Execute plans in the given order, each all or nothing.

    Plans that share no customer are written together and committed in batches. After the process
    was killed at any point the register is as after some of the plans, and the same call again
    does the rest: plans that stand executed are not executed anew. While a batch runs, Python's
    garbage collector rests.

    Args:
        plans: The plans; one that is refused does not stop the others.
        store: The register.
        by: Who executes.
        at: When; with a time zone.
        guards: As for `execute`.
        batch: How many plans one transaction holds at most.
        progress: Hears of every plan.

    Raises:
        ConfigurationError: *plans* or *store* are none, *by* is blank, *at* has no time zone, or
            *batch* is below 1.
    """
    check_signature(by, at)
    if batch < 1:
        raise ConfigurationError("batch must be at least 1")
    check_store(store)
    asked: object = plans
    given = tuple(plans) if isinstance(asked, Iterable) else ()
    if not isinstance(asked, Iterable) or not all(isinstance(plan, Plan) for plan in given):
        raise ConfigurationError(
            "plans is a collection of Plan objects; Plan.from_json reads a stored one"
        )
    asked_in_each = tuple(guards)
    heard = progress or SILENT
    results: list[Receipt | Refusal] = []
    heard.start("execute", len(given))
    try:
        for part in _batches(given, batch):
            with _collector_paused():
                results += _execute_batch(part, store, by=by, at=at, guards=asked_in_each)
            heard.advance("execute", len(part))
    finally:
        heard.finish("execute")
    refusals = [result for result in results if isinstance(result, Refusal)]
    return Summary(
        receipts=[result for result in results if isinstance(result, Receipt)],
        stale=[one for one in refusals if isinstance(one.error, StalePlanError)],
        refused=[one for one in refusals if not isinstance(one.error, StalePlanError)],
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles meanwhile.

    Plans and receipts are many values without any, and it would walk over all of them again and
    again, those of earlier batches and what else the host holds included.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _batches(plans: Sequence[Plan], size: int) -> Iterator[list[Plan]]:
    """Cut *plans* where the next one shares a customer, or must run alone."""
    part: list[Plan] = []
    seen: set[str] = set()
    for plan in plans:
        ids = {plan.id, *plan.ids}  # one given twice is executed once
        if part and (len(part) == size or seen & ids or _runs_alone(plan) or _runs_alone(part[-1])):
            yield part
            part, seen = [], set()
        part.append(plan)
        seen |= ids
    if part:
        yield part


def _runs_alone(plan: Plan) -> bool:
    return isinstance(plan, UndoPlan) or any(isinstance(step, Create) for step in plan.steps)


def _execute_batch(
    plans: Sequence[Plan],
    store: CustomerStore,
    *,
    by: str,
    at: datetime,
    guards: Sequence[Guard],
) -> list[Receipt | Refusal]:
    """Execute a batch in one transaction; if that fails as a whole, one by one."""
    if len(plans) > 1:
        try:
            return _together(plans, store, by=by, at=at, guards=guards)
        except (ExecutionError, StoreError):
            pass  # the transaction is rolled back; whose fault it was shows one by one
    return [_alone(plan, store, by=by, at=at, guards=guards) for plan in plans]


def _together(
    plans: Sequence[Plan],
    store: CustomerStore,
    *,
    by: str,
    at: datetime,
    guards: Sequence[Guard],
) -> list[Receipt | Refusal]:
    results: dict[str, Receipt | Refusal] = {}
    with store.transaction() as tx:
        loaded = tx.load([i for plan in plans for i in plan.ids])
        said = read_judgements(plans, store, tx)
        tasks: list[Task] = []
        results.update(_standing(plans, tx))
        for plan in plans:
            if plan.id in results:
                continue
            try:
                task = prepare(plan, loaded, store, by=by, at=at, guards=guards, judgements=said)
            except ExecutionError as error:
                results[plan.id] = Refusal(plan.id, error)
            else:
                tasks.append(task)
        if tasks:
            receipts = run(tasks, tx, store)
            results.update((receipt.plan_id, receipt) for receipt in receipts)
    return [results[plan.id] for plan in plans]


def _standing(plans: Sequence[Plan], tx: Transaction) -> dict[str, Receipt]:
    """Return the receipts of those plans that were executed before; no plan is an undo."""
    if isinstance(tx, JournalTransaction):
        known = tx.receipts([plan.id for plan in plans])
        return {i: receipt for i, receipt in known.items() if receipt.undone_by is None}
    found = ((plan.id, standing_receipt(plan, tx, None)) for plan in plans)
    return {i: receipt for i, receipt in found if receipt is not None}


def _alone(
    plan: Plan, store: CustomerStore, *, by: str, at: datetime, guards: Sequence[Guard]
) -> Receipt | Refusal:
    try:
        return execute(plan, store, by=by, at=at, guards=guards)
    except (ExecutionError, StoreError) as error:
        return Refusal(plan.id, error)
