"""What scenarios share: one way to open a register, in memory or in a database."""

from collections.abc import Callable, Iterable, Mapping

import pytest

from dedupkit.customers import Customer
from dedupkit.plans import Relation
from dedupkit.stores.memory import MemoryStore

Rows = Mapping[str, Mapping[str, str | Mapping[str, object]]]


@pytest.fixture(params=["memory", "sqlite"])
def open_register(request: pytest.FixtureRequest) -> Callable[..., object]:
    """A function that opens a register of cards, with rows and relations where they are given."""

    def opened(
        *cards: Customer, rows: Rows | None = None, relations: Iterable[Relation] = ()
    ) -> object:
        if request.param == "memory":
            return MemoryStore(cards, rows, relations)
        sql = pytest.importorskip("dedupkit.stores.sql")
        declared = tuple(relations)
        names = {relation.name for relation in declared}
        others = [Relation(name) for name in rows or () if name not in names]
        store = sql.SqlStore.create("sqlite://", relations=[*declared, *others])
        with store.transaction() as tx:
            tx.save([(None, card) for card in cards])
        for name, given in (rows or {}).items():
            store.add_rows(name, given)
        return store

    return opened
