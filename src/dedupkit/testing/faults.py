"""Deliberately broken stores, each with the rules that it must trip: who tests the kit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, final

from attrs import evolve, field, frozen

from dedupkit.customers import EMPTY, Customer, FieldMap, as_map, as_tuple
from dedupkit.errors import StoreError
from dedupkit.plans import MovedRows, Receipt, Relation, RowChanges
from dedupkit.ports import GroupTransaction, JournalTransaction, RedactionTransaction
from dedupkit.testing.failing import STORE_PORTS, show_ports
from dedupkit.testing.harness import State
from dedupkit.testing.harnesses import MemoryHarness

__all__ = ["STORE_FAULTS", "StoreFault"]

#: What stands in for a method: given the sound object and the arguments.
Stand: Any = Callable[..., Any]


@final
@frozen(kw_only=True)
class StoreFault:
    """One way in which a store can be broken.

    Attributes:
        name: What it does wrong.
        trips: Ids of the rules that notice, all of them, in order.
        store: Method of the store → what stands in for it.
        transaction: Method of the transaction → what stands in for it.
        commits_failures: Whether a transaction that fails is committed.
    """

    name: str
    trips: tuple[str, ...] = field(converter=as_tuple)
    store: FieldMap[str, Any] = field(default=EMPTY, converter=as_map)
    transaction: FieldMap[str, Any] = field(default=EMPTY, converter=as_map)
    commits_failures: bool = False

    def harness(self) -> BrokenHarness:
        """Return a fresh harness of a store with this fault."""
        return BrokenHarness(self)


@final
class BrokenHarness:
    """A `MemoryHarness` whose store has a fault; its back door is sound."""

    def __init__(self, fault: StoreFault) -> None:
        self._fault = fault
        self._sound = MemoryHarness()

    @property
    def store(self) -> Any:  # noqa: ANN401  # a store, but for its fault
        """The broken store."""
        return _BrokenStore(self._sound.store, self._fault)

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Start over with customers and rows."""
        self._sound.seed(customers, rows)

    def peek(self) -> State:
        """Return the customers and rows."""
        return self._sound.peek()


@final
class _BrokenStore:
    def __init__(self, sound: Any, fault: StoreFault) -> None:  # noqa: ANN401  # any store
        self._sound = sound
        self._fault = fault
        show_ports(self, sound, STORE_PORTS)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a store has
        return _stand_in(self._sound, name, self._fault.store)

    @property
    def relations(self) -> tuple[Relation, ...]:
        relations: tuple[Relation, ...] = self._sound.relations
        return relations

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        failure: BaseException | None = None
        with self._sound.transaction() as tx:
            try:
                yield _BrokenTransaction(tx, self._fault)
            except BaseException as error:
                if not self._fault.commits_failures:
                    raise
                failure = error
        if failure is not None:
            raise failure


@final
class _BrokenTransaction:
    def __init__(self, sound: Any, fault: StoreFault) -> None:  # noqa: ANN401  # any transaction
        self._sound = sound
        self._fault = fault
        show_ports(self, sound, (GroupTransaction, JournalTransaction, RedactionTransaction))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a transaction has
        return _stand_in(self._sound, name, self._fault.transaction)


def _stand_in(sound: Any, name: str, stands: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any method
    stand = stands.get(name)
    return getattr(sound, name) if stand is None else lambda *given: stand(sound, *given)


def _overwrite(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    now = tx.load([before.id for before, _ in changes if before is not None])
    return tx.save([(b and now.get(b.id, b), after) for b, after in changes])


def _old_versions(tx: Any, ids: Any) -> Any:  # noqa: ANN401  # stands in for load
    return {i: evolve(card, version="1") for i, card in tx.load(ids).items()}


def _all_but_last(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    ids = tx.save(changes[: max(1, len(changes) - 1)])
    return (*ids, *(after.id for _, after in changes[len(ids) :]))


def _no_deletes(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    return tx.save([(before, before if after is None else after) for before, after in changes])


def _own_ids_kept(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    ids = tx.save(changes)
    return tuple((after or before).id for before, after in changes) if ids else ids


def _claims_first(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    held = [b.web_profile.username for b, _ in changes if b is not None and b.web_profile]
    claimed = [a.web_profile.username for b, a in changes if b and a and a.web_profile]
    if held != claimed and sorted(held) == sorted(claimed):
        raise StoreError("unique value is taken")
    return tx.save(changes)


def _rounds(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    def rounded(card: Customer | None) -> Customer | None:
        at = None if card is None else card.created_at
        return (
            card
            if card is None or at is None
            else evolve(card, created_at=at.replace(microsecond=0))
        )

    return tx.save([(before, rounded(after)) for before, after in changes])


def _moves_silently(tx: Any, relation: str, moves: Any) -> RowChanges:  # noqa: ANN401  # stands in for move
    tx.move(relation, moves)
    return RowChanges()


def _moves_too_much(tx: Any, relation: str, moves: Any) -> Any:  # noqa: ANN401  # stands in for move
    pairs = [(m.source, m.target) if isinstance(m, MovedRows) else m for m in moves]
    return tx.move(relation, pairs)


def _says_and_does_not(tx: Any, relation: str, moves: Any) -> Any:  # noqa: ANN401  # stands in for move
    changes = tx.move(relation, moves)
    tx.move(relation, [MovedRows(relation, m.target, m.source, m.rows) for m in changes.moved])
    return changes


def _first_receipt_counts(tx: Any, receipt: Any) -> None:  # noqa: ANN401  # stands in for remember
    if tx.receipt(receipt.plan_id) is None:
        tx.remember(receipt)


def _without_retired(tx: Any, ids: Any) -> Any:  # noqa: ANN401  # stands in for load
    return {i: card for i, card in tx.load(ids).items() if card.is_active}


def _one_hop(tx: Any, ids: Any) -> Any:  # noqa: ANN401  # stands in for resolve
    return {i: card.merged_into or i for i, card in tx.load(ids).items()}


def _keeps_failed_judgements(store: Any, judgements: Any) -> None:  # noqa: ANN401  # stands in for judge
    held = store._tables.judgements  # noqa: SLF001  # past the transaction, as another connection
    held.update(enumerate(judgements, start=len(held)))


def _commits_rows_first(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    log = tx._tables.log  # noqa: SLF001  # what a roll-back takes back
    if any(where is tx._tables.rows for where, *_ in log):  # noqa: SLF001  # as above
        log.clear()
    return tx.save(changes)


def _loses_the_master(tx: Any, receipt: Receipt) -> None:  # noqa: ANN401  # stands in for remember
    tx.remember(receipt)
    if _retires(receipt):
        for change in receipt.changes:
            if change.before is not None and change.after is not None and change.after.is_active:
                tx._tables.put(tx._tables.customers, change.id, change.before)  # noqa: SLF001  # past the plan


def _leaves_a_row(tx: Any, receipt: Receipt) -> None:  # noqa: ANN401  # stands in for remember
    tx.remember(receipt)
    for moved in receipt.moved if _retires(receipt) else ():
        one = MovedRows(moved.relation, moved.target, moved.source, moved.rows[:1])
        tx.move(moved.relation, [one])


def _retires(receipt: Receipt) -> bool:
    return any(
        change.after is not None
        and change.before is not None
        and change.before.is_active
        and not change.after.is_active
        for change in receipt.changes
    )


def _forgets_customers(tx: Any, plan_id: str) -> Receipt | None:  # noqa: ANN401  # stands in for receipt
    found: Receipt | None = tx.receipt(plan_id)
    return None if found is None or found.changes else found


def _before_the_last_plan(tx: Any, ids: Any) -> Any:  # noqa: ANN401  # stands in for load
    found = tx.load(ids)
    return found if tx._tables.log else {i: _old(tx, card) for i, card in found.items()}  # noqa: SLF001  # nothing written yet


def _writes_over_plans(tx: Any, changes: Any) -> Any:  # noqa: ANN401  # stands in for save
    now = tx.load([before.id for before, _ in changes if before is not None])
    planned = {i for i, card in now.items() if _old(tx, card) is not card}
    return tx.save([(now[b.id] if b and b.id in planned else b, after) for b, after in changes])


def _old(tx: Any, card: Customer) -> Customer:  # noqa: ANN401  # as above
    """Return a card as it was before the last plan that it took part in."""
    tables = tx._tables  # noqa: SLF001  # as above
    places = sorted(tables.places[plan] for plan in tables.plans_of.get(card.id, ()))
    changes = tables.receipts[places[-1]].changes if places else ()
    return next((c.before for c in changes if c.id == card.id and c.before is not None), card)


def _stays_moved(tx: Any, relation: str, moves: Any) -> Any:  # noqa: ANN401  # stands in for move
    receipts = tx._tables.receipts.values()  # noqa: SLF001  # what was moved before
    gone = {row for receipt in receipts for moved in receipt.moved for row in moved.rows}
    kept = [evolve(m, rows=set(m.rows) - gone) if isinstance(m, MovedRows) else m for m in moves]
    return tx.move(relation, kept)


def _committed_judgements(store: Any) -> Any:  # noqa: ANN401  # stands in for judgements
    found = list(store.judgements())
    judging = [entry for entry in store._tables.log if entry[0] is store._tables.judgements]  # noqa: SLF001  # not yet committed
    return iter(found[: len(found) - len(judging)])


#: At least one fault for every rule of stores.
STORE_FAULTS: tuple[StoreFault, ...] = (
    StoreFault(
        name="reverses the order of ids",
        trips=("S1",),
        transaction={"load": lambda tx, ids: dict(reversed(tx.load(ids).items()))},
    ),
    StoreFault(name="commits what failed", trips=("S3", "S10", "S15"), commits_failures=True),
    StoreFault(
        name="gives no new version",
        trips=("S4", "S5"),
        transaction={"load": _old_versions, "save": _overwrite},
    ),
    StoreFault(name="overwrites other writers", trips=("S5",), transaction={"save": _overwrite}),
    StoreFault(
        name="drops the last of several changes",
        trips=("S2", "S4", "S6", "S12"),
        transaction={"save": _all_but_last},
    ),
    StoreFault(name="keeps provisional ids", trips=("S6",), transaction={"save": _own_ids_kept}),
    StoreFault(name="deletes nothing", trips=("S7",), transaction={"save": _no_deletes}),
    StoreFault(
        name="moves rows and does not say so",
        trips=("S8", "S9"),
        transaction={"move": _moves_silently},
    ),
    StoreFault(
        name="says that rows moved", trips=("S8", "S9"), transaction={"move": _says_and_does_not}
    ),
    StoreFault(
        name="moves all rows where some are meant",
        trips=("S9",),
        transaction={"move": _moves_too_much},
    ),
    StoreFault(
        name="lets the first receipt count",
        trips=("S10",),
        transaction={"remember": _first_receipt_counts},
    ),
    StoreFault(name="hides retired cards", trips=("S11",), transaction={"load": _without_retired}),
    StoreFault(name="resolves one hop only", trips=("S11",), transaction={"resolve": _one_hop}),
    StoreFault(
        name="claims before it releases", trips=("S12",), transaction={"save": _claims_first}
    ),
    StoreFault(name="rounds moments", trips=("S13",), transaction={"save": _rounds}),
    StoreFault(
        name="begins every scan anew",
        trips=("S14",),
        store={"scan": lambda store, _after=None: store.scan()},
    ),
    StoreFault(
        name="keeps judgements of what failed",
        trips=("S15",),
        store={"judge": _keeps_failed_judgements},
    ),
    StoreFault(name="forgets the history", trips=("S16",), store={"history": lambda *_: iter(())}),
    StoreFault(
        name="commits rows before it saves",
        trips=("S17",),
        transaction={"save": _commits_rows_first},
    ),
    StoreFault(
        name="loses what the master gained",
        trips=("S18",),
        transaction={"remember": _loses_the_master},
    ),
    StoreFault(name="leaves a row behind", trips=("S18",), transaction={"remember": _leaves_a_row}),
    StoreFault(
        name="forgets who was in a plan",
        trips=("S19",),
        transaction={"receipt": _forgets_customers},
    ),
    StoreFault(
        name="reads what was before the last plan",
        trips=("S20",),
        transaction={"load": _before_the_last_plan, "save": _writes_over_plans},
    ),
    StoreFault(name="moves a row only once", trips=("S21",), transaction={"move": _stays_moved}),
    StoreFault(
        name="reads judgements past the transaction",
        trips=("S22",),
        store={"judgements": _committed_judgements},
    ),
    StoreFault(
        name="rewrites no receipts",
        trips=("S23",),
        transaction={"rewrite_receipts": lambda _tx, _ids, _change: frozenset()},
    ),
)
