"""Field paths: the names under which values of a customer are read and changed."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from dedupkit.customers.addresses import Address
from dedupkit.customers.customer import Customer
from dedupkit.customers.fields import ADDRESS_FIELDS, FIELDS, Kind
from dedupkit.errors import ConfigurationError

__all__ = ["check_path", "read_path", "with_path"]


def check_path(path: str) -> str:
    """Return *path* if it names a field, a group, or one of the host's own fields.

    Raises:
        ConfigurationError: it names nothing; close names are offered.

    >>> check_path("extra.vat_no")
    'extra.vat_no'
    """
    head, _, key = path.partition(".")
    kind = FIELDS[head].kind if head in FIELDS else None
    if path == "address" or (kind and not key) or (key and kind in (Kind.EXTRA, Kind.IDS)):
        return path
    from difflib import get_close_matches

    close = get_close_matches(path, [*FIELDS, "address"], n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ConfigurationError(f"unknown field path {path!r}{hint}")


def read_path(customer: Customer, path: str) -> Any:  # noqa: ANN401  # fields have many types
    """Return the value of *path*; what is not there is None (an empty set for external ids).

    >>> read_path(Customer(id="1", city="Oslo"), "address")
    Address(city)
    """
    if "." not in path:
        return getattr(customer, path)
    head, _, key = path.partition(".")
    value = getattr(customer, head)
    return value.get(key, frozenset() if head == "external_ids" else None) if key else value


def with_path(customer: Customer, path: str, value: Any) -> Customer:  # noqa: ANN401  # as above
    """Return *customer* with *path* set to *value*.

    Raises:
        InvalidCustomerError: *value* has not the shape of the field.

    >>> with_path(Customer(id="1"), "extra.vat_no", "NO1").extra["vat_no"]
    'NO1'
    """
    if path == "address":
        parts = value or Address()
        return evolve(customer, **{name: getattr(parts, name) for name in ADDRESS_FIELDS})
    head, _, key = path.partition(".")
    if not key:
        return evolve(customer, **{head: value})
    whole = getattr(customer, head)
    changed = whole.without(key) if value is None else whole.with_items({key: value})
    return evolve(customer, **{head: changed})
