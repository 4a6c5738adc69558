"""Person names."""

import pytest

from dedupkit.normalize import PersonName, normalize_full_name, normalize_person_name


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Bjørn", "Hansen", PersonName(given=("bjorn",), family=("hansen",))),
        ("BJØRN", "HANSEN", PersonName(given=("bjorn",), family=("hansen",))),
        (
            "Anne-Marie",
            "Smith-Jones",
            PersonName(given=("anne", "marie"), family=("smith", "jones")),
        ),
        ("J.R.R.", "Tolkien", PersonName(given=("j", "r", "r"), family=("tolkien",))),
        ("Sean", "O’Neill", PersonName(given=("sean",), family=("oneill",))),
        ("Sean", "O Neill", PersonName(given=("sean",), family=("oneill",))),
        ("Ian", "Mc Donald", PersonName(given=("ian",), family=("mcdonald",))),
        (
            "Drs. Kees",
            "van der Berg",
            PersonName(given=("kees",), particles=("van", "der"), family=("berg",)),
        ),
        ("Fru Kari", "Li", PersonName(given=("kari",), family=("li",))),
        (
            "Sra. María de los Ángeles",
            "Cruz",
            PersonName(given=("maria", "angeles"), family=("cruz",)),
        ),
        (
            "Ana",
            "García de la Cruz",
            PersonName(given=("ana",), particles=("de", "la"), family=("garcia", "cruz")),
        ),
        (
            "José",
            "Ortega y Gasset",
            PersonName(given=("jose",), particles=("y",), family=("ortega", "gasset")),
        ),
        ("Mr", "Hansen", PersonName(family=("hansen",))),
        (None, "Mr Hansen", PersonName(family=("hansen",))),
        ("Don", "Smith", PersonName(given=("don",), family=("smith",))),
        ("Don José", "Cruz", PersonName(given=("jose",), family=("cruz",))),
        ("Don Jr", "Smith", PersonName(given=("don",), family=("smith",), suffix="jr")),
        ("John", "Smith Junior", PersonName(given=("john",), family=("smith",), suffix="jr")),
        ("John Sr.", "Smith", PersonName(given=("john",), family=("smith",), suffix="sr")),
        ("John III", None, PersonName(given=("john",), suffix="iii")),
        ("Anna", "Berg PhD", PersonName(given=("anna",), family=("berg",))),
        ("Anna", "Van", PersonName(given=("anna",), family=("van",))),
        ("Anna", "van Jr", PersonName(given=("anna",), family=("van",), suffix="jr")),
        ("Anna (mamma)", 'Berg "Bee"', PersonName(given=("anna",), family=("berg",))),
        ("(Anna)", "Berg", PersonName(given=("anna",), family=("berg",))),
        ("Hansen, Bjørn", None, PersonName(given=("bjorn",), family=("hansen",))),
        ("", "Hansen, Bjørn", PersonName(given=("bjorn",), family=("hansen",))),
        ("Юлия", "Ёлкина", PersonName(given=("yuliya",), family=("elkina",))),
        ("王", "小明", PersonName(given=("王",), family=("小明",))),
        (None, None, PersonName()),
        ("-", "", PersonName()),
    ],
)
def test_names_in_two_fields(first: str | None, last: str | None, expected: PersonName) -> None:
    """Words are folded and sorted into their parts."""
    assert normalize_person_name(first, last) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bjørn Erik Hansen", PersonName(given=("bjorn", "erik"), family=("hansen",))),
        ("Hansen, Bjørn Erik", PersonName(given=("bjorn", "erik"), family=("hansen",))),
        ("Bjørn", PersonName(given=("bjorn",))),
        ("Mr Hansen", PersonName(family=("hansen",))),
        (
            "Kees van der Berg",
            PersonName(given=("kees",), particles=("van", "der"), family=("berg",)),
        ),
        (
            "van der Berg, Kees",
            PersonName(given=("kees",), particles=("van", "der"), family=("berg",)),
        ),
        (
            "José Ortega y Gasset",
            PersonName(given=("jose",), particles=("y",), family=("ortega", "gasset")),
        ),
        ("y Gasset", PersonName(given=("y",), family=("gasset",))),
        ("José y Gasset", PersonName(given=("jose",), particles=("y",), family=("gasset",))),
        ("John Smith, Jr.", PersonName(given=("john",), family=("smith",), suffix="jr")),
        ("Smith, Jr.", PersonName(family=("smith",), suffix="jr")),
        ("Smith, John, Jr.", PersonName(given=("john",), family=("smith",), suffix="jr")),
        ("John Smith Jr PhD", PersonName(given=("john",), family=("smith",), suffix="jr")),
        ("van der Berg,", PersonName(given=("van",), particles=("der",), family=("berg",))),
        (", Bjørn Hansen", PersonName(given=("bjorn",), family=("hansen",))),
        (",", PersonName()),
    ],
)
def test_names_in_one_field(text: str, expected: PersonName) -> None:
    """The comma or the last word tells the family name."""
    assert normalize_full_name(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("Walk-in", "Walk in customer", "Guest", "Test", "Test Testesen", "Unknown", "N/A"),
        *("Ukjent", "Kontant", "Kontantkunde", "Cash customer", "Contado", "Cliente de contado"),
        *("Passant", "Okänd kund", "Kunde 12", "Klant", "xxx", "X", "aaaa", "No name", "Drop-in"),
    ],
)
def test_placeholders_are_recognized(text: str) -> None:
    """Stopgaps are nobody's name, in whichever field they stand."""
    assert normalize_full_name(text).is_placeholder
    assert normalize_person_name(text, None).is_placeholder
    assert normalize_person_name(None, text).is_placeholder


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Johnny", "Cash"),
        ("Anna", "Guest"),
        ("Anna", "Aa"),
        ("De", "La"),
        ("", ""),
        ("Testa", "Rossa"),
    ],
)
def test_people_are_no_placeholders(first: str, last: str) -> None:
    """A word that is a stopgap alone may be a name beside others."""
    assert not normalize_person_name(first, last).is_placeholder


def test_tokens_and_keys() -> None:
    """Tokens are given names, then family names; their keys agree over transliterations."""
    bjorn = normalize_person_name("Bjørn", "Åsen")
    bjoern = normalize_person_name("Bjoern", "Aasen")
    assert bjorn.tokens == ("bjorn", "asen")
    assert bjorn.keys == bjoern.keys == ("bjorn", "asen")


def test_fields_are_put_back() -> None:
    """First and last give what the two fields would hold."""
    name = normalize_full_name("Kees van der Berg Jr")
    assert (name.first, name.last) == ("kees", "van der berg jr")
    alone = normalize_person_name("John Jr", None)
    assert (alone.first, alone.last) == ("john jr", "")


def test_the_repr_shows_no_name() -> None:
    """Names are personal data."""
    assert "bjorn" not in repr(normalize_person_name("Bjørn", "Hansen")).lower()
