"""What a customer holds: balances and the rows of relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from dedupkit.customers import Balance, Customer, exact_sum, read_path
from dedupkit.merging.cards import Cards, Part, candidates
from dedupkit.plans import (
    Blocker,
    Choice,
    Conflict,
    Decision,
    Notice,
    Repoint,
    Rows,
    Step,
    Total,
    TransferBalance,
)

__all__ = ["balances_part", "rows_part", "totals"]

_Key: TypeAlias = tuple[str, str, str | None]


def balances_part(cards: Cards, result: Customer) -> Part:
    """Move every balance as a whole; nothing is netted or converted.

    Args:
        cards: The cards.
        result: The master as it will be, for its credit limits.
    """
    found = candidates(cards.everyone, "balances")
    if not found:
        return Part()
    steps = [_transfer(cards, card, one) for card in cards.duplicates for one in card.balances]
    value = tuple(
        Balance(kind, unit, amount, programme=programme)
        for (kind, unit, programme), amount in _sums(cards.everyone).items()
        if amount
    )
    decision = Decision(
        field="balances", rule="transfer", value=value or None, candidates=found, not_chosen=()
    )
    return Part(
        steps=steps,
        decisions=(decision,),
        blockers=_undeclared(cards),
        notices=_debts(cards, result, value),
    )


def _transfer(cards: Cards, card: Customer, balance: Balance) -> TransferBalance:
    rule = cards.policy.balance_rule(balance.kind)
    return TransferBalance(
        kind=balance.kind,
        unit=balance.unit,
        programme=balance.programme,
        amount=balance.amount,
        source=card.id,
        target=cards.master.id,
        settled_by=None if rule is None else rule.derived_from,
        origin=(card.id,),
    )


def _undeclared(cards: Cards) -> Iterator[Blocker]:
    """Refuse kinds of which nobody said whether they are stored, or by which rows they move."""
    declared = {relation.name for relation in cards.relations}
    for kind in sorted({balance.kind for card in cards.everyone for balance in card.balances}):
        rule = cards.policy.balance_rule(kind)
        code, data = "undeclared_balance_kind", {"kind": kind}
        if rule is not None:
            if rule.derived_from is None or rule.derived_from in declared:
                continue
            code, data = "undeclared_relation", {"relation": rule.derived_from}
        holding = [card.id for card in cards.everyone if any(b.kind == kind for b in card.balances)]
        yield Blocker(code=code, customers=holding, data=data)


def totals(cards: Cards) -> tuple[Total, ...]:
    """Return what all cards hold together; a merge leaves every sum as it was (law P7)."""
    return tuple(
        Total(kind=kind, unit=unit, programme=programme, before=amount, after=amount)
        for (kind, unit, programme), amount in _sums(cards.everyone).items()
    )


def rows_part(cards: Cards) -> Part:
    """Move the rows of every declared relation, or say that they stay.

    A relation whose rows stay is named by a step that moves none of them.
    """
    steps: list[Step] = []
    notices: list[Notice] = []
    conflicts: list[Conflict] = []
    for relation in cards.relations:
        left = []
        for card in cards.duplicates:
            moves = relation.rows is Rows.MOVE
            if not moves:
                asked = _left(cards, relation.name, card)
                if asked is not None:
                    conflicts.append(asked)
                    answer = cards.answer(asked)
                    moves = answer is not None and answer.key == "move"
            if not moves and card.id not in cards.kept_ids:
                left.append(card.id)
            steps.append(
                Repoint(
                    relation.name,
                    card.id,
                    cards.master.id,
                    None if moves else (),
                    origin=(card.id,),
                )
            )
        if left:
            data = {"relation": relation.name}
            notices.append(Notice(code="rows_left", customers=left, data=data))
    return Part(steps=steps, notices=notices, conflicts=conflicts)


def _left(cards: Cards, relation: str, card: Customer) -> Conflict | None:
    """Return what speaks against leaving the rows of a card where they are."""
    key = f"relations.{relation}.{card.id}"
    move = Choice(key="move", customers=(card.id,))
    for balance in card.balances:
        rule = cards.policy.balance_rule(balance.kind)
        if rule is not None and rule.derived_from == relation:
            return Conflict(
                code="derived_balance_left",
                key=key,
                customers=(card.id,),
                choices=(move,),
                data={"relation": relation, "kind": balance.kind},
            )
    if card.id in cards.kept_ids:
        return Conflict(
            code="rows_left_with_kept",
            key=key,
            customers=(card.id,),
            choices=(move, Choice(key="leave", customers=(card.id,))),
            data={"relation": relation},
        )
    return None


def _sums(cards: tuple[Customer, ...]) -> Mapping[_Key, Decimal]:
    sums: dict[_Key, Decimal] = {}
    for card in cards:
        for balance in card.balances:
            sums[balance.key] = exact_sum(sums.get(balance.key, Decimal(0)), balance.amount)
    return {key: sums[key] for key in sorted(sums, key=_text_order)}


def _text_order(key: _Key) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


def _debts(cards: Cards, result: Customer, balances: tuple[Balance, ...]) -> Iterator[Notice]:
    """Tell of debts above the master's credit limit, where a merge makes them greater."""
    before = {balance.key: balance.amount for balance in cards.master.balances}
    for balance in balances:
        rule = cards.policy.balance_rule(balance.kind)
        limit = None if rule is None else rule.credit_limit
        most = None if limit is None else read_path(result, limit)
        if not isinstance(most, int | Decimal) or balance.amount == before.get(balance.key):
            continue
        if balance.amount < 0 and -balance.amount > most:
            yield Notice(
                code="debt_above_credit_limit",
                customers=(cards.master.id,),
                data={
                    "kind": balance.kind,
                    "unit": balance.unit,
                    "debt": -balance.amount,
                    "limit": most,
                    "field": limit,
                },
            )
