"""Corrections: what a clerk types into the master before merging, checked like any input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dedupkit.customers import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    Address,
    Customer,
    FieldMap,
    read_path,
    with_path,
)
from dedupkit.errors import ConfigurationError, Fault, InvalidCustomerError

__all__ = ["checked_corrections"]

#: Beside the contact fields and the host's own, what a clerk may change on a master.
_CORRECTABLE = frozenset({*CONTACT_FIELDS, *ADDRESS_FIELDS, "number", "groups", "flags"})

_BLANKS: Mapping[str, Any] = {
    "address": Address(),
    "groups": frozenset(),
    "flags": frozenset(),
    **dict.fromkeys(("other_emails", "other_phones", "other_addresses"), ()),
}


def checked_corrections(master: Customer, corrections: Mapping[str, Any]) -> FieldMap[str, Any]:
    """Return the corrections as the fields hold them: frozen, blank texts as None.

    A phone is read with the country that the master will have; without a country it must carry
    its own prefix or at least be long enough for a number.

    Raises:
        ConfigurationError: a path that cannot be corrected; all of them are named.
        InvalidCustomerError: a value of the wrong shape, a bad e-mail or phone; all of them are
            named, none is repeated.
    """
    if not isinstance(corrections, Mapping):
        raise ConfigurationError("corrections is a mapping of field paths to values")
    wrong = [path for path in corrections if not _is_correctable(path)]
    if wrong:
        raise ConfigurationError(
            f"{', '.join(map(repr, wrong))} cannot be corrected; name contact fields, 'address' or "
            "its parts, 'number', 'groups', 'flags', or 'extra.…'"
        )
    if not corrections:
        return FieldMap()
    corrected, faults = master, list[Fault]()
    for path in sorted(corrections, key=lambda path: (path != "address", path)):  # then its parts
        corrected = _corrected(corrected, path, corrections[path], faults)
    faults += _bad_contacts(corrected, corrections)
    if faults:
        raise InvalidCustomerError(master.id, faults)
    return FieldMap((path, read_path(corrected, path)) for path in sorted(corrections))


def _is_correctable(path: object) -> bool:
    if not isinstance(path, str):
        return False
    return path in _CORRECTABLE or (path.startswith("extra.") and path != "extra.")


def _corrected(customer: Customer, path: str, value: object, faults: list[Fault]) -> Customer:
    if value is None:
        value = _BLANKS.get(path)
    elif isinstance(value, str):
        value = value.strip()
    if path == "address" and not isinstance(value, Address):
        faults.append(Fault(path, "must be an Address"))
        return customer
    try:
        return with_path(customer, path, value)
    except InvalidCustomerError as error:
        faults += error.faults
        return customer


def _bad_contacts(customer: Customer, paths: Mapping[str, Any]) -> Iterator[Fault]:
    for path, is_bad, problem in _CHECKS:
        if path in paths:
            value = read_path(customer, path)
            values = value if isinstance(value, tuple) else (value,)
            if any(one is not None and is_bad(one, customer.country) for one in values):
                yield Fault(path, problem)


def _is_bad_email(text: str, _country: str | None) -> bool:
    from dedupkit.normalize.email import normalize_email

    return _ONE_EMAIL.fullmatch(text) is None or not normalize_email(text).is_valid


def _is_bad_phone(text: str, country: str | None) -> bool:
    from dedupkit.normalize.phone import normalize_phone

    if _ONE_PHONE.fullmatch(text) is None:
        return True
    phone = normalize_phone(text, country)
    if phone.e164 is not None or country is not None:
        return not phone.is_valid
    return phone.is_placeholder or not _FEWEST <= len(phone.national) <= _MOST


#: What is typed is one address or number and nothing else; matching reads far more than that.
_ONE_EMAIL = re.compile(r"[^\s,;:<>@]+@[^\s,;:<>@]+(?<!\.)")
_ONE_PHONE = re.compile(
    r"(?:tel:)?\(?[+＋]?[\d ().\t\u00a0\u2009\u202f/‐‑–-]+(?:(?:ext\.?|x|#) ?\d+)?",
    re.IGNORECASE,
)

#: Digits of a subscriber number: the shortest anybody is reached by, and E.164's most.
_FEWEST, _MOST = 5, 15

_EMAIL = (_is_bad_email, "is no e-mail address; write one as name@example.no, or leave it blank")
_PHONE = (
    _is_bad_phone,
    "is no phone number of the customer's country; write it with its prefix, or leave it blank",
)

_CHECKS: tuple[tuple[str, Callable[[str, str | None], bool], str], ...] = (
    ("email", *_EMAIL),
    ("other_emails", *_EMAIL),
    ("mobile", *_PHONE),
    ("home_phone", *_PHONE),
    ("other_phones", *_PHONE),
)
