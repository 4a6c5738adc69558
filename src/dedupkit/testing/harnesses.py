"""Harnesses of the shipped stores; examples for those of hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, final

from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing.harness import State

__all__ = ["MemoryHarness", "SqlHarness"]


@final
class MemoryHarness:
    """A `MemoryStore` and its back door, which is the dictionaries themselves."""

    def __init__(self) -> None:
        self.store = MemoryStore(relations=["orders"])

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Start over with customers and rows."""
        self.store = MemoryStore(customers, rows, relations=["orders"])

    def peek(self) -> State:
        """Return the customers and rows."""
        return State(self.store.customers, _plain(self.store.rows))


@final
class SqlHarness:
    """A `SqlStore` in memory; the back door is SQL."""

    def __init__(self) -> None:
        import sqlalchemy as sa

        from dedupkit.stores.sql import SqlStore
        from dedupkit.stores.sql.connecting import open_engine

        self._sa = sa
        self._engine = open_engine("sqlite://")
        self.store = SqlStore.create(self._engine, relations=["orders"])

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Insert customers and rows."""
        from dedupkit.stores.sql import schema, writing

        with self._engine.begin() as connection:
            changes = [(None, evolve(card, version=None)) for card in customers]
            writing.save_changes(connection, changes)
            found = [
                {"relation": name, "id": row, "customer_id": owner}
                for name, owners in rows.items()
                for row, owner in owners.items()
            ]
            if found:
                connection.execute(self._sa.insert(schema.rows), found)

    def peek(self) -> State:
        """Select customers and rows."""
        from dedupkit.stores.sql import reading, schema

        with self._engine.connect() as connection:
            customers = {c.id: c for c in reading.scan_customers(connection, None)}
            rows: dict[str, dict[str, str]] = {"orders": {}}
            columns = schema.rows.c
            select = self._sa.select(columns.relation, columns.id, columns.customer_id)
            for relation, row, owner in connection.execute(select):
                rows[relation][row] = owner
        return State(customers, rows)


def _plain(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {relation: dict(values) for relation, values in rows.items()}
