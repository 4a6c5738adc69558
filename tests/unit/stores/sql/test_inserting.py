"""Inserting many rows."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from dedupkit.stores.sql.inserting import insert_rows
from dedupkit.stores.sql.schema import METADATA, memberships, web_profiles

MEMBERS = [("17", "100 %"), ("17", "vip"), ("3", ":name")]
PROFILES = [("17", "w1", "anna", True, False, False, True, None)]


@pytest.fixture(params=["qmark", "named"], ids=["by position", "by name"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    """Yield a connection to empty tables; the driver takes parameters in this style."""
    engine = sa.create_engine("sqlite://", paramstyle=request.param, poolclass=sa.pool.StaticPool)
    METADATA.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_rows_stand_as_they_were_handed_in(connection: sa.Connection) -> None:
    """Whatever the texts hold, and truths and blanks alike."""
    insert_rows(connection, memberships, MEMBERS)
    insert_rows(connection, web_profiles, PROFILES)

    found = connection.execute(sa.select(memberships).order_by(memberships.c.name)).all()
    assert list(map(tuple, found)) == sorted(MEMBERS, key=lambda row: row[1])
    assert list(map(tuple, connection.execute(sa.select(web_profiles)).all())) == PROFILES


def test_no_rows_are_no_statement(connection: sa.Connection) -> None:
    """A table that nobody wrote to stays empty."""
    insert_rows(connection, memberships, [])
    assert not connection.execute(sa.select(memberships)).all()
