"""X1, X3 and X4 where several threads or processes write, on a database in a file."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from dedupkit.customers import Customer
from dedupkit.errors import StalePlanError
from dedupkit.execution import execute, execute_many
from dedupkit.merging import plan_merge
from dedupkit.plans import MergePlan, Receipt
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
PAIRS = 60


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


SCRIPT = """
import sys
from datetime import UTC, datetime
from dedupkit.execution import execute_many
from dedupkit.stores.sql import SqlStore
from dedupkit.plans import Plan

path, plans = sys.argv[1:]
store = SqlStore.create("sqlite:///" + path)
given = [Plan.from_json(line) for line in open(plans, encoding="utf-8")]
print("go", flush=True)
execute_many(given, store, by="anna", at=datetime(2026, 1, 1, tzinfo=UTC), batch=3)
print("done", flush=True)
"""


class TestKilled:
    """X1: a process that dies inside `execute_many` leaves a prefix of the plans."""

    @pytest.mark.parametrize("after", [0.0, 0.03, 0.1])
    def test_what_is_found_is_a_prefix_and_the_rest_is_done_by_the_same_call(
        self, tmp_path: Path, after: float
    ) -> None:
        """Killed without warning, some moments after it began."""
        path, file = tmp_path / "register.db", tmp_path / "plans.jsonl"
        store = filled(path)
        plans = plans_for(store)
        untouched = MemoryStore(
            {card.id: card for card in store.scan()},
            {"orders": {f"o{n}": str(n) for n in range(1, 2 * PAIRS + 1)}},
        )
        file.write_text("".join(f"{plan.to_json()}\n" for plan in plans), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(path), str(file)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        process.kill()
        process.communicate()

        retired = [not store.get([str(n)])[str(n)].is_active for n in range(2, 2 * PAIRS + 1, 2)]
        done = retired.count(True)
        assert retired == [True] * done + [False] * (PAIRS - done)
        for number in range(1, 2 * PAIRS + 1):
            card = store.get([str(number)])[str(number)]
            orders = store.counts("orders", [card.id])[card.id]
            assert orders == (1 if number > 2 * done else 2 * card.is_active)
        assert done == len({r.plan_id for r in store.history(str(n) for n in range(1, 999))})

        execute_many(plans, store, by="anna", at=AT)
        execute_many(plans, untouched, by="anna", at=AT)
        for card in store.scan():
            assert card.merged_into == untouched.customers[card.id].merged_into
            assert card.flags == untouched.customers[card.id].flags
        store.close()
