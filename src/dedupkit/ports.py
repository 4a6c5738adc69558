"""The ports: Protocols that a host's database answers. A store is dumb, it interprets no step.

Parameters are positional-only, so a host may name them freely; a host class inherits nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias, runtime_checkable

from dedupkit.customers import Customer, Judgement
from dedupkit.plans import (
    Blocker,
    MovedRows,
    Plan,
    Receipt,
    Relation,
    RemovedRow,
    RowChanges,
)

__all__ = [
    "Change",
    "CustomerSource",
    "CustomerStore",
    "GroupTransaction",
    "Guard",
    "JournalTransaction",
    "JudgementStore",
    "RedactionTransaction",
    "SupportsFieldDuplicates",
    "SupportsGroups",
    "SupportsHistory",
    "SupportsHolders",
    "SupportsLookup",
    "SupportsRows",
    "SupportsSearch",
    "Transaction",
]

#: One customer before and after: before None creates, after None deletes.
Change: TypeAlias = tuple[Customer | None, Customer | None]


class CustomerSource(Protocol):
    """Where customers are read from."""

    def scan(self, after: str | None = None, /) -> Iterator[Customer]:
        """Yield every customer, retired ones included, in a stable order of ids.

        *after* begins behind that id, so that a long scan can be taken up again.
        """

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return the customers of *ids*, retired ones included; unknown ids are left out."""


class Transaction(Protocol):
    """What happens inside one transaction of a store; leaving it normally commits."""

    def load(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return whole customers, locked where the store can, in the order of ids.

        Unknown ids are left out.
        """

    def save(self, changes: Sequence[Change], /) -> tuple[str, ...]:
        """Write changes, all of one call together; return the id of each, in order.

        One change per id. Only what differs is written; unique values are released before they
        are claimed; every customer handed in gets a new version, even where nothing differs. A
        created customer with a provisional id (``new-…``) gets the store's own.

        Raises:
            StaleWriteError: a customer is not as its *before* says.
        """

    def move(self, relation: str, moves: Sequence[MovedRows | tuple[str, str]], /) -> RowChanges:
        """Let rows of *relation* refer to another customer.

        Each move is a pair (source, target), which means all rows of the source, or `MovedRows`,
        which means just those rows as far as they still refer to its source.

        Raises:
            StoreError: a row collides with a unique key and the relation refuses collisions.
        """

    def put_back(self, relation: str, removed: Sequence[RemovedRow], /) -> None:
        """Insert rows again that `move` removed.

        Raises:
            StoreError: a customer has a row of the same unique key by now.
        """

    def remember(self, receipt: Receipt, /) -> None:
        """Write a receipt to the journal; the newest of a plan is the one that counts."""

    def receipt(self, plan_id: str, /) -> Receipt | None:
        """Return the newest receipt of a plan, or None."""

    def resolve(self, ids: Iterable[str], /) -> Mapping[str, str]:
        """Return for every known id the active customer that stands for it now.

        An id without a redirect stands for itself; unknown ones are left out.
        """


@runtime_checkable
class GroupTransaction(Protocol):
    """A transaction that also keeps customer groups, empty ones included."""

    def create_groups(self, names: Sequence[str], /) -> None:
        """Add groups without members; one that is there already stays as it is."""

    def delete_groups(self, names: Sequence[str], /) -> None:
        """Delete groups.

        Raises:
            StoreError: a group has members, retired ones included.
        """


@runtime_checkable
class RedactionTransaction(Protocol):
    """A transaction that can also take the data of a person out of what the store keeps."""

    def leading_to(self, ids: Iterable[str], /) -> frozenset[str]:
        """Return the retired ids whose redirects end on one of *ids*, deleted cards included."""

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        """Put *change* of every receipt that one of *ids* took part in into its place.

        All receipts of a plan are meant, not only the newest, the oldest first; *ids* None means
        those of everybody. What was there must not be readable any more, in free space of the
        database included where it can be overwritten. Returns the plans of receipts that differ.
        """

    def rewrite_judgements(
        self, ids: Iterable[str], change: Callable[[Judgement], Judgement], /
    ) -> int:
        """Put *change* of every judgement that names one of *ids* into its place.

        Returns how many differ. A store that keeps no judgements has none to write.
        """


@runtime_checkable
class JournalTransaction(Protocol):
    """A transaction that reads and writes the receipts of many plans with one call each."""

    def receipts(self, plan_ids: Iterable[str], /) -> Mapping[str, Receipt]:
        """Return the newest receipt of each plan that has one."""

    def remember_all(self, receipts: Sequence[Receipt], /) -> None:
        """Write receipts to the journal, in order, as `Transaction.remember` does."""


class CustomerStore(CustomerSource, Protocol):
    """A register that plans can be executed on."""

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Every relation whose rows refer to customers."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction: leaving it normally commits, an exception rolls all of it back."""


class Guard(Protocol):
    """A rule of the host that may forbid a plan; asked inside the transaction."""

    def __call__(self, plan: Plan, customers: Mapping[str, Customer], /) -> Iterable[Blocker]:
        """Return what forbids *plan*; nothing where it may go on."""


@runtime_checkable
class JudgementStore(Protocol):
    """A store that keeps what people said about pairs of cards."""

    def judgements(self) -> Iterator[Judgement]:
        """Yield all judgements, in the order in which they were given."""

    def judge(self, judgements: Sequence[Judgement], /) -> None:
        """Keep judgements; inside a transaction they are part of it."""


@runtime_checkable
class SupportsSearch(Protocol):
    """A source that finds cards by what a clerk types."""

    def search(self, query: str, /) -> Iterator[Customer]:
        """Yield active customers that fit the words of *query*, best first."""


@runtime_checkable
class SupportsFieldDuplicates(Protocol):
    """A source that groups active customers by one normalized field itself."""

    def field_duplicates(self, field: str, /) -> Iterator[tuple[str, ...]]:
        """Yield groups of two or more ids, the lowest customer number first."""


@runtime_checkable
class SupportsLookup(Protocol):
    """A source that finds customers by blocking keys."""

    def lookup(self, keys: Iterable[str], /) -> Iterator[Customer]:
        """Yield the customers that have one of *keys*."""


@runtime_checkable
class SupportsRows(Protocol):
    """A source that shows the rows that refer to a customer."""

    def rows(self, relation: str, customer_id: str, /) -> Sequence[Mapping[str, Any]]:
        """Return the rows of *relation* that refer to the customer.

        Each row shows its customer in the relation's column; where it adds up to a balance or must
        be unique also its id, as ``"id"``, and those columns.
        """

    def counts(self, relation: str, ids: Iterable[str], /) -> Mapping[str, int]:
        """Return how many rows of *relation* refer to each of *ids*."""


@runtime_checkable
class SupportsGroups(Protocol):
    """A source that knows the customer groups."""

    def groups(self) -> Mapping[str, int]:
        """Return the number of active members of every group, empty groups included."""


@runtime_checkable
class SupportsHistory(Protocol):
    """A store that finds the receipts of a customer."""

    def history(self, ids: Iterable[str] | None = None, /) -> Iterator[Receipt]:
        """Yield the newest receipt of every plan that one of *ids* took part in, oldest first.

        Without *ids*, those of all plans. Inside a transaction it sees what that transaction wrote.
        """


@runtime_checkable
class SupportsHolders(Protocol):
    """A store that tells who holds a unique value."""

    def holders(self, path: str, values: Iterable[str], /) -> Mapping[str, str]:
        """Return value → id of a customer that holds it; values held by nobody are left out.

        Of a *path* whose values may stand on several cards there is nothing to tell: most stores
        answer for ``"number"`` and ``"web_profile.username"`` alone.
        """
