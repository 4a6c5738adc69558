"""What customers hold together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from dedupkit.customers.customer import Customer
from dedupkit.customers.shapes import exact_sum

__all__ = ["sum_balances"]


def sum_balances(customers: Iterable[Customer]) -> dict[tuple[str, str, str | None], Decimal]:
    """Return what customers hold together, in the order of kind, unit and programme.

    >>> from dedupkit.customers import Balance
    >>> sum_balances([Customer(id="1", balances=[Balance("loyalty", "points", 70)])])
    {('loyalty', 'points', None): Decimal('70')}
    """
    held: dict[tuple[str, str, str | None], Decimal] = {}
    for customer in customers:
        for balance in customer.balances:
            key = balance.key
            held[key] = exact_sum(held[key], balance.amount) if key in held else balance.amount
    return {key: held[key] for key in sorted(held, key=_text_order)}


def _text_order(key: tuple[str, str, str | None]) -> tuple[str, str, str]:
    kind, unit, programme = key
    return kind, unit, programme or ""
