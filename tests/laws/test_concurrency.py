"""X3 and X4 where several threads write, on a database in a file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupkit.customers import Customer
from dedupkit.errors import StalePlanError
from dedupkit.execution import execute
from dedupkit.merging import plan_merge
from dedupkit.plans import MergePlan, Receipt
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = {f"o{i}": i for i in "123456"}
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


IDS = ("1", "2", "3", "4", "5", "6")
TWO = st.permutations(IDS).map(lambda ids: (ids[0], ids[1]))


class TestThreads:
    """X4: two plans that share a customer: at most one wins."""

    @settings(max_examples=max(4, settings().max_examples // 50))
    @given(st.lists(TWO, min_size=2, max_size=4, unique=True))
    def test_winners_share_no_customer_and_losers_do_with_a_winner(
        self, pairs: list[tuple[str, str]]
    ) -> None:
        """All start at once, each from a connection of its own; the end is that of the winners."""
        calm = MemoryStore([Customer(id=i, flags=[f"flag{i}"]) for i in IDS], {"orders": ORDERS})
        with TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/register.db"
            stores = [SqlStore.create(url, relations=["orders"]) for _ in pairs]
            with stores[0].transaction() as tx:
                tx.save([(None, card) for card in calm.scan()])
            stores[0].add_rows("orders", ORDERS)
            cards = stores[0].get(IDS)
            plans = [plan_merge(cards[a], [cards[b]], relations=["orders"]) for a, b in pairs]
            barrier = Barrier(len(pairs))

            def run(job: tuple[SqlStore, MergePlan]) -> bool:
                barrier.wait()
                try:
                    return execute(job[1], job[0], by="anna", at=AT).undone_by is None
                except StalePlanError:
                    return False

            with ThreadPoolExecutor(len(pairs)) as pool:
                won = list(pool.map(run, zip(stores, plans, strict=True)))
            found = stores[0].get(IDS), {i: stores[0].rows("orders", i) for i in IDS}
            for store in stores:
                store.close()
        winners = [set(pair) for pair, has_won in zip(pairs, won, strict=True) if has_won]
        assert len(set().union(*winners)) == 2 * len(winners)
        for pair, has_won in zip(pairs, won, strict=True):
            assert has_won or any(winner & set(pair) for winner in winners)
            if has_won:
                there = calm.get(pair)
                plan = plan_merge(there[pair[0]], [there[pair[1]]], relations=["orders"])
                execute(plan, calm, by="anna", at=AT)
        for i, card in found[0].items():
            assert evolve(card, version=None) == evolve(calm.customers[i], version=None)
            assert found[1][i] == calm.rows("orders", i)

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
