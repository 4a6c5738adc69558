"""Measure how many merges of two cards are planned in a second, on one core.

    python benchmarks/merging/planning.py [PAIRS] [RUNS]

The register is that of `registers`; seconds are those of the processor, so that other programs do
not count, and the garbage collector leaves the register alone, which is no part of planning.
An interpreter that was built without profile-guided optimization, as version managers build them
unless told otherwise, takes a quarter longer than those that are distributed.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from statistics import median

from registers import RELATIONS, make_register

from dedupkit.customers import Customer
from dedupkit.merging import plan_merge
from dedupkit.plans import MergePlan

#: What is asked of every plan.
ASKED: dict[str, Callable[[MergePlan], object]] = {
    "plan_merge": lambda plan: plan,
    "and plan.id": lambda plan: plan.id,
    "and plan.to_json()": MergePlan.to_json,
}


def measure(pairs: list[tuple[Customer, Customer]], ask: Callable[[MergePlan], object]) -> float:
    """Plan every pair; return plans a second."""
    start = time.process_time()
    for master, duplicate in pairs:
        ask(plan_merge(master, [duplicate], relations=RELATIONS))
    return len(pairs) / (time.process_time() - start)


def main(arguments: list[str]) -> None:
    """Measure and print medians."""
    size, runs = map(int, (*arguments, *("2000", "7")[len(arguments) :]))
    register = make_register(size)
    cards = {card.id: card for card in register.customers}
    pairs = [(cards[master], cards[duplicate]) for master, duplicate in register.pairs]
    gc.collect()
    gc.freeze()
    print(f"Python {sys.version.split()[0]}; {size:,} merges of two cards, median of {runs} runs")
    rates: dict[str, list[float]] = {name: [] for name in ASKED}
    for _ in range(runs):
        for name, ask in ASKED.items():
            rates[name].append(measure(pairs, ask))
    for name, found in rates.items():
        print(f"{name:20} {median(found):7,.0f} plans/s")


if __name__ == "__main__":
    main(sys.argv[1:])
