"""What is not chosen and not lost: further contacts, and lines of the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import eq
from typing import Any

from dedupkit.customers import CONTACT_FIELDS, Customer, read_path, same_endpoint, value_text
from dedupkit.merging.cards import Cards
from dedupkit.merging.resolvers import is_blank
from dedupkit.plans.describe import field_label

__all__ = ["noted_by", "with_leftovers"]

#: Collection → the fields whose values that are not chosen go into it.
_HOMES: Mapping[str, tuple[str, ...]] = {
    "other_emails": ("email", "other_emails"),
    "other_phones": ("mobile", "home_phone", "other_phones"),
    "other_addresses": ("address", "other_addresses"),
}

_HOUSED = frozenset({"notes", *(path for paths in _HOMES.values() for path in paths)})


def with_leftovers(cards: Cards, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return *chosen* with every value that is not part of it added to a collection or the notes.

    What a clerk corrected away on the master is wrong and goes nowhere; a collection or notes that
    the clerk typed stay as typed.

    Args:
        cards: The cards.
        chosen: Field path → value of the master.
    """
    grown = dict(chosen)
    for home, paths in _HOMES.items():
        if home not in cards.corrections:
            housed = _housed(cards, home, paths, chosen)
            if housed or home in chosen:
                grown[home] = housed
    if "notes" not in cards.corrections:
        notes: str | None = chosen.get("notes")
        there = "\n".join(("", *(notes or "").splitlines(), ""))
        lines = [
            line for line in dict.fromkeys(_lines(cards, chosen)) if f"\n{line}\n" not in there
        ]
        if lines:
            grown["notes"] = "\n".join(filter(None, (notes, *lines)))
    return grown


def _housed(
    cards: Cards, home: str, paths: tuple[str, ...], chosen: Mapping[str, Any]
) -> tuple[Any, ...]:
    same: Callable[[Any, Any], bool] = same_endpoint
    if home == "other_addresses":
        same = eq

    def is_among(value: object, values: Iterable[Any]) -> bool:
        return any(same(value, other) for other in values)

    wrong = [
        value
        for path in paths
        if path in cards.corrections
        for value in _members(cards.master, path)
    ]
    known = [chosen.get(path) for path in paths if path != home]
    housed = [value for value in chosen.get(home) or () if not is_among(value, wrong)]
    for card in (cards.master, *cards.retiring):
        for path in paths:
            for value in _members(card, path):
                if not is_among(value, (*wrong, *known, *housed)):
                    housed.append(value)
    return tuple(housed)


def _members(card: Customer, path: str) -> tuple[Any, ...]:
    value = read_path(card, path)
    if isinstance(value, tuple):
        return value
    return () if is_blank(value) else (value,)


def _lines(cards: Cards, chosen: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for every other value that is not chosen, named by its field."""
    for path in _noted(cards):
        wrong = read_path(cards.master, path) if path in cards.corrections else None
        values = (read_path(card, path) for card in (cards.master, *cards.retiring))
        for value in dict.fromkeys(values):
            if not is_blank(value) and value not in (chosen.get(path), wrong):
                yield _line(path, value)


def noted_by(cards: Cards, notes: str) -> tuple[str, ...]:
    """Return the cards that *notes*, to which leftovers were appended, repeat a line of."""
    lines, paths = {*notes.splitlines()} - {""}, _noted(cards)
    return tuple(
        card.id
        for card in (cards.master, *cards.retiring)
        if not lines.isdisjoint((card.notes or "").splitlines())
        or not lines.isdisjoint(_line(path, read_path(card, path)) for path in paths)
    )


def _noted(cards: Cards) -> list[str]:
    """Return the paths of which what is not chosen goes into the notes."""
    plain = [path for path in CONTACT_FIELDS if path not in _HOUSED]
    return [*plain, *sorted({f"extra.{key}" for card in cards.everyone for key in card.extra})]


def _line(path: str, value: object) -> str:
    return f"{field_label(path)}: {value_text(value)}"
