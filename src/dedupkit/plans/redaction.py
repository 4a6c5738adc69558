"""Redaction: plans and receipts without the data of a person.

What stays is what redirects, totals and the journal hang on: ids, steps that hold no value of a
card, amounts, and the ids of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.plans.findings import Blocker, Conflict, Notice
from dedupkit.plans.plan import Expectation, MergePlan, Plan, PlanKind
from dedupkit.plans.receipts import CustomerChange, Receipt
from dedupkit.plans.steps import (
    Create,
    Delete,
    Repoint,
    Restore,
    Retire,
    SetField,
    Step,
    TransferBalance,
    all_touched,
    touched,
)

__all__ = ["emptied", "redact_plan", "redact_receipt"]

#: What an emptied card keeps: nothing that tells of a person.
_STAYS = (
    "id",
    "tenant",
    "balances",
    "created_at",
    "updated_at",
    "merged_into",
    "kept_for",
    "version",
)

#: In these the values of one card become another's, so that they are redacted as a whole.
_MIXING = frozenset({PlanKind.MERGE, PlanKind.UNDO})

F = TypeVar("F", Notice, Conflict, Blocker)


def emptied(customer: Customer) -> Customer:
    """Return a card with no more than its id, tenant, balances, moments and redirect.

    It may not be merged any more.

    >>> emptied(Customer(id="17", last_name="Hansen", merged_into="3")).last_name is None
    True
    """
    kept = {name: getattr(customer, name) for name in _STAYS}
    return Customer(**kept, allow_merge=False)


def redact_plan(plan: Plan, ids: Iterable[str] | None = None) -> Plan:
    """Return *plan* without the data of customers; for plans that a host has stored.

    It keeps its id, bears it in ``original_id``, and never executes. A merge or an undo in which
    one of the customers takes part is redacted as a whole, since values of one card stand on
    another; of an import or an edit only what concerns them goes.

    Args:
        plan: A plan of any kind.
        ids: The customers; None means all.

    Returns:
        The redacted plan; *plan* itself where none of the customers takes part.

    Raises:
        ConfigurationError: *ids* is one id instead of a collection.

    >>> from dedupkit.plans import Expectation, Plan, PlanKind
    >>> card = Customer(id="1", last_name="Hansen")
    >>> plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)])
    >>> redacted = redact_plan(plan, ["1"])
    >>> redacted.id == plan.id, redacted.is_applicable
    (True, False)
    """
    steps = tuple(plan.steps)
    concerned = _concerned(plan.kind, (*plan.ids, *all_touched(steps)), ids)
    if not concerned:
        return plan
    redacted = evolve(
        plan,
        expects=[_unknown(e) if e.customer in concerned else e for e in plan.expects],
        steps=_without_values(steps, steps, concerned),
        notices=_without_data(plan.notices, concerned),
        conflicts=_without_data(plan.conflicts, concerned),
        blockers=_without_data(plan.blockers, concerned),
        original_id=plan.id,
    )
    return evolve(redacted, decisions=()) if isinstance(redacted, MergePlan) else redacted


def redact_receipt(receipt: Receipt, ids: Iterable[str] | None = None) -> Receipt:
    """Return *receipt* without the data of customers; they are named in ``redacted``.

    What concerned them is not undone any more; a receipt of which all customers are redacted is
    not undone at all. Merges and undos are redacted as a whole, as by `redact_plan`.

    Args:
        receipt: A receipt of any kind.
        ids: The customers; None means all.

    Returns:
        The redacted receipt; *receipt* itself where none of the customers takes part.

    Raises:
        ConfigurationError: *ids* is one id instead of a collection.
    """
    real = receipt.real_steps
    concerned = _concerned(receipt.kind, (*receipt.ids, *all_touched(real)), ids)
    if not concerned:
        return receipt
    return evolve(
        receipt,
        steps=_without_values(receipt.steps, real, concerned),
        changes=[_emptied_change(c) if c.id in concerned else c for c in receipt.changes],
        removed=[
            evolve(row, columns={}) if {row.source, row.target} & concerned else row
            for row in receipt.removed
        ],
        redacted=sorted(concerned.union(receipt.redacted)),
    )


def _concerned(
    kind: PlanKind, everyone: Collection[str], ids: Iterable[str] | None
) -> frozenset[str]:
    """Return whose data goes out of a plan in which *everyone* takes part.

    Raises:
        ConfigurationError: *ids* is one id.
    """
    if isinstance(ids, str):
        raise ConfigurationError("ids is a collection of ids, also where there is one")
    part = frozenset(everyone) if ids is None else frozenset(everyone).intersection(ids)
    return frozenset(everyone) if part and kind in _MIXING else part


def _unknown(expectation: Expectation) -> Expectation:
    return evolve(expectation, fingerprint="")


def _emptied_change(change: CustomerChange) -> CustomerChange:
    sides = (change.before, change.after)
    return CustomerChange(*(None if side is None else emptied(side) for side in sides))


def _without_values(
    steps: Sequence[Step], real: Sequence[Step], ids: frozenset[str]
) -> Iterator[Step]:
    """Yield the steps that stay; *real* are the same ones with the ids that the store chose."""
    for step, known in zip(steps, real, strict=True):
        if ids.isdisjoint(touched(known)):
            yield step
            continue
        match step:
            case TransferBalance() | Repoint() | Retire() | Restore():
                yield step
            case SetField(field="kept_for"):
                yield step
            case Create(customer=card) | Delete(customer=card):
                yield evolve(step, customer=emptied(card))
            case _:
                pass


def _without_data(findings: Iterable[F], ids: frozenset[str]) -> Iterator[F]:
    """Yield findings with their codes and customers alone, where they concern one of *ids*."""
    for finding in findings:
        if finding.customers and ids.isdisjoint(finding.customers):  # none named: perhaps of all
            yield finding
        elif isinstance(finding, Conflict):
            yield evolve(finding, data={}, choices=())
        else:
            yield evolve(finding, data={})
