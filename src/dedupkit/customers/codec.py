"""Customers and their values as plain JSON data, and back; driven by the table of fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, final

from attrs import frozen

from dedupkit.customers.addresses import Address
from dedupkit.customers.balances import Balance
from dedupkit.customers.consents import Consent, ConsentState
from dedupkit.customers.customer import Customer
from dedupkit.customers.fieldmap import FieldMap
from dedupkit.customers.fields import ADDRESS_FIELDS, FIELDS, Kind
from dedupkit.customers.judgements import Judgement, Verdict
from dedupkit.customers.shapes import amount_text
from dedupkit.customers.web_profiles import WebProfile

__all__ = [
    "canonical_json",
    "customer_from_dict",
    "customer_to_dict",
    "fingerprint",
    "from_plain",
    "judgement_from_dict",
    "judgement_to_dict",
    "to_plain",
]


def to_plain(value: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
    """Turn a value of a customer into JSON data, so that `from_plain` brings it back.

    Text, bool, int and None stay, a tuple becomes an array; whatever JSON has no type for becomes
    an object of one tagged member, such as ``{"date": "1980-02-29"}``.

    >>> to_plain(Decimal("12.50"))
    {'decimal': '12.5'}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    tag, write = _WRITERS[type(value)]
    return {tag: write(value)}


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
    return {
        name: _COLUMNS[FIELDS[name].kind].write(getattr(customer, name))
        for name in customer.filled()
    }


def customer_from_dict(data: Mapping[str, Any]) -> Customer:
    """Turn JSON data of `customer_to_dict` back into the customer.

    Raises:
        InvalidCustomerError: a value has not the shape of its field.
        ValueError, KeyError, TypeError: *data* was not written by `customer_to_dict`.
    """
    return Customer(
        **{name: _COLUMNS[FIELDS[name].kind].read(value) for name, value in data.items()}
    )


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


def canonical_json(data: object) -> str:
    """Write JSON data in the one form that is hashed: sorted keys, no spaces, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def fingerprint(customer: Customer) -> str:
    """Return a SHA-256 over every field of *customer* but its version, in hexadecimal."""
    data = customer_to_dict(customer)
    data.pop("version", None)
    return sha256(canonical_json(data).encode()).hexdigest()


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


def _read_consent(data: Mapping[str, Any]) -> Consent:
    moment = _read_moment(data.get("at"))
    return Consent(**{**data, "state": ConsentState(data["state"]), "at": moment})


def _balance(value: Balance) -> dict[str, Any]:
    data = {"kind": value.kind, "unit": value.unit, "amount": amount_text(value.amount)}
    return data if value.programme is None else {**data, "programme": value.programme}


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


def _read_profile(data: Mapping[str, Any]) -> WebProfile:
    return WebProfile(**{**data, "last_login_at": _read_moment(data["last_login_at"])})


def _moment_or_none(value: datetime | None) -> str | None:
    return None if value is None else _moment(value)


def _moment(value: datetime) -> str:
    """Write a moment in UTC, so that equal moments read alike; a naive datetime as it is."""
    return (value.astimezone(UTC) if value.tzinfo else value).isoformat()


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _same(value: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
    return value


@final
@frozen
class _Column:
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _each(column: _Column) -> _Column:
    return _Column(
        lambda values: [column.write(value) for value in values],
        lambda data: tuple(column.read(value) for value in data),
    )


_PLAIN = _Column(_same, _same)
_MOMENT = _Column(_moment_or_none, _read_moment)
_NAMES = _Column(sorted, frozenset)
_ADDRESS = _Column(_address, lambda data: Address(**data))

_MAP = _Column(
    lambda value: {key: to_plain(part) for key, part in sorted(value.items())},
    lambda data: FieldMap((key, from_plain(part)) for key, part in data.items()),
)

_COLUMNS: Mapping[Kind, _Column] = {
    Kind.TEXT: _PLAIN,
    Kind.BOOL: _PLAIN,
    Kind.TEXTS: _each(_PLAIN),
    Kind.ADDRESSES: _each(_ADDRESS),
    Kind.DATE: _Column(date.isoformat, date.fromisoformat),
    Kind.MOMENT: _MOMENT,
    Kind.NAMES: _NAMES,
    Kind.CONSENTS: _each(_Column(_consent, _read_consent)),
    Kind.BALANCES: _each(_Column(_balance, _read_balance)),
    Kind.PROFILE: _Column(_profile, _read_profile),
    Kind.IDS: _Column(
        lambda value: {system: sorted(ids) for system, ids in sorted(value.items())},
        lambda data: FieldMap((system, frozenset(ids)) for system, ids in data.items()),
    ),
    Kind.EXTRA: _MAP,
}

_TAGGED: tuple[tuple[type, str, _Column], ...] = (
    (Decimal, "decimal", _Column(amount_text, Decimal)),
    (date, "date", _COLUMNS[Kind.DATE]),
    (datetime, "moment", _Column(_moment, datetime.fromisoformat)),
    (Address, "address", _ADDRESS),
    (Consent, "consent", _Column(_consent, _read_consent)),
    (Balance, "balance", _Column(_balance, _read_balance)),
    (WebProfile, "profile", _COLUMNS[Kind.PROFILE]),
    (frozenset, "set", _NAMES),
    (FieldMap, "map", _MAP),
    (Customer, "customer", _Column(customer_to_dict, customer_from_dict)),
)

_WRITERS = {kind: (tag, column.write) for kind, tag, column in _TAGGED}
_READERS = {tag: column.read for _, tag, column in _TAGGED}
