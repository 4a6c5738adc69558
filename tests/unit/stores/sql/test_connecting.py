"""What SQLite needs beside what every database has."""

from unittest.mock import Mock

import sqlalchemy as sa

from dedupkit.stores.sql.connecting import overwrite_freed


class TestOverwriting:
    def test_sqlite_is_told_to_overwrite(self) -> None:
        """What a statement frees cannot be read from the file."""
        with sa.create_engine("sqlite://").connect() as connection:
            overwrite_freed(connection)
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1

    def test_another_database_is_told_nothing(self) -> None:
        """It knows no such pragma."""
        connection = Mock()
        connection.dialect.name = "postgresql"
        overwrite_freed(connection)
        assert connection.exec_driver_sql.call_count == 0
