"""Balances and rows: whole transfers go back, and rows by their ids with what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve

from dedupkit.customers import EMPTY, Customer, exact_sum
from dedupkit.plans.relations import BalanceKey
from dedupkit.plans.steps import Repoint, TransferBalance
from dedupkit.plans.undoing.world import World

__all__ = ["move_rows_back", "tell_overdrawn", "transfer_back"]


def transfer_back(world: World, step: TransferBalance) -> None:
    """Transfer an amount back, unless less than that is left of it."""
    if world.held.settle(step):  # the rows say how much goes back, where they go back
        return
    key = (step.kind, step.unit, step.programme)
    if _is_back(world, step.source):
        about = {"kind": step.kind, "unit": step.unit, "amount": step.amount}
        world.note("brought_back_before", step.source, master=step.target, **about)
        return
    had = _amount(world.before.get(step.target), key)
    left = exact_sum(_amount(world.now[step.target], key), step.amount.copy_negate())
    amounts = {"kind": step.kind, "unit": step.unit, "amount": step.amount}
    if step.settled_by is None:
        if step.amount > 0 and left < min(Decimal(0), had):
            world.note("balance_spent", step.source, master=step.target, **amounts)
            return
    elif _amount(world.found[step.target], key) != _amount(world.written.get(step.target), key):
        where = {"master": step.target, "relation": step.settled_by}
        world.note("amount_with_rows", step.source, **where, **amounts)
    world.do(step.inverse())


def move_rows_back(world: World, step: Repoint) -> None:
    """Move back, by id, what the receipt says was moved or removed by this step.

    A row stays where the customer has another of the same key by now.
    """
    pair = (step.relation, step.source, step.target)
    receipt = world.receipt
    moved = (m for m in receipt.moved if (m.relation, m.source, m.target) == pair)
    removed = (r for r in receipt.removed if (r.relation, r.source, r.target) == pair)
    copies: dict[str, Mapping[str, Any]] = {row: EMPTY for rows in moved for row in rows.rows}
    copies.update((gone.row, gone.columns) for gone in removed)
    staying = world.held.displaced(step, copies)
    if staying:
        data = {"relation": step.relation, "rows": ", ".join(staying)}
        world.note("row_key_taken", step.source, **data)
    rows = copies.keys() - staying
    key = world.held.key(step.relation)
    if key is not None:
        rows &= world.held.amounts(step.relation, step.target).keys()
    if rows:
        world.do(evolve(step.inverse(), only=tuple(sorted(rows))))
    if key is not None:
        _carry_back(world, step, key, rows)


def tell_overdrawn(world: World) -> None:
    """Tell whom rows that went back have left with less than nothing."""
    for master, key in world.carried:
        left, had = _amount(world.now[master], key), _amount(world.before.get(master), key)
        if left < min(Decimal(0), had):
            world.note("balance_overdrawn", master, kind=key[0], unit=key[1], amount=left)


def _carry_back(world: World, step: Repoint, key: BalanceKey, rows: Iterable[str]) -> None:
    """Let what rows add up to go back with them: what they hold today, be it more or less."""
    held = world.held.amounts(step.relation, step.target)
    amount = exact_sum(*(held[row] for row in rows))
    kind, unit, programme = key
    came = exact_sum(
        *(
            other.amount
            for other in world.real_steps
            if isinstance(other, TransferBalance)
            and (other.source, other.target) == (step.source, step.target)
            and (other.kind, other.unit, other.programme) == key
        )
    )
    if amount != came:
        amounts = {"kind": kind, "unit": unit, "amount": amount, "came": came}
        world.note("rows_changed_since", step.source, relation=step.relation, **amounts)
    if amount:
        back = TransferBalance(
            kind=kind,
            unit=unit,
            programme=programme,
            amount=amount,
            source=step.target,
            target=step.source,
            settled_by=step.relation,
            origin=step.origin,
        )
        world.do(back)
        world.carried[step.target, key] = None


def _is_back(world: World, customer_id: str) -> bool:
    """Whether a card that was merged is so no more: a store without a journal forgets an undo."""
    there, written = world.found.get(customer_id), world.written.get(customer_id)
    if there is None or written is None:
        return False
    return any(
        getattr(written, mark) is not None and getattr(there, mark) is None
        for mark in ("merged_into", "kept_for")
    )


def _amount(customer: Customer | None, key: BalanceKey) -> Decimal:
    balances = () if customer is None else customer.balances
    return next((balance.amount for balance in balances if balance.key == key), Decimal(0))
