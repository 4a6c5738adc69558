"""The dictionaries behind `MemoryStore`, and the transaction that writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from typing import Any, cast, final

from attrs import Factory, define, evolve

from dedupkit.customers import Customer, Judgement
from dedupkit.customers.redirects import follow
from dedupkit.errors import StaleWriteError, StoreError
from dedupkit.plans import (
    BalanceKey,
    MovedRows,
    Receipt,
    Relation,
    RemovedRow,
    RowChanges,
)
from dedupkit.ports import Change
from dedupkit.stores.derived import Derived, sum_rows, with_sums, without_derived_changes
from dedupkit.stores.rows import Row, as_moves, check_places, settle_moves
from dedupkit.stores.unique import (
    Claim,
    as_number,
    changed_ids,
    is_provisional,
    released_and_claimed,
    taken,
)

__all__ = ["MemoryTransaction", "Tables"]


@final
@define(kw_only=True, eq=False)
class Tables:
    """All that the store holds, in dictionaries, and a log by which writes are taken back.

    Attributes:
        derived: Balance → the relation whose rows add up to it.
        customers: Id → customer, without such balances.
        redirects: Retired id → the card that it was merged into; stays when a card is deleted.
        holders: Unique path and value → id of who holds it.
        rows: Relation and row id → row.
        rows_of: Relation and customer → ids of its rows.
        groups: Name → nothing; in the order in which they came.
        judgements: Position → judgement.
        receipts: Position → receipt.
        places: Plan → position of its newest receipt.
        plans_of: Customer → plans that it took part in.
        last: The counters of ids, versions and receipts.
        log: What every write since the transaction began has replaced.
    """

    relations: tuple[Relation, ...]
    unique: tuple[str, ...]
    given_versions: frozenset[str]
    derived: Derived
    customers: dict[str, Customer]
    redirects: dict[str, str]
    holders: dict[Claim, str]
    groups: dict[str, None]
    judgements: dict[int, Judgement]
    rows: dict[tuple[str, str], Row] = Factory(dict)
    rows_of: dict[tuple[str, str], frozenset[str]] = Factory(dict)
    receipts: dict[int, Receipt] = Factory(dict)
    places: dict[str, int] = Factory(dict)
    plans_of: dict[str, frozenset[str]] = Factory(dict)
    last: dict[str, int] = Factory(lambda: {"id": 0, "version": 0, "receipt": 0})
    log: list[tuple[MutableMapping[Any, Any], Any, Any]] = Factory(list)

    def put(self, where: MutableMapping[Any, Any], key: Any, value: Any) -> None:  # noqa: ANN401  # any of the dictionaries
        """Write one entry."""
        self.log.append((where, key, where.get(key, _NOTHING)))
        where[key] = value

    def drop(self, where: MutableMapping[Any, Any], key: Any) -> None:  # noqa: ANN401  # as above
        """Delete one entry, if it is there."""
        if key in where:
            self.log.append((where, key, where.pop(key)))

    def roll_back(self, start: int) -> None:
        """Take back every write after the first *start* ones of the log."""
        while len(self.log) > start:
            where, key, before = self.log.pop()
            if before is _NOTHING:
                del where[key]
            else:
                where[key] = before

    def whole(self, customer: Customer) -> Customer:
        """Return a customer as stored with what its rows add up to."""
        return with_sums(customer, self._sums(customer.id)) if self.derived else customer

    def _sums(self, customer_id: str) -> dict[BalanceKey, Decimal]:
        sums = {}
        for key, relation in self.derived.items():
            held = self.rows_of.get((relation.name, customer_id), frozenset())
            rows = (self.rows[relation.name, row_id] for row_id in held)
            sums[key] = sum_rows(relation, rows).get(customer_id, Decimal(0))
        return sums

    def relation(self, name: str) -> Relation:
        """Return the relation of a name.

        Raises:
            StoreError: there is none.
        """
        for relation in self.relations:
            if relation.name == name:
                return relation
        known = ", ".join(relation.name for relation in self.relations) or "none"
        raise StoreError(f"unknown relation {name!r}; this store knows {known}")

    def put_row(self, relation: str, row: Row) -> None:
        """Insert a row, or replace the one of its id."""
        self.drop_row(relation, row.id)
        self.put(self.rows, (relation, row.id), row)
        held = self.rows_of.get((relation, row.customer), frozenset())
        self.put(self.rows_of, (relation, row.customer), held | {row.id})

    def drop_row(self, relation: str, row_id: str) -> None:
        """Delete a row, if it is there."""
        row = self.rows.get((relation, row_id))
        if row is not None:
            held = self.rows_of[relation, row.customer]
            self.put(self.rows_of, (relation, row.customer), held - {row_id})
            self.drop(self.rows, (relation, row_id))


@final
class MemoryTransaction:
    """What happens inside one transaction of a `MemoryStore`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def load(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return whole customers, in the order of ids; unknown ids are left out."""
        tables = self._tables
        held = tables.customers
        return {i: tables.whole(held[i]) for i in sorted(set(ids)) if i in held}

    def save(self, changes: Sequence[Change], /) -> tuple[str, ...]:
        """Write changes, all together; return the id of each, in order.

        Balances that rows add up to are not written, and not compared.

        Raises:
            StaleWriteError: a customer is not as its *before* says.
            StoreError: a unique value is another customer's, or an id is there already.
        """
        tables = self._tables
        changes = without_derived_changes(changes, tables.derived)
        changed_ids(changes)
        stale = [b.id for b, _ in changes if b is not None and tables.customers.get(b.id) != b]
        if stale:
            raise StaleWriteError(stale)
        named = [(before, self._named(before, after)) for before, after in changes]
        released, claimed = released_and_claimed(named, tables.unique)
        for claim, holder in released.items():
            if tables.holders.get(claim) == holder:
                tables.drop(tables.holders, claim)
        for claim, customer_id in claimed.items():
            if claim in tables.holders:
                raise taken(claim[0], customer_id, tables.holders[claim])
            tables.put(tables.holders, claim, customer_id)
        return tuple(self._write(before, after) for before, after in named)

    def _named(self, before: Customer | None, after: Customer | None) -> Customer | None:
        tables = self._tables
        if before is not None or after is None:
            return after
        if is_provisional(after.id):
            tables.put(tables.last, "id", tables.last["id"] + 1)
            return evolve(after, id=str(tables.last["id"]))
        if after.id in tables.customers:
            raise StoreError(f"customer {after.id!r} is there already; nothing was created")
        tables.put(tables.last, "id", max(tables.last["id"], as_number(after.id)))
        return after

    def _write(self, before: Customer | None, after: Customer | None) -> str:
        tables = self._tables
        if after is None:
            gone = cast("Customer", before).id
            tables.drop(tables.customers, gone)
            return gone
        tables.put(tables.customers, after.id, evolve(after, version=self._next_version()))
        if after.merged_into is None:
            tables.drop(tables.redirects, after.id)
        else:
            tables.put(tables.redirects, after.id, after.merged_into)
        for group in sorted(after.groups - tables.groups.keys()):
            tables.put(tables.groups, group, None)
        return after.id

    def _next_version(self) -> str:
        tables, token = self._tables, ""
        while not token or token in tables.given_versions:
            tables.put(tables.last, "version", tables.last["version"] + 1)
            token = str(tables.last["version"])
        return token

    def move(self, relation: str, moves: Sequence[MovedRows | tuple[str, str]], /) -> RowChanges:
        """Let rows of *relation* refer to another customer.

        Raises:
            StoreError: the relation is unknown, or refuses a collision.
        """
        tables = self._tables
        declared = tables.relation(relation)
        sides = dict.fromkeys(side for *pair, _ in as_moves(moves) for side in pair)
        held = (tables.rows_of.get((relation, side), frozenset()) for side in sides)
        rows = [tables.rows[relation, row_id] for ids in held for row_id in ids]
        settled = settle_moves(declared, rows, moves)
        for row_id in settled.removed:
            tables.drop_row(relation, row_id)
        for row in settled.moved:
            tables.put_row(relation, row)
        return settled.changes

    def put_back(self, relation: str, removed: Sequence[RemovedRow], /) -> None:
        """Insert rows again that `move` removed.

        Raises:
            StoreError: a customer has a row of the same key by now, or another row of the same
                id is there.
        """
        tables = self._tables
        declared = tables.relation(relation)
        rows = [Row.read(declared, row.row, row.columns) for row in removed]
        owners = {row.customer for row in rows}
        ids = (tables.rows_of.get((relation, owner), frozenset()) for owner in owners)
        held = (tables.rows[relation, row_id] for of_one in ids for row_id in of_one)
        check_places(declared, held, rows)
        if there := sorted(row.id for row in rows if (relation, row.id) in tables.rows):
            raise StoreError(f"{relation!r} has other rows {', '.join(there)} by now")
        for row in rows:
            tables.put_row(relation, row)

    def remember(self, receipt: Receipt, /) -> None:
        """Write a receipt to the journal; that of a plan undone meanwhile keeps its place."""
        tables = self._tables
        place = tables.places.get(receipt.plan_id)
        if place is None or receipt.undone_by is None:
            place = tables.last["receipt"] + 1
            tables.put(tables.last, "receipt", place)
        tables.put(tables.receipts, place, receipt)
        tables.put(tables.places, receipt.plan_id, place)
        for customer_id in receipt.ids:
            plans = tables.plans_of.get(customer_id, frozenset()) | {receipt.plan_id}
            tables.put(tables.plans_of, customer_id, plans)

    def receipt(self, plan_id: str, /) -> Receipt | None:
        """Return the newest receipt of a plan, or None."""
        place = self._tables.places.get(plan_id)
        return None if place is None else self._tables.receipts[place]

    def resolve(self, ids: Iterable[str], /) -> Mapping[str, str]:
        """Return for every known id the customer that stands for it now."""
        tables = self._tables
        known = (i for i in ids if i in tables.customers or i in tables.redirects)
        return {i: follow(i, tables.redirects.get) for i in known}

    def leading_to(self, ids: Iterable[str], /) -> frozenset[str]:
        """Return the retired ids whose redirects end on one of *ids*."""
        ends = frozenset(ids)
        redirects = self._tables.redirects
        return frozenset(i for i in redirects if follow(i, redirects.get) in ends)

    def rewrite_receipts(
        self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
    ) -> frozenset[str]:
        """Put *change* of receipts into their place; return the plans of those that differ."""
        wanted = None if ids is None else frozenset(ids)
        plans = set()
        for place, receipt in sorted(self._tables.receipts.items()):
            if wanted is None or wanted.intersection(receipt.ids):
                after = change(receipt)
                if after != receipt:
                    self._tables.put(self._tables.receipts, place, after)
                    plans.add(receipt.plan_id)
        return frozenset(plans)

    def rewrite_judgements(
        self, ids: Iterable[str], change: Callable[[Judgement], Judgement], /
    ) -> int:
        """Put *change* of judgements into their place; return how many differ."""
        wanted, count = frozenset(ids), 0
        for place, judgement in self._tables.judgements.items():
            after = change(judgement) if wanted.intersection(judgement.pair) else judgement
            if after != judgement:
                self._tables.put(self._tables.judgements, place, after)
                count += 1
        return count

    def create_groups(self, names: Sequence[str], /) -> None:
        """Add groups without members."""
        for name in names:
            self._tables.put(self._tables.groups, name, None)

    def delete_groups(self, names: Sequence[str], /) -> None:
        """Delete groups.

        Raises:
            StoreError: a group has members.
        """
        members = {group for card in self._tables.customers.values() for group in card.groups}
        if full := sorted(members.intersection(names)):
            raise StoreError(f"groups with members are not deleted: {', '.join(full)}")
        for name in names:
            self._tables.drop(self._tables.groups, name)


_NOTHING: Any = object()
