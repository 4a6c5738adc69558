"""X3 and X4 where several threads write, on a database in a file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

from dedupkit.customers import Customer
from dedupkit.errors import StalePlanError
from dedupkit.execution import execute
from dedupkit.merging import plan_merge
from dedupkit.plans import MergePlan, Receipt
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
PAIRS = 2


def filled(path: Path) -> SqlStore:
    """A register of pairs with an order for each card."""
    store = SqlStore.create(f"sqlite:///{path}", relations=["orders"])
    ids = [str(n) for n in range(1, 2 * PAIRS + 1)]
    with store.transaction() as tx:
        tx.save([(None, Customer(id=i, last_name="Hansen", flags={i})) for i in ids])
    store.add_rows("orders", {f"o{i}": i for i in ids})
    return store


def plans_for(store: SqlStore | MemoryStore) -> list[MergePlan]:
    """One plan for each pair."""
    cards = store.get(str(n) for n in range(1, 2 * PAIRS + 1))
    return [
        plan_merge(cards[str(n)], [cards[str(n + 1)]], relations=store.relations)
        for n in range(1, 2 * PAIRS, 2)
    ]


class TestThreads:
    """X4: two plans that share a customer: at most one wins."""

    def test_of_two_rivals_one_wins_and_one_is_stale(self, tmp_path: Path) -> None:
        """Both start at once, from connections of their own."""
        store = filled(tmp_path / "register.db")
        cards = store.get(["1", "2", "3"])
        rivals = [plan_merge(cards["1"], [cards[i]], relations=store.relations) for i in ("2", "3")]
        barrier = Barrier(2)

        def run(plan: MergePlan) -> Receipt | StalePlanError:
            barrier.wait()
            try:
                return execute(plan, store, by="anna", at=AT)
            except StalePlanError as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(run, rivals))
        store.close()
        assert {Receipt, StalePlanError} == {type(outcome) for outcome in outcomes}

    def test_one_plan_executed_by_two_at_once_is_executed_once(self, tmp_path: Path) -> None:
        """X3: both get the same receipt."""
        store = filled(tmp_path / "register.db")
        plan = plans_for(store)[0]
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(execute, plan, store, by=name, at=AT) for name in ("a", "b")]
            one, other = (job.result() for job in jobs)
        store.close()
        assert one == other
