"""The cards of one merge, and what each part of the planner answers about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias, final

from attrs import field, frozen

from dedupkit.customers import ADDRESS_FIELDS, Customer, FieldMap
from dedupkit.merging.policy import MergePolicy
from dedupkit.merging.resolvers import is_blank
from dedupkit.plans import (
    Blocker,
    Choice,
    Conflict,
    Decision,
    Notice,
    Relation,
    Step,
)

__all__ = ["Cards", "Found", "Part", "distinct", "found_in", "holders", "joined", "open_field"]


#: Type and value → the cards that hold it; 1 and True are two values.
Found: TypeAlias = dict[tuple[type, Any], list[str]]


@final
@frozen(kw_only=True, eq=False)
class Cards:
    """The cards that take part in one merge; skipped ones do not.

    Attributes:
        master: The card that stays.
        duplicates: The others, by lowest number.
        kept_ids: Those of them that are kept.
        policy: What is done with their fields.
        corrections: Field path → checked value, for the master.
        answers: Key of a conflict → key of its choice.
        relations: The declared relations, by name.
        everyone: The master, then the duplicates by lowest number.
        retiring: The duplicates that disappear.
        kept: The duplicates that stay, drained.
        corrected: The paths that the clerk typed, the address also where only parts of it were.
        protection: The first flag of any card that protects contact details; None where none does.
    """

    master: Customer
    duplicates: tuple[Customer, ...]
    kept_ids: frozenset[str]
    policy: MergePolicy
    corrections: FieldMap[str, Any]
    answers: FieldMap[str, str]
    relations: tuple[Relation, ...]

    everyone: tuple[Customer, ...] = field(init=False)
    retiring: tuple[Customer, ...] = field(init=False)
    kept: tuple[Customer, ...] = field(init=False)
    corrected: frozenset[str] = field(init=False)
    protection: str | None = field(init=False)

    @everyone.default
    def _all(self) -> tuple[Customer, ...]:
        return (self.master, *self.duplicates)

    @retiring.default
    def _not_kept(self) -> tuple[Customer, ...]:
        return tuple([card for card in self.duplicates if card.id not in self.kept_ids])

    @kept.default
    def _staying(self) -> tuple[Customer, ...]:
        return tuple([card for card in self.duplicates if card.id in self.kept_ids])

    @corrected.default
    def _typed(self) -> frozenset[str]:
        typed = frozenset(self.corrections)
        return typed if typed.isdisjoint(ADDRESS_FIELDS) else typed | {"address"}

    @protection.default
    def _protecting(self) -> str | None:
        borne = frozenset[str]().union(*(card.flags for card in self.everyone))
        return min(borne & self.policy.flags.protected, default=None)

    def answer(self, conflict: Conflict) -> Choice | None:
        """Return the choice that answers a conflict, None while it is open."""
        wanted = self.answers.get(conflict.key)
        return next((choice for choice in conflict.choices if choice.key == wanted), None)


class Part(NamedTuple):
    """What one part of the planner says.

    Attributes:
        steps: Its steps; the planner puts those of all parts into the canonical order.
        conflicts: Every conflict that arises, answered ones included.
    """

    steps: Sequence[Step] = ()
    decisions: Sequence[Decision] = ()
    notices: Sequence[Notice] = ()
    conflicts: Sequence[Conflict] = ()
    blockers: Sequence[Blocker] = ()


def joined(parts: Iterable[Part]) -> Part:
    """Return what all parts say, in their order."""
    steps: list[Step] = []
    decisions: list[Decision] = []
    notices: list[Notice] = []
    conflicts: list[Conflict] = []
    blockers: list[Blocker] = []
    for part in parts:
        steps += part.steps
        decisions += part.decisions
        notices += part.notices
        conflicts += part.conflicts
        blockers += part.blockers
    return Part(
        steps=steps,
        decisions=decisions,
        notices=notices,
        conflicts=conflicts,
        blockers=blockers,
    )


def found_in(cards: Sequence[Customer], name: str) -> Found:
    """Return the distinct values of a field and who holds them, in the order of the cards."""
    return distinct(cards, [getattr(card, name) for card in cards])


def distinct(cards: Iterable[Customer], values: Iterable[Any]) -> Found:
    """Return the distinct among *values*, one of each card, in the order of the cards.

    Collections are taken apart into their members; blanks are left out.
    """
    found: Found = {}
    for card, value in zip(cards, values, strict=True):
        if value is None:  # by far the most frequent blank
            continue
        kind = type(value)
        if kind is tuple or kind is frozenset:
            for member in value if kind is tuple else sorted(value):
                found.setdefault((type(member), member), []).append(card.id)
        elif value or not is_blank(value):
            found.setdefault((kind, value), []).append(card.id)
    return found


def open_field(path: str, choices: Sequence[Choice]) -> Conflict:
    """Return the question which of *choices* a field shall have."""
    return Conflict(
        code="field_open",
        key=path,
        customers=dict.fromkeys(card for choice in choices for card in choice.customers).keys(),
        choices=choices,
        data={"field": path},
    )


def holders(found: Found, value: object) -> tuple[str, ...]:
    """Return the cards that hold *value*, without repetition."""
    return tuple(found.get((type(value), value), ()))
