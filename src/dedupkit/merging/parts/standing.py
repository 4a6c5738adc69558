"""Groups, flags, external ids, and the master's own bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from dedupkit.customers import read_path
from dedupkit.customers.shapes import as_set, is_names
from dedupkit.errors import PlanningError
from dedupkit.merging.cards import Cards, Found, Part, distinct, found_in, holders, open_field
from dedupkit.merging.resolvers import ask, is_blank, resolver_name
from dedupkit.plans import (
    AddValue,
    Candidate,
    Choice,
    Conflict,
    Decision,
    RemoveValue,
    SetField,
    Step,
)

__all__ = ["bookkeeping_part", "external_ids_part", "flags_part", "groups_part"]


def groups_part(cards: Cards) -> Part:
    """Decide the groups by their resolver; kept cards count, since groups are copied from them.

    Raises:
        PlanningError: the resolver returned something else than groups.
    """
    found = found_in(cards.everyone, "groups")
    if "groups" in cards.corrections:
        return _set_part(cards, "groups", found, cards.corrections["groups"], rule="correction")
    rule = resolver_name(cards.policy.groups)
    resolution = ask(cards.policy.groups, "groups", cards.master, cards.duplicates)
    value, reason, conflicts = resolution.value, "", []
    if resolution.choices:
        conflict = open_field("groups", resolution.choices)
        conflicts.append(conflict)
        answer = cards.answer(conflict)
        if answer is not None:
            value, reason = answer.value, "chosen by a person"
    chosen = as_set(value or ())
    if not is_names(chosen):
        raise PlanningError(f"resolvers returned values that are no groups: {rule}")
    return _set_part(cards, "groups", found, chosen, rule=rule, reason=reason, conflicts=conflicts)


def flags_part(cards: Cards) -> Part:
    """Carry the flags over; one that permits something only where a person says so."""
    found = found_in(cards.everyone, "flags")
    if "flags" in cards.corrections:
        return _set_part(cards, "flags", found, cards.corrections["flags"], rule="correction")
    conflicts, left = [], set()
    for (_, flag), ids in found.items():
        if flag in cards.policy.flags.permissive and flag not in cards.master.flags:
            conflict = _permission(cards, flag, ids)
            conflicts.append(conflict)
            answer = cards.answer(conflict)
            if answer is None or not answer.value:
                left.add(flag)
    value = frozenset([flag for _, flag in found]) - left
    return _set_part(cards, "flags", found, value, rule="union", conflicts=conflicts)


def _permission(cards: Cards, flag: str, holding: Sequence[str]) -> Conflict:
    switches = (("set", True), ("leave", False))
    return Conflict(
        code="permissive_flag",
        key=f"flags.{flag}",
        customers=holding,
        choices=[Choice(key=k, value=v, customers=holding) for k, v in switches],
        data={"flag": flag, "master": cards.master.id},
    )


def _set_part(
    cards: Cards,
    path: str,
    found: Found,
    value: frozenset[str],
    *,
    rule: str,
    reason: str = "",
    conflicts: Sequence[Conflict] = (),
) -> Part:
    if not found and not value:
        return Part()
    before = read_path(cards.master, path)
    decision = Decision(
        field=path,
        rule=rule,
        value=value or None,
        reason=reason,
        candidates=_candidates(found, value),
    )
    removed = [RemoveValue(cards.master.id, path, one) for one in sorted(before - value)]
    added = [
        AddValue(cards.master.id, path, one, origin=holders(found, one))
        for one in sorted(value - before)
    ]
    return Part(steps=(*removed, *added), decisions=(decision,), conflicts=tuple(conflicts))


def _candidates(found: Found, value: frozenset[str]) -> list[Candidate]:
    return [Candidate(one, ids, is_chosen=one in value) for (_, one), ids in found.items()]


def external_ids_part(cards: Cards) -> Part:
    """Move the ids of retired cards to the master; those of kept cards stay where they are.

    An id names one card in its system, so the retired card lets go of it first.
    """
    steps: list[Step] = []
    decisions, conflicts = [], []
    for system in sorted({system for card in cards.everyone for system in card.external_ids}):
        path = f"external_ids.{system}"
        held = {card.id: card.external_ids.get(system, _NO_IDS) for card in cards.everyone}
        found = distinct(cards.everyone, held.values())
        before = held[cards.master.id]
        value = before.union(*[held[card.id] for card in cards.retiring])
        rule = "union"
        if system in cards.policy.single_systems and len(value) > 1:
            conflict = _several(cards, path, system, held)
            if conflict is not None:
                conflicts.append(conflict)
                answer = cards.answer(conflict)
                rule, value = "single_system", before if answer is None else answer.value
        if value != before:
            steps += _moves(cards, path, held, value)
        decisions.append(
            Decision(
                field=path,
                rule=rule,
                value=value or None,
                candidates=_candidates(found, value),
            )
        )
    return Part(steps=steps, decisions=decisions, conflicts=conflicts)


_NO_IDS: frozenset[str] = frozenset()


def _several(
    cards: Cards, path: str, system: str, held: Mapping[str, frozenset[str]]
) -> Conflict | None:
    """Return the question which card's ids stay; None where all of them stand on one card."""
    by_ids: dict[frozenset[str], list[str]] = {}
    for card in (cards.master, *cards.retiring):
        if held[card.id]:
            by_ids.setdefault(held[card.id], []).append(card.id)
    if len(by_ids) == 1:
        return None
    choices = (Choice(key=ids[0], value=value, customers=ids) for value, ids in by_ids.items())
    concerned = (card for ids in by_ids.values() for card in ids)
    data = {"system": system}
    return Conflict(
        code="several_external_ids", key=path, customers=concerned, choices=choices, data=data
    )


def _moves(
    cards: Cards, path: str, held: Mapping[str, frozenset[str]], value: frozenset[str]
) -> Iterator[Step]:
    before = held[cards.master.id]
    for one in sorted(before - value):
        yield RemoveValue(cards.master.id, path, one)
    for one in sorted(value - before):
        origin = tuple([card.id for card in cards.retiring if one in held[card.id]])
        for card in origin:
            yield RemoveValue(card, path, one, origin=(card,))
        yield AddValue(cards.master.id, path, one, origin=origin)


def bookkeeping_part(cards: Cards) -> Part:
    """Show the bookkeeping of all cards; the master keeps its own.

    A master that was kept for another card is kept for none any more: cards that are merged into
    one that nobody would propose again would be lost from sight.
    """
    steps: list[Step] = []
    decisions = []
    for path, *values in zip(_BOOKKEEPING, *map(_bookkeeping, cards.everyone), strict=True):
        if values.count(_PLAIN[path]) == len(values) and path not in cards.corrections:
            continue
        before = after = values[0]
        rule = "keep_master"
        if path in cards.corrections:
            after, rule = cards.corrections[path], "correction"
        if path == "kept_for" and before is not None and cards.duplicates:
            after, rule = None, "no_longer_kept"
        if after != before:
            steps += _released(cards, path, after)
            steps.append(SetField(cards.master.id, path, before, after))
        found = distinct(cards.everyone, values)
        decisions.append(
            Decision(
                field=path,
                rule=rule,
                value=after,
                source=cards.master.id if rule == "keep_master" and not is_blank(after) else None,
                candidates=[
                    Candidate(one, ids, is_chosen=one == after) for (_, one), ids in found.items()
                ],
            )
        )
    return Part(steps=steps, decisions=decisions)


_BOOKKEEPING = ("number", "allow_merge", "tenant", "created_at", "updated_at", "kept_for")
_bookkeeping = attrgetter(*_BOOKKEEPING)
#: The value of each that says nothing.
_PLAIN = {**dict.fromkeys(_BOOKKEEPING), "allow_merge": True}


def _released(cards: Cards, path: str, value: object) -> Iterator[Step]:
    """Let retired cards go of a number that the master takes over, since it is unique."""
    for card in cards.retiring:
        if path == "number" and value is not None and card.number == value:
            yield SetField(card.id, path, value, None, origin=(card.id,))
