"""What happens inside one transaction of a `SqlStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import final

import sqlalchemy as sa

from dedupkit.customers import Customer, Judgement
from dedupkit.errors import StoreError
from dedupkit.plans import Receipt, Relation, RemovedRow, RowChanges
from dedupkit.ports import Change
from dedupkit.stores.derived import Derived, without_derived_changes
from dedupkit.stores.rows import Move, Row, check_places
from dedupkit.stores.sql.connecting import overwrite_freed, told
from dedupkit.stores.sql.journal import (
    add_receipts,
    find_receipts,
    rewrite_judgements,
    rewrite_receipts,
)
from dedupkit.stores.sql.reading import Known, chunks, read_customers, rows_of
from dedupkit.stores.sql.redirects import ids_leading_to, resolve_ids
from dedupkit.stores.sql.related import add_rows, move_rows
from dedupkit.stores.sql.schema import groups, memberships
from dedupkit.stores.sql.writing import ensure_groups, save_changes

__all__ = ["SqlTransaction"]


@final
class SqlTransaction:
    """What happens inside one transaction of a `SqlStore`."""

    def __init__(
        self, connection: sa.Connection, relation: Callable[[str], Relation], derived: Derived
    ) -> None:
        self._connection = connection
        self._relation = relation
        self._derived = derived
        self._known: Known = {}

    def load(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return whole customers, locked, in the order of ids; unknown ids are left out."""
        with told():
            return read_customers(
                self._connection, ids, derived=self._derived, lock=True, known=self._known
            )

    def save(self, changes: Sequence[Change], /) -> tuple[str, ...]:
        """Write changes, all together; return the id of each, in order.

        Balances that rows add up to are not written, and not compared.

        Raises:
            StaleWriteError: a customer is not as its *before* says.
            StoreError: a user name is another customer's, an id is there already, or rows still
                refer to a customer that is to be deleted.
        """
        with told():
            return save_changes(
                self._connection, without_derived_changes(changes, self._derived), self._known
            )

    def move(self, relation: str, moves: Sequence[Move], /) -> RowChanges:
        """Let rows of *relation* refer to another customer.

        Raises:
            StoreError: the relation is unknown, or refuses a collision.
        """
        with told():
            return move_rows(self._connection, self._relation(relation), moves)

    def put_back(self, relation: str, removed: Sequence[RemovedRow], /) -> None:
        """Insert rows again that `move` removed.

        Raises:
            StoreError: a customer has a row of the same key by now.
        """
        declared = self._relation(relation)
        rows = [Row.read(declared, row.row, row.columns) for row in removed]
        with told():
            held = rows_of(self._connection, relation, {row.customer for row in rows})
            check_places(declared, held, rows)
            add_rows(self._connection, relation, rows)

    def remember(self, receipt: Receipt, /) -> None:
        """Write a receipt to the journal."""
        self.remember_all([receipt])

    def receipt(self, plan_id: str, /) -> Receipt | None:
        """Return the newest receipt of a plan, or None."""
        return self.receipts([plan_id]).get(plan_id)

    def remember_all(self, receipts: Sequence[Receipt], /) -> None:
        """Write receipts to the journal, in order."""
        with told():
            add_receipts(self._connection, receipts)

    def receipts(self, plan_ids: Iterable[str], /) -> Mapping[str, Receipt]:
        """Return the newest receipt of each plan that has one."""
        with told():
            return find_receipts(self._connection, plan_ids)

    def resolve(self, ids: Iterable[str], /) -> Mapping[str, str]:
        """Return for every known id what stands for it now."""
        with told():
            return resolve_ids(self._connection, ids)

    def leading_to(self, ids: Iterable[str], /) -> frozenset[str]:
        """Return the retired ids whose redirects end on one of *ids*, deleted cards included."""
        with told():
            return ids_leading_to(self._connection, ids)

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        """Put *change* of receipts into their place; return the plans of those that differ."""
        with told():
            overwrite_freed(self._connection)
            return rewrite_receipts(self._connection, ids, change)

    def rewrite_judgements(
        self, ids: Iterable[str], change: Callable[[Judgement], Judgement], /
    ) -> int:
        """Put *change* of judgements into their place; return how many differ."""
        with told():
            overwrite_freed(self._connection)
            return rewrite_judgements(self._connection, ids, change)

    def create_groups(self, names: Sequence[str], /) -> None:
        """Add groups without members."""
        with told():
            ensure_groups(self._connection, names)

    def delete_groups(self, names: Sequence[str], /) -> None:
        """Delete groups.

        Raises:
            StoreError: a group has members.
        """
        columns = memberships.c
        with told():
            for part in chunks(names):
                query = sa.select(columns.name).where(columns.name.in_(part)).distinct()
                if full := sorted(self._connection.execute(query).scalars()):
                    raise StoreError(f"groups with members are not deleted: {', '.join(full)}")
                self._connection.execute(sa.delete(groups).where(groups.c.name.in_(part)))
