"""Balances that add up from rows: computed where a customer is read, never written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from dedupkit.customers import Balance, Customer, exact_sum
from dedupkit.customers.customer import evolve_customer
from dedupkit.plans import BalanceKey, Relation
from dedupkit.ports import Change
from dedupkit.stores.rows import Row

__all__ = ["Derived", "sum_rows", "with_sums", "without_derived", "without_derived_changes"]

#: Balance → the relation whose rows add up to it.
Derived: TypeAlias = Mapping[BalanceKey, Relation]


def sum_rows(relation: Relation, rows: Iterable[Row]) -> dict[str, Decimal]:
    """Return customer → what the rows of *relation*, which add up to a balance, come to."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        if relation.balance is not None and row.columns is not None:
            added = relation.balance.of(row.columns)
            sums[row.customer] = exact_sum(sums.get(row.customer, Decimal(0)), added)
    return sums


def with_sums(customer: Customer, sums: Mapping[BalanceKey, Decimal]) -> Customer:
    """Return a customer as stored with what rows add up to."""
    added = [Balance(k, u, n, programme=p) for (k, u, p), n in sums.items() if n]
    if not added:
        return customer
    return evolve_customer(customer, {"balances": (*customer.balances, *added)})


def without_derived(customer: Customer, derived: Derived) -> Customer:
    """Return a customer as it is stored: without what rows add up to."""
    if all(balance.key not in derived for balance in customer.balances):
        return customer
    stored = [b for b in customer.balances if b.key not in derived]
    return evolve_customer(customer, {"balances": stored})


def without_derived_changes(changes: Sequence[Change], derived: Derived) -> Sequence[Change]:
    """Return changes as they are written."""
    if not derived:
        return changes
    return [
        (
            None if before is None else without_derived(before, derived),
            None if after is None else without_derived(after, derived),
        )
        for before, after in changes
    ]
