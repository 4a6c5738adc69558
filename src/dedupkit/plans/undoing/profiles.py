"""Web profiles go back as they are today, on both sides or on neither."""

from __future__ import annotations

from typing import Any

from attrs import evolve, fields

from dedupkit.customers import WebProfile
from dedupkit.plans.steps import MoveWebProfile, SetWebProfile
from dedupkit.plans.undoing.world import World

__all__ = ["move_back", "set_back"]

_USERNAME = "web_profile.username"


def move_back(world: World, step: MoveWebProfile) -> None:
    """Move the profile back as it is today: who it belongs to was changed, not what it is."""
    profile: WebProfile | None = step.profile
    if step.target is not None:
        profile = world.now[step.target].web_profile
    is_here = profile is not None and profile.id == step.profile.id
    is_free = step.source is None or world.now[step.source].web_profile is None
    sides = [side for side in (step.source, step.target) if side is not None]
    if profile is None or not is_here or not is_free:
        world.note("web_profile_changed_since", *sides, profile=step.profile.id)
    elif step.target is None and _is_taken(world, profile.username):
        world.note("username_taken", *sides, profile=step.profile.id)
    else:
        world.do(MoveWebProfile(profile, step.target, step.source, origin=step.origin))


def set_back(world: World, step: SetWebProfile) -> None:
    """Set back what the step changed of the profile, attribute by attribute."""
    found = world.now[step.customer].web_profile
    if found is None or found.id != step.after.id:
        world.note("web_profile_changed_since", step.customer, profile=step.after.id)
        return
    back: dict[str, Any] = {}
    for name in (attribute.name for attribute in fields(WebProfile)):
        before, after = getattr(step.before, name), getattr(step.after, name)
        if before != after and getattr(found, name) == after:
            back[name] = before
    if "username" in back and _is_taken(world, back["username"]):
        del back["username"]
        world.note("username_taken", step.customer, profile=step.after.id)
    if back:
        world.do(SetWebProfile(step.customer, found, evolve(found, **back), origin=step.origin))


def _is_taken(world: World, username: str | None) -> bool:
    if username is None:
        return False
    if world.holders.get((_USERNAME, username), next(iter(world.now))) not in world.now:
        return True
    profiles = (card.web_profile for card in world.now.values())
    return any(profile is not None and profile.username == username for profile in profiles)
