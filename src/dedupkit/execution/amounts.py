"""The balances that no plan sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dedupkit.customers import Customer, sum_balances
from dedupkit.errors import ExecutionError
from dedupkit.plans import Plan, Relation, UndoPlan, derived_balances

__all__ = ["ZERO", "check_derived"]

#: What nobody holds anything of.
ZERO = Decimal(0)


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
    held = sum_balances(card for i, card in before.items() if i in after)
    holding = sum_balances(after.values())
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
