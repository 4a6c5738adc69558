"""What forbids a merge, and what makes one doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dedupkit.customers import Customer, JudgementSet, Verdict
from dedupkit.merging.cards import Cards, Part
from dedupkit.plans import Blocker, Choice, Conflict, Notice

__all__ = ["checks_part"]

#: Years between two births from which the cards may be a parent and a child.
GENERATION = 15


def checks_part(cards: Cards, judgements: JudgementSet, repeated: tuple[str, ...]) -> Part:
    """Collect everything that speaks against merging these cards.

    Args:
        cards: The cards.
        judgements: What people said.
        repeated: Ids that were named more than once.
    """
    return Part(
        blockers=(
            *_each("same_customer_twice", repeated),
            *_each("already_retired", [c.id for c in cards.everyone if not c.is_active]),
            *_each("merge_not_allowed", [c.id for c in cards.everyone if not c.allow_merge]),
            *_tenants(cards),
            *_web_profiles(cards),
            *_judged(cards, judgements),
        ),
        conflicts=tuple(_kinds(cards)),
        notices=tuple(_generations(cards)),
    )


def _each(code: str, ids: tuple[str, ...] | list[str]) -> Iterator[Blocker]:
    return (Blocker(code=code, customers=(one,)) for one in ids)


def _tenants(cards: Cards) -> Iterator[Blocker]:
    if len({card.tenant for card in cards.everyone}) > 1:
        yield Blocker(code="other_tenant", customers=[card.id for card in cards.everyone])


def _web_profiles(cards: Cards) -> Iterator[Blocker]:
    """Refuse cards that bear one login: deleting it for one would delete it for the other."""
    bearers: dict[str, list[str]] = {}
    for card in cards.everyone:
        if card.web_profile is not None:
            bearers.setdefault(card.web_profile.id, []).append(card.id)
    for profile, ids in sorted(bearers.items()):
        if ids[1:]:
            yield Blocker(code="same_web_profile", customers=ids, data={"profile": profile})


def _judged(cards: Cards, judgements: JudgementSet) -> Iterator[Blocker]:
    if not len(judgements):
        return
    for one, other in combinations(cards.everyone, 2):
        if judgements.verdict(one.id, other.id) is Verdict.DIFFERENT:
            yield Blocker(code="judged_different", customers=(one.id, other.id))


def _kinds(cards: Cards) -> Iterator[Conflict]:
    people = [card.id for card in cards.everyone if _is_person(card)]
    organizations = [card.id for card in cards.everyone if _is_organization(card)]
    if people and organizations:
        yield Conflict(
            code="person_and_organization",
            key="person_and_organization",
            customers=[*people, *organizations],
            choices=(Choice(key="merge"),),
            data={"people": tuple(people), "organizations": tuple(organizations)},
        )


def _is_person(card: Customer) -> bool:
    return _has_personal_name(card) and card.company is None


def _is_organization(card: Customer) -> bool:
    return card.company is not None and not _has_personal_name(card)


def _has_personal_name(card: Customer) -> bool:
    return any((card.name, card.first_name, card.last_name))


def _generations(cards: Cards) -> Iterator[Notice]:
    born = [(card.birth_date, card.id) for card in cards.everyone if card.birth_date is not None]
    if len(born) > 1:
        (first, parent), (last, child) = min(born), max(born)
        years = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
        if years >= GENERATION:
            yield Notice(
                code="child_beside_adult", customers=(parent, child), data={"years": years}
            )
