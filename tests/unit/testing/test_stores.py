"""Trying stores: what is lacked must be declared."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from inspect import getattr_static

import pytest

from dedupkit.customers import Customer
from dedupkit.execution import execute
from dedupkit.plans import Expectation, Plan, PlanKind
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing import (
    POWERS,
    ContractViolation,
    Crash,
    FailsAt,
    State,
    check_store,
    examine_store,
)
from dedupkit.testing.faults import STORE_FAULTS, StoreFault
from dedupkit.testing.harnesses import MemoryHarness


class BareHarness:
    """A store of functions alone: no rows, no journal, no judgements."""

    def __init__(self) -> None:
        """Open an empty register."""
        self._host = MemoryStore()
        self.seed((), {})

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Start over with customers."""
        self._host = host = MemoryStore(customers)

        def save(changes: object) -> tuple[str, ...]:
            with host.transaction() as tx:
                return tx.save(changes)  # type: ignore[arg-type]  # changes

        self.store = CallbackStore(host.get, save, None, host.transaction, scan=host.scan)

    def peek(self) -> State:
        """Return the customers."""
        return State(self._host.customers)


class TestPowers:
    def test_a_store_without_powers_declares_them(self) -> None:
        """Then nothing is broken, and what was skipped is told."""
        lacks = ("journal", "judgements", "history", "relations")
        report = check_store(BareHarness, lacks=lacks)
        assert {finding.rule for finding in report.skipped} == {
            *("S8", "S9", "S10", "S15", "S16", "S19", "S22", "S23"),
        }

    def test_what_is_not_declared_is_broken(self) -> None:
        """The reason says what to declare."""
        report = examine_store(BareHarness, lacks=["journal"])
        reasons = {finding.rule: finding.reason for finding in report.broken}
        assert {"S8", "S9", "S15"} == set(reasons)
        assert all("lacks=" in reason for reason in reasons.values())
        with pytest.raises(ContractViolation, match="S8"):
            check_store(BareHarness, lacks=["journal"])

    def test_history_is_missed_where_nothing_else_is(self) -> None:
        """It builds on the plain rules."""
        lacks = ("journal", "judgements", "relations")
        assert [f.rule for f in examine_store(BareHarness, lacks=lacks).broken] == ["S16"]

    def test_unknown_powers_are_refused_with_the_known_ones(self) -> None:
        """A misspelt declaration would skip nothing."""
        with pytest.raises(ContractViolation, match=f"known: {', '.join(POWERS)}"):
            check_store(MemoryHarness, lacks=["wings"])

    def test_a_store_may_delete_retired_cards(self) -> None:
        """It declares that it keeps no redirects, and merges and undoes all the same."""

        def save(tx: object, changes: Iterable[tuple[Customer | None, Customer | None]]) -> object:
            return tx.save(  # type: ignore[attr-defined]  # a transaction
                [(b, None if a is not None and a.merged_into else a) for b, a in changes]
            )

        fault = StoreFault(name="deletes", trips=(), transaction={"save": save})
        assert examine_store(fault.harness, lacks=["redirects"]).broken == ()


class TestFailsAt:
    def test_everything_but_the_failing_call_is_the_stores(self) -> None:
        """Reading, and whatever else it can do."""
        store = MemoryStore([Customer(id="1")], relations=["orders"])
        wrapped = FailsAt(store, 0)
        assert [card.id for card in wrapped.scan()] == ["1"]
        assert set(wrapped.get(["1", "2"])) == {"1"}
        assert wrapped.relations == store.relations
        assert wrapped.groups() == {}
        with wrapped.transaction() as tx:
            assert tx.resolve(["1"]) == {"1": "1"}
            tx.put_back("orders", [])
        assert wrapped.calls == 2

    def test_it_satisfies_the_ports_of_its_store_and_no_others(self) -> None:
        """As Python 3.12 looks for them: without ``__getattr__``."""
        for wrapped in (FailsAt(MemoryStore(), 0), STORE_FAULTS[0].harness().store):
            assert callable(getattr_static(wrapped, "judge"))
            assert getattr_static(wrapped, "lookup", None) is None
            assert list(wrapped.history()) == []

    @pytest.mark.parametrize("after", [True, False])
    def test_a_call_fails_before_or_after_its_work(self, after: bool) -> None:
        """Either way the transaction leaves nothing."""
        card = Customer(id="1")
        store = MemoryStore([card])
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)])
        wrapped = FailsAt(store, 3, after=after)
        with pytest.raises(Crash):
            execute(plan, wrapped, by="a", at=_moment())
        assert wrapped.calls == 3
        assert store.customers == {"1": card}


def _moment() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)
