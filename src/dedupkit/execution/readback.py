"""Reading back: what the store holds after writing is what the plan said (law X5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from dedupkit.customers import FIELDS, Customer, sum_balances
from dedupkit.errors import StoreError
from dedupkit.execution.amounts import ZERO
from dedupkit.plans import (
    BalanceKey,
    Plan,
    PlanKind,
    Relation,
    Repoint,
    Retire,
    TransferBalance,
    UndoPlan,
    derived_balances,
)
from dedupkit.ports import CustomerStore, SupportsRows

__all__ = ["check_kept", "check_rows", "check_totals"]

#: Fields that a store may set by itself.
_OWN = frozenset({"version", "created_at", "updated_at"})


def check_kept(
    plan: Plan,
    expected: Mapping[str, Customer | None],
    found: Mapping[str, Customer],
    relations: Sequence[Relation] = (),
) -> None:
    """Compare what was replayed with what was read back.

    A retired card may be gone: some stores delete it. After an undo what rows add up to is
    compared by its total alone, `check_totals`: rows may have changed or gone since the execution.

    Raises:
        StoreError: the store did not keep what it was handed; customers and fields are named.
    """
    faults = []
    loose = _by_rows(plan, relations) if isinstance(plan, UndoPlan) else frozenset()
    for customer_id, card in expected.items():
        there = found.get(customer_id)
        if card is None:
            faults += [] if there is None else [f"customer {customer_id} is still there"]
        elif there is None:
            faults += [] if not card.is_active else [f"customer {customer_id} is not there"]
        elif lost := _differing(card, there, loose):
            faults.append(f"{', '.join(lost)} of customer {customer_id}")
    if faults:
        raise StoreError(
            f"plan {plan.id[:12]}: rolled back, the store did not keep what it was handed: "
            f"{'; '.join(faults)}"
        )


def check_totals(plan: Plan, before: Mapping[str, Customer], found: Mapping[str, Customer]) -> None:
    """Compare balances with the plan's totals; those of merges and undos are conserved (law P7).

    Raises:
        StoreError: a total is not as the plan says.
    """
    held, holding = sum_balances(before.values()), sum_balances(found.values())
    wanted = {(t.kind, t.unit, t.programme): t.after for t in plan.totals}
    if plan.kind in (PlanKind.MERGE, PlanKind.UNDO):
        wanted = {**held, **wanted}
    wrong = sorted(key for key, amount in wanted.items() if holding.get(key, ZERO) != amount)
    if wrong:
        kinds = ", ".join(f"{kind} in {unit}" for kind, unit, _ in wrong)
        raise StoreError(
            f"plan {plan.id[:12]}: rolled back, the total of {kinds} is not what the plan says"
        )


def check_rows(plans: Sequence[Plan], store: CustomerStore) -> None:
    """Look for rows of moved relations that still refer to a retired customer (law X7).

    Raises:
        StoreError: there are some.
    """
    if not isinstance(store, SupportsRows):
        return
    retired: dict[str, set[str]] = {}
    for plan in plans:
        gone = {step.customer for step in plan.steps if isinstance(step, Retire)}
        for step in plan.steps:
            if isinstance(step, Repoint) and step.only != () and step.source in gone:
                retired.setdefault(step.relation, set()).add(step.source)
    for relation, ids in retired.items():
        left = sorted(i for i, count in store.counts(relation, sorted(ids)).items() if count)
        if left:
            raise StoreError(
                f"rolled back, rows of {relation!r} still refer to the retired {', '.join(left)}"
            )


def _by_rows(plan: Plan, relations: Sequence[Relation]) -> frozenset[BalanceKey]:
    """Return the balances that add up from rows, as the store or the plan says."""
    transfers = (step for step in plan.steps if isinstance(step, TransferBalance))
    settled = {(s.kind, s.unit, s.programme) for s in transfers if s.settled_by is not None}
    return frozenset({*derived_balances(relations), *settled})


def _differing(one: Customer, other: Customer, loose: frozenset[BalanceKey]) -> list[str]:
    """Return the fields in which two states differ, but for those of the store and *loose*."""
    sides = zip(_COMPARED, _values(one), _values(other), strict=True)
    return [
        name
        for name, mine, there in sides
        if mine is not there and _loosened(mine, name, loose) != _loosened(there, name, loose)
    ]


def _loosened(value: Any, name: str, loose: frozenset[BalanceKey]) -> Any:  # noqa: ANN401  # fields have many types
    if name == "balances" and loose:
        return tuple(balance for balance in value if balance.key not in loose)
    return value


_COMPARED = tuple(name for name in FIELDS if name not in _OWN)
_values = attrgetter(*_COMPARED)
