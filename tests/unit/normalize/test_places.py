"""Postal codes and cities."""

import pytest

from dedupkit.normalize import normalize_city, normalize_postal_code


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("0150", "NO", "0150"),
        ("150", "NO", "0150"),
        ("N-150", "no", "0150"),
        ("NO-0150", None, "0150"),
        ("150", None, "150"),
        ("123 45", "SE", "12345"),
        ("S-123 45", "SE", "12345"),
        ("1234 ab", "NL", "1234AB"),
        ("sw1a 1aa", "GB", "SW1A1AA"),
        ("SE15", "GB", "SE15"),
        ("8001", "ES", "08001"),
        ("60302-1234", "US", "60302"),
        ("０１５０", "NO", "0150"),
        ("X-123", "NO", "X123"),
        ("-", "NO", None),
        ("", None, None),
    ],
)
def test_postal_codes(text: str, country: str | None, expected: str | None) -> None:
    """Spaces, marks and country codes go; a lost zero comes back."""
    assert normalize_postal_code(text, country) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("København", "KØBENHAVN K", "Kobenhavn Ø", "Koebenhavn", "Copenhagen", "Kopenhagen"),
        ("Den Haag", "The Hague", "'s-Gravenhage", "DEN HAAG"),
        ("Århus", "Aarhus C", "ARHUS"),
        ("Oslo", "Oslo 3", "OSLO", "Oslo, Norway"),
        ("St. Ives", "Saint Ives", "St Ives"),
        ("Göteborg", "Gothenburg", "Goteborg"),
        ("München", "Munich", "Muenchen"),
        ("Frankfurt am Main", "Frankfurt/Main"),
        ("Bath", "Bath, Somerset"),
    ],
)
def test_spellings_of_one_city_agree(spellings: tuple[str, ...]) -> None:
    """Accents, districts and foreign names say nothing."""
    assert len(set(map(normalize_city, spellings))) == 1


@pytest.mark.parametrize("text", ["", "0150", "-", ","])
def test_no_letter_is_no_city(text: str) -> None:
    """Numbers and marks are missing values."""
    assert normalize_city(text) is None


def test_a_postal_code_before_the_city_is_no_part_of_it() -> None:
    """The part with letters is the city."""
    assert normalize_city("0150, Oslo") == normalize_city("0150 Oslo") == "oslo"
