"""Consents: the union of what all cards say, with one entry per key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeAlias

from attrs import evolve

from dedupkit.customers import Consent, ConsentState, Customer, same_endpoint
from dedupkit.errors import PlanningError
from dedupkit.merging.cards import Cards, Part
from dedupkit.merging.resolvers import resolver_name
from dedupkit.plans import Candidate, Decision, Notice, SetConsent

__all__ = ["consents_part"]

_Key: TypeAlias = tuple[str, str, str | None]
_Entries: TypeAlias = dict[_Key, list[tuple[Customer, Consent]]]

#: Channel → the contact field that a consent without an endpoint means.
_CONTACT = {"email": "email", "sms": "mobile", "phone": "mobile"}


def consents_part(cards: Cards, result: Customer) -> Part:
    """Decide what the master may be contacted for, and copy refusals to kept cards.

    Args:
        cards: The cards.
        result: The master with the contact details that it will have.

    Raises:
        PlanningError: the policy's rule chose none of the entries that it was given.
    """
    said = _by_key((card, consent) for card in cards.everyone for consent in card.consents)
    if not said:
        return Part()
    reading = _read(cards, said)
    if cards.policy.consents_follow_person:
        holding, notices = reading, list(_following(said, reading, result))
    else:
        holding, notices = _bound(cards, said, result)
    return Part(
        steps=(*_on_master(cards, said, holding), *_on_kept(cards, said, reading)),
        decisions=(_decision(cards, said, holding),),
        notices=(*_disagreements(cards, said, reading), *notices),
    )


def _by_key(entries: Iterable[tuple[Customer, Consent]]) -> _Entries:
    keys: _Entries = {}
    for card, consent in entries:
        keys.setdefault(_key_of(consent), []).append((card, consent))
    return {key: keys[key] for key in sorted(keys, key=_text_order)}


_key_of: Callable[[Consent], _Key] = attrgetter("purpose", "channel", "endpoint")


def _text_order(key: _Key) -> tuple[str, str, str]:
    purpose, channel, endpoint = key
    return purpose, channel, endpoint or ""


def _read(cards: Cards, said: _Entries) -> dict[_Key, Consent]:
    return {
        key: entries[0][1]
        if len(entries) == 1
        else _chosen(cards, [consent for _, consent in entries])
        for key, entries in said.items()
    }


def _chosen(cards: Cards, entries: Sequence[Consent]) -> Consent:
    """Return which of several entries of one key holds.

    Raises:
        PlanningError: the rule chose none of them.
    """
    rule = cards.policy.consents
    chosen = rule(entries)
    if chosen not in entries:
        raise PlanningError(
            f"the rule of consents {resolver_name(rule)!r} must return one of the entries"
        )
    return chosen


def _moved(card: Customer, consent: Consent, result: Customer) -> bool:
    """Tell whether a grant was given for another contact than the resulting one."""
    contact = _CONTACT.get(consent.channel)
    if contact is None or consent.endpoint or consent.state is not ConsentState.GRANTED:
        return False
    return not _same_contact(contact, card, result)


def _same_contact(contact: str, card: Customer, result: Customer) -> bool:
    then, now = getattr(card, contact), getattr(result, contact)
    if then == now or same_endpoint(then, now):
        return True
    if contact == "email" or then is None or now is None:
        return False
    from dedupkit.normalize.phone import normalize_phone

    one, other = normalize_phone(then, card.country), normalize_phone(now, result.country)
    return one.key is not None and one.key == other.key


def _following(
    said: _Entries, reading: Mapping[_Key, Consent], result: Customer
) -> Iterator[Notice]:
    """Tell of grants that cover the resulting contact only since they follow the person."""
    for key, entries in said.items():
        if reading[key].state is not ConsentState.GRANTED:
            continue
        grants = [e for e in entries if e[1].state is ConsentState.GRANTED]
        if all(_moved(card, consent, result) for card, consent in grants):
            yield _notice("consent_follows", key, [card for card, _ in grants])


def _bound(
    cards: Cards, said: _Entries, result: Customer
) -> tuple[dict[_Key, Consent], list[Notice]]:
    """Bind grants to the contact that they were given for; a refusal of that contact stays."""
    staying: list[tuple[Customer, Consent]] = []
    bound: list[tuple[Customer, Consent]] = []
    notices = []
    for key, entries in said.items():
        for card, consent in entries:
            if not _moved(card, consent, result):
                staying.append((card, consent))
                continue
            endpoint = getattr(card, _CONTACT[consent.channel])
            notices.append(_notice("consent_bound" if endpoint else "consent_dropped", key, [card]))
            if endpoint:
                bound.append((card, evolve(consent, endpoint=endpoint)))
    holding = _read(cards, _by_key(staying))
    for key, entries in _by_key(bound).items():
        at_hand = holding.get(key)
        if at_hand is None:
            holding[key] = _chosen(cards, [consent for _, consent in entries])
        elif not at_hand.state.is_refusal:
            holding[key] = _chosen(cards, [at_hand, *(consent for _, consent in entries)])
    return {key: holding[key] for key in sorted(holding, key=_text_order)}, notices


def _on_master(
    cards: Cards, said: _Entries, holding: Mapping[_Key, Consent]
) -> Iterator[SetConsent]:
    before = {_key_of(consent): consent for consent in cards.master.consents}
    for key, own in before.items():
        if key not in holding:
            yield SetConsent(cards.master.id, own, None, origin=(cards.master.id,))
    for key, consent in holding.items():
        was = before.get(key)
        if was != consent:
            origin = _holders(said, consent)
            if not origin and was is None:  # it was bound to its contact just now
                origin = _holders(said, evolve(consent, endpoint=None))
            yield SetConsent(cards.master.id, was, consent, origin=origin)


def _on_kept(cards: Cards, said: _Entries, reading: Mapping[_Key, Consent]) -> Iterator[SetConsent]:
    """Copy refusals to the cards that stay; grants stay where they were given."""
    for card in cards.kept:
        own = {consent.key: consent for consent in card.consents}
        for key, consent in reading.items():
            if consent.state.is_refusal and own.get(key) != consent:
                yield SetConsent(card.id, own.get(key), consent, origin=_holders(said, consent))


def _holders(said: _Entries, consent: Consent) -> tuple[str, ...]:
    """Return the cards that say just this."""
    entries = said.get(_key_of(consent), ())
    return tuple([card.id for card, entry in entries if entry == consent])


def _disagreements(
    cards: Cards, said: _Entries, reading: Mapping[_Key, Consent]
) -> Iterator[Notice]:
    for key, entries in said.items():
        states = [consent.state for _, consent in entries]
        if states.count(states[0]) < len(states):
            words = [state.value for state in _STATES if state in states]
            yield _notice(
                "consents_disagree",
                key,
                [card for card, _ in entries],
                states=", ".join(words),
                rule=resolver_name(cards.policy.consents),
                state=reading[key].state.value,
            )


#: The strictest first; an enumeration takes long to list them.
_STATES = tuple(ConsentState)


def _notice(code: str, key: _Key, cards: Iterable[Customer], **data: str) -> Notice:
    purpose, channel, _ = key
    return Notice(
        code=code,
        customers=[card.id for card in cards],
        data={"purpose": purpose, "channel": channel, **data},
    )


def _decision(cards: Cards, said: _Entries, holding: Mapping[_Key, Consent]) -> Decision:
    found: list[Candidate] = []
    for key, entries in said.items():
        holds = holding.get(key)
        whose: dict[Consent, list[str]] = {}
        for card, consent in entries:
            whose.setdefault(consent, []).append(card.id)
        found += [Candidate(one, ids, is_chosen=one == holds) for one, ids in whose.items()]
    return Decision(
        field="consents",
        rule=resolver_name(cards.policy.consents),
        value=tuple(holding.values()) or None,
        candidates=found,
    )
