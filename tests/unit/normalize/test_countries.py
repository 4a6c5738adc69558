"""Countries."""

import pytest

from dedupkit.normalize import normalize_country


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("NO", "NO"), ("no", "NO"), ("NOR", "NO"), ("Norge", "NO"), ("Noreg", "NO")),
        *(("Sverige", "SE"), ("Danmark", "DK"), ("Nederland", "NL"), ("The Netherlands", "NL")),
        *(("España", "ES"), ("UK", "GB"), ("Great Britain", "GB"), ("U.K.", "GB"), ("EL", "GR")),
        *(("Tyskland", "DE"), ("Alemania", "DE"), ("U.S.A.", "US"), ("Österreich", "AT")),
        *(("Atlantis", None), ("", None), ("N/A", None), ("NA", "NA")),
    ],
)
def test_countries(text: str, expected: str | None) -> None:
    """Codes and names in many languages lead to alpha-2 codes."""
    assert normalize_country(text) == expected
