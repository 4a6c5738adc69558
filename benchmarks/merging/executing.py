"""Measure executing merges beside other ways to merge the same customers, on SQLite in a file.

    python benchmarks/merging/executing.py [--merges 2000] [--runs 5] [--rivals 400]

- dedupkit: `plan_merges` and `execute_many` on `SqlStore`; a plan's id, by which it is shown and
  stored, belongs to planning;
- SQL by hand: `handwritten`, on the same tables, with the same batches, a batch or a pair with
  each statement, without and with receipts; its result is read back and must be that of dedupkit;
- django-super-deduper and django-extensions: `django_rivals`, in a process of their own.

The runs of dedupkit and of the SQL alternate. The garbage collector leaves the register of the
benchmark alone, which is no part of executing. What is lost is counted in the databases.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from attrs import evolve
from handwritten import kept_rows, merge_by_hand
from losses import count_losses, read_holdings
from memory import peak_megabytes
from registers import RELATIONS, Register, make_register

from dedupkit.execution import execute_many, undo
from dedupkit.merging import plan_merges
from dedupkit.plans import Receipt
from dedupkit.stores.sql import SqlStore

AT = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 100
SEED = 1

#: Tool, how the database holds what is unique.
RIVALS = (
    ("super-deduper", "unique_together"),
    ("super-deduper", "UniqueConstraint"),
    ("super-deduper", "nothing"),
    ("extensions", "unique_together"),
    ("extensions", "nothing"),
)


class Times(NamedTuple):
    """Seconds of one run; *processor* those of executing in which this program ran."""

    planning: float
    executing: float
    processor: float


@contextmanager
def opened(file: Path) -> Iterator[SqlStore]:
    """Open the register of a file."""
    store = SqlStore.create(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


def run_dedupkit(file: Path, register: Register) -> Times:
    """Plan and execute all pairs."""
    with opened(file) as store:
        start = time.perf_counter()
        plans = plan_merges(register.pairs, store, relations=store.relations)
        for plan in plans:
            plan.id  # noqa: B018  # it is computed where it is first asked for
        between, used = time.perf_counter(), time.process_time()
        summary = execute_many(plans, store, by="benchmark", at=AT, batch=BATCH)
        end, used = time.perf_counter(), time.process_time() - used
    if len(summary.receipts) != len(register.pairs):
        sys.exit(f"not all was executed: {summary.describe()}")
    return Times(between - start, end - between, used)


def run_by_hand(file: Path, register: Register, *, at_once: int, receipts: bool = False) -> Times:
    """Merge all pairs in SQL, so many with one statement."""
    start, used = time.perf_counter(), time.process_time()
    moment = AT.isoformat(timespec="microseconds")
    merge_by_hand(
        str(file), register.pairs, at=moment, batch=BATCH, at_once=at_once, receipts=receipts
    )
    return Times(0, time.perf_counter() - start, time.process_time() - used)


DEDUPKIT = "dedupkit"
BY_HAND: Mapping[str, Callable[[Path, Register], Times]] = {
    "SQL by hand, sets": partial(run_by_hand, at_once=BATCH),
    "SQL by hand, pairs": partial(run_by_hand, at_once=1),
    "SQL by hand, sets, with receipts": partial(run_by_hand, at_once=BATCH, receipts=True),
    "SQL by hand, pairs, with receipts": partial(run_by_hand, at_once=1, receipts=True),
}
CONTENDERS: Mapping[str, Callable[[Path, Register], Times]] = {DEDUPKIT: run_dedupkit, **BY_HAND}


class Bench:
    """A folder with a filled register, of which every run gets a copy."""

    def __init__(self, folder: Path, pairs: int) -> None:
        self.folder = folder
        self.register = make_register(pairs, seed=SEED)
        store = SqlStore.create(f"sqlite:///{self.filled}", relations=RELATIONS)
        self.register.fill(store)
        store.close()
        gc.collect()
        gc.freeze()

    @property
    def filled(self) -> Path:
        """The register as it was."""
        return self.folder / "filled.db"

    def run(self, name: str) -> Times:
        """Merge everything in a fresh copy, which stays until the next run."""
        file = self.file(name)
        shutil.copy(self.filled, file)
        gc.collect()
        return CONTENDERS[name](file, self.register)

    def file(self, name: str) -> Path:
        """Return the copy of a contender."""
        return self.folder / f"{name}.db"

    def peak(self, name: str) -> float:
        """Run a contender in a process of its own and return its peak of memory, in MB."""
        file = self.file("memory")
        shutil.copy(self.filled, file)
        with get_context("spawn").Pool(1) as pool:
            return pool.apply(_peak, (name, file, len(self.register.pairs)))


def _peak(name: str, file: Path, pairs: int) -> float:
    CONTENDERS[name](file, make_register(pairs, seed=SEED))
    return peak_megabytes()


def state(store: SqlStore, register: Register) -> tuple[object, ...]:
    """Return customers and rows, without the versions, which count the writes."""
    cards = {card.id: evolve(card, version=None) for card in store.scan()}
    rows = {
        (relation, row["id"]): row
        for relation in register.rows
        for card in cards
        for row in store.rows(relation, card)
    }
    with store.transaction() as transaction:
        return cards, rows, transaction.resolve(cards)


def check_same(bench: Bench) -> None:
    """Stop where the SQL did not come to what dedupkit came to."""
    for name in BY_HAND:
        with opened(bench.file(DEDUPKIT)) as one, opened(bench.file(name)) as other:
            if state(one, bench.register) != state(other, bench.register):
                sys.exit(f"{name} comes to something else: the comparison is void")


def lost_in(bench: Bench, name: str) -> dict[str, Any]:
    """Count what a contender lost; rows of which a receipt holds a copy are not lost."""
    with opened(bench.file(name)) as store:
        copies = {row.row for receipt in store.history() for row in receipt.removed}
        copies |= kept_rows(bench.file(name))
        return count_losses(bench.register, read_holdings(store), copies)._asdict()


def undone(bench: Bench) -> int:
    """Undo every merge of dedupkit; return of how many both cards and all rows are as before."""
    with opened(bench.filled) as before, opened(bench.file(DEDUPKIT)) as store:
        receipts: list[Receipt] = list(store.history())
        for receipt in receipts:
            undo(receipt, store, by="benchmark", at=AT)
        return sum(
            _parts(before, receipt.ids) == _parts(store, receipt.ids) for receipt in receipts
        )


def _parts(store: SqlStore, ids: tuple[str, ...]) -> tuple[object, ...]:
    cards = store.get(ids).values()
    rows = [store.rows(relation.name, i) for relation in store.relations for i in ids]
    return [evolve(card, version=None, updated_at=None) for card in cards], rows


def edited_meanwhile(bench: Bench, name: str) -> tuple[int, int]:
    """Let somebody edit every master between planning and merging.

    Returns:
        How many pairs were merged all the same, and how many edits were overwritten.
    """
    file = bench.file("edited")
    shutil.copy(bench.filled, file)
    masters = [master for master, _ in bench.register.pairs]
    with opened(file) as store:
        plans = plan_merges(bench.register.pairs, store, relations=store.relations)
        changes = [(card, evolve(card, notes="Edited")) for card in store.get(masters).values()]
        with store.transaction() as transaction:
            transaction.save(changes)
        if name == DEDUPKIT:
            execute_many(plans, store, by="benchmark", at=AT, batch=BATCH)
    if name in BY_HAND:
        CONTENDERS[name](file, bench.register)
    with opened(file) as store:
        edited = [card for card in store.get(masters).values() if card.notes == "Edited"]
        gone = [card for card in store.scan() if not card.is_active]
    return len(gone), len(masters) - len(edited)


def rival(tool: str, unique: str, folder: Path, pairs: int) -> dict[str, Any]:
    """Run a rival in a process of its own and return what it measured."""
    script = Path(__file__).with_name("django_rivals.py")
    file = folder / f"{tool}-{unique}.db"
    arguments = [tool, unique, str(pairs), str(SEED), str(BATCH), str(file)]
    done = subprocess.run(
        [sys.executable, str(script), *arguments], check=True, stdout=subprocess.PIPE
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure(bench: Bench, runs: int) -> None:
    """Print times, and what was lost, of dedupkit and of the SQL."""
    times: dict[str, list[Times]] = {name: [] for name in CONTENDERS}
    for run in range(runs):
        for name in list(CONTENDERS)[:: -1 if run % 2 else 1]:
            times[name].append(bench.run(name))
    check_same(bench)
    pairs = len(bench.register.pairs)
    print(f"{pairs:,} merges in batches of {BATCH}, medians of {runs} runs; same result: yes")
    planned = median(run.planning for run in times[DEDUPKIT]) / pairs * 1e6
    print(f"dedupkit, reading and planning: {planned:,.0f} µs a merge")
    for name in BY_HAND:
        both = list(zip(times[DEDUPKIT], times[name], strict=True))
        ratio = median(one.executing / other.executing for one, other in both)
        used = median(one.processor / other.processor for one, other in both)
        print(f"dedupkit, executing: {ratio:.1f} times {name} ({used:.1f} of processor)")
    print("\n| " + " | ".join(("", "merged", "µs a merge", "MB at most", *LOSSES.values())) + " |")
    print("|---" + "|--:" * (len(LOSSES) + 3) + "|")
    for name, found in times.items():
        seconds = median(run.executing for run in found)
        figures = {"seconds": seconds, "megabytes": bench.peak(name), **lost_in(bench, name)}
        _, figures["overwritten"] = edited_meanwhile(bench, name)
        report(name, pairs, figures)


#: What is counted, in the words of the table.
LOSSES = {
    "rows": "rows lost",
    "consents": "consents wrong",
    "refusals": "refusals lost",
    "points": "points lost",
    "money": "NOK lost",
    "logins": "logins lost",
    "overwritten": "edits overwritten",
}


def report(name: str, pairs: int, figures: Mapping[str, Any]) -> None:
    """Print one row of the table."""
    merged = pairs - figures["unmerged"]
    each = f"{figures['seconds'] / merged * 1e6:,.0f}" if merged else "-"
    counts = [f"{float(figures[key]):,.0f}" if merged else "-" for key in LOSSES]
    cells = (name, f"{merged:,} of {pairs:,}", each, f"{figures['megabytes']:,.0f}", *counts)
    print(f"| {' | '.join(cells)} |")


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--merges", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rivals", type=int, default=400, help="merges by the Django tools")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(folder, asked.merges)
        measure(bench, asked.runs)
        for tool, unique in RIVALS if asked.rivals else ():
            figures = rival(tool, unique, folder, asked.rivals)
            report(f"django-{tool}, {unique}", asked.rivals, figures)
        print(f"\ndedupkit: {undone(bench):,} of {asked.merges:,} merges undone, and all as it was")
        done, _ = edited_meanwhile(bench, DEDUPKIT)
        print(f"dedupkit: {done:,} of {asked.merges:,} executed after somebody edited a master")


if __name__ == "__main__":
    main()
