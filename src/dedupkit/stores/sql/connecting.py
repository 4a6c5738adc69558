"""Engines and transactions: what SQLite needs beside what every database has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

__all__ = ["open_engine", "outermost"]

_WRITES = "dedupkit_writes"


def open_engine(url: str) -> sa.Engine:
    """Return an engine for *url*; on SQLite with real transactions and foreign keys.

    A writing transaction of SQLite takes the lock at once, so that nobody writes between its
    reading and its writing. A database in memory lives in one connection.
    """
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite":
        return sa.create_engine(made, hide_parameters=True)
    options: dict[str, Any] = {}
    if made.database in (None, "", ":memory:"):
        options = {"poolclass": sa.pool.StaticPool}
    engine = sa.create_engine(
        made, hide_parameters=True, connect_args={"check_same_thread": False}, **options
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own
        connection.isolation_level = None  # the driver opens no transaction by itself
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA busy_timeout = 10000")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def outermost(bind: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    """Open a transaction of an engine, or join the one that a connection has open."""
    if isinstance(bind, sa.Engine):
        with bind.connect().execution_options(**{_WRITES: True}) as own, own.begin():
            yield own
    elif bind.in_transaction():
        _really_begin(bind)
        with bind.begin_nested():
            yield bind
    else:
        with bind.begin():
            _really_begin(bind)
            yield bind


def _really_begin(connection: sa.Connection) -> None:
    """Open the transaction that SQLite's driver puts off until something is written.

    Otherwise a savepoint would be the outermost one, and its end would commit.
    """
    driver = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not getattr(driver, "in_transaction", True):
        connection.exec_driver_sql("BEGIN")
