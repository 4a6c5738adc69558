"""A whole store from a host's own functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias, final, runtime_checkable

from dedupkit.customers import Customer, Judgement
from dedupkit.customers.redirects import follow
from dedupkit.errors import ConfigurationError, StoreError
from dedupkit.plans import (
    MovedRows,
    Receipt,
    Relation,
    RemovedRow,
    RowChanges,
    derived_balances,
)
from dedupkit.ports import Change, SupportsHistory
from dedupkit.stores.derived import without_derived_changes
from dedupkit.stores.rows import Move, as_relations
from dedupkit.stores.unique import changed_ids, is_provisional

__all__ = ["CallbackStore", "CallbackTransaction", "Journal", "RewritableJournal"]

Load: TypeAlias = Callable[[Sequence[str]], Mapping[str, Customer] | Iterable[Customer]]
Save: TypeAlias = Callable[[Sequence[Change]], Iterable[str] | None]
MoveRows: TypeAlias = Callable[[str, Sequence[Move]], RowChanges | Iterable[MovedRows]]
PutBack: TypeAlias = Callable[[str, Sequence[RemovedRow]], None]
Scan: TypeAlias = Callable[[str | None], Iterable[Customer]]


class Journal(Protocol):
    """Where a host keeps receipts, inside the transaction that is open.

    One that also satisfies `SupportsHistory` lets `undo` name later merges, and one that is a
    `RewritableJournal` lets `redact` and `purge` take personal data out of it.
    """

    def remember(self, receipt: Receipt, /) -> None:
        """Write a receipt; the newest of a plan is the one that counts."""

    def receipt(self, plan_id: str, /) -> Receipt | None:
        """Return the newest receipt of a plan, or None."""


@runtime_checkable
class RewritableJournal(Protocol):
    """A journal whose receipts can be redacted."""

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        """Put *change* of receipts into their place, as `RedactionTransaction` has it."""


@final
class CallbackStore:
    """A store made of functions: a host keeps its classes and tables as they are.

    Without a journal it does not notice that a plan was executed before (the plan is stale then),
    and `undo` needs a receipt that the caller kept.

    Args:
        load: Ids → the customers that there are, as a mapping or one by one; locked where the host
            can. Retired ones included, with ``merged_into`` set, unless they are deleted.
        save: Changes ``(before, after)``, all at once, as `Transaction.save` has it. Returns the
            ids in order; None will do where nothing is created.
        move: Relation and moves → what moved, as `Transaction.move` has it; a plain collection of
            `MovedRows` will do. None where nothing refers to customers.
        transaction: Opens a transaction of the host: leaving it normally commits, an exception
            rolls back. It may join one that is open already.
        put_back: Inserts rows that *move* removed; None where it never removes any.
        relations: What refers to customers. A balance that rows add up to is *load*'s to compute;
            *save* never gets it.
        journal: Where receipts are kept.
        scan: Yields all customers behind an id, in the order of ids; None where nobody scans.

    >>> from contextlib import nullcontext
    >>> cards = {"1": Customer(id="1")}
    >>> def save(changes):
    ...     cards.update((after.id, after) for _, after in changes)
    >>> store = CallbackStore(lambda ids: cards, save, None, nullcontext)
    >>> store.get(["1", "2"])
    {'1': Customer('1')}
    """

    def __init__(  # noqa: PLR0917  # functions in the order of a merge
        self,
        load: Load,
        save: Save,
        move: MoveRows | None,
        transaction: Callable[[], AbstractContextManager[object]],
        put_back: PutBack | None = None,
        relations: Iterable[Relation | str] = (),
        journal: Journal | None = None,
        *,
        scan: Scan | None = None,
    ) -> None:
        self._load = load
        self._save = save
        self._move = move
        self._transaction = transaction
        self._put_back = put_back
        self._relations = as_relations(relations)
        self._derived = derived_balances(self._relations)
        self._journal = journal
        self._scan = scan
        if self._relations and move is None:
            raise ConfigurationError("CallbackStore: relations are declared, so move is needed")
        if isinstance(journal, SupportsHistory):
            self.history: Callable[..., Iterator[Receipt]] = journal.history

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Every relation whose rows refer to customers."""
        return self._relations

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return the customers of *ids*, in the order of ids; unknown ids are left out.

        Raises:
            StoreError: the host's function returned no customers.
        """
        wanted = sorted(set(ids))
        found = self._load(wanted)
        answer: object = found.values() if isinstance(found, Mapping) else found
        cards = tuple(answer) if isinstance(answer, Iterable) else (answer,)
        if not all(isinstance(card, Customer) for card in cards):
            raise StoreError("load must return Customer objects, or a mapping of ids to them")
        by_id = {card.id: card for card in cards}
        return {i: by_id[i] for i in wanted if i in by_id}

    def scan(self, after: str | None = None, /) -> Iterator[Customer]:
        """Yield every customer behind *after*.

        Raises:
            ConfigurationError: the host gave no *scan*.
        """
        if self._scan is None:
            raise ConfigurationError("CallbackStore: give scan=… to go through all customers")
        return iter(self._scan(after))

    @contextmanager
    def transaction(self) -> Iterator[CallbackTransaction]:
        """Open a transaction of the host."""
        with self._transaction():
            yield CallbackTransaction(
                self.get,
                lambda changes: self._save(without_derived_changes(changes, self._derived)),
                self._move,
                self._put_back,
                self._journal,
                self.scan,
            )


@final
class CallbackTransaction:
    """What happens inside one transaction of a `CallbackStore`."""

    def __init__(  # noqa: PLR0917  # functions in the order of a merge
        self,
        get: Callable[[Iterable[str]], Mapping[str, Customer]],
        save: Save,
        move: MoveRows | None,
        put_back: PutBack | None,
        journal: Journal | None,
        scan: Callable[[], Iterable[Customer]],
    ) -> None:
        self._get = get
        self._save = save
        self._move = move
        self._put_back = put_back
        self._journal = journal
        self._scan = scan

    def load(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return whole customers, in the order of ids; unknown ids are left out."""
        return self._get(ids)

    def save(self, changes: Sequence[Change], /) -> tuple[str, ...]:
        """Write changes, all together; return the id of each, in order.

        Raises:
            StoreError: the host's function created a customer and did not tell its id.
        """
        wanted = changed_ids(changes)
        returned = self._save(changes)
        ids = tuple(wanted if returned is None else returned)
        if len(ids) != len(wanted) or any(map(is_provisional, ids)):
            raise StoreError("save must return the id of every customer where it creates one")
        return ids

    def move(self, relation: str, moves: Sequence[Move], /) -> RowChanges:
        """Let rows of *relation* refer to another customer.

        Raises:
            StoreError: the host gave no function for it.
        """
        if self._move is None:
            raise StoreError(f"rows of {relation!r} cannot be moved: CallbackStore has no move")
        changes = self._move(relation, moves)
        return changes if isinstance(changes, RowChanges) else RowChanges(changes)

    def put_back(self, relation: str, removed: Sequence[RemovedRow], /) -> None:
        """Insert rows again that `move` removed.

        Raises:
            StoreError: the host gave no function for it.
        """
        if self._put_back is None:
            raise StoreError(f"rows of {relation!r} cannot be put back: give put_back=…")
        self._put_back(relation, removed)

    def remember(self, receipt: Receipt, /) -> None:
        """Write a receipt to the journal, if there is one."""
        if self._journal is not None:
            self._journal.remember(receipt)

    def receipt(self, plan_id: str, /) -> Receipt | None:
        """Return the newest receipt of a plan, or None."""
        return None if self._journal is None else self._journal.receipt(plan_id)

    def resolve(self, ids: Iterable[str], /) -> Mapping[str, str]:
        """Return for every known id the customer that stands for it now."""
        known = dict(self._get(ids))
        asked = tuple(known)
        ahead = {card.merged_into for card in known.values()} - {None, *known}
        while ahead:
            found = self._get(i for i in ahead if i is not None)
            known.update(found)
            ahead = {card.merged_into for card in found.values()} - {None, *known}
        into = {card.id: card.merged_into for card in known.values()}
        return {i: follow(i, into.get) for i in asked}

    def leading_to(self, ids: Iterable[str], /) -> frozenset[str]:
        """Return the retired ids whose redirects end on one of *ids*; scans the register.

        Raises:
            ConfigurationError: the host gave no *scan*.
        """
        ends = frozenset(ids)
        into = {card.id: card.merged_into for card in self._scan() if not card.is_active}
        return frozenset(i for i in into if follow(i, into.get) in ends)

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        """Put *change* of receipts into their place, if there is a journal.

        Raises:
            ConfigurationError: the journal is no `RewritableJournal`.
        """
        if self._journal is None:
            return frozenset()
        if not isinstance(self._journal, RewritableJournal):
            raise ConfigurationError("the journal cannot be redacted: give it rewrite_receipts")
        return self._journal.rewrite_receipts(ids, change)

    def rewrite_judgements(
        self, ids: Iterable[str], change: Callable[[Judgement], Judgement], /
    ) -> int:
        """Return 0: a `CallbackStore` keeps no judgements."""
        return 0
