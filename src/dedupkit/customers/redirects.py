"""Redirects of retired cards, followed to their end."""

from __future__ import annotations

from collections.abc import Callable

from dedupkit.errors import StoreError

__all__ = ["follow"]


def follow(customer_id: str, into: Callable[[str], str | None]) -> str:
    """Return the id that stands for *customer_id*: the end of its redirects.

    Args:
        customer_id: Any id.
        into: Id → the id that it redirects to, None where it redirects nowhere.

    Raises:
        StoreError: the redirects lead in a circle.

    >>> follow("a", {"a": "b", "b": "c"}.get)
    'c'
    """
    end, seen = customer_id, {customer_id}
    while (ahead := into(end)) is not None:
        if ahead in seen:
            raise StoreError(
                f"the redirects of customer {customer_id!r} lead in a circle; one of "
                f"{', '.join(sorted(seen))} must be active"
            )
        seen.add(ahead)
        end = ahead
    return end
