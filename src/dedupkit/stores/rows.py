"""Moving rows from one customer to another, purely; what stores share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, final

from attrs import field, frozen

from dedupkit.customers import EMPTY, FieldMap
from dedupkit.errors import ConfigurationError, StoreError
from dedupkit.plans import (
    Collision,
    MovedRows,
    Relation,
    RemovedRow,
    RowChanges,
    derived_balances,
)

__all__ = [
    "Move",
    "Row",
    "RowMoves",
    "RowValue",
    "as_moves",
    "as_relations",
    "check_places",
    "row_key",
    "settle_moves",
]

#: A move as `Transaction.move` takes it.
Move: TypeAlias = MovedRows | tuple[str, str]

#: A row as hosts give it: the customer's id, or columns of which one holds it.
RowValue: TypeAlias = str | Mapping[str, Any]


@final
@frozen
class Row:
    """One row of a relation.

    Attributes:
        id: Unique in the relation.
        customer: Id of the customer that it refers to.
        columns: Its other columns; None where the store knows the reference alone.
    """

    id: str
    customer: str
    columns: FieldMap[str, Any] | None = field(default=None, repr=False)

    @classmethod
    def read(cls, relation: Relation, row_id: str, value: RowValue) -> Row:
        """Read a row as hosts give it.

        Raises:
            ConfigurationError: a row of columns lacks the one that names its customer, or the
                rows add up to a balance and this one holds no amount.
        """
        if isinstance(value, str) and relation.balance is None:
            return cls(row_id, value)
        columns = {relation.column: value} if isinstance(value, str) else value
        customer = columns.get(relation.column)
        if not isinstance(customer, str):
            raise ConfigurationError(
                f"row {row_id!r} of {relation.name!r}: column {relation.column!r} must hold the id "
                "of a customer; Relation(column=…) names another one"
            )
        if relation.balance is not None:
            try:
                relation.balance.of(columns)
            except ConfigurationError as error:
                raise ConfigurationError(f"row {row_id!r} of {relation.name!r}: {error}") from None
        return cls(row_id, customer, FieldMap(columns).without(relation.column))

    def shown(self, relation: Relation) -> RowValue:
        """Return the row in the form in which it was given."""
        if self.columns is None:
            return self.customer
        return FieldMap({relation.column: self.customer, **self.columns})

    def listed(self, relation: Relation) -> FieldMap[str, Any]:
        """Return the row as `SupportsRows` has it: its id, its customer, its other columns."""
        columns = EMPTY if self.columns is None else self.columns.without("id")
        return FieldMap({"id": self.id, relation.column: self.customer, **columns})


@final
@frozen
class RowMoves:
    """What moving comes to.

    Attributes:
        moved: Every row that has another customer now, as it is now.
        removed: Ids of the rows that go.
        changes: The same as a receipt shows it.
    """

    moved: tuple[Row, ...]
    removed: tuple[str, ...]
    changes: RowChanges


def as_relations(relations: Iterable[Relation | str]) -> tuple[Relation, ...]:
    """Read names as relations whose rows move and whose collisions are refused.

    Raises:
        ConfigurationError: a relation is named twice, or two add up to one balance.
    """
    found = tuple(r if isinstance(r, Relation) else Relation(r) for r in relations)
    names = [relation.name for relation in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(f"relations named twice: {', '.join(twice)}; declare each once")
    derived_balances(found)
    return found


def as_moves(moves: Iterable[Move]) -> list[tuple[str, str, frozenset[str] | None]]:
    """Return every move as (source, target, ids of the rows meant or None for all)."""
    return [
        (move.source, move.target, frozenset(move.rows))
        if isinstance(move, MovedRows)
        else (*move, None)
        for move in moves
    ]


def row_key(relation: Relation, row: Row) -> tuple[Any, ...] | None:
    """Return what must be unique beside the customer, or None where the row collides with none."""
    return None if row.columns is None else relation.key_of(row.columns)


def check_places(relation: Relation, held: Iterable[Row], returning: Iterable[Row]) -> None:
    """See that rows which `move` removed can be inserted again.

    Args:
        relation: The relation of the rows.
        held: All rows of the customers whom they return to.
        returning: The rows.

    Raises:
        StoreError: a customer has a row of the same key by now; all of them are named.
    """
    keys = {(row.customer, key) for row in held if (key := row_key(relation, row)) is not None}
    taken = [row for row in returning if (row.customer, row_key(relation, row)) in keys]
    if taken:
        places = ", ".join(f"{row.id} of customer {row.customer}" for row in taken)
        raise StoreError(
            f"rows of {relation.name!r} that cannot come back, since the customer has another of "
            f"the same key by now: {places}; solve them first"
        )


def settle_moves(relation: Relation, rows: Iterable[Row], moves: Sequence[Move]) -> RowMoves:
    """Work out what *moves* do, one after the other.

    Args:
        relation: The relation of the rows.
        rows: All rows of every source and target.
        moves: The moves, in order.

    Raises:
        StoreError: rows collide and the relation refuses that; all of them are named.
    """
    held: dict[str, dict[str, Row]] = {}
    keys: dict[tuple[str, Any], str] = {}
    for row in rows:
        held.setdefault(row.customer, {})[row.id] = row
        if (key := row_key(relation, row)) is not None:
            keys[row.customer, key] = row.id
    moved: dict[str, Row] = {}
    removed: list[RemovedRow] = []
    reports: list[MovedRows] = []
    for source, target, only in as_moves(moves):
        there = held.get(source, {})
        here: list[str] = []
        for row_id in sorted(there if only is None else only & there.keys()):
            row = there.pop(row_id)
            key = row_key(relation, row)
            keys.pop((source, key), None)
            if key is not None and (target, key) in keys:
                moved.pop(row_id, None)
                copy: Any = Row(row_id, source, row.columns).shown(relation)
                removed.append(RemovedRow(relation.name, source, target, row_id, copy))
                continue
            if key is not None:
                keys[target, key] = row_id
            moved[row_id] = held.setdefault(target, {})[row_id] = Row(row_id, target, row.columns)
            here.append(row_id)
        if here:
            reports.append(MovedRows(relation.name, source, target, here))
    if removed and relation.collision is Collision.REFUSE:
        places = ", ".join(f"{row.row} of customer {row.source}" for row in removed)
        raise StoreError(
            f"rows of {relation.name!r} that another customer has already: {places}; solve them "
            "first, or declare the relation with collision='keep_master'"
        )
    gone = tuple(row.row for row in removed)
    return RowMoves(tuple(moved.values()), gone, RowChanges(reports, removed))
