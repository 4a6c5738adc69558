"""Company names."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import CompanyMatcher

MATCHER = CompanyMatcher()


def prepare(text: str) -> tuple[str, ...]:
    """Prepare a name that is one."""
    words = MATCHER.prepare(text)
    assert words
    return words


class TestPrepare:
    @pytest.mark.parametrize("company", [None, "", " ", "Privat", "-"])
    def test_missing(self, company: str | None) -> None:
        """Blanks and stopgaps are missing."""
        assert MATCHER.prepare(company) is None


class TestCompare:
    @pytest.mark.parametrize(
        ("one", "other", "level"),
        [
            ("Hansen & Sønn A/S", "HANSEN OG SØNN", "equal"),
            ("Blåbær Data AS", "Blabaerdata", "equal"),
            ("Zonnebloem BV", "Zonnebloom", "nearly equal"),
            ("Nordic Bakery Ltd", "Nordik Bakary", "nearly equal"),
            ("Hotel Bristol Oslo", "Bristol Hotel", "one within the other"),
            ("Oslo Bakery Nordvest", "Oslo Bakery Sentrum", "in part"),
            ("Oslo Bakery", "Oslo Verft", "differs"),
            ("Kim", "Kam", "differs"),
            ("Hansen", "Zonnebloem", "differs"),
        ],
    )
    def test_levels(self, one: str, other: str, level: str) -> None:
        """Names agree more or less."""
        assert MATCHER.levels[MATCHER.compare(prepare(one), prepare(other))] == level


class TestAgreedAndKeys:
    def test_agreed(self) -> None:
        """Only an equal name is agreed on, written in one."""
        assert MATCHER.agreed(("oslo", "bygg"), ("oslobygg",)) == "oslobygg"
        assert MATCHER.agreed(("oslo", "bygg"), ("oslo",)) is None

    def test_keys(self) -> None:
        """Each word is a key, once; a name of short words is one."""
        assert MATCHER.keys(("oslo", "og", "oslo", "bygg")) == ("company:oslo", "company:bygg")
        assert MATCHER.keys(("b", "q")) == ("company:bq",)
