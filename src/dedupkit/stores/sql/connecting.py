"""Engines and transactions: what SQLite needs beside what every database has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from dedupkit.errors import StoreError

__all__ = ["BUSY", "open_engine", "outermost", "overwrite_freed", "told", "why"]

#: Said where another process holds the register.
BUSY = "another process is writing to the register; try again when it has ended"

#: Milliseconds to wait for another process that writes.
PATIENCE = 10_000

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
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def outermost(bind: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    """Open a transaction of an engine, or join the one that a connection has open."""
    if isinstance(bind, sa.Engine):
        with told():
            own = bind.connect()
        with own:
            with told():
                work = own.execution_options(**{_WRITES: True}).begin()
            with work:
                yield own
                with told():
                    work.commit()
    elif bind.in_transaction():
        _really_begin(bind)
        with bind.begin_nested():
            yield bind
    else:
        with bind.begin():
            _really_begin(bind)
            yield bind


def overwrite_freed(connection: sa.Connection) -> None:
    """Let SQLite overwrite what a statement frees, so that it cannot be read from the file."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database says into an error that repeats no value.

    Raises:
        StoreError: the database refuses or fails.
    """
    try:
        yield
    except sa.exc.IntegrityError:
        raise StoreError(
            "the database refuses it: a unique value is taken, or rows refer to a customer that "
            "is not there"
        ) from None
    except sa.exc.DBAPIError as error:
        raise StoreError(why(error)) from None
    except UnicodeEncodeError:
        raise StoreError("the database takes no text that holds half a character") from None


def why(error: Exception) -> str:
    """Return what a database says, without the values that its own words may repeat."""
    words = str(getattr(error, "orig", error))
    kind = type(getattr(error, "orig", error)).__name__
    return next(
        (ours for theirs, ours in _WORDS if theirs in words), f"the database fails ({kind})"
    )


#: Part of what SQLite says → what we say.
_WORDS = (
    ("is locked", BUSY),
    ("readonly database", "the register may only be read; it or its folder is write-protected"),
    ("not a database", "this file is no SQLite database"),
    ("unable to open", "the file cannot be opened or made; is its folder there?"),
    ("is full", "the disk is full"),
    ("malformed", "the database file is damaged; take a copy that was made earlier"),
)


def _really_begin(connection: sa.Connection) -> None:
    """Open the transaction that SQLite's driver puts off until something is written.

    Otherwise a savepoint would be the outermost one, and its end would commit.
    """
    driver = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not getattr(driver, "in_transaction", True):
        connection.exec_driver_sql("BEGIN")
