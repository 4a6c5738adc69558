"""Customers of files."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.errors import InvalidFileError
from dedupkit.samples import generate_register, write_customers
from dedupkit.transfer import CustomerFile, read_customers


def read(text: str) -> CustomerFile:
    """Read a file from its text."""
    return read_customers(text.encode(), "a.csv")


def test_cells_are_read_as_people_write_them() -> None:
    """Dates, numbers, countries, moments and truths in national spellings; phones as given."""
    (card,) = read(
        "id;navn;land;født;mobil;opprettet;allow_merge;balances.store_credit.NOK;other_emails\n"
        "7;Anna;Norge;3.5.1980;912 34 567;31.12.2020;nei;1.234,50;a@b.no | c@d.no\n"
    ).customers

    assert (
        card
        == Customer(
            id="7",
            name="Anna",
            country="NO",
            birth_date=date(1980, 5, 3),
            mobile="912 34 567",
            allow_merge=False,
            balances=[Balance("store_credit", "NOK", Decimal("1234.5"))],
            other_emails=["a@b.no", "c@d.no"],
        )
        or card.created_at
    )


def test_longer_paths_are_read() -> None:
    """Consents, profiles, ids, flags and own fields have columns of their own."""
    (card,) = read(
        "id;newsletter;consents.offers.sms;web_profile.id;web_profile.username;"
        "web_profile.last_login_at;external_ids.crm;flags.vip;extra.vat_no;color\n"
        "7;no;objected;w1;anna;2020-01-02T03:04:05+00:00;c9;x;NO1;red\n"
    ).customers

    assert card == Customer(
        id="7",
        consents=[
            Consent("newsletter", "email", ConsentState.NEVER_ASKED),
            Consent("offers", "sms", ConsentState.OBJECTED),
        ],
        web_profile=WebProfile(
            id="w1", username="anna", last_login_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
        ),
        external_ids={"crm": ["c9"]},
        flags=["vip"],
        extra={"vat_no": "NO1", "color": "red"},
    )


def test_unreadable_cells_are_counted() -> None:
    """An impossible date is a missing one, and no secret."""
    found = read("id;dob;land;newsletter\n1;1980-02-30;Narnia;\n2;x;NO;perhaps\n3;1980-01-01;;\n")

    assert [card.birth_date for card in found.customers] == [None, None, date(1980, 1, 1)]
    assert dict(found.unreadable) == {"dob": 2, "land": 1, "newsletter": 1}


def test_malformed_contacts_are_kept_and_counted() -> None:
    """A register holds bad addresses and numbers; how many is no secret."""
    text = "id;e-post;mobil;land\n1;anna(at)x.no;12;NO\n2;bo@x.no;91234567;\n3;;91234567;no\n"

    found = read(text)
    at_home = read_customers(text.replace("12;NO", "12;").encode(), "a.csv", region="NO")

    assert found.customers[0].email == "anna(at)x.no"
    assert dict(found.malformed) == dict(at_home.malformed) == {"e-post": 1, "mobil": 1}


def test_rows_are_known_by_their_number() -> None:
    """A customer can be found in the spreadsheet."""
    assert dict(read("id;navn\n7;Anna\n\n9;Bo\n").rows) == {"7": 2, "9": 4}


@pytest.mark.parametrize("text", ["navn;by\nAnna;Bodø\n", "foo\n1\n", "a^b\n1^2\n"])
def test_a_file_without_ids_is_refused(text: str) -> None:
    """Nothing can be merged without knowing what is what; the columns found are named."""
    with pytest.raises(
        InvalidFileError, match="row 1, column 'id': no column holds the id"
    ) as caught:
        read(text)

    assert ("is that the separator" in str(caught.value)) == (text != "navn;by\nAnna;Bodø\n")


def test_repeated_and_missing_ids_are_named_together() -> None:
    """All rows at fault are listed with row and column."""
    with pytest.raises(InvalidFileError) as caught:
        read("id;navn\n7;Anna\n;Bo\n7;Cato\n")

    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "id"), (4, "id")]
    assert "repeats the id '7' of row 2" in str(caught.value)


def test_a_web_profile_is_one_customer_s() -> None:
    """Two rows with one login are a fault of the file, named before anything is written."""
    with pytest.raises(InvalidFileError) as caught:
        read("id;web_profile.id;web_profile.username\n1;w1;anna\n2;;\n3;w3;anna\n4;w1;\n")

    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (4, "web_profile.username"),
        (5, "web_profile.id"),
    ]
    assert "anna" not in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12", "12"),
        ("-12,50", "-12.5"),
        ("1 234,50", "1234.5"),
        ("1'234.50", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1.234", "1.234"),
        ("+3", "3"),
        ("0,125", "0.125"),
        ("1,234", None),
        ("12 kr", None),
        ("1e999999", None),
    ],
)
def test_amounts_are_read_or_refused(cell: str, amount: str | None) -> None:
    """Money is never guessed: what is no number, or could be two, is a fault with its place."""
    text = f"id;balances.store_credit.NOK\n7;{cell}\n"
    if amount is None:
        with pytest.raises(InvalidFileError, match=r"row 2, column .balances\.store_credit\.NOK"):
            read(text)
    else:
        assert read(text).customers[0].balances[0].amount == Decimal(amount)


def test_errors_show_no_values() -> None:
    """A message may be logged, so it holds places and ids only."""
    with pytest.raises(InvalidFileError) as caught:
        read("id;navn;balances.loyalty.points\n7;Hemmelig;hemmelig tall\n")

    assert "emmelig" not in str(caught.value)


def test_a_sample_register_is_read_as_it_was_written() -> None:
    """A register written as a file is the same customers again, but for what a file cannot say."""
    register = generate_register(300, seed=7)
    file = StringIO()
    write_customers(register.customers, file)

    found = read(file.getvalue())

    assert [card.id for card in found.customers] == [card.id for card in register.customers]
    assert dict(found.unreadable) == {}
    for card, given in zip(found.customers, register.customers, strict=True):
        assert (card.name, card.email, card.mobile, card.address, card.birth_date) == (
            given.name,
            given.email,
            given.mobile,
            given.address,
            given.birth_date,
        )
        assert (card.balances, card.web_profile and card.web_profile.username) == (
            given.balances,
            given.web_profile and given.web_profile.username,
        )


def test_a_file_without_a_header_repeats_none_of_its_values() -> None:
    """Its first row may be a customer: only how many columns there are is told."""
    with pytest.raises(InvalidFileError) as caught:
        read("1001;Anna;anna@x.example\n1002;Ben\n")

    assert str(caught.value) == (
        "a.csv: row 1, column 'id': no column holds the id of a customer; say which does. Row 1 "
        "has 3 columns, divided by ';', and no name that is known; is that the separator, and does "
        "row 1 name the columns?"
    )


def test_columns_of_one_name_are_told_by_their_place() -> None:
    """A file in which nothing tells two columns apart is a fault of the file."""
    with pytest.raises(InvalidFileError, match="row 1, column 'navn': two columns bear this name"):
        read("id;navn;navn\n1;a;b\n")
