"""Customers and their values as plain JSON data, and back; driven by the table of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, final

from attrs import field, frozen

from dedupkit.customers.addresses import Address
from dedupkit.customers.balances import Balance
from dedupkit.customers.canonical import array_text, canonical_json, mapping_text, string_text
from dedupkit.customers.consents import Consent, ConsentState
from dedupkit.customers.customer import Customer
from dedupkit.customers.fieldmap import FieldMap
from dedupkit.customers.fields import ADDRESS_FIELDS, FIELDS, Kind
from dedupkit.customers.judgements import Judgement, Verdict
from dedupkit.customers.shapes import amount_text
from dedupkit.customers.web_profiles import WebProfile

__all__ = [
    "customer_from_dict",
    "customer_to_dict",
    "from_plain",
    "judgement_from_dict",
    "judgement_to_dict",
    "state_texts",
    "to_plain",
]


def to_plain(value: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
    """Turn a value of a customer into JSON data, so that `from_plain` brings it back.

    Text, bool, int and None stay, a tuple becomes an array; whatever JSON has no type for becomes
    an object of one tagged member, such as ``{"date": "1980-02-29"}``.

    Raises:
        TypeError: no customer holds values of this type.

    >>> to_plain(Decimal("12.50"))
    {'decimal': '12.5'}
    """
    tagged = _WRITERS.get(type(value))
    if tagged is not None:
        tag, write = tagged
        return {tag: write(value)}
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"no customer holds a {type(value).__name__}")


def from_plain(data: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
    """Turn JSON data of `to_plain` back into the value.

    Raises:
        ValueError, KeyError, TypeError: *data* was not written by `to_plain`.

    >>> from_plain({"set": ["vip"]})
    frozenset({'vip'})
    """
    if isinstance(data, list):
        return tuple(from_plain(part) for part in data)
    if not isinstance(data, dict):
        return data
    ((tag, content),) = data.items()
    return _READERS[tag](content)


def customer_to_dict(customer: Customer) -> dict[str, Any]:
    """Turn a customer into JSON data: the id and the fields that have a value.

    >>> customer_to_dict(Customer(id="1", flags=["vip"]))
    {'id': '1', 'flags': ['vip']}
    """
    return {name: _FIELD_COLUMNS[name].write(getattr(customer, name)) for name in customer.filled()}


def customer_from_dict(data: Mapping[str, Any]) -> Customer:
    """Turn JSON data of `customer_to_dict` back into the customer.

    Raises:
        InvalidCustomerError: a value has not the shape of its field.
        ValueError, KeyError, TypeError: *data* was not written by `customer_to_dict`.
    """
    return Customer(**{name: _FIELD_COLUMNS[name].read(value) for name, value in data.items()})


def judgement_to_dict(judgement: Judgement) -> dict[str, Any]:
    """Turn a judgement into JSON data."""
    return {
        "left": judgement.left,
        "right": judgement.right,
        "verdict": judgement.verdict.value,
        "by": judgement.by,
        "at": _moment_or_none(judgement.at),
    }


def judgement_from_dict(data: Mapping[str, Any]) -> Judgement:
    """Turn JSON data of `judgement_to_dict` back into the judgement."""
    return Judgement(
        data["left"],
        data["right"],
        Verdict(data["verdict"]),
        by=data["by"],
        at=_read_moment(data["at"]),
    )


def state_texts(before: Customer, after: Customer) -> tuple[str, str]:
    """Return ``canonical_json(customer_to_dict(…))`` of two states of a customer.

    No data is made for it, and what both states share is written once.

    >>> state_texts(Customer(id="1", flags=["vip"]), Customer(id="1"))
    ('{"flags":["vip"],"id":"1"}', '{"id":"1"}')
    """
    old = [] if before.allow_merge else [_BARRED]
    new = [] if after.allow_merge else [_BARRED]
    sides = zip(_TEXT_ROWS, _row_values(before), _row_values(after), strict=True)
    for (_, head, text), one, other in sides:
        part = head + text(one) if one else ""  # left out, as in `Customer.filled`
        if part:
            old.append(part)
        if other is not one:
            part = head + text(other) if other else ""
        if part:
            new.append(part)
    return f"{{{','.join(old)}}}", f"{{{','.join(new)}}}"


def _address(value: Address) -> dict[str, str]:
    parts = ((name, getattr(value, name)) for name in ADDRESS_FIELDS)
    return {name: part for name, part in parts if part is not None}


def _consent(value: Consent) -> dict[str, Any]:
    data = {
        "purpose": value.purpose,
        "channel": value.channel,
        "state": value.state.value,
        "at": _moment_or_none(value.at),
        "source": value.source,
        "endpoint": value.endpoint,
    }
    return {name: part for name, part in data.items() if part is not None}


def _consent_text(value: Consent) -> str:
    at = "" if value.at is None else f'"at":{_moment_text(value.at)},'
    channel, purpose = string_text(value.channel), string_text(value.purpose)
    endpoint = "" if value.endpoint is None else f'"endpoint":{string_text(value.endpoint)},'
    source = "" if value.source is None else f'"source":{string_text(value.source)},'
    state = f'"state":"{value.state._value_}"'
    return f'{{{at}"channel":{channel},{endpoint}"purpose":{purpose},{source}{state}}}'


def _read_consent(data: Mapping[str, Any]) -> Consent:
    moment = _read_moment(data.get("at"))
    return Consent(**{**data, "state": ConsentState(data["state"]), "at": moment})


def _balance(value: Balance) -> dict[str, Any]:
    data = {"kind": value.kind, "unit": value.unit, "amount": amount_text(value.amount)}
    return data if value.programme is None else {**data, "programme": value.programme}


def _balance_text(value: Balance) -> str:
    kind, unit = string_text(value.kind), string_text(value.unit)
    programme = value.programme
    among = "" if programme is None else f'"programme":{string_text(programme)},'
    return f'{{"amount":"{amount_text(value.amount)}","kind":{kind},{among}"unit":{unit}}}'


def _read_balance(data: Mapping[str, Any]) -> Balance:
    return Balance(**{**data, "amount": Decimal(data["amount"])})


def _profile(value: WebProfile) -> dict[str, Any]:
    return {
        "id": value.id,
        "username": value.username,
        "has_password": value.has_password,
        "active": value.active,
        "approved_buyer": value.approved_buyer,
        "verified": value.verified,
        "last_login_at": _moment_or_none(value.last_login_at),
    }


def _profile_text(value: WebProfile) -> str:
    seen = "null" if value.last_login_at is None else _moment_text(value.last_login_at)
    username = "null" if value.username is None else string_text(value.username)
    return (
        f'{{"active":{_TRUTH[value.active]},"approved_buyer":{_TRUTH[value.approved_buyer]},'
        f'"has_password":{_TRUTH[value.has_password]},"id":{string_text(value.id)},'
        f'"last_login_at":{seen},"username":{username},"verified":{_TRUTH[value.verified]}}}'
    )


def _read_profile(data: Mapping[str, Any]) -> WebProfile:
    return WebProfile(**{**data, "last_login_at": _read_moment(data["last_login_at"])})


def _moment_or_none(value: datetime | None) -> str | None:
    return None if value is None else _moment(value)


def _moment(value: datetime) -> str:
    """Write a moment in UTC, so that equal moments read alike; a naive datetime as it is."""
    return (value.astimezone(UTC) if value.tzinfo not in (UTC, None) else value).isoformat()


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


_TRUTH = {False: "false", True: "true"}


def _same(value: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
    return value


def _moment_text(value: datetime) -> str:
    return f'"{value.isoformat() if value.tzinfo is UTC else _moment(value)}"'


@final
@frozen
class _Column:
    """How values of one kind are written and read.

    Attributes:
        text: How they are written in canonical form; the same as what *write* makes of them.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    text: Callable[[Any], str] = field()

    @text.default
    def _text_of_data(self) -> Callable[[Any], str]:
        return lambda value: canonical_json(self.write(value))


def _each(column: _Column) -> _Column:
    return _Column(
        lambda values: [column.write(value) for value in values],
        lambda data: tuple(column.read(value) for value in data),
        lambda values: array_text(map(column.text, values)),
    )


_PLAIN = _Column(_same, _same)
_TEXT = _Column(_same, _same, string_text)
_MOMENT = _Column(_moment_or_none, _read_moment, _moment_text)
_NAMES = _Column(sorted, frozenset, lambda value: array_text(map(string_text, sorted(value))))
_ADDRESS = _Column(_address, lambda data: Address(**data))
_CONSENT = _Column(_consent, _read_consent, _consent_text)
_BALANCE = _Column(_balance, _read_balance, _balance_text)

_MAP = _Column(
    lambda value: {key: to_plain(part) for key, part in sorted(value.items())},
    lambda data: FieldMap((key, from_plain(part)) for key, part in data.items()),
)

_COLUMNS: Mapping[Kind, _Column] = {
    Kind.TEXT: _TEXT,
    Kind.BOOL: _PLAIN,
    Kind.TEXTS: _each(_TEXT),
    Kind.ADDRESSES: _each(_ADDRESS),
    Kind.DATE: _Column(date.isoformat, date.fromisoformat, lambda day: f'"{day.isoformat()}"'),
    Kind.MOMENT: _MOMENT,
    Kind.NAMES: _NAMES,
    Kind.CONSENTS: _each(_CONSENT),
    Kind.BALANCES: _each(_BALANCE),
    Kind.PROFILE: _Column(_profile, _read_profile, _profile_text),
    Kind.IDS: _Column(
        lambda value: {system: sorted(ids) for system, ids in sorted(value.items())},
        lambda data: FieldMap((system, frozenset(ids)) for system, ids in data.items()),
        lambda value: mapping_text(value, _NAMES.text),
    ),
    Kind.EXTRA: _MAP,
}

_TAGGED: tuple[tuple[type, str, _Column], ...] = (
    (Decimal, "decimal", _Column(amount_text, Decimal)),
    (date, "date", _COLUMNS[Kind.DATE]),
    (datetime, "moment", _Column(_moment, datetime.fromisoformat)),
    (Address, "address", _ADDRESS),
    (Consent, "consent", _CONSENT),
    (Balance, "balance", _BALANCE),
    (WebProfile, "profile", _COLUMNS[Kind.PROFILE]),
    (frozenset, "set", _NAMES),
    (FieldMap, "map", _MAP),
    (Customer, "customer", _Column(customer_to_dict, customer_from_dict)),
)

_WRITERS = {kind: (tag, column.write) for kind, tag, column in _TAGGED}
_READERS = {tag: column.read for _, tag, column in _TAGGED}

_FIELD_COLUMNS = {name: _COLUMNS[row.kind] for name, row in FIELDS.items()}

#: Every field but ``allow_merge``: name, key in canonical form, writer; in canonical order.
_TEXT_ROWS = tuple(
    (name, f'"{name}":', _FIELD_COLUMNS[name].text) for name in sorted({*FIELDS} - {"allow_merge"})
)
#: What stands first, where it stands at all: only False counts as a value.
_BARRED = '"allow_merge":false'
_row_values = attrgetter(*(name for name, _, _ in _TEXT_ROWS))
