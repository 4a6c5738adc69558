"""Reading customers and rows from the library's own tables, in chunks of ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

from dedupkit.customers import EMPTY, Customer, from_plain
from dedupkit.stores.derived import Derived, sum_rows, with_sums
from dedupkit.stores.rows import Row
from dedupkit.stores.sql.schema import (
    CHILDREN,
    COLUMNS,
    RowData,
    as_it_is,
    customers,
    rows,
)

__all__ = [
    "CHUNK",
    "IDS",
    "Known",
    "Stored",
    "chunks",
    "read_customers",
    "references_of",
    "rows_of",
    "scan_customers",
]

#: So many ids go into one statement: below the limit of variables of every database.
CHUNK = 500

#: Stands in statements, which are made once, for a chunk of ids.
IDS: sa.BindParameter[Sequence[str]] = sa.bindparam("ids", expanding=True)

#: What the tables hold of a customer: its row, and its rows of each table in `CHILDREN`.
Stored: TypeAlias = tuple[RowData, Sequence[list[RowData]]]

#: Id → what the tables held of a customer, and the customer.
Known: TypeAlias = dict[str, tuple[Stored, Customer]]

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
    connection: sa.Connection,
    ids: Iterable[str],
    *,
    derived: Derived = EMPTY,
    lock: bool = False,
    known: Known | None = None,
) -> dict[str, Customer]:
    """Return the customers of *ids* in the order of ids; unknown ids are left out.

    Args:
        connection: Where they are.
        ids: Their ids.
        derived: The balances that rows add up to.
        lock: Whether the customers are locked, so that nobody adds rows of theirs either.
        known: Those that were read before, in the same transaction; it grows by what is read.
    """
    known = {} if known is None else known
    found: dict[str, Customer] = {}
    for part in chunks(sorted(set(ids))):
        flat = connection.execute(_LOCKED if lock else _FLAT, {"ids": part}).all()
        cards = _whole(connection, flat, derived, known)
        found.update((card.id, card) for card in cards)
    return found


def scan_customers(
    connection: sa.Connection, after: str | None, *, derived: Derived = EMPTY
) -> Iterator[Customer]:
    """Yield every customer behind *after*, in the order of ids."""
    query = sa.select(customers).order_by(customers.c.id).limit(CHUNK)
    while True:
        behind = query if after is None else query.where(customers.c.id > after)
        part = connection.execute(behind).all()
        yield from _whole(connection, part, derived, {})
        if len(part) < CHUNK:
            return
        after = part[-1].id


def rows_of(connection: sa.Connection, relation: str, ids: Iterable[str]) -> list[Row]:
    """Return the rows of *relation* that refer to one of *ids*, in the order of their ids."""
    found: list[Row] = []
    for part in chunks(sorted(set(ids))):
        values = {"relation": relation, "ids": part}
        found += [
            Row(row_id, customer, None if text is None else from_plain(json.loads(text)))
            for row_id, customer, text in connection.execute(_ROWS, values).all()
        ]
    return found


def references_of(connection: sa.Connection, relation: str, ids: Iterable[str]) -> list[Row]:
    """Return the rows of *relation* that refer to one of *ids*, without their other columns."""
    found: list[Row] = []
    for part in chunks(sorted(set(ids))):
        values = {"relation": relation, "ids": part}
        found += [Row(*row) for row in connection.execute(_REFERENCES, values).all()]
    return found


def _whole(
    connection: sa.Connection, flat: Sequence[Any], derived: Derived, known: Known
) -> list[Customer]:
    """Join the rows of one chunk with what stands in tables of its own, and what rows add up to."""
    ids = [row.id for row in flat]
    stored: dict[str, Stored] = {row.id: (tuple(row), [[] for _ in CHILDREN]) for row in flat}
    for place, query in enumerate(_OWNED if ids else ()):
        for row in map(tuple, connection.execute(query, {"ids": ids}).all()):
            stored[row[0]][1][place].append(row)
    cards = [_customer(held, known) for held in stored.values()]
    if not derived:
        return cards
    sums = {
        key: sum_rows(relation, rows_of(connection, relation.name, ids))
        for key, relation in derived.items()
    }
    return [
        with_sums(card, {key: held[card.id] for key, held in sums.items() if card.id in held})
        for card in cards
    ]


def _customer(stored: Stored, known: Known) -> Customer:
    """Read a customer, unless it is known and the tables still hold the same of it."""
    customer_id = stored[0][0]
    before, card = known.get(customer_id, (None, None))
    if card is None or stored != before:
        card = _read(stored)
        known[customer_id] = stored, card
    return card


def _read(stored: Stored) -> Customer:
    row, children = stored
    values = {  # the words, which stand last, are of no field
        name: value if read is as_it_is else read(value)
        for (name, read), value in zip(_READ, row, strict=False)
        if value is not None
    }
    for child, found in zip(CHILDREN, children, strict=True):
        if found:
            values[child.field] = child.read(found)
    return Customer(**values)


#: Fields in the order of the columns, and what reads them.
_READ: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("id", as_it_is),
    ("version", str),
    *((column.name, column.read) for column in COLUMNS),
)

_FLAT = sa.select(customers).where(customers.c.id.in_(IDS)).order_by(customers.c.id)
_LOCKED = _FLAT.with_for_update()
_OWNED = tuple(
    sa.select(child.table).where(child.table.c.customer_id.in_(IDS)) for child in CHILDREN
)
_OF = (rows.c.relation == sa.bindparam("relation"), rows.c.customer_id.in_(IDS))
_ROWS = sa.select(rows.c.id, rows.c.customer_id, rows.c.columns).where(*_OF).order_by(rows.c.id)
_REFERENCES = sa.select(rows.c.id, rows.c.customer_id).where(*_OF)
