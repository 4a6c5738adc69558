"""Web profiles: one stays or is attached, the others of retired cards are deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from dedupkit.customers import Customer, WebProfile, numeric_first
from dedupkit.merging.cards import Cards, Part, found_in
from dedupkit.plans import (
    Candidate,
    Choice,
    Conflict,
    Decision,
    MoveWebProfile,
    Notice,
    SetWebProfile,
    Step,
)

__all__ = ["profile_part"]


def profile_part(cards: Cards) -> Part:
    """Decide which web profile the master has; those of kept cards stay on them."""
    found = found_in(cards.everyone, "web_profile")
    own = cards.master.web_profile
    offered = [(card, card.web_profile) for card in cards.retiring if card.web_profile is not None]
    if own is None and not offered:  # what kept cards have stays on them
        kept = [Candidate(one, ids, is_chosen=False) for (_, one), ids in found.items()]
        nothing = Decision(field="web_profile", rule="kept", candidates=kept)
        return Part(decisions=(nothing,) if found else ())
    home, profile = (cards.master, own) if own else min(offered, key=_preference)
    after = profile
    deleted = [(card, one) for card, one in offered if card is not home]
    steps: list[Step] = [
        MoveWebProfile(one, card.id, None, origin=(card.id,)) for card, one in deleted
    ]
    notices: list[Notice] = []
    conflicts: list[Conflict] = []
    if own is None:
        if deleted:
            notices.append(_several(offered, profile))
        steps.append(MoveWebProfile(profile, home.id, cards.master.id, origin=(home.id,)))
        after = _approved(cards, home, profile, notices, conflicts)
    if not after.active and any(one.active for _, one in deleted):  # else all were barred
        after = evolve(after, active=True)
        notices.append(Notice(code="web_profile_activated", customers=[home.id]))
    if after != profile:
        steps.append(SetWebProfile(cards.master.id, profile, after, origin=(home.id,)))
    decision = Decision(
        field="web_profile",
        rule="verified_first" if own is None else "master_first",
        value=after,
        source=home.id,
        candidates=[
            Candidate(one, ids, is_chosen=one.id == profile.id) for (_, one), ids in found.items()
        ],
    )
    return Part(
        steps=steps,
        decisions=(decision,),
        notices=(*notices, *_losses(after, deleted), *_gains(cards, home, after)),
        conflicts=conflicts,
    )


def _preference(offer: tuple[Customer, WebProfile]) -> tuple[Any, ...]:
    """Order profiles: verified first, then the last login, then the lowest id."""
    _, profile = offer
    last = profile.last_login_at or _NEVER
    return not profile.verified, last is _NEVER, _LATEST - last, numeric_first(profile.id)


_NEVER = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


def _several(offered: list[tuple[Customer, WebProfile]], chosen: WebProfile) -> Notice:
    return Notice(
        code="web_profile_chosen",
        customers=[card.id for card, _ in offered],
        data={"profile": chosen.id},
    )


def _approved(
    cards: Cards,
    home: Customer,
    profile: WebProfile,
    notices: list[Notice],
    conflicts: list[Conflict],
) -> WebProfile:
    """Return the attached profile; what it may buy is told, or asked where the policy says so."""
    if not profile.approved_buyer:
        return profile
    data = {"master": cards.master.id}
    if not cards.policy.web_profile.approval_needs_answer:
        notices.append(Notice(code="approval_gained", customers=[home.id], data=data))
        return profile
    switches = (("approve", True), ("attach_unapproved", False))
    conflict = Conflict(
        code="approval_gained",
        key="web_profile.approved_buyer",
        customers=[home.id],
        choices=[Choice(key=key, value=value, customers=[home.id]) for key, value in switches],
        data=data,
    )
    conflicts.append(conflict)
    answer = cards.answer(conflict)
    return evolve(profile, approved_buyer=answer is not None and answer.value)


def _losses(after: WebProfile, deleted: list[tuple[Customer, WebProfile]]) -> Iterator[Notice]:
    approved = [card.id for card, profile in deleted if profile.approved_buyer]
    if approved and not after.approved_buyer:
        yield Notice(code="approval_dropped", customers=approved)


def _gains(cards: Cards, home: Customer, profile: WebProfile) -> Iterator[Notice]:
    """Tell of a login that nobody verified and that would see another card's history."""
    others = (card for card in cards.everyone if card is not home)
    if not profile.verified and (cards.relations or any(card.balances for card in others)):
        yield Notice(code="unverified_profile_gains", customers=[home.id])
