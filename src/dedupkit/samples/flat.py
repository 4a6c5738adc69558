"""Registers as files: one row a customer, as a shop's export would be.

Columns bear the names of the fields. Several values of one field are joined by ``|``; a balance
has a column of its own (``balances.store_credit.NOK``), and so have the newsletter consent
(``newsletter``: yes, no, or nothing where nobody asked) and the parts of the web profile
(``web_profile.username``). The truth goes into a file of its own.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TextIO

from dedupkit.customers import FIELDS, NEWSLETTER, Customer, Kind
from dedupkit.samples.register import SampleRegister

_JOINT = "|"
_NEVER_THERE = {"name", "region", "tenant", "merged_into", "kept_for", "version"}
_PLAIN = tuple(
    name
    for name, field in FIELDS.items()
    if field.kind in {Kind.TEXT, Kind.TEXTS, Kind.DATE, Kind.NAMES} and name not in _NEVER_THERE
)
_PROFILE = ("id", "username", "has_password", "active", "approved_buyer", "verified")
_LAST = ("allow_merge", "created_at", "updated_at")


def write_customers(customers: Iterable[Customer], file: TextIO) -> None:
    """Write customers as CSV with ``;``, a header first; cells without a value are empty.

    Args:
        customers: The customers; read once.
        file: Open for writing with ``newline=""``; ``utf-8-sig`` is what spreadsheets expect.

    >>> import io
    >>> file = io.StringIO()
    >>> write_customers([Customer(id="1", first_name="Åse")], file)
    >>> file.getvalue().split(";")[:3]
    ['id', 'number', 'first_name']
    """
    cards = tuple(customers)
    balances = sorted({f"balances.{b.kind}.{b.unit}" for card in cards for b in card.balances})
    profile = [f"web_profile.{name}" for name in _PROFILE]
    head = [*_PLAIN, "newsletter", *balances, *profile, *_LAST]
    writer = csv.DictWriter(file, head, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_row, cards))


def write_truth(register: SampleRegister, file: TextIO) -> None:
    """Write who is who as CSV with ``;``: ``customer_id`` and ``person_id``."""
    _write_pairs(("customer_id", "person_id"), register.truth, file)


def write_orders(register: SampleRegister, file: TextIO) -> None:
    """Write the orders as CSV with ``;``: ``order_id`` and ``customer_id``."""
    _write_pairs(("order_id", "customer_id"), register.rows["orders"], file)


def _write_pairs(head: tuple[str, str], pairs: Mapping[str, str], file: TextIO) -> None:
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow(head)
    writer.writerows(pairs.items())


def _row(card: Customer) -> dict[str, str]:
    values = {name: getattr(card, name) for name in (*_PLAIN, *_LAST)}
    values |= {f"balances.{b.kind}.{b.unit}": b.amount for b in card.balances}
    if card.web_profile:
        values |= {f"web_profile.{name}": getattr(card.web_profile, name) for name in _PROFILE}
    if any((consent.purpose, consent.channel) == NEWSLETTER for consent in card.consents):
        values["newsletter"] = card.wants_newsletter
    return {name: _cell(value) for name, value in values.items()}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case frozenset():
            return _JOINT.join(sorted(value))
        case tuple():
            return _JOINT.join(value)
        case _:
            return str(value)
