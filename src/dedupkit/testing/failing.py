"""A store that fails at its k-th call: crashes on order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, final

from dedupkit.customers import Customer, Judgement
from dedupkit.plans import MovedRows, Receipt, Relation, RemovedRow, RowChanges
from dedupkit.ports import (
    Change,
    CustomerStore,
    JudgementStore,
    SupportsFieldDuplicates,
    SupportsGroups,
    SupportsHistory,
    SupportsHolders,
    SupportsLookup,
    SupportsRows,
    SupportsSearch,
    Transaction,
)

__all__ = ["STORE_PORTS", "Crash", "FailsAt", "show_ports"]

#: What a store may satisfy beside `CustomerStore`.
STORE_PORTS: tuple[type, ...] = (
    JudgementStore,
    SupportsFieldDuplicates,
    SupportsGroups,
    SupportsHistory,
    SupportsHolders,
    SupportsLookup,
    SupportsRows,
    SupportsSearch,
)


@final
class Crash(Exception):  # noqa: N818  # it stands for a process that dies
    """What `FailsAt` raises."""


@final
class FailsAt:
    """A store whose k-th call inside transactions raises, before or after it did its work.

    Everything else is the wrapped store's; *calls* tells how many there were.

    Args:
        store: The store.
        call: Which call fails, from 1; 0 lets all pass.
        after: Whether the call does its work first.
    """

    def __init__(self, store: CustomerStore, call: int, *, after: bool = False) -> None:
        self._store = store
        self._call = call
        self._after = after
        self.calls: int = 0
        show_ports(self, store, STORE_PORTS)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the store has
        return getattr(self._store, name)

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The relations of the store."""
        return self._store.relations

    def scan(self, after: str | None = None, /) -> Iterator[Customer]:
        """Scan the store."""
        return self._store.scan(after)

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Read from the store."""
        return self._store.get(ids)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction of the store."""
        with self._store.transaction() as tx:
            yield _FailingTransaction(self, tx)

    def run(self, call: Any, *arguments: Any) -> Any:  # noqa: ANN401  # any method of a transaction
        """Make one call, or crash."""
        self.calls += 1
        if self.calls == self._call and not self._after:
            raise Crash(self.calls)
        result = call(*arguments)
        if self.calls == self._call:
            raise Crash(self.calls)
        return result


@final
class _FailingTransaction:
    def __init__(self, store: FailsAt, tx: Transaction) -> None:
        self._run = store.run
        self._tx: Any = tx

    def load(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        loaded: Mapping[str, Customer] = self._run(self._tx.load, ids)
        return loaded

    def save(self, changes: Sequence[Change], /) -> tuple[str, ...]:
        ids: tuple[str, ...] = self._run(self._tx.save, changes)
        return ids

    def move(self, relation: str, moves: Sequence[MovedRows | tuple[str, str]], /) -> RowChanges:
        changes: RowChanges = self._run(self._tx.move, relation, moves)
        return changes

    def put_back(self, relation: str, removed: Sequence[RemovedRow], /) -> None:
        self._run(self._tx.put_back, relation, removed)

    def remember(self, receipt: Receipt, /) -> None:
        self._run(self._tx.remember, receipt)

    def receipt(self, plan_id: str, /) -> Receipt | None:
        found: Receipt | None = self._run(self._tx.receipt, plan_id)
        return found

    def resolve(self, ids: Iterable[str], /) -> Mapping[str, str]:
        found: Mapping[str, str] = self._run(self._tx.resolve, ids)
        return found

    def leading_to(self, ids: Iterable[str], /) -> frozenset[str]:
        found: frozenset[str] = self._run(self._tx.leading_to, ids)
        return found

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        plans: frozenset[str] = self._run(self._tx.rewrite_receipts, ids, change)
        return plans

    def rewrite_judgements(
        self, ids: Iterable[str], change: Callable[[Judgement], Judgement], /
    ) -> int:
        count: int = self._run(self._tx.rewrite_judgements, ids, change)
        return count


def show_ports(wrapper: Any, wrapped: object, ports: Iterable[type]) -> None:  # noqa: ANN401  # one with __getattr__
    """Give a wrapper the methods of optional ports that the wrapped object has.

    From Python 3.12 on ``isinstance`` does not see what ``__getattr__`` would find.
    """
    for port in ports:
        for name in vars(port):
            if not name.startswith("_") and hasattr(wrapped, name):
                setattr(wrapper, name, partial(_forward, wrapper, name))


def _forward(wrapper: Any, name: str, *given: Any) -> Any:  # noqa: ANN401  # as above
    return wrapper.__getattr__(name)(*given)
