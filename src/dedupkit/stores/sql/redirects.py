"""Where retired ids lead: the raw edges, and beside each its end, so that one step resolves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from dedupkit.customers.redirects import follow
from dedupkit.ports import Change
from dedupkit.stores.sql.inserting import insert_rows
from dedupkit.stores.sql.reading import IDS, chunks
from dedupkit.stores.sql.schema import customers, redirects

__all__ = ["follow_changes", "ids_leading_to", "resolve_ids"]


def follow_changes(connection: sa.Connection, changes: Sequence[Change]) -> None:
    """Let redirects follow cards that were retired or came back.

    The redirect of a card that is deleted stays for ever.

    Raises:
        StoreError: redirects lead in a circle.
    """
    edges: dict[str, str | None] = {}
    for before, after in changes:
        old = None if before is None else before.merged_into
        if after is not None and (after.merged_into != old or before is None):
            edges[after.id] = after.merged_into
    if not edges:
        return
    known = _around(connection, edges)
    into = {i: target for i, (target, _) in known.items()}
    into.update((i, target) for i, target in edges.items() if target is not None)
    for customer_id in (i for i, target in edges.items() if target is None):
        into.pop(customer_id, None)
    ends = {i: (target, follow(i, into.get)) for i, target in into.items()}
    stale = [i for i in known if ends.get(i) != known[i]]
    for part in chunks(stale):
        connection.execute(sa.delete(redirects).where(redirects.c.id.in_(part)))
    fresh = [(i, *end) for i, end in ends.items() if known.get(i) != end]
    insert_rows(connection, redirects, fresh)


def resolve_ids(connection: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return for every known id what stands for it now, itself where it has no redirect."""
    stands: dict[str, str] = {}
    for part in chunks(sorted(set(ids))):
        known = sa.select(customers.c.id).where(customers.c.id.in_(part))
        stands.update((i, i) for i in connection.execute(known).scalars())
        moved = sa.select(redirects.c.id, redirects.c.final_id).where(redirects.c.id.in_(part))
        stands.update((i, end) for i, end in connection.execute(moved))
    return stands


def ids_leading_to(connection: sa.Connection, ids: Iterable[str]) -> frozenset[str]:
    """Return the ids whose redirects end on one of *ids*."""
    found: set[str] = set()
    for part in chunks(sorted(set(ids))):
        query = sa.select(redirects.c.id).where(redirects.c.final_id.in_(part))
        found.update(connection.execute(query).scalars())
    return frozenset(found)


def _around(connection: sa.Connection, edges: dict[str, str | None]) -> dict[str, tuple[str, str]]:
    """Return the redirects that changing *edges* may change or lead through: id → (into, end)."""
    found: dict[str, tuple[str, str]] = {}
    ids = {*edges, *(target for target in edges.values() if target is not None)}
    for query in (_FROM, _ENDING_ON):
        for part in chunks(sorted(ids)):
            rows = connection.execute(query, {"ids": part})
            found.update((i, (target, end)) for i, target, end in rows)
        ids.update(end for _, end in found.values())
    return found


_FROM = sa.select(redirects).where(redirects.c.id.in_(IDS))
_ENDING_ON = sa.select(redirects).where(redirects.c.final_id.in_(IDS))
