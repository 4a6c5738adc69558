"""Every shipped store keeps the rules of stores, and every fault trips just the rules it breaks."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pytest
import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.plans import Receipt
from dedupkit.ports import Change
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.memory_tables import MemoryTransaction
from dedupkit.stores.sql import SqlStore, reading, schema, writing
from dedupkit.stores.sql.connecting import open_engine
from dedupkit.testing import STORE_RULES, State, check_store, examine_store
from dedupkit.testing.contract import StoreContract
from dedupkit.testing.faults import STORE_FAULTS, StoreFault
from dedupkit.testing.harnesses import MemoryHarness

T = TypeVar("T")


class SqlHarness:
    """A `SqlStore` in memory; the back door is SQL."""

    def __init__(self) -> None:
        """Open an empty register."""
        self._engine = open_engine("sqlite://")
        self.store = SqlStore.create(self._engine, relations=["orders"])

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Insert customers and rows."""
        with self._engine.begin() as connection:
            changes: list[Change] = [(None, evolve(card, version=None)) for card in customers]
            writing.save_changes(connection, changes)
            found = [
                {"relation": name, "id": row, "customer_id": owner}
                for name, owners in rows.items()
                for row, owner in owners.items()
            ]
            if found:
                connection.execute(sa.insert(schema.rows), found)

    def peek(self) -> State:
        """Select customers and rows."""
        with self._engine.connect() as connection:
            customers = {c.id: c for c in reading.scan_customers(connection, None)}
            rows: dict[str, dict[str, str]] = {"orders": {}}
            columns = schema.rows.c
            select = sa.select(columns.relation, columns.id, columns.customer_id)
            for relation, row, owner in connection.execute(select):
                rows[relation][row] = owner
        return State(customers, rows)


class CallbackHarness:
    """A `CallbackStore` whose functions are those of a memory store that stands for the host."""

    keeps_receipts = True

    def __init__(self) -> None:
        """Open an empty register."""
        self._host = MemoryHarness()

    @property
    def store(self) -> CallbackStore:
        """The store."""
        host = self._host.store
        return CallbackStore(
            load=lambda ids: [card for card in host.scan() if card.id in ids],
            save=lambda changes: self._in(lambda inner: inner.save(changes)),
            move=lambda relation, moves: self._in(lambda inner: inner.move(relation, moves)),
            transaction=host.transaction,
            put_back=lambda relation, rows: self._in(lambda inner: inner.put_back(relation, rows)),
            relations=host.relations,
            journal=_Journal(host) if self.keeps_receipts else None,
            scan=host.scan,
        )

    def _in(self, call: Callable[[MemoryTransaction], T]) -> T:
        with self._host.store.transaction() as tx:
            return call(tx)

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Start over with customers and rows."""
        self._host.seed(customers, rows)

    def peek(self) -> State:
        """Return the customers and rows."""
        return self._host.peek()


class _Journal:
    def __init__(self, host: MemoryStore) -> None:
        self._host = host
        self.history = host.history

    def remember(self, receipt: Receipt, /) -> None:
        with self._host.transaction() as tx:
            tx.remember(receipt)

    def receipt(self, plan_id: str, /) -> Receipt | None:
        with self._host.transaction() as tx:
            return tx.receipt(plan_id)

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        with self._host.transaction() as tx:
            return tx.rewrite_receipts(ids, change)


class ForgetfulHarness(CallbackHarness):
    """The same without a journal."""

    keeps_receipts = False


class TestMemoryStore(StoreContract):
    """The reference store."""

    harness = MemoryHarness


class TestSqlStore(StoreContract):
    """The library's own tables on SQLite."""

    harness = SqlHarness


class TestCallbackStore(StoreContract):
    """A host's own functions, with a journal."""

    harness = CallbackHarness
    lacks = ("judgements",)


class TestCallbackStoreWithoutJournal(StoreContract):
    """A host's own functions alone."""

    harness = ForgetfulHarness
    lacks = ("judgements", "journal", "history")


class TestFaults:
    """Who tests the kit: stores that are broken on purpose."""

    @pytest.mark.parametrize("fault", STORE_FAULTS, ids=lambda fault: fault.name)
    def test_a_fault_trips_just_the_rules_that_it_breaks(self, fault: StoreFault) -> None:
        """Every other rule that is tried holds."""
        report = examine_store(fault.harness)
        assert fault.trips == tuple(finding.rule for finding in report.broken), str(report)

    def test_every_rule_can_be_broken(self) -> None:
        """A rule that no store breaks proves nothing."""
        tripped = {rule for fault in STORE_FAULTS for rule in fault.trips}
        assert tripped == {rule.id for rule in STORE_RULES}

    def test_a_store_that_deletes_retired_cards_may_say_so(self) -> None:
        """Without redirects the rule of redirects is skipped, and told."""
        report = check_store(MemoryHarness, lacks=["redirects"])
        assert [finding.rule for finding in report.skipped] == ["S11"]
