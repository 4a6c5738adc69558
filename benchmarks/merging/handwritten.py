"""The merge that a good engineer would write by hand, in SQL, on the tables of `SqlStore`.

Set-based statements, each for a batch of pairs or for one pair, and one commit a batch. The result
is that of `MergePolicy()` on these registers: fields stay the master's, orders and memberships
move, groups and flags unite, the strictest consent holds, balances add up, ids and logins move, and
the duplicate leads to its master. Asked for receipts, it also keeps both cards before and after,
and the rows that they had. What it lacks: a plan that anybody could look at before, the check that
nobody has changed the cards since, reading back, and an undo.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from dedupkit.customers import amount_text
from dedupkit.stores.sql.schema import CHILDREN, customers

__all__ = ["kept_rows", "merge_by_hand"]


def merge_by_hand(
    path: str,
    pairs: Sequence[tuple[str, str]],
    *,
    at: str,
    batch: int,
    at_once: int,
    receipts: bool,
) -> None:
    """Merge pairs (master, duplicate) in the register of a file.

    Args:
        path: The file.
        pairs: Who is merged into whom; nobody stands in two pairs.
        at: The moment, as the table of customers writes one.
        batch: How many pairs one transaction holds.
        at_once: How many of them one statement merges.
        receipts: Whether both cards before and after are kept, and the rows that they had.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("add_amounts", 2, _add, deterministic=True)
    connection.execute(
        "CREATE TEMP TABLE pair (duplicate TEXT PRIMARY KEY, master TEXT UNIQUE) WITHOUT ROWID"
    )
    connection.execute(
        "CREATE TABLE kept_cards (id TEXT PRIMARY KEY, before TEXT, rows TEXT, after TEXT)"
    )
    statements = (_KEEP_BEFORE, *_STATEMENTS, _KEEP_AFTER) if receipts else _STATEMENTS
    for part in _cut(pairs, batch):
        connection.execute("BEGIN IMMEDIATE")
        for some in _cut(part, at_once):
            connection.execute("DELETE FROM pair")
            connection.executemany("INSERT INTO pair (master, duplicate) VALUES (?, ?)", some)
            for statement in statements:
                connection.execute(statement, {"at": at} if ":at" in statement else {})
        connection.execute("COMMIT")
    connection.close()


def kept_rows(path: str | Path) -> set[str]:
    """Return the ids of the rows of which a register that was merged by hand keeps a copy."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "SELECT value ->> '$.id' FROM kept_cards, json_each(kept_cards.rows)"
        ).fetchall()
    except sqlite3.OperationalError:  # no such table: it was merged otherwise
        found = []
    connection.close()
    return {row_id for (row_id,) in found}


def _cut(pairs: Sequence[tuple[str, str]], size: int) -> Iterator[Sequence[tuple[str, str]]]:
    return (pairs[start : start + size] for start in range(0, len(pairs), size))


def _add(one: str, other: str) -> str:
    return amount_text(Decimal(one) + Decimal(other))


_STRICTNESS = """CASE {}.state WHEN 'objected' THEN 4 WHEN 'withdrawn' THEN 3
    WHEN 'granted' THEN 2 WHEN 'pending' THEN 1 ELSE 0 END"""

_RANK = _STRICTNESS + ", coalesce({}.at, ''), coalesce({}.source, '')"

#: None scans a table: pairs come first in every join.
_STATEMENTS = (
    # Orders move.
    """UPDATE related_rows SET customer_id = pair.master FROM pair
    WHERE relation = 'orders' AND customer_id = pair.duplicate
    AND customer_id IN (SELECT duplicate FROM pair)""",
    # Memberships move; of one programme the master's stays.
    """DELETE FROM related_rows
    WHERE relation = 'memberships' AND customer_id IN (SELECT duplicate FROM pair) AND EXISTS (
        SELECT 1 FROM pair JOIN related_rows AS own ON own.customer_id = pair.master
        WHERE pair.duplicate = related_rows.customer_id AND own.relation = 'memberships'
        AND own.columns ->> '$.map.programme' = related_rows.columns ->> '$.map.programme')""",
    """UPDATE related_rows SET customer_id = pair.master FROM pair
    WHERE relation = 'memberships' AND customer_id = pair.duplicate
    AND customer_id IN (SELECT duplicate FROM pair)""",
    # Groups and flags unite.
    """INSERT OR IGNORE INTO memberships (customer_id, name)
    SELECT pair.master, name FROM pair CROSS JOIN memberships ON customer_id = pair.duplicate""",
    """UPDATE customers SET flags = (
        SELECT json_object('set', json_group_array(value)) FROM (
            SELECT value FROM json_each(customers.flags, '$.set')
            UNION SELECT value FROM json_each(gone.flags, '$.set') ORDER BY value))
    FROM pair JOIN customers AS gone ON gone.id = pair.duplicate
    WHERE customers.id = pair.master""",
    # The strictest consent holds, then the latest.
    f"""INSERT INTO consents (customer_id, purpose, channel, endpoint, state, at, source)
    SELECT pair.master, purpose, channel, endpoint, state, at, source
    FROM pair CROSS JOIN consents ON customer_id = pair.duplicate WHERE true
    ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at, source = excluded.source
    WHERE ({_RANK.format(*["excluded"] * 3)}) > ({_RANK.format(*["consents"] * 3)})""",  # noqa: S608  # made of constants
    # Balances add up, and the duplicate keeps none.
    """INSERT INTO balances (customer_id, kind, unit, programme, amount)
    SELECT pair.master, kind, unit, programme, amount
    FROM pair CROSS JOIN balances ON customer_id = pair.duplicate WHERE true
    ON CONFLICT DO UPDATE SET amount = add_amounts(amount, excluded.amount)""",
    "DELETE FROM balances WHERE customer_id IN (SELECT duplicate FROM pair)",
    # External ids move.
    """UPDATE OR IGNORE external_ids SET customer_id = pair.master FROM pair
    WHERE customer_id = pair.duplicate AND customer_id IN (SELECT duplicate FROM pair)""",
    "DELETE FROM external_ids WHERE customer_id IN (SELECT duplicate FROM pair)",
    # The login moves where the master has none, and is deleted elsewhere; the words of a search
    # follow.
    """UPDATE customers SET words = words || username || ' '
    FROM pair JOIN web_profiles ON customer_id = pair.duplicate
    WHERE customers.id = pair.master AND NOT EXISTS (
        SELECT 1 FROM web_profiles AS own WHERE own.customer_id = pair.master)""",
    """UPDATE customers SET words = replace(words, username || ' ', '')
    FROM web_profiles WHERE customer_id = customers.id
    AND customers.id IN (SELECT duplicate FROM pair)""",
    """UPDATE OR IGNORE web_profiles SET customer_id = pair.master FROM pair
    WHERE customer_id = pair.duplicate AND customer_id IN (SELECT duplicate FROM pair)""",
    "DELETE FROM web_profiles WHERE customer_id IN (SELECT duplicate FROM pair)",
    # The duplicate leads to its master.
    """UPDATE customers SET merged_into = pair.master, updated_at = :at, version = version + 1
    FROM pair WHERE id = pair.duplicate AND id IN (SELECT duplicate FROM pair)""",
    """UPDATE customers SET updated_at = :at, version = version + 1
    WHERE id IN (SELECT master FROM pair)""",
    """INSERT INTO redirects (id, into_id, final_id)
    SELECT duplicate, master, master FROM pair""",
)


def _json(table: sa.Table) -> str:
    """Return SQL for a row of *table* as JSON."""
    cells = ", ".join(f"'{c.name}', {table.name}.{c.name}" for c in table.columns)
    return f"json_object({cells})"


def _owned(table: sa.Table) -> str:
    """Return SQL for what the rows of *table* hold of a customer, as JSON."""
    rows = f"SELECT json_group_array({_json(table)}) FROM {table.name}"  # noqa: S608  # made of constants
    return f"'{table.name}', ({rows} WHERE customer_id = customers.id)"


_CARD = f"json_object('row', {_json(customers)}, {', '.join(_owned(c.table) for c in CHILDREN)})"

_KEEP_BEFORE = f"""INSERT INTO kept_cards (id, before, rows)
    SELECT customers.id, {_CARD}, (
        SELECT json_group_array(json_object('relation', relation, 'id', related_rows.id,
            'columns', columns)) FROM related_rows
        WHERE relation IN ('orders', 'memberships') AND customer_id = customers.id)
    FROM customers WHERE id IN (SELECT duplicate FROM pair UNION ALL SELECT master FROM pair)"""  # noqa: S608  # made of constants
_KEEP_AFTER = f"""UPDATE kept_cards SET after = (
        SELECT {_CARD} FROM customers WHERE customers.id = kept_cards.id)
    WHERE id IN (SELECT duplicate FROM pair UNION ALL SELECT master FROM pair)"""  # noqa: S608  # made of constants
