"""Exports."""

from datetime import UTC, date, datetime
from io import StringIO

from attrs import evolve

from dedupkit.customers import (
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    WebProfile,
)
from dedupkit.transfer import read_customers, write_customers

CARD = Customer(
    id="7",
    number="W7",
    first_name="Åse",
    notes='says "hi";\nand more',
    other_emails=["a@b.no", "c@d.no"],
    country="NO",
    birth_date=date(1980, 2, 29),
    groups=["b", "a"],
    flags=["vip"],
    consents=[
        Consent("newsletter", "email", ConsentState.GRANTED),
        Consent("offers", "sms", ConsentState.OBJECTED),
    ],
    web_profile=WebProfile(
        id="w1", username="ase", active=False, last_login_at=datetime(2020, 1, 1, tzinfo=UTC)
    ),
    balances=[
        Balance("loyalty", "points", "12.5", programme="club"),
        Balance("store_credit", "NOK", -3),
    ],
    external_ids={"crm": ["1"]},
    allow_merge=False,
    created_at=datetime(2019, 1, 1, 12, tzinfo=UTC),
    extra={"vat_no": "NO1"},
)


def written(*cards: Customer) -> str:
    """Return customers as a file."""
    file = StringIO()
    write_customers(cards, file)
    return file.getvalue()


def test_what_is_written_reads_the_same() -> None:
    """Reading an export gives the customers that were exported."""
    cards = (CARD, Customer(id="8"), Customer(id="9", company="Ås | Sønn"))

    found = read_customers(written(*cards).encode(), "a.csv")

    assert found.customers == cards
    assert dict(found.unreadable) == {}


def test_the_columns_stand_in_the_order_of_the_fields() -> None:
    """Only columns in which somebody has a value are there, the id first."""
    columns = write_customers([CARD], StringIO())

    assert columns == (
        "id",
        "number",
        "first_name",
        "other_emails",
        "country",
        "birth_date",
        "notes",
        "groups",
        "flags",
        "consents.newsletter.email",
        "consents.offers.sms",
        "web_profile.id",
        "web_profile.username",
        "web_profile.has_password",
        "web_profile.active",
        "web_profile.approved_buyer",
        "web_profile.verified",
        "web_profile.last_login_at",
        "balances.loyalty.points.club",
        "balances.store_credit.NOK",
        "external_ids.crm",
        "allow_merge",
        "created_at",
        "extra.vat_no",
    )


def test_what_a_file_cannot_say_is_written_for_people() -> None:
    """Consents of one address and further addresses are shown, and left alone when read."""
    card = evolve(
        Customer(id="7"),
        consents=[Consent("newsletter", "email", ConsentState.GRANTED, endpoint="a@b.no")],
        other_addresses=[Address(street="Storgata 1", city="Bodø")],
    )

    text = written(card)

    assert text.splitlines() == [
        "id;other_addresses;other_consents",
        "7;Storgata 1, Bodø;newsletter email a@b.no: yes",
    ]
    assert read_customers(text.encode(), "a.csv").customers == (Customer(id="7"),)


def test_nobody_is_a_table_too() -> None:
    """An empty register exports its header."""
    assert written() == "id\r\n"
