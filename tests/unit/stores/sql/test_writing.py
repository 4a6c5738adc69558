"""Writing customers: what differs is written, and nothing else."""

from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.stores.sql import SqlStore
from dedupkit.stores.sql.connecting import open_engine

BEFORE = Customer(id="1", groups=["retail", "staff"])


class TestRowsOfCustomers:
    @pytest.mark.parametrize("loaded", [True, False])
    @pytest.mark.parametrize(
        ("groups", "deleted", "inserted"),
        [
            (["friends", "retail", "staff"], False, ["friends"]),
            (["friends", "retail"], True, ["friends", "retail"]),
            (["retail"], True, ["retail"]),
            ([], True, []),
            (["retail", "staff"], False, []),
        ],
    )
    def test_where_rows_only_come_those_that_are_there_stay(
        self, groups: list[str], deleted: bool, inserted: list[str], loaded: bool
    ) -> None:
        """Whether the customer was read in the transaction or handed in by somebody else."""
        engine = open_engine("sqlite://")
        store = SqlStore.create(engine)
        with store.transaction() as tx:
            tx.save([(None, BEFORE)])
        (before,) = store.get(["1"]).values()
        written: list[tuple[str, Any]] = []
        with store.transaction() as tx:
            if loaded:
                before = tx.load(["1"])["1"]
            sa.event.listen(engine, "before_cursor_execute", lambda *a: written.append(a[2:4]))
            tx.save([(before, evolve(before, groups=groups))])

        assert any("DELETE FROM memberships" in statement for statement, _ in written) is deleted
        rows = [values for text, values in written if text.startswith("INSERT INTO memberships")]
        assert [name for _, name in _flat(rows)] == inserted
        assert store.get(["1"])["1"].groups == set(groups)


def _flat(given: list[Any]) -> list[tuple[str, str]]:
    """Return the rows of all calls; a call of one row takes it as it is."""
    calls = [values if isinstance(values, list) else [values] for values in given]
    return [row for rows in calls for row in rows]
