"""What a customer holds: balances and the rows of relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from dedupkit.customers import Balance, Customer, read_path
from dedupkit.errors import ConfigurationError
from dedupkit.merging.cards import Cards, Part, found_in
from dedupkit.plans import (
    BalanceKey,
    Blocker,
    Candidate,
    Choice,
    Collision,
    Conflict,
    Decision,
    Notice,
    Relation,
    Repoint,
    Rows,
    Step,
    Total,
    TransferBalance,
    derived_balances,
)

__all__ = ["balances_part", "rows_part", "totals"]

#: Balance → the relation whose rows add up to it, as far as relations say so themselves.
_Derived: TypeAlias = Mapping[BalanceKey, Relation]


def balances_part(cards: Cards, result: Customer, held: Mapping[BalanceKey, Decimal]) -> Part:
    """Move every balance as a whole; nothing is netted or converted.

    Args:
        cards: The cards.
        result: The master as it will be, for its credit limits.
        held: What all cards hold together.

    Raises:
        ConfigurationError: the policy and the relations disagree on what a balance is derived
            from, two relations add up to one, or rows that add up to one could be dropped.
    """
    derived = _derived(cards)
    found = found_in(cards.everyone, "balances")
    if not found:
        return Part()
    steps = [
        _transfer(cards, derived, card, one) for card in cards.duplicates for one in card.balances
    ]
    value = tuple(
        Balance(kind, unit, amount, programme=programme)
        for (kind, unit, programme), amount in held.items()
        if amount
    )
    decision = Decision(
        field="balances",
        rule="transfer",
        value=value or None,
        candidates=[Candidate(one, ids) for (_, one), ids in found.items()],
    )
    return Part(
        steps=steps,
        decisions=(decision,),
        blockers=tuple(_undeclared(cards, derived)),
        notices=tuple(_debts(cards, result, value)),
    )


def _derived(cards: Cards) -> _Derived:
    """Return what relations say that they add up to, and refuse what contradicts it."""
    derived = derived_balances(cards.relations)
    dropping = {r.name for r in cards.relations if r.collision is Collision.KEEP_MASTER}
    wrong = []
    for kind, rule in sorted(cards.policy.balances.items()):
        if rule.derived_from is None:
            continue
        others = [r.name for (k, *_), r in derived.items() if k == kind]
        if others and others != [rule.derived_from]:
            wrong.append(
                f"the policy derives {kind} from {rule.derived_from!r}, and rows of "
                f"{', '.join(map(repr, others))} add up to it: leave derived_from out"
            )
        elif rule.derived_from in dropping:
            wrong.append(
                f"rows of {rule.derived_from!r} add up to {kind}, so none may be dropped: leave "
                "collision at 'refuse'"
            )
    if wrong:
        raise ConfigurationError("; ".join(wrong))
    return derived


def _settled_by(cards: Cards, derived: _Derived, balance: Balance) -> str | None:
    """Return the relation whose rows carry a balance, None where it is stored or not declared."""
    relation = derived.get(balance.key)
    if relation is not None:
        return relation.name
    rule = cards.policy.balance_rule(balance.kind)
    return None if rule is None else rule.derived_from


def _transfer(cards: Cards, derived: _Derived, card: Customer, balance: Balance) -> TransferBalance:
    return TransferBalance(
        kind=balance.kind,
        unit=balance.unit,
        programme=balance.programme,
        amount=balance.amount,
        source=card.id,
        target=cards.master.id,
        settled_by=_settled_by(cards, derived, balance),
        origin=(card.id,),
    )


def _undeclared(cards: Cards, derived: _Derived) -> Iterator[Blocker]:
    """Refuse kinds of which nobody said whether they are stored, or by which rows they move."""
    declared = {relation.name for relation in cards.relations}
    holding: dict[str, dict[str, None]] = {}
    for card in cards.everyone:
        for balance in card.balances:
            if balance.key not in derived:
                holding.setdefault(balance.kind, {})[card.id] = None
    for kind, ids in sorted(holding.items()):
        rule = cards.policy.balance_rule(kind)
        if rule is None:
            yield Blocker(code="undeclared_balance_kind", customers=tuple(ids), data={"kind": kind})
        elif rule.derived_from is not None and rule.derived_from not in declared:
            data = {"relation": rule.derived_from}
            yield Blocker(code="undeclared_relation", customers=tuple(ids), data=data)


def totals(held: Mapping[BalanceKey, Decimal]) -> tuple[Total, ...]:
    """Return what all cards hold together; a merge leaves every sum as it was (law P7)."""
    return tuple(
        [
            Total(kind=kind, unit=unit, programme=programme, before=amount, after=amount)
            for (kind, unit, programme), amount in held.items()
        ]
    )


def rows_part(cards: Cards) -> Part:
    """Move the rows of every declared relation, or say that they stay.

    A relation whose rows stay is named by a step that moves none of them.
    """
    derived = derived_balances(cards.relations)
    steps: list[Step] = []
    notices: list[Notice] = []
    conflicts: list[Conflict] = []
    for relation in cards.relations:
        left = []
        for card in cards.duplicates:
            moves = relation.rows is Rows.MOVE
            if not moves:
                asked = _left(cards, derived, relation.name, card)
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


def _left(cards: Cards, derived: _Derived, relation: str, card: Customer) -> Conflict | None:
    """Return what speaks against leaving the rows of a card where they are."""
    key = f"relations.{relation}.{card.id}"
    move = Choice(key="move", customers=(card.id,))
    for balance in card.balances:
        if _settled_by(cards, derived, balance) == relation:
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
