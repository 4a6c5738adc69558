"""Finding receipts."""

from datetime import UTC, datetime

import pytest

from dedupkit.cli.receipts import find_receipts, find_standing_merges
from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.execution import execute, undo
from dedupkit.merging import plan_merge
from dedupkit.plans import Receipt
from dedupkit.ports import CustomerStore
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore

AT = datetime(2026, 1, 1, tzinfo=UTC)


def merged() -> tuple[MemoryStore, list[Receipt]]:
    """Return a register in which four merges stand, and their receipts."""
    store = MemoryStore([Customer(id=str(n)) for n in range(1, 9)])
    cards = store.customers
    pairs = [(str(n), str(n + 1)) for n in (1, 3, 5, 7)]
    receipts = [
        execute(plan_merge(cards[a], [cards[b]]), store, by="anna", at=AT) for a, b in pairs
    ]
    return store, receipts


def test_receipts_are_found_by_their_beginning() -> None:
    """As many characters as tell plans apart are enough, in any order."""
    store, receipts = merged()
    wanted = receipts[::-1]

    assert find_receipts(store, [r.plan_id[:20] for r in wanted]) == wanted
    assert find_receipts(store, [r.plan_id for r in wanted]) == wanted


@pytest.mark.parametrize(
    ("prefix", "many"), [(" ", "is blank"), ("zz", "no receipt of this register begins")]
)
def test_an_unclear_beginning_is_refused(prefix: str, many: str) -> None:
    """Nothing is undone by accident."""
    store, _ = merged()

    with pytest.raises(ConfigurationError, match=many):
        find_receipts(store, [prefix])


def test_merges_that_stand_come_newest_first() -> None:
    """In this order every one of them can be undone."""
    store, receipts = merged()
    undo(receipts[1], store, by="anna", at=AT)

    standing = find_standing_merges(store)

    assert standing == [receipts[3], receipts[2], receipts[0]]
    assert find_receipts(store, [receipts[1].plan_id[:20]])[0].undone_by is not None


def test_a_store_without_history_says_so() -> None:
    """The whole id is what such a register needs."""
    from contextlib import nullcontext

    store: CustomerStore = CallbackStore(
        lambda _: {}, lambda _: None, None, nullcontext, scan=lambda _: [Customer(id="1")]
    )

    with pytest.raises(ConfigurationError, match="keeps no history"):
        find_receipts(store, ["abc"])
