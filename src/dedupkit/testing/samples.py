"""Cards to try matchers and resolvers on: alike, different, blank, odd."""

from __future__ import annotations

from datetime import UTC, date, datetime

from attrs import evolve

from dedupkit.customers import Address, Customer
from dedupkit.testing.harness import FULL_CARD

__all__ = ["SAMPLE_CARDS"]

_BJORN = Customer(
    id="b1",
    first_name="Bjørn",
    last_name="Hansen",
    email="bjorn.hansen@gmail.com",
    mobile="+47 912 34 567",
    home_phone="22 33 44 55",
    street="Storgata 1",
    postal_code="0155",
    city="Oslo",
    country="NO",
    birth_date=date(1980, 2, 29),
    company="Hansen AS",
    notes="regular",
    updated_at=datetime(2025, 1, 1, tzinfo=UTC),
)

#: A few dozen pairs of every sort come from these.
SAMPLE_CARDS: tuple[Customer, ...] = (
    Customer(id="blank"),
    FULL_CARD,
    _BJORN,
    evolve(
        _BJORN,
        id="b2",
        first_name="BJOERN",
        email="BjornHansen+shop@googlemail.com",
        mobile="0047 91234567",
        street="Storgt. 1",
        company="Hansen A/S",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    evolve(_BJORN, id="b3", first_name="Hansen", last_name="Bjørn", birth_date=date(1980, 2, 28)),
    evolve(_BJORN, id="b4", first_name="Berit", birth_date=date(1982, 7, 1), email=None),
    Customer(id="name", name="Hansen, Bjørn", other_emails=["bjorn.hansen@gmail.com"]),
    Customer(id="mail", email="bjorn.hansen@gmail.com"),
    Customer(id="bad", email="not mail", mobile="1", home_phone="00000000", country="NO"),
    Customer(id="odd", first_name="🙂", last_name="'; --", company="Ltd", city="\u200b"),
    Customer(id="kanji", name="山田 太郎", language="ja"),
    Customer(id="cyrillic", first_name="Юлия", last_name="Иванова"),
    Customer(id="spain", first_name="María José", last_name="García-Núñez de la Torre"),
    Customer(id="dutch", last_name="van der Berg", postal_code="1012 AB", country="NL"),
    Customer(
        id="more",
        other_phones=["912 34 567", "+46 70 123 45 67"],
        other_addresses=[Address(street="Storgata 1", city="Oslo")],
    ),
    Customer(id="desk", email="info@shop.example", home_phone="+47 22 00 00 00"),
    Customer(id="test", first_name="Test", last_name="Test", email="test@test.no"),
)
