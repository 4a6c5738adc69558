"""A register in a database, through SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any, final

import sqlalchemy as sa

from dedupkit.customers import Customer, Judgement
from dedupkit.errors import StoreError
from dedupkit.plans import Receipt, Relation, derived_balances
from dedupkit.stores.rows import Row, RowValue, as_relations
from dedupkit.stores.searching import ranked, search_words
from dedupkit.stores.sql.connecting import open_engine, outermost, told
from dedupkit.stores.sql.journal import (
    add_judgements,
    find_history,
    read_judgements,
)
from dedupkit.stores.sql.opening import Found, check_version, look_into
from dedupkit.stores.sql.reading import chunks, read_customers, rows_of, scan_customers
from dedupkit.stores.sql.related import (
    add_rows,
    count_rows,
    declare_relations,
    read_relations,
)
from dedupkit.stores.sql.schema import METADATA, customers, groups, memberships
from dedupkit.stores.sql.transaction import SqlTransaction
from dedupkit.stores.sql.writing import username_holders
from dedupkit.stores.unique import USERNAME

__all__ = ["SqlStore"]


@final
class SqlStore:
    """A register in a database; `create` makes the tables or opens them.

    It satisfies `CustomerStore` and every optional port but `SupportsLookup` and
    `SupportsFieldDuplicates`. It joins the transaction that the given connection has open, and
    never commits what it did not begin. User names are unique.
    """

    def __init__(
        self, bind: sa.Engine | sa.Connection, *, relations: Iterable[Relation] = ()
    ) -> None:
        self._bind = bind
        self._relations = {relation.name: relation for relation in relations}
        self._derived = derived_balances(self._relations.values())
        self._open = local()

    @classmethod
    def create(
        cls,
        bind: str | sa.Engine | sa.Connection,
        /,
        *,
        relations: Iterable[Relation | str] = (),
    ) -> SqlStore:
        """Open a register of the library's own tables; make those that are missing.

        Args:
            bind: A URL such as ``"sqlite:///register.db"``, an engine, or a connection.
            relations: What refers to customers; the register remembers them, so that those of
                earlier need not be named again.

        Raises:
            ConfigurationError: the tables are of another version of this library, another
                application has tables of their names, or what the register holds contradicts what
                rows are said to add up to.
            StoreError: the database cannot be opened.

        >>> store = SqlStore.create("sqlite://", relations=["orders"])
        >>> with store.transaction() as transaction:
        ...     transaction.save([(None, Customer(id="new-1", first_name="Anna"))])
        ('1',)
        >>> [card.id for card in store.search("anna")]
        ['1']
        """
        engine = open_engine(bind) if isinstance(bind, str) else bind
        declared = as_relations(relations)
        if isinstance(engine, sa.Engine) and not declared:
            with told(), engine.connect() as connection:  # reading takes no lock
                if look_into(connection) is Found.REGISTER:
                    check_version(connection)
                    return cls(engine, relations=read_relations(connection))
        with outermost(engine) as connection, told():
            look_into(connection)
            METADATA.create_all(connection)
            check_version(connection)
            declare_relations(connection, declared)
            return cls(engine, relations=read_relations(connection))

    def __repr__(self) -> str:
        return f"<SqlStore on {self._bind.dialect.name}>"

    def close(self) -> None:
        """Close the connections of an engine; those of the host stay as they are."""
        if isinstance(self._bind, sa.Engine):
            self._bind.dispose()

    # --- Reading -------------------------------------------------------------------------------

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Every relation whose rows refer to customers."""
        return tuple(self._relations.values())

    def scan(self, after: str | None = None, /) -> Iterator[Customer]:
        """Yield every customer behind *after*, retired ones included, in the order of ids."""
        with self._reading() as connection:
            yield from scan_customers(connection, after, derived=self._derived)

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return the customers of *ids*, in their order; unknown ids are left out."""
        wanted = tuple(ids)
        with self._reading() as connection:
            found = read_customers(connection, wanted, derived=self._derived)
        return {i: found[i] for i in wanted if i in found}

    def search(self, query: str, /) -> Iterator[Customer]:
        """Yield active customers in whose contact fields every word stands, best first."""
        words = search_words(query)
        fitting = [customers.c.words.contains(word, autoescape=True) for word in words]
        active = sa.select(customers.c.id, customers.c.words).where(
            customers.c.merged_into.is_(None), *fitting
        )
        with self._reading() as connection:
            texts = {row.id: row.words for row in connection.execute(active)} if words else {}
            found = read_customers(connection, texts, derived=self._derived)
        return ranked(words, ((card, texts[card.id]) for card in found.values()))

    def rows(self, relation: str, customer_id: str, /) -> Sequence[Mapping[str, Any]]:
        """Return the rows of *relation* that refer to the customer, in the order of their ids."""
        declared = self._relation(relation)
        with self._reading() as connection:
            found = rows_of(connection, relation, [customer_id])
        return tuple(row.listed(declared) for row in found)

    def counts(self, relation: str, ids: Iterable[str], /) -> Mapping[str, int]:
        """Return how many rows of *relation* refer to each of *ids*."""
        self._relation(relation)
        with self._reading() as connection:
            return count_rows(connection, relation, ids)

    def groups(self) -> Mapping[str, int]:
        """Return the number of active members of every group, empty groups included."""
        active = sa.select(customers.c.id).where(customers.c.merged_into.is_(None))
        members = (
            sa.select(memberships.c.name, sa.func.count())
            .where(memberships.c.customer_id.in_(active))
            .group_by(memberships.c.name)
        )
        with self._reading() as connection:
            names = connection.execute(sa.select(groups.c.name).order_by(groups.c.name)).scalars()
            counts = dict.fromkeys(names, 0)
            counts.update((name, count) for name, count in connection.execute(members))
        return counts

    def holders(self, path: str, values: Iterable[str], /) -> Mapping[str, str]:
        """Return value → id of the customer that holds it; user names alone are unique."""
        with self._reading() as connection:
            return username_holders(connection, values) if path == USERNAME else {}

    def judgements(self) -> Iterator[Judgement]:
        """Yield all judgements, in the order in which they were given."""
        with self._reading() as connection:
            return iter(read_judgements(connection))

    def history(self, ids: Iterable[str] | None = None, /) -> Iterator[Receipt]:
        """Yield the newest receipt of every plan that one of *ids* took part in, oldest first.

        Without *ids*, those of all plans.
        """
        with self._reading() as connection:
            return iter(list(find_history(connection, ids)))

    # --- Writing -------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Open a transaction, or a savepoint of the one that is open."""
        with self._writing() as connection:
            yield SqlTransaction(connection, self._relation, self._derived)

    def judge(self, judgements: Sequence[Judgement], /) -> None:
        """Keep judgements; inside a transaction they are part of it."""
        with self._writing() as connection, told():
            add_judgements(connection, judgements)

    def add_rows(self, relation: str, rows: Mapping[str, RowValue], /) -> None:
        """Insert rows, as the host's application does when a customer orders something.

        Raises:
            ConfigurationError: a row names no customer, or lacks what it adds to a balance.
            StoreError: the relation is unknown, or has a row of one of these ids already.
        """
        declared = self._relation(relation)
        given = [Row.read(declared, row_id, value) for row_id, value in rows.items()]
        with self._writing() as connection, told():
            for part in chunks(given, 5_000):
                add_rows(connection, relation, part)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        here: sa.Connection | None = getattr(self._open, "connection", None)
        if here is not None:
            with here.begin_nested():
                yield here
            return
        with outermost(self._bind) as connection:
            self._open.connection = connection
            try:
                yield connection
            finally:
                self._open.connection = None

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        here: sa.Connection | None = getattr(self._open, "connection", None)
        if here is not None:
            with told():
                yield here
        elif isinstance(self._bind, sa.Connection):
            with told():
                yield self._bind
        else:
            with told(), self._bind.connect() as connection:
                yield connection

    def _relation(self, name: str) -> Relation:
        relation = self._relations.get(name)
        if relation is None:
            known = ", ".join(self._relations) or "none"
            raise StoreError(f"unknown relation {name!r}; this store knows {known}")
        return relation
