"""Cards as such: retired ones come back, deleted ones are created again, created ones deleted."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from dedupkit.customers import FIELDS, Customer, with_path
from dedupkit.plans.replay import replay
from dedupkit.plans.steps import Create, Delete, Repoint, Retire
from dedupkit.plans.undoing.world import World

__all__ = ["bring_back", "create_again", "delete_again"]

#: Fields that differ without anybody having changed the card.
_RESTLESS = ("version", "updated_at")


def bring_back(world: World, step: Retire) -> None:
    """Bring a retired card back; where the store deletes them it is inserted again as it was."""
    card = world.now.get(step.customer)
    if card is None:
        retired = replay(world.real_steps, world.before)[step.customer]
        create_again(world, evolve(retired, merged_into=None))
    elif card.merged_into == step.into:
        world.do(step.inverse())


def create_again(world: World, customer: Customer) -> None:
    """Create a customer that was deleted, unless it is there; without what others have by now."""
    if customer.id in world.now:
        return
    bare = evolve(customer, version=None)
    taken = {claim for claim, holder in world.holders.items() if holder not in world.now}
    profile = customer.web_profile
    if profile is not None and ("web_profile.username", profile.username) in taken:
        bare = evolve(bare, web_profile=None)
        world.note("username_taken", customer.id, profile=profile.id)
    for path, value in sorted(taken):
        if path in FIELDS and getattr(customer, path) == value:
            bare = with_path(bare, path, None)
            world.note("value_taken", customer.id, field=path)
    world.do(Create(bare))


def delete_again(world: World, customer_id: str) -> None:
    """Delete a customer that was created, unless somebody has edited it or rows refer to it."""
    written, found = world.written.get(customer_id), world.found[customer_id]
    if written is None or _settled(written) != _settled(found):
        world.note("card_changed_since", customer_id)
        return
    held = world.held.of(customer_id)
    if held:
        held -= {
            (step.relation, row)
            for step in world.steps
            if isinstance(step, Repoint) and step.source == customer_id
            for row in step.only or ()
        }
    staying = sorted({relation for relation, _ in held})
    for relation in staying:
        world.note("card_in_use", customer_id, relation=relation)
    if not staying:
        world.do(Delete(world.now[customer_id]))


def _settled(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in FIELDS if name not in _RESTLESS}
