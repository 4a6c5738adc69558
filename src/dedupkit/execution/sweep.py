"""Bring rows home that arrived late for a card that was retired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.execution.many import Summary, execute_many
from dedupkit.plans import (
    Expectation,
    Plan,
    PlanKind,
    Repoint,
    Rows,
    TransferBalance,
    derived_balances,
)
from dedupkit.ports import CustomerStore, SupportsRows

__all__ = ["sweep"]


def sweep(
    store: CustomerStore, /, *, by: str, at: datetime, ids: Iterable[str] | None = None
) -> Summary:
    """Move rows that still refer to retired cards to the customers that stand for them now.

    An order may be placed with an old id while, or after, two cards are merged. Rows of relations
    that are declared to stay do so. Each master is a plan of its own, with a receipt that `undo`
    takes like any other; the undo of the merge leaves late rows with the master.

    Args:
        store: The register; it must satisfy `SupportsRows`.
        by: Who sweeps.
        at: When; with a time zone.
        ids: The retired cards to look at; None looks at all, which scans the register.

    Raises:
        ConfigurationError: the store does not show rows, *ids* is one id, *by* is blank, or *at*
            has no time zone.

    >>> from datetime import UTC
    >>> from dedupkit.customers import Customer
    >>> from dedupkit.stores.memory import MemoryStore
    >>> cards = [Customer(id="1"), Customer(id="2", merged_into="1")]
    >>> store = MemoryStore(cards, rows={"orders": {"late": "2"}})
    >>> sweep(store, by="anna", at=datetime(2026, 1, 1, tzinfo=UTC)).describe()
    '1 executed, 0 stale, 0 refused'
    >>> store.rows == {"orders": {"late": "1"}}
    True
    """
    asked: object = ids
    if isinstance(asked, str) or not isinstance(asked, Iterable | None):
        raise ConfigurationError("ids is a collection of ids, also where there is one")
    if not isinstance(store, SupportsRows):
        raise ConfigurationError("sweep needs a store that shows rows: SupportsRows")
    if ids is None:
        ids = [card.id for card in store.scan() if not card.is_active]
    return execute_many(_plans(store, store, sorted(set(ids))), store, by=by, at=at)


def _plans(store: CustomerStore, rows: SupportsRows, ids: list[str]) -> Iterator[Plan]:
    """Yield one plan for every customer that late rows belong to."""
    moving = [relation.name for relation in store.relations if relation.rows is Rows.MOVE]
    late = {name: {i for i, n in rows.counts(name, ids).items() if n} for name in moving}
    wanted = sorted({i for found in late.values() for i in found})
    with store.transaction() as tx:
        ends = tx.resolve(wanted)
        cards = tx.load([*ends, *ends.values()])
    homes: dict[str, list[str]] = {}
    for customer_id, end in ends.items():
        if end != customer_id and end in cards:
            homes.setdefault(end, []).append(customer_id)
    for end, olds in sorted(homes.items()):
        yield Plan(
            kind=PlanKind.EDIT,
            expects=[Expectation.of(cards[i]) for i in (end, *olds) if i in cards],
            steps=[
                *(Repoint(name, i, end) for name in moving for i in olds if i in late[name]),
                *(
                    step
                    for i in olds
                    if i in cards
                    for step in _carried(cards[i], end, late, store)
                ),
            ],
        )


def _carried(
    card: Customer, end: str, late: Mapping[str, set[str]], store: CustomerStore
) -> Iterator[TransferBalance]:
    """Yield what the late rows of a retired card add up to."""
    derived = derived_balances(store.relations)
    for balance in card.balances:
        relation = derived.get(balance.key)
        if relation is not None and card.id in late.get(relation.name, ()):
            yield TransferBalance(
                kind=balance.kind,
                unit=balance.unit,
                programme=balance.programme,
                amount=balance.amount,
                source=card.id,
                target=end,
                settled_by=relation.name,
                origin=(card.id,),
            )
