"""Reading customers from the library's own tables, in chunks of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from dedupkit.customers import Customer
from dedupkit.stores.sql.schema import CHILDREN, COLUMNS, customers

__all__ = ["CHUNK", "chunks", "read_customers", "scan_customers"]

#: So many ids go into one statement: below the limit of variables of every database.
CHUNK = 500

T = TypeVar("T")


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield *values* in lists of at most *size*.

    >>> list(chunks("abc", 2))
    [['a', 'b'], ['c']]
    """
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def read_customers(
    connection: sa.Connection, ids: Iterable[str], *, lock: bool = False
) -> dict[str, Customer]:
    """Return the customers of *ids* in the order of ids; unknown ids are left out."""
    found: dict[str, Customer] = {}
    for part in chunks(sorted(set(ids))):
        query = sa.select(customers).where(customers.c.id.in_(part)).order_by(customers.c.id)
        query = query.with_for_update() if lock else query
        cards = _whole(connection, connection.execute(query).all())
        found.update((card.id, card) for card in cards)
    return found


def scan_customers(connection: sa.Connection, after: str | None) -> Iterator[Customer]:
    """Yield every customer behind *after*, in the order of ids."""
    query = sa.select(customers).order_by(customers.c.id).limit(CHUNK)
    while True:
        behind = query if after is None else query.where(customers.c.id > after)
        part = connection.execute(behind).all()
        yield from _whole(connection, part)
        if len(part) < CHUNK:
            return
        after = part[-1].id


def _whole(connection: sa.Connection, flat: Sequence[Any]) -> list[Customer]:
    """Join the rows of one chunk with what stands in tables of its own."""
    ids = [row.id for row in flat]
    parts: dict[str, dict[str, Any]] = {customer_id: {} for customer_id in ids}
    for child in CHILDREN if ids else ():
        found: dict[str, list[Any]] = {}
        query = sa.select(child.table).where(child.table.c.customer_id.in_(ids))
        for row in connection.execute(query).mappings():
            found.setdefault(row["customer_id"], []).append(row)
        for customer_id, rows in found.items():
            parts[customer_id][child.field] = child.read(rows)
    return [_customer(row, parts[row.id]) for row in flat]


def _customer(row: Sequence[Any], parts: dict[str, Any]) -> Customer:
    customer_id, version, *values, _ = row  # in the order of the table: the last are the words
    for column, value in zip(COLUMNS, values, strict=True):
        if value is not None:
            parts[column.name] = column.read(value)
    return Customer(id=customer_id, version=str(version), **parts)
