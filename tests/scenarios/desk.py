"""What a clerk does at the desk: cards of a register are planned, merged, taken back, looked at."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from attrs import evolve

from dedupkit import Customer, MergePlan, execute, plan_merge, undo
from dedupkit.plans import Receipt
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

__all__ = [
    "LATER",
    "NOW",
    "Opening",
    "Register",
    "card",
    "codes",
    "merged",
    "orders",
    "plain",
    "planned",
    "rows",
    "undone",
]

Register: TypeAlias = MemoryStore | SqlStore
Opening: TypeAlias = Callable[..., Register]

NOW = datetime(2026, 5, 4, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def planned(store: Register, master: str, *others: str, **more: Any) -> MergePlan:  # noqa: ANN401  # options of the plan
    """Plan a merge of cards as the register holds them."""
    cards = store.get([master, *others])
    duplicates = [cards[i] for i in others]
    return plan_merge(cards[master], duplicates, relations=store.relations, **more)


def merged(store: Register, master: str, *others: str, **more: Any) -> Receipt:  # noqa: ANN401  # as above
    """Merge cards as the register holds them."""
    return execute(planned(store, master, *others, **more), store, by="anna", at=NOW)


def undone(store: Register, receipt: Receipt) -> Receipt:
    """Undo a merge."""
    return undo(receipt, store, by="ben", at=LATER)


def card(store: Register, customer_id: str) -> Customer:
    """Read a card."""
    return store.get([customer_id])[customer_id]


def plain(cards: Mapping[str, Customer]) -> dict[str, Customer]:
    """Cards without what every write changes."""
    return {i: evolve(one, version=None, updated_at=None) for i, one in cards.items()}


def rows(store: Register, relation: str, ids: Iterable[str]) -> dict[str, list[str]]:
    """Customer → ids of the rows that refer to it."""
    return {i: [row["id"] for row in store.rows(relation, i)] for i in ids}


def orders(store: Register, ids: Iterable[str]) -> dict[str, list[str]]:
    """Customer → ids of its orders."""
    return rows(store, "orders", ids)


def codes(plan: MergePlan) -> tuple[list[str], list[str], list[str]]:
    """Name the notices, conflicts and blockers of a plan."""
    return (
        [notice.code for notice in plan.notices],
        [conflict.code for conflict in plan.conflicts],
        [blocker.code for blocker in plan.blockers],
    )
