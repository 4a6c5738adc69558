"""What a store is tried with: a harness with a back door, and the cards of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol, final

from attrs import field, frozen

from dedupkit.customers import (
    EMPTY,
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    FieldMap,
    WebProfile,
    as_map,
)
from dedupkit.plans import Rows
from dedupkit.ports import CustomerStore
from dedupkit.testing.rules import ContractViolation

__all__ = [
    "CARDS",
    "FULL_CARD",
    "MOMENT",
    "POWERS",
    "State",
    "StoreHarness",
    "moving_relation",
    "needed",
    "seeded",
]

#: What a store may declare to lack: power → what it means.
POWERS: Mapping[str, str] = FieldMap(
    fields="every field of a customer is kept, not only names",
    history="receipts are found by customer",
    journal="receipts are remembered",
    judgements="judgements are kept, inside the transaction",
    redaction="receipts can be redacted, and retired cards emptied",
    redirects="retired cards stay and show where they redirect to",
    relations="rows refer to customers",
    scan="all customers can be gone through",
    versions="every write gives a new version",
)


@final
@frozen
class State:
    """What a store holds, as seen past it.

    Attributes:
        customers: Id → customer, retired ones included.
        rows: Relation → row id → id of the customer.
    """

    customers: FieldMap[str, Customer] = field(default=EMPTY, converter=as_map)
    rows: FieldMap[str, Mapping[str, str]] = field(default=EMPTY, converter=as_map)


class StoreHarness(Protocol):
    """One fresh, empty store with a back door; seeding and peeking go past the store."""

    @property
    def store(self) -> CustomerStore:
        """The store."""

    def seed(self, customers: Iterable[Customer], rows: Mapping[str, Mapping[str, str]], /) -> None:
        """Put customers and rows (relation → row id → customer) into the database."""

    def peek(self) -> State:
        """Return what the database holds now."""


MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_ANNA = Customer(id="1", first_name="Anna", last_name="Larsen")
_BEN = Customer(id="2", first_name="Ben", last_name="Larsen")
_CARL = Customer(id="3", first_name="Carl", last_name="Larsen")
CARDS = (_ANNA, _BEN, _CARL)
FULL_CARD = Customer(
    id="4",
    number="1004",
    name="Dina Dahl",
    first_name="Dina",
    last_name="Dahl",
    company="Dahl AS",
    email="dina@shop.example",
    other_emails=["b@shop.example", "a@shop.example"],
    mobile="+47 912 34 567",
    home_phone="22 33 44 55",
    other_phones=["+47 400 00 001"],
    street="Storgata 1",
    street2="H0101",
    postal_code="0155",
    city="Łódź",
    region="Vestland",
    country="NO",
    other_addresses=[Address(street="Lillegata 2", city="Oslo")],
    birth_date=date(1980, 2, 29),
    language="nb",
    notes="prefers\nthe balcony",
    groups=["members", "press"],
    flags=["vip"],
    consents=[
        Consent("newsletter", "email", ConsentState.GRANTED, at=MOMENT, source="checkout"),
        Consent("newsletter", "email", ConsentState.OBJECTED, endpoint="dina@shop.example"),
    ],
    web_profile=WebProfile(id="w4", username="dina", has_password=True, last_login_at=MOMENT),
    balances=[
        Balance("store_credit", "NOK", Decimal("-12.345")),
        Balance("loyalty", "points", 70, programme="club"),
    ],
    external_ids={"app": ["a1", "a2"]},
    allow_merge=False,
    tenant="north",
    created_at=MOMENT.replace(microsecond=123456),
    updated_at=MOMENT,
    kept_for="1",
    extra={"vat_no": "NO1", "limit": Decimal("0.10"), "since": date(2020, 1, 1), "vip": True},
)


def seeded(harness: StoreHarness, *cards: Customer) -> CustomerStore:
    """Return the store with the cards of the rules, and rows where it has a relation."""
    relation = moving_relation(harness)
    rows = {relation: {"r1": "1", "r2": "2", "r3": "2"}} if relation else {}
    harness.seed(cards or CARDS, rows)
    return harness.store


def moving_relation(harness: StoreHarness) -> str | None:
    """Return the name of a relation whose rows move without collisions, or None."""
    moving = (r.name for r in harness.store.relations if r.rows is Rows.MOVE and not r.unique)
    return next(moving, None)


def needed(relation: str | None) -> str:
    """Refuse a store without such a relation."""
    if relation is None:
        raise ContractViolation(
            "the store has no relation whose rows move; declare one, or lacks=['relations']"
        )
    return relation
