"""Fields go back where they are as written, sets lose what was added, values come in again."""

from __future__ import annotations

from dedupkit.customers import read_path
from dedupkit.plans.steps import AddValue, RemoveValue, SetField
from dedupkit.plans.undoing.world import World

__all__ = ["add_again", "set_back", "take_out"]


def set_back(world: World, step: SetField) -> None:
    """Set a field back that still has the value that was written."""
    if step.field == "number" and not _numbers_go_back(world):
        if read_path(world.now[step.customer], "number") != step.before:
            world.note("field_changed_since", step.customer, field="number")
        return
    found = read_path(world.now[step.customer], step.field)
    if found == step.after and _is_taken(world, step):
        world.note("value_taken", step.customer, field=step.field)
    elif found == step.after:
        world.do(step.inverse())
    elif found != step.before:
        world.note("field_changed_since", step.customer, field=step.field)


def take_out(world: World, step: AddValue) -> None:
    """Take a value out that was added and is still there."""
    if step.value in read_path(world.now[step.customer], step.field):
        world.do(step.inverse())


def add_again(world: World, step: RemoveValue) -> None:
    """Add a value, in an ordered collection behind the neighbor that it stood behind.

    An id in another system names one card there: it comes back only from where it went.
    """
    found = read_path(world.now[step.customer], step.field)
    if step.value in found:
        return
    if step.field.startswith("external_ids.") and not _is_where_it_went(world, step):
        world.note("field_changed_since", step.customer, field=step.field)
        return
    if not isinstance(found, tuple) or not found:
        world.do(step.inverse())
        return
    was = read_path(world.before[step.customer], step.field)
    earlier = was[: was.index(step.value)] if step.value in was else was
    place = max((found.index(value) + 1 for value in earlier if value in found), default=0)
    after = (*found[:place], step.value, *found[place:])
    world.do(SetField(step.customer, step.field, found, after, origin=step.origin))


def _is_taken(world: World, step: SetField) -> bool:
    """Whether another customer holds the value that a unique field had, and keeps it."""
    holder = world.holders.get((step.field, step.before))
    if holder in (None, step.customer):
        return False
    card = world.now.get(holder)
    return card is None or read_path(card, step.field) == step.before


def _is_where_it_went(world: World, step: RemoveValue) -> bool:
    """Whether the card that a value was added to has it; True where it was added to none."""
    return all(
        step.value in read_path(world.found[customer], step.field)
        for customer in world.given.get((step.field, step.value), ())
        if customer in world.found
    )


def _numbers_go_back(world: World) -> bool:
    """Whether every customer number that was written still stands, and the old are free."""
    mine = set(world.receipt.ids)
    for step in world.real_steps:
        if isinstance(step, SetField) and step.field == "number":
            card = world.found.get(step.customer)
            holder = world.holders.get(("number", step.before))
            if card is None or card.number != step.after or holder not in {None, *mine}:
                return False
    return True
