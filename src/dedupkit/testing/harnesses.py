"""The harness of the reference store; an example for those of hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, final

from dedupkit.customers import Customer
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing.harness import State

__all__ = ["MemoryHarness"]


@final
class MemoryHarness:
    """A `MemoryStore` and its back door, which is the dictionaries themselves."""

    def __init__(self) -> None:
        self.store: MemoryStore = MemoryStore(relations=["orders"])

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Start over with customers and rows."""
        self.store = MemoryStore(customers, rows, relations=["orders"])

    def peek(self) -> State:
        """Return the customers and rows."""
        return State(self.store.customers, _plain(self.store.rows))


def _plain(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {relation: dict(values) for relation, values in rows.items()}
