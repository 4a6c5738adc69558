"""Moving rows in a database: in few statements, and as one row after the other would move."""

from collections.abc import Iterable

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from dedupkit.customers import Customer
from dedupkit.errors import StoreError
from dedupkit.plans import MovedRows, Relation
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.rows import Move, Row
from dedupkit.stores.sql import SqlStore, related
from dedupkit.stores.sql.reading import references_of

IDS = ("1", "2", "3", "4")
RELATIONS = (Relation("cards", collision="keep_master", unique=("kind",)), Relation("orders"))

SIDES = st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True)
MOVES = st.lists(st.tuples(SIDES, st.none() | st.sets(st.sampled_from("abcdef"))), max_size=5)
ROWS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.fixed_dictionaries({"customer": st.sampled_from(IDS), "kind": st.sampled_from("xy")}),
)


def moves_of(relation: str, drawn: list[tuple[list[str], set[str] | None]]) -> list[Move]:
    """The moves as a transaction takes them."""
    return [
        (one, other) if rows is None else MovedRows(relation, one, other, sorted(rows))
        for (one, other), rows in drawn
    ]


@given(st.sampled_from([relation.name for relation in RELATIONS]), ROWS, MOVES)
@example("orders", {"a": {"customer": "1", "kind": "x"}}, [(["1", "2"], None), (["2", "3"], None)])
def test_rows_move_as_they_do_in_memory(
    relation: str, rows: dict[str, dict[str, str]], drawn: list[tuple[list[str], set[str] | None]]
) -> None:
    """Whatever moves, chains and rings included: the same rows, and the same is said of it."""
    moves, cards = moves_of(relation, drawn), [Customer(id=i) for i in IDS]
    memory = MemoryStore(cards, relations=RELATIONS, rows={relation: rows})
    store = SqlStore.create("sqlite://", relations=RELATIONS)
    with store.transaction() as tx:
        tx.save([(None, card) for card in cards])
    store.add_rows(relation, rows)

    with memory.transaction() as one, store.transaction() as other:
        assert other.move(relation, moves) == one.move(relation, moves)
    for i in IDS:
        assert store.rows(relation, i) == tuple(memory.rows(relation, i))


def test_rows_that_come_meanwhile_are_not_moved_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receipt names every row that moved, so nothing is written that was not read."""
    store = SqlStore.create("sqlite://", relations=["orders"])
    with store.transaction() as tx:
        tx.save([(None, Customer(id=i)) for i in IDS])
    store.add_rows("orders", {"a": "2", "b": "2"})

    def late(connection: sa.Connection, relation: str, ids: Iterable[str]) -> list[Row]:
        return references_of(connection, relation, ids)[1:]

    monkeypatch.setattr(related, "references_of", late)
    with pytest.raises(StoreError, match="came or went"), store.transaction() as tx:
        tx.move("orders", [("2", "1")])

    assert store.counts("orders", ["1", "2"]) == {"1": 0, "2": 2}
