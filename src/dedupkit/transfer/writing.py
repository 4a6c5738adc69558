"""Customers to a file that `read_customers` reads again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, TextIO

from dedupkit.customers import FIELDS, ConsentState, Customer, Kind, amount_text
from dedupkit.transfer.formulas import plain_text
from dedupkit.transfer.headers import WEB_PROFILE
from dedupkit.transfer.reading import JOINT

__all__ = ["write_customers"]


def write_customers(
    customers: Iterable[Customer], file: TextIO, *, separator: str = ";"
) -> tuple[str, ...]:
    """Write customers as a table, a header first; return its columns.

    There is a column for every field in which somebody has a value, under the path that
    `read_customers` knows it by; consents, balances, external ids, own fields and the parts of the
    web profile have a column each. Several values of one cell are divided by ``|``. Consents for a
    single address or number, and further addresses, are written for people to read. A text that a
    spreadsheet would take for a formula gets an apostrophe, which `read_customers` takes off.

    Args:
        customers: The customers; held in memory.
        file: Open for writing with ``newline=""``; ``utf-8-sig`` is what spreadsheets expect.
        separator: What divides the cells.

    >>> import io
    >>> file = io.StringIO()
    >>> write_customers([Customer(id="1", first_name="Åse", flags=["vip", "old"])], file)
    ('id', 'first_name', 'flags')
    >>> file.getvalue().splitlines()
    ['id;first_name;flags', '1;Åse;old|vip']
    """
    cards = tuple(customers)
    rows = [dict(_row(card)) for card in cards]
    held = {column for row in rows for column in row} | {"id"}
    columns = tuple(sorted(held, key=_place))
    writer = csv.DictWriter(file, columns, restval="", delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({column: plain_text(cell) for column, cell in row.items()} for row in rows)
    return columns


def _place(column: str) -> tuple[int, int, str]:
    """Order columns as the fields stand in the table."""
    head, _, rest = column.partition(".")
    part = WEB_PROFILE.index(rest) if head == "web_profile" else 0
    return _ORDER.get(head, len(_ORDER)), part, rest


_ORDER: Final = {name: place for place, name in enumerate(FIELDS)}


def _row(card: Customer) -> Iterator[tuple[str, str]]:
    for name in card.filled():
        kind, value = FIELDS[name].kind, getattr(card, name)
        if kind in _PARTS:
            yield from _PARTS[kind](value)
        else:
            yield name, _text(value)


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime() | date():
            return value.isoformat()
        case frozenset():
            return JOINT.join(sorted(value))
        case tuple():
            return JOINT.join(map(str, value))
        case _:
            return str(value)


def _consents(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # by kind
    bound = []
    for consent in value:
        word = "yes" if consent.state is ConsentState.GRANTED else consent.state.value
        if consent.endpoint is None:
            yield f"consents.{consent.purpose}.{consent.channel}", word
        else:
            bound.append(f"{consent.purpose} {consent.channel} {consent.endpoint}: {word}")
    if bound:
        yield "other_consents", JOINT.join(bound)


def _balances(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # as above
    for balance in value:
        path = ".".join(filter(None, ("balances", *balance.key)))
        yield path, amount_text(balance.amount)


def _profile(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # as above
    parts = ((part, getattr(value, part)) for part in WEB_PROFILE)
    return ((f"web_profile.{part}", _text(held)) for part, held in parts if held is not None)


def _ids(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # as above
    return ((f"external_ids.{system}", _text(ids)) for system, ids in value.items())


def _extra(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # as above
    return ((f"extra.{name}", _text(held)) for name, held in value.items())


#: Kinds that have several columns.
_PARTS: Mapping[Kind, Callable[[Any], Iterator[tuple[str, str]]]] = {
    Kind.CONSENTS: _consents,
    Kind.BALANCES: _balances,
    Kind.PROFILE: _profile,
    Kind.IDS: _ids,
    Kind.EXTRA: _extra,
}
