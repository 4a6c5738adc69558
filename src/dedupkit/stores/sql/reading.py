"""Reading customers and rows from the library's own tables, in chunks of ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from attrs import fields

from dedupkit.customers import EMPTY, Customer, from_plain
from dedupkit.customers.customer import evolve_customer
from dedupkit.stores.derived import Derived, sum_rows, with_sums
from dedupkit.stores.rows import Row
from dedupkit.stores.sql.schema import CHILDREN, COLUMNS, as_it_is, customers, rows

__all__ = [
    "CHUNK",
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

#: Field → what the tables hold of it: a value, or rows of a table of its own.
Stored: TypeAlias = dict[str, Any]

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
        query = sa.select(customers).where(customers.c.id.in_(part)).order_by(customers.c.id)
        query = query.with_for_update() if lock else query
        cards = _whole(connection, connection.execute(query).all(), derived, known)
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
        query = sa.select(rows.c.id, rows.c.customer_id, rows.c.columns).order_by(rows.c.id)
        query = query.where(rows.c.relation == relation, rows.c.customer_id.in_(part))
        found += [
            Row(row_id, customer, None if text is None else from_plain(json.loads(text)))
            for row_id, customer, text in connection.execute(query).all()
        ]
    return found


def references_of(connection: sa.Connection, relation: str, ids: Iterable[str]) -> list[Row]:
    """Return the rows of *relation* that refer to one of *ids*, without their other columns."""
    found: list[Row] = []
    for part in chunks(sorted(set(ids))):
        query = sa.select(rows.c.id, rows.c.customer_id)
        query = query.where(rows.c.relation == relation, rows.c.customer_id.in_(part))
        found += [Row(row_id, customer) for row_id, customer in connection.execute(query).all()]
    return found


def _whole(
    connection: sa.Connection, flat: Sequence[Any], derived: Derived, known: Known
) -> list[Customer]:
    """Join the rows of one chunk with what stands in tables of its own, and what rows add up to."""
    ids = [row.id for row in flat]
    stored: dict[str, Stored] = {row.id: _columns(row) for row in flat}
    for child in CHILDREN if ids else ():
        query = sa.select(child.table).where(child.table.c.customer_id.in_(ids))
        for row in map(tuple, connection.execute(query).all()):
            stored[row[0]].setdefault(child.field, []).append(row)
    cards = [_customer(customer_id, stored[customer_id], known) for customer_id in ids]
    sums = {
        key: sum_rows(relation, rows_of(connection, relation.name, ids))
        for key, relation in derived.items()
    }
    return [
        with_sums(card, {key: held[card.id] for key, held in sums.items() if card.id in held})
        for card in cards
    ]


def _columns(row: Sequence[Any]) -> Stored:
    _, version, *values, _ = row  # in the order of the table: the last are the words
    stored = {name: value for name, value in zip(_NAMES, values, strict=True) if value is not None}
    stored["version"] = version
    return stored


def _customer(customer_id: str, stored: Stored, known: Known) -> Customer:
    """Read a customer; of one that is known only what differs."""
    before, card = known.get(customer_id, (None, None))
    if card is None or before is None:
        values = {**stored, **{n: read(stored[n]) for n, read in _READ.items() if n in stored}}
        card = Customer(id=customer_id, **values)
    elif stored != before:
        gone = {name: _DEFAULTS[name] for name in before if name not in stored}
        other = {n: value for n, value in stored.items() if before.get(n) != value}
        read = {n: _READ[n](value) if n in _READ else value for n, value in other.items()}
        card = evolve_customer(card, gone | read)
    known[customer_id] = stored, card
    return card


_NAMES = tuple(column.name for column in COLUMNS)
#: Field → what reads it, where what the tables hold is not yet the value.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "version": str,
    **{column.name: column.read for column in COLUMNS if column.read is not as_it_is},
    **{child.field: child.read for child in CHILDREN},
}
_DEFAULTS = {one.name: one.default for one in fields(Customer)}
