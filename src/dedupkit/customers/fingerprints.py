"""The fingerprint of a customer: the same where every field but the version is the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from json import JSONEncoder
from operator import attrgetter
from typing import Any

from dedupkit.customers.addresses import Address
from dedupkit.customers.balances import Balance
from dedupkit.customers.consents import Consent
from dedupkit.customers.customer import Customer
from dedupkit.customers.fieldmap import FieldMap
from dedupkit.customers.fields import ADDRESS_FIELDS, FIELDS
from dedupkit.customers.shapes import amount_text
from dedupkit.customers.web_profiles import WebProfile

__all__ = ["fingerprint"]


def fingerprint(customer: Customer) -> str:
    """Return a SHA-256 over every field of *customer* but its version, in hexadecimal.

    Customers whose JSON is the same have the same one, in every process and release.
    """
    return sha256(_ENCODER.encode(_values(customer)).encode()).hexdigest()


_values = attrgetter(*(name for name in FIELDS if name != "version"))


def _plain(value: object) -> object:
    """Return what is hashed of a value that JSON has no type for."""
    write = _PLAIN.get(type(value))
    if write is None:  # of a subclass
        write = next(write for kind, write in _PLAIN.items() if isinstance(value, kind))
    return write(value)


def _consent(value: Consent) -> object:
    at = None if value.at is None else _microseconds(value.at)
    return value.purpose, value.channel, value.state._value_, at, value.source, value.endpoint


def _balance(value: Balance) -> object:
    return value.kind, value.unit, amount_text(value.amount), value.programme


def _moment(value: datetime) -> object:
    if value.utcoffset() is None:  # as hosts hold them in fields of their own
        return "local", value.isoformat()
    return "moment", _microseconds(value)


def _microseconds(value: datetime) -> int:
    return (value - _EPOCH) // _MICROSECOND


_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

#: Type → its values in types of JSON; the kinds of the host's own values are told apart.
_PLAIN: Mapping[type, Callable[[Any], object]] = {
    Consent: _consent,
    Balance: _balance,
    frozenset: sorted,
    FieldMap: lambda value: dict(value.items()),
    WebProfile: attrgetter(
        "id", "username", "has_password", "active", "approved_buyer", "verified", "last_login_at"
    ),
    Address: attrgetter(*ADDRESS_FIELDS),
    datetime: _moment,
    date: lambda value: ("date", value.isoformat()),
    Decimal: lambda value: ("decimal", amount_text(value)),
}

_ENCODER = JSONEncoder(
    default=_plain, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False
)
