"""Corrections: checked like any input."""

from datetime import date
from typing import Any

import pytest

from dedupkit.customers import Address, Customer
from dedupkit.errors import ConfigurationError, InvalidCustomerError
from dedupkit.merging.corrections import checked_corrections

NORWEGIAN = Customer(id="1", country="NO", email="old@shop.example", groups=["a"])


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("email", " new@shop.example ", "new@shop.example"),
        ("email", None, None),
        ("email", "  ", None),
        ("mobile", "912 34 567", "912 34 567"),
        ("home_phone", "+46 8 123 456 78", "+46 8 123 456 78"),
        ("other_emails", ["b@shop.example"], ("b@shop.example",)),
        ("other_emails", None, ()),
        ("birth_date", date(1980, 2, 29), date(1980, 2, 29)),
        ("groups", None, frozenset()),
        ("flags", ["vip"], frozenset({"vip"})),
        ("number", "7", "7"),
        ("extra.vat_no", "NO1", "NO1"),
        ("extra.vat_no", None, None),
        ("city", "Bergen", "Bergen"),
        ("address", None, Address()),
    ],
)
def test_good_values_come_out_as_fields_hold_them(path: str, value: Any, expected: Any) -> None:  # noqa: ANN401  # fields have many types
    """Texts are stripped, blanks clear, collections are frozen."""
    assert checked_corrections(NORWEGIAN, {path: value}) == {path: expected}


def test_address_and_its_parts_go_together() -> None:
    """A part wins over the address as a whole."""
    moved = Address(street="Storgata 1", city="Oslo")
    checked = checked_corrections(NORWEGIAN, {"city": "Moss", "address": moved})
    assert checked["address"] == Address(street="Storgata 1", city="Moss")


def test_all_bad_values_are_refused_by_field_name_without_being_repeated() -> None:
    """A bad e-mail, a bad phone and a wrong shape are named together."""
    with pytest.raises(InvalidCustomerError) as caught:
        checked_corrections(
            NORWEGIAN,
            {
                "email": "secret at nowhere",
                "other_emails": ["fine@shop.example", "secret"],
                "mobile": "12",
                "birth_date": "1980-02-30",
                "address": "Storgata 1",
            },
        )
    assert {fault.field for fault in caught.value.faults} == {
        "email",
        "other_emails",
        "mobile",
        "birth_date",
        "address",
    }
    assert "secret" not in str(caught.value)
    problems = {fault.field: fault.problem for fault in caught.value.faults}
    assert "name@example.no" in problems["email"]
    assert "prefix" in problems["mobile"]
    assert "Address" in problems["address"]


@pytest.mark.parametrize(
    ("phone", "is_good"), [("912 34 567", True), ("12", False), ("0" * 8, False)]
)
def test_phone_without_a_country_must_at_least_be_long_enough(phone: str, is_good: bool) -> None:
    """Nobody knows the numbering plan, so only what cannot be a number is refused."""
    stateless = Customer(id="1")
    if is_good:
        assert checked_corrections(stateless, {"mobile": phone}) == {"mobile": phone}
    else:
        with pytest.raises(InvalidCustomerError, match="mobile"):
            checked_corrections(stateless, {"mobile": phone})


def test_phone_is_read_with_the_corrected_country() -> None:
    """A customer who moves to Sweden gets a Swedish number in one go."""
    typed = {"country": "SE", "mobile": "070-123 45 67"}
    assert checked_corrections(NORWEGIAN, typed) == typed


def test_fields_that_cannot_be_corrected_are_named() -> None:
    """Balances, consents and typing errors are not for this form."""
    with pytest.raises(ConfigurationError, match=r"'balances', 'emial', 'extra\.'"):
        checked_corrections(NORWEGIAN, {"balances": (), "emial": "x", "extra.": 1})


@pytest.mark.parametrize(
    "email",
    [
        "a@x.example,b@x.example",
        "a@x.example; b@x.example",
        "a@x.example b@x.example",
        "a@x.example/b@x.example",
        "Ann <a@x.example>",
        "mailto:a@x.example",
        "a@x.example.",
        "a@x.example\nBcc: z@y.example",
    ],
)
def test_an_email_is_one_address_and_nothing_else(email: str) -> None:
    """What matching can read is not what a register should hold."""
    with pytest.raises(InvalidCustomerError, match="email"):
        checked_corrections(NORWEGIAN, {"email": email})


@pytest.mark.parametrize("email", ["a+b@x.example", "å.b_c@sø.example", "o'neil@x-y.example"])
def test_an_email_may_have_whatever_addresses_have(email: str) -> None:
    """Tags, dots, letters of every alphabet."""
    assert checked_corrections(NORWEGIAN, {"email": email}) == {"email": email}


@pytest.mark.parametrize("phone", ["+4791234567\nX: y", "912 34 567, 998 87 766", "91234567 mob"])
def test_a_phone_is_one_number_and_nothing_else(phone: str) -> None:
    """Neither a second one nor a word."""
    with pytest.raises(InvalidCustomerError, match="mobile"):
        checked_corrections(NORWEGIAN, {"mobile": phone})


@pytest.mark.parametrize(
    "phone",
    [
        "+47 912 34 567",
        "(0047) 912.34-567",
        "(+47) 912 34 567",
        "+47 912\u201334\u2013567",
        "+47\u202f912\u200934\u00a0567",
        "\uff0b4791234567",
        "tel:+4791234567",
        "22 33 44 55 ext. 12",
    ],
)
def test_a_phone_may_be_written_as_people_do(phone: str) -> None:
    """With brackets, dots, strokes and an extension."""
    assert checked_corrections(NORWEGIAN, {"mobile": phone}) == {"mobile": phone}


@pytest.mark.parametrize("digits", ["24680", "246813579124680"], ids=["fewest", "most"])
def test_phone_without_a_country_may_have_five_to_fifteen_digits(digits: str) -> None:
    """Five are the fewest that anybody is reached by, fifteen the most there are."""
    assert checked_corrections(Customer(id="1"), {"mobile": digits}) == {"mobile": digits}


@pytest.mark.parametrize("digits", ["2468", "2468135791246802"], ids=["too few", "too many"])
def test_phone_without_a_country_is_refused_beyond_that(digits: str) -> None:
    """Nobody is reached by so few or so many."""
    with pytest.raises(InvalidCustomerError, match="mobile"):
        checked_corrections(Customer(id="1"), {"mobile": digits})


def test_a_phone_is_one_of_the_customer_s_country() -> None:
    """Seven digits are a phone somewhere, and none in Norway."""
    assert checked_corrections(Customer(id="1"), {"mobile": "2468135"})
    with pytest.raises(InvalidCustomerError, match="mobile"):
        checked_corrections(NORWEGIAN, {"mobile": "2468135"})
