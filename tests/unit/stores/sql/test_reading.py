"""Reading within a transaction: quick where all is as written, and true where it is not."""

from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve
from hypothesis import given

from dedupkit.customers import Consent, ConsentState, Customer
from dedupkit.stores.sql import SqlStore, reading
from dedupkit.stores.sql.connecting import open_engine
from dedupkit.testing.strategies import customers

BEFORE = Customer(
    id="1", city="Oslo", flags=["vip"], consents=[Consent("offers", "email", ConsentState.GRANTED)]
)
AFTER = evolve(BEFORE, city="Moss", flags=["press"], consents=[])


def opened(card: Customer) -> tuple[SqlStore, sa.Engine]:
    """A register of one card."""
    engine = open_engine("sqlite://")
    store = SqlStore.create(engine)
    with store.transaction() as tx:
        tx.save([(None, card)])
    return store, engine


class TestReadingBack:
    @given(customers(), customers())
    def test_it_is_what_anybody_reads(self, before: Customer, after: Customer) -> None:
        """Whatever was changed: the quick reading comes to what reading anew comes to."""
        store, _ = opened(before)
        with store.transaction() as tx:
            tx.save([(tx.load(["1"])["1"], after)])
            back = tx.load(["1"])["1"]

        assert back == store.get(["1"])["1"] == evolve(after, version=back.version)

    def test_it_makes_no_customer_where_the_tables_hold_what_was_written(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Values that were handed in are not read from what they were written as."""
        store, _ = opened(BEFORE)
        with store.transaction() as tx:
            tx.save([(tx.load(["1"])["1"], AFTER)])
            monkeypatch.setattr(reading, "_READ", {})

            assert tx.load(["1"])["1"].city == "Moss"

    @pytest.mark.parametrize(
        ("statement", "lost"),
        [
            ("UPDATE customers SET city = 'Bergen'", {"city": "Bergen"}),
            ("UPDATE customers SET city = NULL", {"city": None}),
            ("UPDATE customers SET flags = NULL", {"flags": ()}),
            ("DELETE FROM consents", {"consents": ()}),
        ],
    )
    def test_it_tells_what_the_tables_hold_instead(
        self, statement: str, lost: dict[str, Any]
    ) -> None:
        """A trigger of the database changed what was written, or it was lost."""
        store, engine = opened(BEFORE)
        after = evolve(AFTER, consents=BEFORE.consents)
        with engine.begin() as connection:
            trigger = (
                f"CREATE TRIGGER t AFTER UPDATE OF version ON customers BEGIN {statement}; END"
            )
            connection.exec_driver_sql(trigger)
        with store.transaction() as tx:
            before = tx.load(["1"])["1"]
            tx.save([(before, after)])
            back = tx.load(["1"])["1"]

        assert back == store.get(["1"])["1"]
        assert evolve(back, version=None) == evolve(after, **lost)
