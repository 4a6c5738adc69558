"""Unique values: released before they are claimed, whoever holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from dedupkit.customers import Customer
from dedupkit.errors import StoreError
from dedupkit.ports import Change

__all__ = [
    "USERNAME",
    "Claim",
    "as_number",
    "changed_ids",
    "claims",
    "is_provisional",
    "released_and_claimed",
    "taken",
]

#: Path of the login name.
USERNAME = "web_profile.username"

#: A path and a value that stands on one card only.
Claim: TypeAlias = tuple[str, str]


def claims(customer: Customer | None, paths: Iterable[str]) -> Iterator[Claim]:
    """Yield what *customer* holds of the unique *paths*; nothing for None."""
    if customer is None:
        return
    profile = customer.web_profile
    for path in paths:
        value = (profile and profile.username) if path == USERNAME else getattr(customer, path)
        if value is not None:
            yield path, value


def released_and_claimed(
    changes: Iterable[Change], paths: Sequence[str]
) -> tuple[dict[Claim, str], dict[Claim, str]]:
    """Return claim → id for all that changes release, and for all that they claim.

    Raises:
        StoreError: two changes claim one value.
    """
    released: dict[Claim, str] = {}
    claimed: dict[Claim, str] = {}
    for before, after in changes:
        held, wanted = set(claims(before, paths)), set(claims(after, paths))
        customer_id = next(side.id for side in (after, before) if side is not None)
        released.update(dict.fromkeys(held - wanted, customer_id))
        for claim in wanted - held:
            if claim in claimed:
                raise taken(claim[0], customer_id, claimed[claim])
            claimed[claim] = customer_id
    return released, claimed


def taken(path: str, customer_id: str, holder: str) -> StoreError:
    """Return the error of a value that another customer holds."""
    return StoreError(
        f"{path} of customer {customer_id!r} is already that of customer {holder!r}; choose another"
    )


def is_provisional(customer_id: str) -> bool:
    """Tell whether the store still has to choose the id of a customer.

    >>> is_provisional("new-1"), is_provisional("1001")
    (True, False)
    """
    return customer_id.startswith("new-")


def as_number(customer_id: str) -> int:
    """Return an id as a number of the store's own series, 0 where it is none.

    A number of more digits than a database counts to is text.

    >>> as_number("1001"), as_number("A1"), as_number("9" * 20)
    (1001, 0, 0)
    """
    is_numeric = customer_id.isascii() and customer_id.isdigit()
    return int(customer_id) if is_numeric and len(customer_id) <= _DIGITS else 0


#: As many as fit into 64 bits whatever they are.
_DIGITS = 18


def changed_ids(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return the id of each change.

    Raises:
        StoreError: a change has neither side or two ids, or an id has two changes.
    """
    ids: list[str] = []
    for change in changes:
        sides = {side.id for side in change if side is not None}
        ids.extend(sides or {""})
    if "" in ids or len(ids) != len(changes) or len(set(ids)) != len(ids):
        raise StoreError("save takes one change per customer, with one id on both sides")
    return tuple(ids)
