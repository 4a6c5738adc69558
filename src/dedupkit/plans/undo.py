"""Undo after life went on: a receipt and the customers of today make a plan.

Step by step, the last one first, whatever still shows what the merge wrote is set back. What no
longer does stays, with a notice, and the rest is undone; what came later stays with the master.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from dedupkit.customers import EMPTY, Customer, sum_balances
from dedupkit.errors import ConfigurationError
from dedupkit.plans.findings import Blocker
from dedupkit.plans.plan import Expectation, PlanKind, Total, UndoPlan
from dedupkit.plans.receipts import Receipt
from dedupkit.plans.relations import Relation
from dedupkit.plans.steps import (
    AddValue,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    MoveWebProfile,
    RemoveValue,
    Repoint,
    Restore,
    Retire,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    TransferBalance,
    touched,
)
from dedupkit.plans.undoing import cards, consents, fields, holdings, profiles
from dedupkit.plans.undoing.held import HeldRows
from dedupkit.plans.undoing.world import World

__all__ = ["plan_undo"]

#: The steps that are set back where the world still shows them.
_Change: TypeAlias = (
    SetField
    | AddValue
    | RemoveValue
    | SetConsent
    | MoveWebProfile
    | SetWebProfile
    | TransferBalance
    | Repoint
    | Restore
    | Create
    | CreateGroup
    | DeleteGroup
)


def plan_undo(
    receipt: Receipt,
    customers_now: Mapping[str, Customer] | Iterable[Customer],
    *,
    later: Iterable[Receipt] = (),
    holders: Mapping[tuple[str, str], str] = EMPTY,
    rows: Mapping[Relation, Iterable[Mapping[str, Any]]] = EMPTY,
) -> UndoPlan:
    """Plan the undo of an execution; pure.

    Fields go back where they still have the value that was written; sets lose exactly what was
    added; a transferred balance goes back unless a positive one would leave the master below
    min(0, what it had before); web profiles and unique values move on both sides or on neither;
    consents are restored and then joined with the refusals given since, which also hold for the
    cards that come back; rows go back by the ids in the receipt, as far as they still refer to
    the master, and what they add up to goes with them, whatever the master is left with. What
    stays has a notice.

    Args:
        receipt: What the execution has done.
        customers_now: The customers of ``receipt.ids`` as the store holds them, retired ones
            included; those that are no longer there are left out.
        later: Receipts of what came after, oldest first; a merge among them that still stands and
            shares a customer is a blocker that names it, and refusals that were given while others
            stood hold on.
        holders: Unique path (``"number"``, ``"web_profile.username"``, ``"email"``) and value →
            the customer that holds it, as far as the store knows.
        rows: Relation → its rows that refer to the customers now, as `SupportsRows.rows` gives
            them. Of those that add up to a balance the amounts count; without them, what the rows
            hold is taken to be what the execution moved, with a notice where the balance has
            changed since. Of those that are unique the keys count: a row stays where it is, if its
            customer has another of the same key by now. A created customer to whom any refers is
            not deleted.

    Returns:
        A plan that `execute` runs, or that shows its blockers.

    Raises:
        ConfigurationError: *receipt* or *customers_now* are none, or *rows* lack what they must
            show.

    Cost: O(steps + customers).
    """
    given: object = receipt
    if not isinstance(given, Receipt):
        raise ConfigurationError("receipt must be a Receipt; Receipt.from_json reads a stored one")
    by_id = _as_found(customers_now)
    now = {i: by_id[i] for i in receipt.ids if i in by_id and i not in receipt.redacted}
    came = tuple(later)
    blockers = tuple(_blockers(receipt, now, came))
    world = World(receipt, now, holders, HeldRows(rows), consents.refused_meanwhile(came))
    if not blockers:
        _undo_all(world)
    return UndoPlan(
        undoes=receipt.plan_id,
        expects=tuple(map(Expectation.of, now.values())),
        steps=world.steps,
        notices=world.notices,
        blockers=blockers,
        totals=tuple(_totals(now, world.now)),
        warning=_warning(world.steps),
    )


def _as_found(customers: object) -> Mapping[str, Customer]:
    found = customers.values() if isinstance(customers, Mapping) else customers
    given = tuple(found) if isinstance(found, Iterable) else (None,)
    if not all(isinstance(card, Customer) for card in given):
        raise ConfigurationError(
            "customers_now are Customer objects, such as store.get(receipt.ids)"
        )
    return {card.id: card for card in given}


def _blockers(
    receipt: Receipt, now: Mapping[str, Customer], later: Iterable[Receipt]
) -> Iterator[Blocker]:
    if receipt.kind is PlanKind.UNDO:
        yield Blocker(code="undo_of_undo")
    if receipt.undone_by is not None:
        yield Blocker(code="already_undone", data={"plan_id": receipt.undone_by})
    if receipt.redacted and set(receipt.ids) <= set(receipt.redacted):
        yield Blocker(code="redacted", customers=receipt.redacted)
    named: set[str] = set()
    for other in later:
        shared = tuple(i for i in receipt.ids if i in other.ids)
        if shared and other.kind is PlanKind.MERGE and other.undone_by is None:
            named.update(shared)
            yield Blocker(code="later_merge", customers=shared, data={"plan_id": other.plan_id})
    for change in receipt.changes:
        card = now.get(change.id)
        written = None if change.after is None else change.after.merged_into
        if card and card.merged_into not in (None, written) and card.id not in named:
            data = {"master": card.merged_into}
            yield Blocker(code="merged_since", customers=(card.id,), data=data)


def _totals(before: Mapping[str, Customer], after: Mapping[str, Customer]) -> Iterator[Total]:
    held, holding = sum_balances(before.values()), sum_balances(after.values())
    for key in sorted({*held, *holding}, key=lambda key: tuple(part or "" for part in key)):
        kind, unit, programme = key
        yield Total(
            kind=kind,
            unit=unit,
            programme=programme,
            before=held.get(key, Decimal(0)),
            after=holding.get(key, Decimal(0)),
        )


def _warning(steps: Sequence[Step]) -> str:
    back = [step.customer for step in steps if isinstance(step, Restore)]
    back += [step.customer.id for step in steps if isinstance(step, Create)]
    if not back:
        return "Sets back what still shows what was written."
    noun = "customer" if len(back) == 1 else "customers"
    return f"Brings back {noun} {', '.join(back)} and sets back what still shows the merge."


def _undo_all(world: World) -> None:
    """Set every step back, the last one first; cards come back before all that concerns them."""
    redacted = world.receipt.redacted
    if redacted:
        world.note("customer_redacted", *redacted)
    steps = [s for s in reversed(world.receipt.real_steps) if not {*touched(s)} & {*redacted}]
    steps.sort(key=_is_no_debt)
    for step in steps:
        if isinstance(step, Retire):
            cards.bring_back(world, step)
            consents.copy_refusals(world, step)
    for step in steps:
        if isinstance(step, Delete):
            cards.create_again(world, step.customer)
        elif not isinstance(step, Retire) and world.all_there(touched(step)):
            _undo(world, step)
    holdings.tell_overdrawn(world)


def _undo(world: World, step: _Change) -> None:
    match step:
        case SetField():
            fields.set_back(world, step)
        case AddValue():
            fields.take_out(world, step)
        case RemoveValue():
            fields.add_again(world, step)
        case SetConsent():
            consents.restore(world, step)
        case MoveWebProfile():
            profiles.move_back(world, step)
        case SetWebProfile():
            profiles.set_back(world, step)
        case TransferBalance():
            holdings.transfer_back(world, step)
        case Repoint():
            holdings.move_rows_back(world, step)
        case Create(customer=customer):
            cards.delete_again(world, customer.id)
        case CreateGroup(name=name):
            world.note("group_stays", group=name)
        case _:  # DeleteGroup, Restore
            world.do(step.inverse())


def _is_no_debt(step: Step) -> bool:
    """Put what the master is relieved of first, so that it does not count against the rest."""
    return not (isinstance(step, TransferBalance) and step.amount < 0)
