"""What merging loses: the register as it was, beside what its active customers hold afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from registers import Register

from dedupkit.customers import ConsentState, Customer
from dedupkit.stores.sql import SqlStore

__all__ = ["Holding", "Losses", "count_losses", "read_holdings"]


class Holding(NamedTuple):
    """What one active customer holds, in what JSON can carry."""

    #: Ids of orders and memberships.
    rows: list[str]
    #: Purpose, channel and state.
    consents: list[tuple[str, str, str]]
    #: Kind, unit and amount.
    balances: list[tuple[str, str, str]]
    #: Whether there is a login.
    login: bool


class Losses(NamedTuple):
    """What went wrong, over all pairs.

    Attributes:
        unmerged: Pairs whose duplicate is still active; the rest is counted over the others.
        rows: Orders and memberships that no active customer holds, and of which no copy is kept.
        consents: Entries that afterwards are not the strictest of the two cards, and only that.
        refusals: Those of them where a no is gone.
        points: Missing points.
        money: Missing money, of both signs.
        logins: Persons who had a login and have none.
    """

    unmerged: int
    rows: int
    consents: int
    refusals: int
    points: Decimal
    money: Decimal
    logins: int


def read_holdings(store: SqlStore) -> dict[str, Holding]:
    """Return what every active customer of a store holds."""
    return {
        card.id: _holding(
            card, [row["id"] for r in store.relations for row in store.rows(r.name, card.id)]
        )
        for card in store.scan()
        if card.is_active
    }


def count_losses(
    register: Register, after: Mapping[str, Holding], copies: Collection[str] = ()
) -> Losses:
    """Compare *register*, as it was, with what active customers hold *after* its pairs were merged.

    *copies* are the ids of removed rows of which a copy was kept.
    """
    rows: dict[str, list[str]] = {}
    for related in register.rows.values():
        for row, columns in related.items():
            rows.setdefault(columns["customer"], []).append(row)
    cards = {card.id: _holding(card, rows.get(card.id, [])) for card in register.customers}
    merged = [
        ((cards[master], cards[duplicate]), after[master])
        for master, duplicate in register.pairs
        if duplicate not in after
    ]
    wrong = [entry for before, now in merged for entry in _wrong_consents(before, now)]
    return Losses(
        unmerged=len(register.pairs) - len(merged),
        rows=sum(
            len({row for card in before for row in card.rows}.difference(now.rows, copies))
            for before, now in merged
        ),
        consents=len(wrong),
        refusals=sum(wrong),
        points=sum((_missing(before, now, "points") for before, now in merged), Decimal(0)),
        money=sum((_missing(before, now, "NOK") for before, now in merged), Decimal(0)),
        logins=sum(any(card.login for card in before) and not now.login for before, now in merged),
    )


def _holding(card: Customer, rows: list[str]) -> Holding:
    return Holding(
        rows=rows,
        consents=[(c.purpose, c.channel, c.state.value) for c in card.consents],
        balances=[(b.kind, b.unit, str(b.amount)) for b in card.balances],
        login=card.web_profile is not None,
    )


def _wrong_consents(before: tuple[Holding, Holding], now: Holding) -> Iterator[bool]:
    """Yield of every entry that is wrong whether a refusal is gone."""
    said = [entry for card in before for entry in card.consents]
    for key in {entry[:2] for entry in said}:
        states = [ConsentState(state) for *other, state in said if tuple(other) == key]
        found = {ConsentState(state) for *other, state in now.consents if tuple(other) == key}
        wanted = max(states, key=lambda state: state.strictness)
        if found != {wanted}:
            yield wanted.is_refusal and not any(state.is_refusal for state in found)


def _missing(before: tuple[Holding, Holding], now: Holding, unit: str) -> Decimal:
    """Return by how much what is held differs, kind by kind."""
    sums: dict[str, Decimal] = {}
    for sign, card in ((1, before[0]), (1, before[1]), (-1, now)):
        for kind, other, amount in card.balances:
            if other == unit:
                sums[kind] = sums.get(kind, Decimal(0)) + sign * Decimal(amount)
    return sum(map(abs, sums.values()), Decimal(0))
