"""Country names."""

import pytest

from dedupkit.customers.countries import country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no", "NO"),
        (" Danmark ", "DK"),
        ("ÖSTERREICH", "AT"),
        ("uk", "GB"),
        ("xk", "XK"),
        ("Nederland", "NL"),
        ("SWE", "SE"),
        ("", None),
        ("Narnia", None),
    ],
)
def test_countries_are_read_in_words_and_codes(text: str, code: str | None) -> None:
    """Codes in any case and names in several languages mean the same country."""
    assert country_code(text) == code
