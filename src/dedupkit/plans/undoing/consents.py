"""Consents are restored, then joined with the refusals given since."""

from __future__ import annotations

from typing import cast

from dedupkit.customers import Consent, Customer
from dedupkit.plans.steps import Retire, SetConsent
from dedupkit.plans.undoing.world import World

__all__ = ["copy_refusals", "restore"]


def restore(world: World, step: SetConsent) -> None:
    """Set a consent back; a refusal given since stays, at least as strict as what was there."""
    consent = cast("Consent", step.before or step.after)
    found = _consent(world.now[step.customer], consent.key)
    if found == step.after:
        world.do(step.inverse())
    elif found is None or not found.state.is_refusal:
        if found != step.before:
            _note(world, "consent_changed_since", consent, step.customer)
    elif (restored := _stricter(step.before, found)) != found:
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


def _consent(customer: Customer, key: tuple[str, str, str | None]) -> Consent | None:
    return next((consent for consent in customer.consents if consent.key == key), None)


def _stricter(before: Consent | None, refusal: Consent) -> Consent:
    return before if before is not None and before.state > refusal.state else refusal


def _note(world: World, code: str, consent: Consent, customer: str, **data: str) -> None:
    world.note(code, customer, purpose=consent.purpose, channel=consent.channel, **data)
