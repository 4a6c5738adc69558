"""Writing customers into the library's own tables: only what differs, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import FIELDS, Customer
from dedupkit.customers.customer import evolve_customer
from dedupkit.errors import StaleWriteError, StoreError
from dedupkit.ports import Change
from dedupkit.stores.searching import SEARCHED, card_text
from dedupkit.stores.sql.inserting import insert_rows
from dedupkit.stores.sql.reading import IDS, Known, chunks
from dedupkit.stores.sql.redirects import follow_changes
from dedupkit.stores.sql.schema import (
    CHILDREN,
    COLUMNS,
    Child,
    RowData,
    counters,
    customers,
    groups,
    web_profiles,
)
from dedupkit.stores.unique import (
    USERNAME,
    as_number,
    changed_ids,
    is_provisional,
    released_and_claimed,
    taken,
)

__all__ = ["count_up", "ensure_groups", "save_changes", "username_holders"]

#: Id of an updated customer → the fields that differ.
Differing: TypeAlias = Mapping[str, Sequence[str]]


def save_changes(
    connection: sa.Connection, changes: Sequence[Change], known: Known | None = None
) -> tuple[str, ...]:
    """Write changes, all together; return the id of each, in order.

    Args:
        connection: Where they are written.
        changes: Every customer before and after.
        known: Those that were read before, in the same transaction; it is told what the tables
            must hold of them now, so that reading this back makes no customer anew.

    Raises:
        StaleWriteError: a customer is not as its *before* says.
        StoreError: a user name is another customer's, or an id is there already.
    """
    changed_ids(changes)
    _refuse_stale(connection, [b for b, after in changes if b is not None and after is None])
    named = _named(connection, changes)
    _refuse_taken(connection, named)
    version = count_up(connection, "version", 1)
    created = [after for before, after in named if before is None and after is not None]
    updated = [(b, a) for b, a in named if b is not None and a is not None]
    deleted = [before.id for before, after in named if before is not None and after is None]
    ensure_groups(connection, _joined_groups(named))
    differing = {after.id: _differing(before, after) for before, after in updated}
    columns = _update(connection, updated, version, differing)
    known = {} if known is None else known
    held = [_held(before, known) for before, _ in updated]
    children = [_owned(place, created, updated, held, differing) for place in range(len(CHILDREN))]
    for child, rows in zip(CHILDREN, children, strict=True):
        _delete(connection, child.table.c.customer_id, [*rows.released, *deleted])
    _delete(connection, customers.c.id, deleted)
    _insert(connection, created, version)
    for child, rows in zip(CHILDREN, children, strict=True):
        insert_rows(connection, child.table, rows.claimed)
    follow_changes(connection, named)
    _note(known, updated, columns, [rows.written for rows in children])
    return changed_ids(named)


def count_up(connection: sa.Connection, name: str, by: int) -> int:
    """Raise a counter and return what it stands at."""
    connection.execute(_COUNT, {"counter": name, "by": by})
    return int(connection.execute(_COUNTED, {"counter": name}).scalar_one())


_COUNTER = counters.c.name == sa.bindparam("counter")
_COUNT = sa.update(counters).where(_COUNTER).values(value=counters.c.value + sa.bindparam("by"))
_COUNTED = sa.select(counters.c.value).where(_COUNTER)


def ensure_groups(connection: sa.Connection, names: Iterable[str]) -> None:
    """Insert the customer groups that are not there yet."""
    for part in chunks(sorted(set(names))):
        query = sa.select(groups.c.name).where(groups.c.name.in_(part))
        new = sorted(set(part).difference(connection.execute(query).scalars()))
        if new:
            connection.execute(sa.insert(groups), [{"name": name} for name in new])


def username_holders(connection: sa.Connection, names: Iterable[str]) -> dict[str, str]:
    """Return user name → customer that holds it."""
    held: dict[str, str] = {}
    columns = web_profiles.c
    for part in chunks(sorted(set(names))):
        query = sa.select(columns.username, columns.customer_id).where(columns.username.in_(part))
        held.update((name, owner) for name, owner in connection.execute(query))
    return held


def _refuse_stale(
    connection: sa.Connection, befores: Sequence[Customer], written: int | None = None
) -> None:
    """Compare versions, under a lock where the database has one; *written* is our own."""
    stored: dict[str, str] = {}
    for part in chunks(sorted(before.id for before in befores)):
        query = sa.select(customers.c.id, customers.c.version).where(customers.c.id.in_(part))
        stored.update(
            (i, str(version)) for i, version in connection.execute(query.with_for_update())
        )
    fine = {before.id: {before.version, str(written)} for before in befores}
    stale = [i for i, versions in fine.items() if i not in stored or stored[i] not in versions]
    if stale:
        raise StaleWriteError(stale)


def _named(connection: sa.Connection, changes: Sequence[Change]) -> list[Change]:
    """Give created customers their ids, and remember numeric ones so that none comes twice."""
    created = [after for before, after in changes if before is None and after is not None]
    if not created:
        return list(changes)
    given = [card.id for card in created if not is_provisional(card.id)]
    for part in chunks(given):
        query = sa.select(customers.c.id).where(customers.c.id.in_(part))
        if there := sorted(connection.execute(query).scalars()):
            rest = f", {len(there) - 1:,} more of the ids as well" if there[1:] else ""
            raise StoreError(
                f"customer {there[0]!r} is there already{rest}; nothing was created, read the "
                "register and plan again"
            )
    last = count_up(connection, "id", 0)
    highest = max(map(as_number, given), default=0)
    wanted = len(created) - len(given)
    first = max(last, highest)
    count_up(connection, "id", first + wanted - last)
    ids = iter(range(first + 1, first + wanted + 1))
    return [
        (before, evolve(after, id=str(next(ids))))
        if before is None and after is not None and is_provisional(after.id)
        else (before, after)
        for before, after in changes
    ]


def _joined_groups(changes: Sequence[Change]) -> set[str]:
    return {
        group
        for before, after in changes
        if after is not None
        for group in after.groups - (frozenset() if before is None else before.groups)
    }


def _refuse_taken(connection: sa.Connection, changes: Sequence[Change]) -> None:
    released, claimed = released_and_claimed(changes, (USERNAME,))
    held = username_holders(connection, (value for _, value in claimed))
    for (path, value), customer_id in claimed.items():
        if value in held and (path, value) not in released:
            raise taken(path, customer_id, held[value])


class _Owned(NamedTuple):
    """What is to be done in a table whose rows belong to customers.

    Attributes:
        released: Customers all of whose rows go.
        claimed: The rows that come.
        written: Id → the rows of an updated customer whose field differs, as they stand then.
    """

    released: list[str]
    claimed: list[RowData]
    written: dict[str, list[RowData]]


def _held(card: Customer, known: Known) -> Sequence[list[RowData]]:
    """Return the rows of a customer in every table in `CHILDREN`."""
    stored, read = known.get(card.id, (None, None))
    if stored is not None and read is card:
        return stored[1]
    return [_rows(child, card) for child in CHILDREN]


def _owned(
    place: int,
    created: Sequence[Customer],
    updated: Sequence[tuple[Customer, Customer]],
    held: Sequence[Sequence[list[RowData]]],
    differing: Differing,
) -> _Owned:
    """Work out which rows go and which come; where rows only come, those that are there stay."""
    child = CHILDREN[place]
    owned = _Owned([], [row for card in created for row in _rows(child, card)], {})
    for (_, after), rows in zip(updated, held, strict=True):
        if child.field in differing[after.id]:
            new = owned.written[after.id] = _rows(child, after)
            stay = set(rows[place])
            if not stay.issubset(new):
                owned.released.append(after.id)
                stay.clear()
            owned.claimed.extend(row for row in new if row not in stay)
    return owned


def _rows(child: Child, card: Customer) -> list[RowData]:
    return [(card.id, *row) for row in child.write(getattr(card, child.field))]


def _note(
    known: Known,
    updated: Sequence[tuple[Customer, Customer]],
    columns: Mapping[str, Mapping[str, Any]],
    children: Sequence[Mapping[str, list[RowData]]],
) -> None:
    """Say what the tables must hold of customers that were read before and are updated."""
    for before, after in updated:
        stored, card = known.get(before.id, (None, None))
        if stored is not None and card is before:
            fresh = columns[before.id]
            row = list(stored[0])
            for name, value in fresh.items():
                row[_PLACES[name]] = value
            owned = [
                rows.get(before.id, held) for rows, held in zip(children, stored[1], strict=True)
            ]
            marked = evolve_customer(after, {"version": str(fresh["version"])})
            known[before.id] = (tuple(row), owned), marked


#: Column of the table of customers → where it stands in a row.
_PLACES = {name: place for place, name in enumerate(customers.columns.keys())}


def _differing(before: Customer, after: Customer) -> list[str]:
    """Return the fields that differ, in the order of the table of fields."""
    sides = zip(FIELDS, _values(before), _values(after), strict=True)
    return [name for name, one, other in sides if one is not other and one != other]


_values = attrgetter(*FIELDS)


def _delete(connection: sa.Connection, column: sa.Column[Any], ids: Iterable[str]) -> None:
    for part in chunks(ids):
        connection.execute(_delete_by(column), {"ids": part})


@cache
def _delete_by(column: sa.Column[Any]) -> sa.Delete:
    """Return the statement that deletes the rows whose *column* holds one of some ids."""
    return sa.delete(column.table).where(column.in_(IDS))


def _insert(connection: sa.Connection, created: Sequence[Customer], version: int) -> None:
    for part in chunks(created, 5_000):
        rows = [
            {
                "id": card.id,
                "version": version,
                "words": card_text(card),
                **{column.name: column.write(getattr(card, column.name)) for column in COLUMNS},
            }
            for card in part
        ]
        connection.execute(sa.insert(customers), rows)


def _update(
    connection: sa.Connection,
    updated: Sequence[tuple[Customer, Customer]],
    version: int,
    differing: Differing,
) -> dict[str, dict[str, Any]]:
    """Update columns that differ; customers with the same ones share a statement.

    Returns:
        Id → these columns.
    """
    written: dict[str, dict[str, Any]] = {}
    by_columns: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for before, after in updated:
        fields = differing[before.id]
        row: dict[str, Any] = {"version": version}
        row |= {name: _WRITERS[name](getattr(after, name)) for name in fields if name in _WRITERS}
        if not SEARCHED.isdisjoint(fields):
            row["words"] = card_text(after)
        written[before.id] = row
        bound = {f"new_{name}": value for name, value in row.items()}
        by_columns.setdefault(tuple(row), []).append(
            {"this": before.id, "was": _number(before.version), **bound}
        )
    for names, rows in by_columns.items():
        if connection.execute(_update_of(names), rows).rowcount != len(rows):
            _refuse_stale(connection, [before for before, _ in updated], version)
    return written


#: Field that is a column of the table of customers → what the database holds of its values.
_WRITERS = {column.name: column.write for column in COLUMNS}


@cache
def _update_of(names: tuple[str, ...]) -> sa.Update:
    """Return the statement that updates these columns."""
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    here = (customers.c.id == sa.bindparam("this"), customers.c.version == sa.bindparam("was"))
    return sa.update(customers).where(*here).values(values)


def _number(version: str | None) -> int:
    """Return a version as the table holds it; -1 for one that is of no such table."""
    return int(version) if version is not None and version.isdecimal() else -1
