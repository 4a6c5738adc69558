"""The reference store: a register in memory, which every other store is measured against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any, final

from dedupkit.customers import Customer, FieldMap, Judgement
from dedupkit.errors import ConfigurationError
from dedupkit.plans import Receipt, Relation, derived_balances
from dedupkit.stores.derived import without_derived
from dedupkit.stores.memory_tables import MemoryTransaction, Tables
from dedupkit.stores.rows import Row, RowValue, as_relations
from dedupkit.stores.searching import card_text, ranked, search_words
from dedupkit.stores.unique import USERNAME, as_number, claims

__all__ = ["MemoryStore", "RowsView"]


@final
class RowsView(Mapping[str, Mapping[str, RowValue]]):
    """Relation → row id → row, in the form in which rows were given; equals a dict.

    Called with a relation and a customer's id it returns that customer's rows, as `SupportsRows`
    has it.
    """

    def __init__(self, relations: Iterable[Relation], rows: Iterable[tuple[str, Row]]) -> None:
        self._relations = {relation.name: relation for relation in relations}
        self._rows: dict[str, dict[str, Row]] = {name: {} for name in self._relations}
        for relation, row in rows:
            self._rows[relation][row.id] = row

    def __getitem__(self, relation: str) -> Mapping[str, RowValue]:
        declared, rows = self._relations[relation], self._rows[relation]
        return FieldMap((row.id, row.shown(declared)) for row in rows.values())

    def __iter__(self) -> Iterator[str]:
        return iter(self._relations)

    def __len__(self) -> int:
        return len(self._relations)

    def __repr__(self) -> str:
        return f"RowsView({', '.join(f'{name}: {len(r)}' for name, r in self._rows.items())})"

    def __call__(self, relation: str, customer_id: str, /) -> Sequence[Mapping[str, Any]]:
        """Return the rows of *relation* that refer to the customer, in the order of their ids."""
        declared, rows = self._relations[relation], self._rows[relation]
        return tuple(
            row.listed(declared) for _, row in sorted(rows.items()) if row.customer == customer_id
        )


@final
class MemoryStore:
    """A register in memory, with relations, groups, judgements, receipts and real transactions.

    It satisfies `CustomerStore` and every optional port but `SupportsLookup` and
    `SupportsFieldDuplicates`. Transactions exclude each other; one inside another is part of it.

    Args:
        customers: The customers, or id → customer. Versions stay as given until the store first
            writes that customer. Balances that rows add up to may be left out.
        rows: Relation → row id → id of the customer, or a mapping of columns; the relation says
            which column holds the id.
        relations: What is known of the relations beside their names.
        judgements: What people have said.
        groups: Customer groups, where some have no members.
        unique: Paths of which each value stands on one card only, retired ones included; held
            for what is written, not for what was given.

    Raises:
        ConfigurationError: what is given are no customers, an id stands twice, a row names no
            customer or lacks its amount, or customers have a balance that is not what their rows
            add up to.

    >>> store = MemoryStore([Customer(id="1001")], rows={"orders": {"o1": "1001"}})
    >>> with store.transaction() as transaction:
    ...     transaction.save([(None, Customer(id="new-1", first_name="Anna"))])
    ('1002',)
    """

    def __init__(
        self,
        customers: Iterable[Customer] | Mapping[str, Customer] = (),
        rows: Mapping[str, Mapping[str, RowValue]] | None = None,
        relations: Iterable[Relation | str] = (),
        *,
        judgements: Iterable[Judgement] = (),
        groups: Iterable[str] = (),
        unique: Iterable[str] = (USERNAME,),
    ) -> None:
        given = tuple(customers.values() if isinstance(customers, Mapping) else customers)
        if not all(isinstance(card, Customer) for card in given):
            raise ConfigurationError("customers must be Customer objects, or id → Customer")
        by_id = {customer.id: customer for customer in given}
        if len(by_id) != len(given):
            times = Counter(customer.id for customer in given)
            twice = sorted(i for i, count in times.items() if count > 1)
            raise ConfigurationError(f"ids given twice: {', '.join(twice)}; keep one card of each")
        rows = {} if rows is None else rows
        declared = as_relations(relations)
        names = {relation.name for relation in declared}
        paths = tuple(unique)
        derived = derived_balances(declared)
        self._tables = Tables(
            relations=declared + tuple(Relation(name) for name in rows if name not in names),
            unique=paths,
            given_versions=frozenset(c.version for c in given if c.version is not None),
            derived=derived,
            customers={i: without_derived(card, derived) for i, card in by_id.items()},
            redirects={c.id: c.merged_into for c in given if c.merged_into is not None},
            holders={claim: c.id for c in given for claim in claims(c, paths)},
            groups=dict.fromkeys(sorted({*groups, *(g for c in given for g in c.groups)})),
            judgements=dict(enumerate(judgements)),
        )
        self._tables.last["id"] = max(map(as_number, by_id), default=0)
        self._lock = RLock()
        self._depth = 0
        for name, values in rows.items():
            self.add_rows(name, values)
        if wrong := [card.id for card in given if not self._adds_up(card)]:
            raise ConfigurationError(
                f"balances of {', '.join(wrong)} are not what their rows add up to; correct the "
                "rows, or leave these balances out"
            )

    def __repr__(self) -> str:
        return f"<MemoryStore of {len(self._tables.customers)} customers>"

    # --- What it holds -----------------------------------------------------------------------

    @property
    def customers(self) -> Mapping[str, Customer]:
        """Id → customer as they are now, retired ones included; equals a dict."""
        tables = self._tables
        if not tables.derived:  # the most frequent, and then one copy
            return FieldMap(tables.customers)
        return FieldMap((i, tables.whole(card)) for i, card in tables.customers.items())

    @property
    def rows(self) -> RowsView:
        """Relation → row id → row as they are now; equals a dict, and answers `SupportsRows`."""
        tables = self._tables
        return RowsView(tables.relations, [(name, row) for (name, _), row in tables.rows.items()])

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Every relation whose rows refer to customers."""
        return self._tables.relations

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """The newest receipt of every plan, oldest first."""
        tables = self._tables
        return tuple(tables.receipts[place] for place in sorted(tables.places.values()))

    def scan(self, after: str | None = None, /) -> Iterator[Customer]:
        """Yield every customer, retired ones included, in the order of ids as texts."""
        tables = self._tables
        ids = sorted(tables.customers)
        return iter([tables.whole(tables.customers[i]) for i in ids if after is None or i > after])

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return the customers of *ids*, in their order; unknown ids are left out."""
        tables = self._tables
        held = tables.customers
        return {i: tables.whole(held[i]) for i in ids if i in held}

    def search(self, query: str, /) -> Iterator[Customer]:
        """Yield active customers in whose contact fields every word stands, best first."""
        active = (card for card in self._tables.customers.values() if card.is_active)
        found = ranked(search_words(query), ((card, card_text(card)) for card in active))
        return map(self._tables.whole, found)

    def counts(self, relation: str, ids: Iterable[str], /) -> Mapping[str, int]:
        """Return how many rows of *relation* refer to each of *ids*."""
        self._tables.relation(relation)
        return {i: len(self._tables.rows_of.get((relation, i), ())) for i in ids}

    def groups(self) -> Mapping[str, int]:
        """Return the number of active members of every group, empty groups included."""
        counts = dict.fromkeys(self._tables.groups, 0)
        for customer in self._tables.customers.values():
            for group in customer.groups if customer.is_active else ():
                counts[group] += 1
        return counts

    def holders(self, path: str, values: Iterable[str], /) -> Mapping[str, str]:
        """Return value → id of the customer that holds it; only of paths declared unique."""
        found = ((value, self._tables.holders.get((path, value))) for value in values)
        return {value: holder for value, holder in found if holder is not None}

    def judgements(self) -> Iterator[Judgement]:
        """Yield all judgements, in the order in which they were given."""
        return iter(tuple(self._tables.judgements.values()))

    def history(self, ids: Iterable[str] | None = None, /) -> Iterator[Receipt]:
        """Yield the newest receipt of every plan that one of *ids* took part in, oldest first.

        Without *ids*, those of all plans.
        """
        tables = self._tables
        if ids is None:
            return iter(self.receipts)
        plans = {plan_id for i in ids for plan_id in tables.plans_of.get(i, ())}
        return iter([tables.receipts[p] for p in sorted(tables.places[plan] for plan in plans)])

    # --- Writing -------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """Open a transaction: leaving it normally commits, an exception rolls all of it back."""
        tables = self._tables
        with self._lock:
            start = len(tables.log)
            self._depth += 1
            try:
                yield MemoryTransaction(tables)
            except BaseException:
                tables.roll_back(start)
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    tables.log.clear()

    def judge(self, judgements: Sequence[Judgement], /) -> None:
        """Keep judgements; inside a transaction they are part of it."""
        with self.transaction():
            for judgement in judgements:
                self._tables.put(self._tables.judgements, len(self._tables.judgements), judgement)

    def add_rows(self, relation: str, rows: Mapping[str, RowValue], /) -> None:
        """Insert rows, as the host's application does when a customer orders something.

        A row of an id that is there is replaced.

        Raises:
            ConfigurationError: a row names no customer, or lacks what it adds to a balance.
            StoreError: the relation is unknown.
        """
        declared = self._tables.relation(relation)
        with self.transaction():
            for row_id, value in rows.items():
                self._tables.put_row(relation, Row.read(declared, row_id, value))

    def _adds_up(self, given: Customer) -> bool:
        """Tell whether every balance that was given for rows is what the rows add up to."""
        tables = self._tables
        found = tables.whole(tables.customers[given.id]).balances
        return all(b in found for b in given.balances if b.key in tables.derived)
