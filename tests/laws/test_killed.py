"""X1 and X3 where the process is killed inside `execute_many`, on a database in a file.

A few random moments by default, 200 with ``HYPOTHESIS_PROFILE=deep``; ``TEST_SEED`` draws them.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.errors import ExecutionError, StoreError
from dedupkit.execution import execute, execute_many
from dedupkit.merging import plan_merge
from dedupkit.plans import MergePlan, Receipt, Relation
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")

MOMENTS = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 4
AT = datetime(2026, 1, 1, tzinfo=UTC)
PAIRS = 14
BATCH = 2
RELATIONS = (
    Relation("badges", unique=("event",)),  # a collision refuses the plan
    Relation("clubs", collision="keep_master", unique=("club",)),
    Relation("orders"),
)

#: Everything is imported and read before a child is forked, so that it is inside at once.
SERVER = """
import os, sys
from datetime import UTC, datetime
from dedupkit.execution import execute_many
from dedupkit.plans import Plan
from dedupkit.stores.sql import SqlStore

with open(sys.argv[1], encoding="utf-8") as file:
    plans = [Plan.from_json(line) for line in file]
for path in sys.stdin:
    child = os.fork()
    if child == 0:
        store = SqlStore.create("sqlite:///" + path.strip())
        print("begun", os.getpid(), flush=True)
        execute_many(plans, store, by="anna", at=datetime(2026, 1, 1, tzinfo=UTC), batch=2)
        print("done", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print("over", flush=True)
"""


class State(NamedTuple):
    """What a register holds, but for the versions, which count writes."""

    customers: dict[str, Customer]
    rows: dict[tuple[str, str], Mapping[str, Any]]
    redirects: dict[str, str]
    receipts: list[Receipt]


class Found(NamedTuple):
    """What came of one moment: whether it was inside, what was found, how it ended."""

    inside: bool
    state: State
    end: list[str]


def cards() -> list[Customer]:
    """Pairs who hold something of everything; odd ids are masters."""
    no, yes = ConsentState.WITHDRAWN, ConsentState.GRANTED
    return [
        Customer(
            id=str(n),
            number=str(1000 + n),
            last_name="Hansen",
            flags={f"flag-{n}"},
            groups={f"group-{n % 5}"},
            consents=[Consent("newsletter", "email", no if n % 3 else yes, at=AT)],
            balances=[Balance("loyalty", "points", n), Balance("on_account", "NOK", -n)],
            external_ids={"app": {f"app-{n}"}},
            web_profile=None if n % 4 == 1 else WebProfile(id=f"w{n}", username=f"user-{n}"),
        )
        for n in range(1, 2 * PAIRS + 1)
    ]


def rows() -> dict[str, dict[str, dict[str, str]]]:
    """Rows of every customer; clubs collide in every pair, badges in one."""
    ids = [str(n) for n in range(1, 2 * PAIRS + 1)]
    return {
        "badges": {f"b{i}": {"customer": i, "event": "gala"} for i in ("7", "8", "10")},
        "clubs": {f"c{i}": {"customer": i, "club": "chess"} for i in ids},
        "orders": {f"o{i}-{n}": {"customer": i} for i in ids for n in range(3)},
    }


def plans_for(store: SqlStore) -> list[MergePlan]:
    """One plan for each pair, and two rivals, which are stale when their turn comes."""
    pairs = [(n, n + 1) for n in range(1, 2 * PAIRS, 2)]
    pairs[5:5] = [(1, 4)]
    pairs[11:11] = [(12, 3)]
    known = store.get(str(n) for pair in pairs for n in pair)
    return [
        plan_merge(known[str(one)], [known[str(other)]], relations=store.relations)
        for one, other in pairs
    ]


def unversioned(receipt: Receipt) -> Receipt:
    """The receipt without the versions of its customers."""
    changes = [
        evolve(
            change,
            before=change.before and evolve(change.before, version=None),
            after=change.after and evolve(change.after, version=None),
        )
        for change in receipt.changes
    ]
    return evolve(receipt, changes=changes)


def state_of(store: SqlStore | MemoryStore) -> State:
    """What a store holds."""
    customers = {card.id: evolve(card, version=None) for card in store.scan()}
    held = {
        (relation.name, row["id"]): row
        for relation in RELATIONS
        for i in customers
        for row in store.rows(relation.name, i)
    }
    with store.transaction() as tx:
        redirects = dict(tx.resolve(customers))
    return State(customers, held, redirects, [unversioned(one) for one in store.history()])


def states_after_prefixes(before: SqlStore, plans: list[MergePlan]) -> list[State]:
    """The oracle: the plans one by one in memory, and what stands after each."""
    store = MemoryStore(before.get([str(n) for n in range(1, 2 * PAIRS + 1)]), rows(), RELATIONS)
    states = [state_of(store)]
    for plan in plans:
        try:
            execute(plan, store, by="anna", at=AT)
        except (ExecutionError, StoreError):
            continue
        states.append(state_of(store))
    return states


def dump(path: Path) -> list[str]:
    """Every row of every table of a database, wherever it stands there."""
    connection = sqlite3.connect(path)
    text = sorted(connection.iterdump())
    connection.close()
    return text


@contextmanager
def opened(path: Path) -> Iterator[SqlStore]:
    """Open the register of a file."""
    store = SqlStore.create(f"sqlite:///{path}", relations=RELATIONS)
    try:
        yield store
    finally:
        store.close()


class Server:
    """A warm process that forks one child for each register that it is told."""

    def __init__(self, plans: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(plans)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def execute(self, path: Path, *, kill_after: float | None = None) -> tuple[bool, float]:
        """Let a child execute all plans; return whether it came to the end, and its seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        child = int(self._said().removeprefix("begun "))
        begun = time.perf_counter()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it was faster
                os.kill(child, signal.SIGKILL)
        said = self._said()
        seconds = time.perf_counter() - begun
        if said == "done":
            assert self._said() == "over"
        return said == "done", seconds

    def stop(self) -> None:
        """End it."""
        self._process.communicate()

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class Killings(NamedTuple):
    """What was found after each moment, and what it is compared with."""

    found: list[Found]
    prefixes: list[State]
    end: list[str]


@pytest.fixture(scope="module")
def killings(tmp_path_factory: pytest.TempPathFactory) -> Killings:
    """Kill a process at random moments, look, and execute the same plans again."""
    folder = tmp_path_factory.mktemp("killed")
    filled, file, path = folder / "filled.db", folder / "plans.jsonl", folder / "register.db"
    with opened(filled) as store:
        with store.transaction() as tx:
            tx.save([(None, card) for card in cards()])
        for relation, given in rows().items():
            store.add_rows(relation, given)
        plans = plans_for(store)
        prefixes = states_after_prefixes(store, plans)
    file.write_text("".join(f"{plan.to_json()}\n" for plan in plans), encoding="utf-8")
    server = Server(file)
    durations = []
    for _ in range(2):
        shutil.copy(filled, path)
        durations.append(server.execute(path)[1])
    end = dump(path)
    rng = Random(os.environ.get("TEST_SEED"))
    found: list[Found] = []
    while len(found) < 4 * MOMENTS and sum(one.inside for one in found) < MOMENTS:
        shutil.copy(filled, path)
        ended, _ = server.execute(path, kill_after=rng.uniform(0, min(durations)))
        with opened(path) as store:
            state = state_of(store)
            execute_many(plans, store, by="anna", at=AT, batch=BATCH)
        found.append(Found(not ended, state, dump(path)))
    server.stop()
    return Killings(found, prefixes, end)


class TestKilled:
    """X1 and X3: a process that is killed leaves a prefix, and the same call does the rest."""

    def test_so_many_died_at_work(self, killings: Killings) -> None:
        """What follows is about processes that were killed before they came to the end."""
        assert sum(one.inside for one in killings.found) == MOMENTS

    def test_what_is_found_is_the_state_after_a_prefix_of_the_plans(
        self, killings: Killings
    ) -> None:
        """Customers, rows, redirects and receipts, as executing plan by plan leaves them."""
        assert all(one.state in killings.prefixes for one in killings.found)

    def test_the_same_call_ends_as_an_uninterrupted_one(self, killings: Killings) -> None:
        """Every table of the database holds the same, versions included."""
        assert all(one.end == killings.end for one in killings.found)
