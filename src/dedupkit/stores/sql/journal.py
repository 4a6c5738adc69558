"""Receipts and judgements in the library's own tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from dedupkit.customers import Judgement, judgement_from_dict, judgement_to_dict
from dedupkit.plans import Receipt
from dedupkit.plans.codec import receipt_texts
from dedupkit.stores.sql.inserting import insert_rows
from dedupkit.stores.sql.reading import chunks
from dedupkit.stores.sql.schema import RowData, judgements, receipt_customers, receipts
from dedupkit.stores.sql.writing import count_up

__all__ = [
    "add_judgements",
    "add_receipts",
    "find_history",
    "find_receipts",
    "read_judgements",
    "rewrite_judgements",
    "rewrite_receipts",
]


def add_receipts(connection: sa.Connection, given: Sequence[Receipt]) -> None:
    """Write receipts; those of plans undone meanwhile keep their place and are only marked."""
    undone = [receipt.plan_id for receipt in given if receipt.undone_by is not None]
    there = _newest(connection, undone)
    fresh: list[Receipt] = []
    for receipt in given:
        if receipt.undone_by is None or receipt.plan_id not in there:
            fresh.append(receipt)
            continue
        here = receipts.c.place == there[receipt.plan_id]
        connection.execute(sa.update(receipts).where(here).values(**_parts(receipt)[0]))
    if not fresh:
        return
    first = count_up(connection, "receipt", len(fresh)) - len(fresh) + 1
    headers: list[RowData] = []
    rows: list[RowData] = []
    for place, receipt in enumerate(fresh, first):
        header, changes = receipt_texts(receipt)
        headers.append((place, receipt.plan_id, receipt.undone_by, header))
        sides = zip(receipt.ids, changes, strict=True)
        rows += [(place, n, customer_id, text) for n, (customer_id, text) in enumerate(sides)]
    insert_rows(connection, receipts, headers)
    insert_rows(connection, receipt_customers, rows)


def find_receipts(connection: sa.Connection, plan_ids: Iterable[str]) -> dict[str, Receipt]:
    """Return plan → its newest receipt; plans without one are left out."""
    places = sorted(_newest(connection, plan_ids).values())
    return {receipt.plan_id: receipt for receipt in _read(connection, places)}


def find_history(connection: sa.Connection, ids: Iterable[str] | None) -> Iterator[Receipt]:
    """Yield the newest receipt of every plan that one of *ids* took part in, oldest first.

    Where *ids* is None, those of all plans.
    """
    if ids is None:
        every = sa.select(sa.func.max(receipts.c.place)).group_by(receipts.c.plan_id)
        return _read(connection, sorted(connection.execute(every).scalars()))
    plans: set[str] = set()
    for part in chunks(sorted(set(ids))):
        query = (
            sa.select(receipts.c.plan_id)
            .join(receipt_customers, receipt_customers.c.place == receipts.c.place)
            .where(receipt_customers.c.customer_id.in_(part))
        )
        plans.update(connection.execute(query).scalars())
    return _read(connection, sorted(_newest(connection, plans).values()))


def add_judgements(connection: sa.Connection, given: Sequence[Judgement]) -> None:
    """Keep judgements, behind those that are there."""
    rows = [{"judgement": _text(judgement_to_dict(judgement))} for judgement in given]
    if rows:
        connection.execute(sa.insert(judgements), rows)


def read_judgements(connection: sa.Connection) -> list[Judgement]:
    """Return all judgements, in the order in which they were given."""
    query = sa.select(judgements.c.judgement).order_by(judgements.c.place)
    return [judgement_from_dict(json.loads(text)) for text in connection.execute(query).scalars()]


def rewrite_receipts(
    connection: sa.Connection, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt]
) -> frozenset[str]:
    """Put *change* of receipts into their place; return the plans of those that differ."""
    places: set[int] = set()
    if ids is None:
        places.update(connection.execute(sa.select(receipts.c.place)).scalars())
    else:
        for part in chunks(sorted(set(ids))):
            query = sa.select(receipt_customers.c.place).distinct()
            named = query.where(receipt_customers.c.customer_id.in_(part))
            places.update(connection.execute(named).scalars())
    plans = set()
    for some in chunks(sorted(places)):
        for place, receipt in zip(some, list(_read(connection, some)), strict=True):
            after = change(receipt)
            if after != receipt:
                _overwrite(connection, place, after)
                plans.add(receipt.plan_id)
    return frozenset(plans)


def rewrite_judgements(
    connection: sa.Connection, ids: Iterable[str], change: Callable[[Judgement], Judgement]
) -> int:
    """Put *change* of judgements into their place; return how many differ."""
    wanted, count = frozenset(ids), 0
    columns = judgements.c
    for place, text in connection.execute(sa.select(columns.place, columns.judgement)).all():
        judgement = judgement_from_dict(json.loads(text))
        after = change(judgement) if wanted.intersection(judgement.pair) else judgement
        if after != judgement:
            written = _text(judgement_to_dict(after))
            mark = sa.update(judgements).where(columns.place == place)
            connection.execute(mark.values(judgement=written))
            count += 1
    return count


def _overwrite(connection: sa.Connection, place: int, receipt: Receipt) -> None:
    header, changes = _parts(receipt)
    connection.execute(sa.update(receipts).where(receipts.c.place == place).values(**header))
    columns = receipt_customers.c
    here = (columns.place == place, columns.position == sa.bindparam("at"))
    change = sa.update(receipt_customers).where(*here).values(change=sa.bindparam("new"))
    rows = [{"at": n, "new": text} for n, text in enumerate(changes)]
    if rows:
        connection.execute(change, rows)


def _parts(receipt: Receipt) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the row of a receipt, and the change of each of its customers."""
    header, changes = receipt_texts(receipt)
    plan = {"plan_id": receipt.plan_id, "undone_by": receipt.undone_by}
    return {**plan, "header": header}, changes


def _newest(connection: sa.Connection, plan_ids: Iterable[str]) -> dict[str, int]:
    """Return plan → the place of its newest receipt."""
    places: dict[str, int] = {}
    columns = receipts.c
    for part in chunks(sorted(set(plan_ids))):
        query = sa.select(columns.plan_id, sa.func.max(columns.place)).group_by(columns.plan_id)
        found = connection.execute(query.where(columns.plan_id.in_(part)))
        places.update((plan_id, place) for plan_id, place in found)
    return places


def _read(connection: sa.Connection, places: Sequence[int]) -> Iterator[Receipt]:
    for part in chunks(places):
        changes: dict[int, list[object]] = {place: [] for place in part}
        columns = receipt_customers.c
        rows = sa.select(columns.place, columns.change).where(columns.place.in_(part))
        for place, change in connection.execute(rows.order_by(columns.place, columns.position)):
            changes[place].append(json.loads(change))
        heads = sa.select(receipts.c.place, receipts.c.header).where(receipts.c.place.in_(part))
        for place, header in connection.execute(heads.order_by(receipts.c.place)).all():
            data = json.loads(header)
            yield Receipt.from_json(_text({**data, "changes": changes[place]}))


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
