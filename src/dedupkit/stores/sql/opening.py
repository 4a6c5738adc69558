"""What stands in a database before it is opened as a register."""

from __future__ import annotations

from enum import Enum
from typing import final

import sqlalchemy as sa

from dedupkit.errors import ConfigurationError
from dedupkit.stores.sql.schema import METADATA, counters

__all__ = ["SCHEMA_VERSION", "Found", "check_version", "look_into"]

#: Version of the tables; a register of another one is refused.
SCHEMA_VERSION = 2


@final
class Found(Enum):
    """What a database holds."""

    NOTHING = "nothing"
    REGISTER = "register"
    #: Tables of an application, none of which bears a name of ours.
    OTHERS = "others"


def look_into(connection: sa.Connection) -> Found:
    """Tell what a database holds; nothing is written.

    Raises:
        ConfigurationError: tables of another application bear names of ours.
    """
    inspector = sa.inspect(connection)
    names = frozenset(inspector.get_table_names())
    ours = names.intersection(METADATA.tables)
    if not ours:
        return Found.OTHERS if names else Found.NOTHING
    columns = (
        {column["name"] for column in inspector.get_columns(counters.name)}
        if (counters.name in names)
        else set()
    )
    if columns != {column.name for column in counters.columns}:
        raise ConfigurationError(
            f"the database is of another application, which has tables named "
            f"{', '.join(sorted(ours))}; give the register a database of its own"
        )
    return Found.REGISTER


def check_version(connection: sa.Connection) -> None:
    """Write the version of new tables, and refuse those of another.

    Raises:
        ConfigurationError: the tables are of another version of this library.
    """
    stands = dict(connection.execute(sa.select(counters.c.name, counters.c.value)).all())
    if not stands:
        fresh = {"schema": SCHEMA_VERSION, "id": 0, "version": 0, "receipt": 0}
        rows = [{"name": name, "value": value} for name, value in fresh.items()]
        connection.execute(sa.insert(counters), rows)
    elif stands.get("schema") != SCHEMA_VERSION:
        raise ConfigurationError(
            f"the register has tables of version {stands.get('schema')}; this library reads "
            f"version {SCHEMA_VERSION}"
        )
