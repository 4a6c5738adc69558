"""Execute one plan: one transaction, all or nothing, read back, remembered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dedupkit.errors import ConfigurationError
from dedupkit.execution.checks import check_signature, check_store, read_judgements
from dedupkit.execution.run import prepare, run
from dedupkit.plans import Plan, Receipt, UndoPlan
from dedupkit.ports import CustomerStore, Guard, Transaction

__all__ = ["execute"]


def execute(
    plan: Plan, store: CustomerStore, /, *, by: str, at: datetime, guards: Iterable[Guard] = ()
) -> Receipt:
    """Execute *plan* on *store* in one transaction and return what was done.

    The customers are loaded and locked and must be as the plan expects; the judgements that the
    store keeps and the guards are asked; the plan is replayed; rows are moved and customers saved,
    each with ``updated_at`` = *at*; all is read back and compared with the replay and the totals.
    Whatever fails rolls everything back.

    Args:
        plan: A plan of any kind.
        store: The register.
        by: Who executes.
        at: When; with a time zone.
        guards: Rules of the host that may forbid it, asked inside the transaction.

    Returns:
        The receipt. If the plan was executed before and not undone, that receipt, and nothing is
        written (law X3).

    Raises:
        StalePlanError: customers have changed since the plan was made; plan again (law X2).
        ExecutionError: conflicts are open, something forbids it, cards were judged different since
            it was made, a relation is left out, or it sets what rows add up to.
        StoreError: the store cannot, or did not keep what it was handed.
        ConfigurationError: *plan* or *store* is none, *by* is blank, or *at* has no time zone.

    >>> from datetime import UTC, datetime
    >>> from dedupkit.customers import Customer
    >>> from dedupkit.plans import Expectation, Plan, PlanKind, SetField
    >>> from dedupkit.stores.memory import MemoryStore
    >>> anna = Customer(id="1")
    >>> store = MemoryStore([anna])
    >>> plan = Plan(
    ...     kind=PlanKind.EDIT,
    ...     expects=[Expectation.of(anna)],
    ...     steps=[SetField("1", "city", None, "Oslo")],
    ... )
    >>> receipt = execute(plan, store, by="anna", at=datetime(2026, 1, 1, tzinfo=UTC))
    >>> store.customers["1"].city
    'Oslo'
    """
    check_signature(by, at)
    check_store(store)
    if not isinstance(plan, Plan):
        raise ConfigurationError("plan must be a Plan; Plan.from_json reads a stored one")
    with store.transaction() as tx:
        loaded = tx.load(plan.ids)
        original = tx.receipt(plan.undoes) if isinstance(plan, UndoPlan) else None
        done = standing_receipt(plan, tx, original)
        if done is not None:
            return done
        task = prepare(
            plan,
            loaded,
            store,
            by=by,
            at=at,
            guards=guards,
            original=original,
            judgements=read_judgements([plan], store, tx),
        )
        return run([task], tx, store)[0]


def standing_receipt(plan: Plan, tx: Transaction, original: Receipt | None) -> Receipt | None:
    """Return the receipt of *plan* if it was executed and that still stands.

    An undo stands while the journal says of the original that this plan undid it. A redacted plan
    is none that was executed.
    """
    if plan.original_id is not None:
        return None
    if original is not None and original.undone_by != plan.id:
        return None
    receipt = tx.receipt(plan.id)
    return None if receipt is None or receipt.undone_by is not None else receipt
