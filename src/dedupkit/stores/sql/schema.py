"""The tables of the library's own register, driven by the table of fields.

Fields of one value are columns of ``customers``; what somebody may want to select by (groups,
consents, balances, external ids, web profiles) has a table of its own; the rest are JSON columns.
Amounts and moments are texts, so that every database keeps them exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeAlias, final

import sqlalchemy as sa
from attrs import frozen

from dedupkit.customers import (
    FIELDS,
    Balance,
    Consent,
    ConsentState,
    Kind,
    WebProfile,
    amount_text,
    from_plain,
    to_plain,
)

__all__ = [
    "CHILDREN",
    "COLUMNS",
    "METADATA",
    "Child",
    "Column",
    "RowData",
    "as_it_is",
    "counters",
    "customers",
    "groups",
    "judgements",
    "memberships",
    "receipt_customers",
    "receipts",
    "redirects",
    "relations",
    "rows",
    "web_profiles",
]

#: One row of a table, in the order of its columns.
RowData: TypeAlias = tuple[Any, ...]

METADATA = sa.MetaData()
_KEY = sa.String(190)  # the longest text that every database can index


def _moment(value: datetime | None) -> str | None:
    """Write a moment in UTC, all of one length, so that texts sort as moments do."""
    if value is None:
        return None
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def as_it_is(value: Any) -> Any:  # noqa: ANN401  # whatever the column holds
    """Return what a column holds: it is the value."""
    return value


def _json(value: Any) -> str | None:  # noqa: ANN401  # a collection of a customer
    return json.dumps(to_plain(value), ensure_ascii=False) if value else None


def _read_json(text: str) -> Any:  # noqa: ANN401  # as above
    return from_plain(json.loads(text))


@final
@frozen
class Column:
    """How one field stands in the table of customers.

    Attributes:
        name: Of the field and the column.
        write: Value → what the database holds.
        read: The reverse; None is never handed to it and means the field's default.
    """

    name: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


_BY_KIND: Mapping[Kind, tuple[sa.types.TypeEngine[Any], Callable[..., Any], Callable[..., Any]]] = {
    Kind.TEXT: (sa.Text(), as_it_is, as_it_is),
    Kind.DATE: (sa.Date(), as_it_is, as_it_is),
    Kind.MOMENT: (sa.String(40), _moment, _read_moment),
    Kind.BOOL: (sa.Boolean(), as_it_is, bool),
    Kind.TEXTS: (sa.Text(), _json, _read_json),
    Kind.ADDRESSES: (sa.Text(), _json, _read_json),
    Kind.NAMES: (sa.Text(), _json, _read_json),
    Kind.EXTRA: (sa.Text(), _json, _read_json),
}
_KEYS = frozenset({"number", "email", "mobile", "merged_into", "kept_for", "tenant"})
_ELSEWHERE = frozenset({"id", "version", "groups"})
_FIELDS = tuple(f for f in FIELDS.values() if f.kind in _BY_KIND and f.name not in _ELSEWHERE)

#: Every field that is a column of the table of customers.
COLUMNS: tuple[Column, ...] = tuple(Column(f.name, *_BY_KIND[f.kind][1:]) for f in _FIELDS)

customers: sa.Table = sa.Table(
    "customers",
    METADATA,
    sa.Column("id", _KEY, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    *(
        sa.Column(f.name, _KEY if f.name in _KEYS else _BY_KIND[f.kind][0], index=f.name in _KEYS)
        for f in _FIELDS
    ),
    sa.Column("words", sa.Text, nullable=False, comment="folded text that a search looks in"),
)


def _owned(name: str, *columns: sa.Column[Any]) -> sa.Table:
    """Return a table whose rows belong to a customer."""
    owner = sa.Column("customer_id", _KEY, sa.ForeignKey("customers.id"), primary_key=True)
    return sa.Table(name, METADATA, owner, *columns)


memberships: sa.Table = _owned("memberships", sa.Column("name", _KEY, primary_key=True, index=True))
consents: sa.Table = _owned(
    "consents",
    sa.Column("purpose", sa.String(120), primary_key=True),
    sa.Column("channel", sa.String(60), primary_key=True),
    sa.Column("endpoint", _KEY, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("at", sa.String(40)),
    sa.Column("source", sa.Text),
)
balances: sa.Table = _owned(
    "balances",
    sa.Column("kind", sa.String(60), primary_key=True),
    sa.Column("unit", sa.String(60), primary_key=True),
    sa.Column("programme", _KEY, primary_key=True),
    sa.Column("amount", sa.String(48), nullable=False),
)
external_ids: sa.Table = _owned(
    "external_ids",
    sa.Column("system", sa.String(120), primary_key=True),
    sa.Column("value", _KEY, primary_key=True, index=True),
)
web_profiles: sa.Table = _owned(
    "web_profiles",
    sa.Column("id", _KEY, nullable=False),
    sa.Column("username", _KEY, unique=True),
    sa.Column("has_password", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("approved_buyer", sa.Boolean, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("last_login_at", sa.String(40)),
)

redirects: sa.Table = sa.Table(
    "redirects",
    METADATA,
    sa.Column("id", _KEY, primary_key=True),
    sa.Column("into_id", _KEY, nullable=False, comment="the card that it was merged into"),
    sa.Column("final_id", _KEY, nullable=False, index=True, comment="what stands for it now"),
)
groups: sa.Table = sa.Table("customer_groups", METADATA, sa.Column("name", _KEY, primary_key=True))
relations: sa.Table = sa.Table(
    "relations",
    METADATA,
    sa.Column("name", _KEY, primary_key=True),
    sa.Column("rows", sa.String(20), nullable=False),
    sa.Column("collision", sa.String(20), nullable=False),
    sa.Column("reference", _KEY, nullable=False),
    sa.Column("unique_columns", sa.Text, nullable=False),
    sa.Column("balance", sa.Text, comment="what its rows add up to"),
)
rows: sa.Table = sa.Table(
    "related_rows",
    METADATA,
    sa.Column("relation", _KEY, sa.ForeignKey("relations.name"), primary_key=True),
    sa.Column("id", _KEY, primary_key=True),
    sa.Column("customer_id", _KEY, sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("columns", sa.Text),
    sa.Index("related_rows_of", "relation", "customer_id"),
)
receipts: sa.Table = sa.Table(
    "receipts",
    METADATA,
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.String(64), nullable=False, index=True),
    sa.Column("undone_by", sa.String(64)),
    sa.Column("header", sa.Text, nullable=False),
)
receipt_customers: sa.Table = sa.Table(
    "receipt_customers",
    METADATA,
    sa.Column("place", sa.Integer, sa.ForeignKey("receipts.place"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("customer_id", _KEY, nullable=False, index=True),
    sa.Column("change", sa.Text, nullable=False),
)
judgements: sa.Table = sa.Table(
    "judgements",
    METADATA,
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("judgement", sa.Text, nullable=False),
)
counters: sa.Table = sa.Table(
    "counters",
    METADATA,
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)


@final
@frozen
class Child:
    """How one field stands in a table of its own.

    Attributes:
        field: Name of the field.
        table: Its table; ``customer_id`` says whose rows they are.
        write: Value → rows without ``customer_id``, in the order of their keys.
        read: Rows of one customer, as the database gives them → value.
    """

    field: str
    table: sa.Table
    write: Callable[[Any], list[RowData]]
    read: Callable[[list[RowData]], Any]


def _write_consents(values: tuple[Consent, ...]) -> list[RowData]:
    return [
        (v.purpose, v.channel, v.endpoint or "", v.state._value_, _moment(v.at), v.source)
        for v in values
    ]


#: What the database holds → the state; asking the enumeration takes several times as long.
_STATES = {state.value: state for state in ConsentState}


def _read_consents(found: list[RowData]) -> tuple[Consent, ...]:
    return tuple(
        [
            Consent(
                purpose,
                channel,
                _STATES.get(state) or ConsentState(state),
                at=_read_moment(at),
                source=source,
                endpoint=endpoint,
            )
            for _, purpose, channel, endpoint, state, at, source in found
        ]
    )


def _write_balances(values: tuple[Balance, ...]) -> list[RowData]:
    return [(v.kind, v.unit, v.programme or "", amount_text(v.amount)) for v in values]


def _read_balances(found: list[RowData]) -> tuple[Balance, ...]:
    return tuple(
        [
            Balance(kind, unit, Decimal(amount), programme=programme)
            for _, kind, unit, programme, amount in found
        ]
    )


def _write_ids(values: Mapping[str, frozenset[str]]) -> list[RowData]:
    return [(system, one) for system in sorted(values) for one in sorted(values[system])]


def _read_ids(found: list[RowData]) -> dict[str, set[str]]:
    systems: dict[str, set[str]] = {}
    for _, system, value in found:
        systems.setdefault(system, set()).add(value)
    return systems


def _write_profile(value: WebProfile | None) -> list[RowData]:
    if value is None:
        return []
    *data, seen = _profile_values(value)
    return [(*data, _moment(seen))]


def _read_profile(found: list[RowData]) -> WebProfile:
    data = dict(zip(_PROFILE, found[0][1:], strict=True))
    return WebProfile(**{**data, "last_login_at": _read_moment(data["last_login_at"])})


_PROFILE = tuple(column.name for column in web_profiles.columns if column.name != "customer_id")
_profile_values = attrgetter(*_PROFILE)

#: Every field that has a table of its own.
CHILDREN: tuple[Child, ...] = (
    Child(
        "groups",
        memberships,
        lambda names: [(name,) for name in sorted(names)],
        lambda found: frozenset(name for _, name in found),
    ),
    Child("consents", consents, _write_consents, _read_consents),
    Child("balances", balances, _write_balances, _read_balances),
    Child("external_ids", external_ids, _write_ids, _read_ids),
    Child("web_profile", web_profiles, _write_profile, _read_profile),
)
