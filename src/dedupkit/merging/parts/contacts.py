"""Contact fields and the host's own: decided by the resolvers of the policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from attrs import evolve

from dedupkit.customers import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    Address,
    Customer,
    read_path,
    with_path,
)
from dedupkit.errors import InvalidCustomerError, PlanningError
from dedupkit.merging.cards import Cards, Found, Part, distinct, holders, open_field
from dedupkit.merging.parts.leftovers import noted_by, with_leftovers
from dedupkit.merging.resolvers import Resolution, ask, is_blank, keep_master, resolver_name
from dedupkit.plans import AddValue, Candidate, Choice, Conflict, Decision, Notice, SetField, Step

__all__ = ["Chosen", "contact_part"]


class Chosen(NamedTuple):
    """What was chosen for one field.

    Attributes:
        rule: Name of the resolver, or what else chose.
        resolution: Its answer.
        is_joined: Whether the value is made of several cards' values.
    """

    rule: str
    resolution: Resolution
    is_joined: bool = False


def contact_part(cards: Cards) -> tuple[Part, Customer]:
    """Decide every contact field and own field of the host.

    Returns:
        What is to be done, and the master as it will be in these fields.

    Raises:
        PlanningError: a resolver returned a value that its field cannot hold.
    """
    columns = _columns(cards)
    found = {path: distinct(cards.everyone, values) for path, values in columns.items()}
    chosen: dict[str, Chosen] = {}
    conflicts: list[Conflict] = []
    held: list[str] = []
    for path, values in found.items():
        if values or path in cards.corrected:  # a card has a value or the clerk typed one
            chosen[path] = _choose(cards, path, conflicts, held)
    if cards.policy.keep_not_chosen and cards.protection is None:
        chosen = _with_leftovers(cards, chosen)
    before = {path: columns[path][0] for path in chosen}
    result = _resulting(cards.master, before, chosen)
    steps: list[Step] = []
    decisions = []
    for path, choice in chosen.items():
        after = before[path] if result is cards.master else read_path(result, path)
        if before[path] != after:
            steps += _steps(cards, path, (before[path], after), found[path], choice)
        decisions.append(_decision(path, after, found[path], choice))
    notices = [_protected(cards, held)] if held else []
    part = Part(steps=steps, decisions=decisions, notices=notices, conflicts=conflicts)
    return part, result


def _columns(cards: Cards) -> dict[str, tuple[Any, ...]]:
    """Return the values that the cards have in each path, the master's first; each read once."""
    columns = dict(
        zip(CONTACT_FIELDS, zip(*map(_contacts, cards.everyone), strict=True), strict=True)
    )
    own = {f"extra.{key}" for card in cards.everyone for key in card.extra}
    own.update(path for path in cards.corrections if path.startswith("extra."))
    for path in sorted(own):
        key = path.removeprefix("extra.")
        columns[path] = tuple([card.extra.get(key) for card in cards.everyone])
    return columns


_contacts = attrgetter(*CONTACT_FIELDS)


def _reading_order(path: str) -> tuple[int, str]:
    return _POSITIONS.get(path, len(_POSITIONS)), path


_POSITIONS = {path: position for position, path in enumerate(CONTACT_FIELDS)}


def _choose(cards: Cards, path: str, conflicts: list[Conflict], held: list[str]) -> Chosen:
    if path in cards.corrections:
        return Chosen("correction", Resolution(cards.corrections[path]))
    resolver = cards.policy.resolver(path)
    rule = resolver_name(resolver)
    resolution = ask(resolver, path, cards.master, cards.retiring)
    is_partly_typed = path in cards.corrected
    if is_partly_typed:
        rule, resolution = "correction", _typed_over(resolution, cards)
    if resolution.choices:
        return _asked(cards, path, rule, resolution, conflicts)
    flag = cards.protection
    if flag is not None:
        kept = keep_master(path, cards.master, cards.retiring)
        if is_partly_typed:
            kept = _typed_over(kept, cards)
        if resolution.value != kept.value:
            held.append(path)
            rule = "keep_master"
            resolution = evolve(kept, reason=f"protected by the flag {flag}")
    if is_partly_typed:
        return Chosen("correction", Resolution(resolution.value))
    return Chosen(rule, resolution, is_joined=resolution.source is None)


def _typed_over(resolution: Resolution, cards: Cards) -> Resolution:
    """Return an answer in which the parts of the address that a clerk typed are as typed."""
    choices: dict[Address, Choice] = {}
    for choice in resolution.choices:
        value = _with_parts(choice.value, cards)
        same = choices.get(value)
        whose = choice.customers if same is None else (*same.customers, *choice.customers)
        choices[value] = evolve(choice if same is None else same, value=value, customers=whose)
    if len(choices) == 1:  # the parts in which they differed were typed
        return Resolution(next(iter(choices)))
    return Resolution(_with_parts(resolution.value, cards), choices=choices.values())


def _with_parts(address: Address | None, cards: Cards) -> Address:
    """Return an address in which the corrected parts are as typed."""
    if address is not None and not isinstance(address, Address):
        return address  # a resolver's fault, which is told of all fields together
    parts = {part: cards.corrections[part] for part in ADDRESS_FIELDS if part in cards.corrections}
    return evolve(address or Address(), **parts)


def _asked(
    cards: Cards, path: str, rule: str, resolution: Resolution, conflicts: list[Conflict]
) -> Chosen:
    conflict = open_field(path, resolution.choices)
    conflicts.append(conflict)
    answer = cards.answer(conflict)
    if answer is None:
        return Chosen(rule, resolution, is_joined=resolution.source is None)
    source = None if is_blank(answer.value) else next(iter(answer.customers), None)
    return Chosen(rule, Resolution(answer.value, source, "chosen by a person"))


def _protected(cards: Cards, held: list[str]) -> Notice:
    flag = cards.protection or ""
    concerned = tuple(card.id for card in cards.everyone if flag in card.flags)
    fields = ", ".join(sorted(held, key=_reading_order))
    return Notice(code="protected", customers=concerned, data={"flag": flag, "fields": fields})


def _with_leftovers(cards: Cards, chosen: dict[str, Chosen]) -> dict[str, Chosen]:
    values = {path: choice.resolution.value for path, choice in chosen.items()}
    grown = with_leftovers(cards, values)
    kept = dict(chosen)
    for path, value in grown.items():
        if values.get(path) != value:
            joined = Resolution(value, None, "nothing is lost")
            kept[path] = Chosen("keep_not_chosen", joined, is_joined=True)
    return {path: kept[path] for path in sorted(kept, key=_reading_order)}


def _resulting(
    master: Customer, before: Mapping[str, Any], chosen: Mapping[str, Chosen]
) -> Customer:
    """Build the master once, so that every value has its field's shape and canonical form."""
    values = {path: choice.resolution.value for path, choice in chosen.items()}
    if before == values:
        return master
    own = {path[len("extra.") :]: values.pop(path) for path in chosen if path.startswith("extra.")}
    if own:
        values["extra"] = master.extra.with_items(own)
    try:
        if "address" in values:
            address = values.pop("address") or Address()
            values.update({part: getattr(address, part) for part in ADDRESS_FIELDS})
        return evolve(master, **values)
    except (InvalidCustomerError, AttributeError):
        raise PlanningError(_misfits(master, chosen)) from None


def _misfits(master: Customer, chosen: Mapping[str, Chosen]) -> str:
    wrong = []
    for path, choice in chosen.items():
        try:
            with_path(master, path, choice.resolution.value)
        except (InvalidCustomerError, AttributeError):
            wrong.append(f"{choice.rule} for {path}")
    return f"resolvers returned values that their fields cannot hold: {', '.join(wrong)}"


def _steps(
    cards: Cards,
    path: str,
    change: tuple[Any, Any],
    found: Found,
    chosen: Chosen,
) -> Iterator[Step]:
    before, after = change
    master = cards.master.id
    if isinstance(after, tuple) and after[: len(before)] == before:
        for member in after[len(before) :]:
            origin = holders(found, member) or _anywhere(cards, member)
            yield AddValue(master, path, member, origin=origin)
        return
    if chosen.resolution.source is not None:
        origin = (chosen.resolution.source,)
    elif chosen.rule == "correction":
        origin = ()
    elif chosen.rule == "keep_not_chosen" and path == "notes":
        origin = noted_by(cards, after)
    else:
        origin = tuple(dict.fromkeys(card for ids in found.values() for card in ids))
    if path in cards.policy.unique and not is_blank(after):
        for card in cards.retiring:
            if read_path(card, path) == after:
                yield SetField(card.id, path, after, None, origin=(card.id,))
    yield SetField(master, path, before, after, origin=origin)


def _anywhere(cards: Cards, member: object) -> tuple[str, ...]:
    """Return the cards that hold a value in whatever contact field."""
    return tuple(
        card.id
        for card in cards.everyone
        if any(read_path(card, path) == member for path in CONTACT_FIELDS)
    )


def _decision(path: str, value: Any, found: Found, chosen: Chosen) -> Decision:  # noqa: ANN401  # fields have many types
    return Decision(
        field=path,
        rule=chosen.rule,
        value=None if is_blank(value) else value,
        source=chosen.resolution.source,
        reason=chosen.resolution.reason,
        candidates=[
            Candidate(
                one,
                ids,
                is_chosen=one is value  # by far the most frequent
                or _is_part(one, value, is_joined=chosen.is_joined),
            )
            for (_, one), ids in found.items()
        ],
    )


def _is_part(member: Any, value: Any, *, is_joined: bool) -> bool:  # noqa: ANN401  # as above
    if isinstance(value, tuple):
        return member in value
    if is_joined and isinstance(member, str) and isinstance(value, str):
        return f"\n{member}\n" in f"\n{value}\n"
    return type(member) is type(value) and bool(member == value)
