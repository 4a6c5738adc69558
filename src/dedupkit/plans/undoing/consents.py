"""Consents are restored, then joined with the refusals given since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from dedupkit.customers import Consent, Customer
from dedupkit.plans.receipts import Receipt
from dedupkit.plans.steps import Retire, SetConsent
from dedupkit.plans.undoing.world import World

__all__ = ["copy_refusals", "refused_meanwhile", "restore"]


def restore(world: World, step: SetConsent) -> None:
    """Set a consent back; a refusal given since stays, at least as strict as what was there."""
    consent = cast("Consent", step.before or step.after)
    found = _consent(world.now[step.customer], consent.key)
    if found == step.after:
        restored = step.before
        for master, refusal in world.refused.get(step.customer, ()):
            if refusal.key == consent.key and _stricter(restored, refusal) != restored:
                restored = refusal
                _note(world, "refusal_copied", refusal, step.customer, master=master)
    elif found is not None and found.state.is_refusal:
        restored = _stricter(step.before, found)
    else:
        if found != step.before:
            _note(world, "consent_changed_since", consent, step.customer)
        return
    if restored != found:
        world.do(SetConsent(step.customer, found, restored, origin=step.origin))


def copy_refusals(world: World, step: Retire) -> None:
    """Let refusals that the master gave since hold for the card that comes back."""
    master = world.found.get(step.into)
    if master is None or step.customer not in world.now:
        return
    written = world.written.get(step.into, master)
    for refusal in master.consents:
        if not refusal.state.is_refusal or _consent(written, refusal.key) == refusal:
            continue
        held = _consent(world.now[step.customer], refusal.key)
        if (joined := _stricter(held, refusal)) != held:
            world.do(SetConsent(step.customer, held, joined, origin=(step.into,)))
            _note(world, "refusal_copied", refusal, step.customer, master=step.into)


def refused_meanwhile(later: Sequence[Receipt]) -> dict[str, list[tuple[str, Consent]]]:
    """Return card → refusals given to masters that it was merged into, and is not any more.

    When that merge was undone they were joined with what the card held, and went under where that
    was stricter. They count once more where what was stricter goes.

    Args:
        later: What came after the execution that is undone, oldest first.

    Returns:
        Card → the master and the refusal, of each; refusals reach a card through whatever merges
        stood while it was part of a master.
    """
    ends = {receipt.undoes: place for place, receipt in enumerate(later) if receipt.undoes}
    refused: dict[str, list[tuple[int, str, Consent]]] = {}
    for start, merge in reversed([*enumerate(later)]):
        end = ends.get(merge.plan_id, -1)
        if end < start:  # it stands
            continue
        written = {change.id: change.after for change in merge.changes}
        found = {change.id: change.before for change in later[end].changes}
        for step in merge.real_steps:
            if isinstance(step, Retire):
                then, now = written.get(step.into), found.get(step.into)
                held = () if then is None else then.consents
                said = () if now is None else now.consents
                given = [one for one in said if one.state.is_refusal and one not in held]
                inner = [one for one in refused.get(step.into, ()) if one[0] < end]
                outer = [(end, step.into, one) for one in given]
                refused.setdefault(step.customer, []).extend((*inner, *outer))
    return {card: [(master, one) for _, master, one in said] for card, said in refused.items()}


def _consent(customer: Customer, key: tuple[str, str, str | None]) -> Consent | None:
    return next((consent for consent in customer.consents if consent.key == key), None)


def _stricter(before: Consent | None, refusal: Consent) -> Consent:
    return before if before is not None and before.state > refusal.state else refusal


def _note(world: World, code: str, consent: Consent, customer: str, **data: str) -> None:
    world.note(code, customer, purpose=consent.purpose, channel=consent.channel, **data)
