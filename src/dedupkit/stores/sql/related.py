"""Rows of relations in the library's own tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from attrs import asdict

from dedupkit.customers import to_plain
from dedupkit.errors import StoreError
from dedupkit.plans import Relation, RowBalance, RowChanges
from dedupkit.stores.rows import Move, Row, as_moves, settle_moves
from dedupkit.stores.sql.adopting import adopt_balance
from dedupkit.stores.sql.inserting import insert_rows
from dedupkit.stores.sql.reading import IDS, chunks, references_of, rows_of
from dedupkit.stores.sql.schema import relations, rows

__all__ = [
    "add_rows",
    "count_rows",
    "declare_relations",
    "move_rows",
    "read_relations",
]


def read_relations(connection: sa.Connection) -> tuple[Relation, ...]:
    """Return every relation that the register was ever told of."""
    found = connection.execute(sa.select(relations).order_by(relations.c.name)).mappings()
    return tuple(
        Relation(
            row["name"],
            rows=row["rows"],
            collision=row["collision"],
            column=row["reference"],
            unique=json.loads(row["unique_columns"]),
            balance=None if row["balance"] is None else RowBalance(**json.loads(row["balance"])),
        )
        for row in found
    )


def declare_relations(connection: sa.Connection, declared: Iterable[Relation]) -> None:
    """Write relations, in place of what was known of those names.

    Raises:
        ConfigurationError: rows or balances that are there contradict what rows shall add up to.
    """
    known = {relation.name: relation for relation in read_relations(connection)}
    for relation in declared:
        adopt_balance(connection, known.get(relation.name), relation)
        values = {
            "rows": relation.rows.value,
            "collision": relation.collision.value,
            "reference": relation.column,
            "unique_columns": json.dumps(relation.unique),
            "balance": relation.balance and json.dumps(asdict(relation.balance)),
        }
        named = relations.c.name == relation.name
        if relation.name not in known:
            connection.execute(sa.insert(relations).values(name=relation.name, **values))
        else:
            connection.execute(sa.update(relations).where(named).values(**values))


def add_rows(connection: sa.Connection, relation: str, given: Sequence[Row]) -> None:
    """Insert rows."""
    texts = (None if row.columns is None else json.dumps(to_plain(row.columns)) for row in given)
    data = [(relation, row.id, row.customer, text) for row, text in zip(given, texts, strict=True)]
    insert_rows(connection, rows, data)


def count_rows(connection: sa.Connection, relation: str, ids: Iterable[str]) -> dict[str, int]:
    """Return how many rows of *relation* refer to each of *ids*."""
    counts: dict[str, int] = {}
    for part in chunks(sorted(set(ids))):
        counts.update(dict.fromkeys(part, 0))
        found = connection.execute(_COUNTS, {"relation": relation, "ids": part})
        counts.update((customer, count) for customer, count in found)
    return counts


_COUNTS = (
    sa.select(rows.c.customer_id, sa.func.count())
    .where(rows.c.relation == sa.bindparam("relation"), rows.c.customer_id.in_(IDS))
    .group_by(rows.c.customer_id)
)


def move_rows(connection: sa.Connection, relation: Relation, moves: Sequence[Move]) -> RowChanges:
    """Let rows refer to another customer.

    Raises:
        StoreError: rows collide and the relation refuses that, or somebody else writes them.
    """
    pairs = as_moves(moves)
    sources = {source for source, _, _ in pairs}
    if relation.unique:
        sides = sources.union(target for _, target, _ in pairs)
        found = rows_of(connection, relation.name, sides)
    else:  # without a key nothing collides, whatever the targets have and the rows hold
        found = references_of(connection, relation.name, sources)
    settled = settle_moves(relation, found, moves)
    for part in chunks(settled.removed):
        connection.execute(_DELETE, {"relation": relation.name, "ids": part})
    whole = _whole_moves(pairs)
    owners = {row.id: row.customer for row in found}
    single = [
        {"this": row.id, "target": row.customer}
        for row in settled.moved
        if owners[row.id] not in whole
    ]
    _point(connection, relation, rows.c.id, single)
    several = [{"this": source, "target": target} for source, target in whole.items()]
    count = _point(connection, relation, rows.c.customer_id, several)
    if count != len(settled.moved) - len(single):
        raise StoreError(
            f"rows of {relation.name!r} came or went while they were moved; nothing was written, "
            "execute again"
        )
    return settled.changes


_DELETE = sa.delete(rows).where(rows.c.relation == sa.bindparam("relation"), rows.c.id.in_(IDS))


def _whole_moves(
    pairs: Sequence[tuple[str, str, frozenset[str] | None]],
) -> dict[str, str]:
    """Return source → target of the moves that one look at the source is enough for.

    They take all rows of a customer whose rows no other move takes and who gets none, to one whose
    rows stay.
    """
    times = Counter(source for source, _, _ in pairs)
    targets = {target for _, target, _ in pairs}
    return {
        source: target
        for source, target, only in pairs
        if only is None and times[source] == 1 and source not in targets and target not in times
    }


def _point(
    connection: sa.Connection,
    relation: Relation,
    column: sa.Column[Any],
    moves: Sequence[Mapping[str, Any]],
) -> int:
    """Let the rows of which *column* is *this* refer to *target*; return how many there were."""
    if not moves:
        return 0
    here = (rows.c.relation == relation.name, column == sa.bindparam("this"))
    moved = sa.update(rows).where(*here).values(customer_id=sa.bindparam("target"))
    return connection.execute(moved, moves).rowcount
