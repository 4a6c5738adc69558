"""Choosers: which card of a cluster becomes the master.

Each is a total order, the lowest number last, so that the order of the cards never matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from dedupkit.customers import Customer, lowest_number

__all__ = [
    "MasterChooser",
    "choose_lowest_number",
    "choose_most_complete",
    "choose_most_rows",
    "choose_oldest",
    "choose_verified_web_profile",
]


class MasterChooser(Protocol):
    """Chooses one of two or more cards; a plain function is one."""

    def __call__(self, cards: Sequence[Customer], /) -> Customer:
        """Return the card of *cards* that stays."""


def choose_lowest_number(cards: Sequence[Customer], /) -> Customer:
    """Choose the lowest customer number; of cards without one, the lowest id.

    >>> choose_lowest_number([Customer(id="2"), Customer(id="10", number="7")]).id
    '10'
    """
    return min(cards, key=lowest_number)


def choose_oldest(cards: Sequence[Customer], /) -> Customer:
    """Choose the card that was created first; one without ``created_at`` counts as the newest."""
    return _first(cards, lambda card: card.created_at or _FOREVER)


def choose_most_complete(cards: Sequence[Customer], /) -> Customer:
    """Choose the card with the most fields that have a value."""
    return _first(cards, lambda card: -sum(1 for _ in card.filled()))


def choose_verified_web_profile(cards: Sequence[Customer], /) -> Customer:
    """Choose a card with a verified web profile, else one with any."""
    return _first(cards, _login_rank)


def choose_most_rows(counts: Mapping[str, int]) -> MasterChooser:
    """Return a chooser of the card with the most rows, orders for instance.

    Args:
        counts: Customer id → number of rows; ids that are not in it have none.

    >>> cards = [Customer(id="1"), Customer(id="2")]
    >>> choose_most_rows({"2": 5})(cards).id
    '2'
    """

    def choose_most_rows_of(cards: Sequence[Customer], /) -> Customer:
        return _first(cards, lambda card: -counts.get(card.id, 0))

    return choose_most_rows_of


_FOREVER = datetime.max.replace(tzinfo=UTC)


def _first(cards: Sequence[Customer], rank: Callable[[Customer], Any]) -> Customer:
    return min(cards, key=lambda card: (rank(card), lowest_number(card)))


def _login_rank(card: Customer) -> int:
    if card.web_profile is None:
        return 2
    return 0 if card.web_profile.verified else 1
