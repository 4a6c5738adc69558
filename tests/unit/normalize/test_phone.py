"""Phone numbers."""

import pytest

from dedupkit.normalize import normalize_phone, split_phones


@pytest.mark.parametrize(
    "text",
    [
        *("91234567", "912 34 567", "91 23 45 67", "912-34-567", "912.34.567", "(912) 34567"),
        *("+4791234567", "+47 912 34 567", "0047 912 34 567", "00 47 91 23 45 67", "4791234567"),
        *("(+47) 912 34 567", "+47 (0) 912 34 567", "+47-912-34-567", "tel:+47-912-34-567"),
        *("Mob: 912 34 567", "912 34 567 (privat)", "+47９１２３４５６７", "912\u201334\u2013567"),
        *("912 34 567 / 22 33 44 55", "91234567, 22334455", "91234567 eller 22334455"),
        *("\u00a0912\u00a034\u00a0567", "++47 91234567", "+0047 91234567"),
    ],
)
def test_every_spelling_of_a_norwegian_number(text: str) -> None:
    """People write one number in many ways."""
    phone = normalize_phone(text, "NO")
    assert phone.e164 == phone.key == "+4791234567"
    assert phone.raw == text
    assert phone.is_valid
    assert not phone.is_placeholder


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("07911 123456", "GB", "+447911123456"),
        ("+44 (0)20 7946 0018", None, "+442079460018"),
        ("+44 020 7946 0018", None, "+442079460018"),
        ("447911123456", "gb", "+447911123456"),
        ("07911/123456", "UK", "+447911123456"),
        ("070-123 45 67", "SE", "+46701234567"),
        ("+46 (0)70-123 45 67", None, "+46701234567"),
        ("20 12 34 56", "DK", "+4520123456"),
        ("06-12345678", "NL", "+31612345678"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("0034 612 345 678", None, "+34612345678"),
        ("030/1234567", "DE", "+49301234567"),
        ("+49 (0) 30 / 1234567", None, "+49301234567"),
        ("+39 (0)6 1234 5678", None, "+390612345678"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("011 47 91234567", "US", "+4791234567"),
        ("011 15 2345-6789", "AR", "+5491123456789"),
        ("01481 223456", "GG", "+441481223456"),
        ("223456", "GG", "+441481223456"),
        ("47 12 34 56", "NO", "+4747123456"),
        ("800 123 4567", "BY", "+3758001234567"),
    ],
)
def test_numbers_of_other_countries(text: str, country: str | None, expected: str | None) -> None:
    """Each country's own way to write a number leads to the international one."""
    assert normalize_phone(text, country).e164 == expected


def test_the_customers_country_comes_before_the_registers_region() -> None:
    """The region is asked where the country is unknown, missing, or has no such number."""
    assert normalize_phone("20 12 34 56", "DK", "NO").e164 == "+4520123456"
    assert normalize_phone("20 12 34 56", "XX", "NO").e164 == "+4720123456"
    assert normalize_phone("20 12 34 56", None, "no").e164 == "+4720123456"
    assert normalize_phone("20 12 34 56", "FR", "NO").e164 == "+4720123456"
    assert normalize_phone("20 12 34 56", "FR", "FR").e164 is None


def test_without_a_region_only_the_digits_are_kept() -> None:
    """A national number without a region is no E.164 number, but has a tail."""
    phone = normalize_phone("070-123 45 67")
    assert phone.e164 is phone.key is None
    assert not phone.is_valid
    assert phone.national == "0701234567"
    assert phone.tail == normalize_phone("+46 70 123 45 67").tail == "01234567"


@pytest.mark.parametrize("text", ["", "+", "abc", "12", "+999 123", "+47 123", "0000", "call me"])
def test_a_malformed_number_is_kept_and_marked(text: str) -> None:
    """What is no number is no error, and nothing to match on."""
    phone = normalize_phone(text, "NO")
    assert phone.raw == phone.text == text
    assert phone.e164 is phone.key is phone.tail is None
    assert not phone.is_valid


@pytest.mark.parametrize(
    "text",
    ["22334455 x12", "22334455 ext. 12", "22334455;ext=12", "22334455 #12", "22 33 44 55 int. 12"],
)
def test_an_extension_is_set_apart(text: str) -> None:
    """Extensions do not make another number."""
    phone = normalize_phone(text, "NO")
    assert (phone.e164, phone.extension) == ("+4722334455", "12")
    assert phone.text == "+4722334455;ext=12"


def test_an_extension_alone_is_no_number() -> None:
    """Without a number before it, nothing is an extension."""
    assert normalize_phone("ext 12345678", "NO").extension is None


@pytest.mark.parametrize(
    "text",
    ["00000000", "11111111", "12345678", "+4712345678", "98765432", "99999999", "10000000"],
)
def test_placeholders_are_recognized(text: str) -> None:
    """One digit repeated, or digits in their order, are a stopgap, and nothing to match on."""
    phone = normalize_phone(text, "NO")
    assert phone.is_placeholder
    assert phone.key is phone.tail is None
    assert not phone.is_valid


def test_possible_is_less_than_valid() -> None:
    """A number of the right length that nobody has is possible and not valid."""
    phone = normalize_phone("+47 15 03 42 97")
    assert phone.key == "+4715034297"
    assert not phone.is_valid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("91234567", ("91234567",)),
        ("912 34 567 / 22 33 44 55", ("912 34 567", "22 33 44 55")),
        ("22334455/66", ("22334455/66",)),
        ("", ("",)),
    ],
)
def test_a_cell_with_several_numbers_is_split(text: str, expected: tuple[str, ...]) -> None:
    """Each part that is long enough to be a number becomes one."""
    assert split_phones(text) == expected


def test_no_part_of_a_cell_need_be_possible() -> None:
    """Where neither the whole nor a part is a number, the whole is kept."""
    assert normalize_phone("123456789 / 987654321", "NO").e164 is None


def test_the_repr_shows_no_number() -> None:
    """Numbers are personal data."""
    assert "912" not in repr(normalize_phone("+47 912 34 567"))
