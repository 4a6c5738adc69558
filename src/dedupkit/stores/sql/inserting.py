"""Inserting many rows at once."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from dedupkit.stores.sql.schema import RowData

__all__ = ["insert_rows"]


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[RowData]) -> None:
    """Insert rows, each in the order of the table's columns.

    A driver that takes parameters by their position gets the rows as they are: to make a mapping
    of each and take it apart again costs as much as inserting it. So the values must be such that
    every driver takes: text, int, bool or None.
    """
    if not rows:
        return
    names = table.columns.keys()
    statement = sa.insert(table)
    if connection.dialect.positional:
        compiled = statement.compile(dialect=connection.dialect, column_keys=names)
        connection.exec_driver_sql(str(compiled), list(rows))
    else:
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
