"""What a register holds already when a relation is said to add up to a balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from dedupkit.customers import EMPTY
from dedupkit.errors import ConfigurationError
from dedupkit.plans import Relation, RowBalance
from dedupkit.stores.derived import sum_rows
from dedupkit.stores.sql.reading import rows_of
from dedupkit.stores.sql.schema import balances, rows

__all__ = ["adopt_balance"]

#: So many ids are named of those that are wrong.
_NAMED = 5


def adopt_balance(connection: sa.Connection, known: Relation | None, declared: Relation) -> None:
    """Let rows add up to a balance from now on; stored amounts that they come to are dropped.

    What is stored of a customer must be what the rows come to; where nothing is stored, the rows
    alone count.

    Args:
        connection: The register.
        known: The relation as it was declared before.
        declared: The relation as it is declared now.

    Raises:
        ConfigurationError: its rows have added up to another balance, lack amounts, or do not come
            to what is stored; rows or customers are named.
    """
    before = None if known is None else known.balance
    if before == declared.balance:
        return
    name, here = declared.name, rows.c.relation == declared.name
    owners = set(connection.execute(sa.select(rows.c.customer_id).where(here)).scalars())
    if before is not None and owners:
        raise ConfigurationError(
            f"relation {name!r}: its rows add up to {before.kind} in {before.unit}; declare it "
            "with that balance, or leave it out: the register remembers it"
        )
    if declared.balance is None:
        return
    found = rows_of(connection, name, owners)
    if lacking := [row.id for row in found if not _adds(declared.balance, row.columns or EMPTY)]:
        raise ConfigurationError(
            f"relation {name!r}: column {declared.balance.amount!r} holds no exact amount in "
            f"{_some('row', lacking)}; correct them first"
        )
    stored = _stored(connection, declared.balance)
    sums = sum_rows(declared, found)
    if wrong := sorted(i for i, n in stored.items() if sums.get(i, Decimal(0)) != n):
        raise ConfigurationError(
            f"relation {name!r}: its rows do not add up to the {declared.balance.kind} that is "
            f"stored of {_some('customer', wrong)}; correct either first"
        )
    connection.execute(sa.delete(balances).where(*_key(declared.balance)))


def _adds(balance: RowBalance, row: Mapping[str, Any]) -> bool:
    try:
        balance.of(row)
    except ConfigurationError:
        return False
    return True


def _stored(connection: sa.Connection, balance: RowBalance) -> dict[str, Decimal]:
    query = sa.select(balances.c.customer_id, balances.c.amount).where(*_key(balance))
    return {customer: Decimal(amount) for customer, amount in connection.execute(query)}


def _key(balance: RowBalance) -> tuple[sa.ColumnElement[bool], ...]:
    columns = balances.c
    return (
        columns.kind == balance.kind,
        columns.unit == balance.unit,
        columns.programme == (balance.programme or ""),
    )


def _some(what: str, ids: Sequence[str]) -> str:
    """Name the first of many ids."""
    more = len(ids) - _NAMED
    named = ", ".join(ids[:_NAMED])
    return f"{what} {named} and {more:,} more" if more > 0 else f"{what} {named}"
