"""What customers hold together, and which of it no plan sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from dedupkit.customers import Customer, exact_sum
from dedupkit.errors import ExecutionError
from dedupkit.plans import BalanceKey, Plan, Relation, UndoPlan, derived_balances

__all__ = ["ZERO", "check_derived", "sums"]

#: What nobody holds anything of.
ZERO = Decimal(0)


def sums(customers: Iterable[Customer]) -> dict[BalanceKey, Decimal]:
    """Return what customers hold together: kind, unit and programme → amount."""
    totals: dict[BalanceKey, Decimal] = {}
    for customer in customers:
        for balance in customer.balances:
            totals[balance.key] = exact_sum(totals.get(balance.key, ZERO), balance.amount)
    return totals


def check_derived(
    plan: Plan,
    before: Mapping[str, Customer],
    after: Mapping[str, Customer],
    relations: Sequence[Relation],
) -> None:
    """Refuse a plan that sets a balance which rows add up to.

    Amounts that move with their rows are fine, and an undo only moves them.

    Args:
        plan: The plan.
        before: The customers as loaded.
        after: The same as replayed.
        relations: Those of the store.

    Raises:
        ExecutionError: it would; the balances and their relations are named.
    """
    derived = derived_balances(relations)
    if not derived or isinstance(plan, UndoPlan):
        return
    held = sums(card for i, card in before.items() if i in after)
    holding = sums(after.values())
    wrong = [
        f"{key[0]} in {key[1]} (rows of {relation.name})"
        for key, relation in derived.items()
        if held.get(key, ZERO) != holding.get(key, ZERO)
    ]
    if wrong:
        raise ExecutionError(
            plan.id,
            f"it sets balances that add up from rows: {', '.join(wrong)}; change the rows instead",
        )
