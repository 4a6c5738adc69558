"""Birth dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dedupkit.matching.matchers import BirthDateMatcher

MATCHER = BirthDateMatcher()


class TestPrepare:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            date(1900, 1, 1),
            date(1901, 1, 1),
            date(1899, 12, 30),
            date(9999, 12, 31),
            date.min,
        ],
    )
    def test_no_birth_date(self, value: date | None) -> None:
        """What systems write for nothing is missing."""
        assert MATCHER.prepare(value) is None

    def test_text_in_iso_order(self) -> None:
        """A date becomes its ISO text."""
        assert MATCHER.prepare(date(1980, 5, 3)) == "1980-05-03"

    def test_moment(self) -> None:
        """A moment is read as its day."""
        assert MATCHER.prepare(datetime(1980, 5, 3, 12, tzinfo=UTC)) == "1980-05-03"


class TestCompare:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("1980-05-03", "1980-05-03", "equal"),
            ("1980-01-01", "1980-01-01", "equal"),
            ("1980-05-03", "1980-05-08", "one digit, transposed or swapped"),
            ("1980-05-03", "1990-05-03", "one digit, transposed or swapped"),
            ("1980-05-13", "1980-05-31", "one digit, transposed or swapped"),
            ("1968-05-13", "1986-05-13", "one digit, transposed or swapped"),
            ("1980-10-23", "1980-12-03", "one digit, transposed or swapped"),
            ("1980-05-03", "1980-03-05", "one digit, transposed or swapped"),
            ("1980-11-12", "1980-12-11", "one digit, transposed or swapped"),
            ("1980-01-01", "1980-07-19", "same year, placeholder day"),
            ("1980-07-19", "1980-01-01", "same year, placeholder day"),
            ("1980-05-03", "1980-05-27", "near"),
            ("1980-05-03", "1980-12-03", "near"),
            ("1980-05-03", "1973-05-03", "near"),
            ("1980-05-03", "1991-12-27", "differs"),
            ("1950-12-30", "1988-02-19", "another generation"),
            ("1986-09-27", "1946-08-27", "another generation"),
            ("1946-08-27", "1986-08-27", "one digit, transposed or swapped"),
            ("1980-05-03", "1995-05-03", "another generation"),
            ("1980-05-03", "1980-11-24", "differs"),
        ],
    )
    def test_levels(self, left: str, right: str, level: str) -> None:
        """Errors of typing are told from other days."""
        assert MATCHER.levels[MATCHER.compare(left, right)] == level


class TestAgreedAndKeys:
    def test_agreed(self) -> None:
        """Only an equal date is agreed on."""
        assert MATCHER.agreed("1980-05-03", "1980-05-03") == "1980-05-03"
        assert MATCHER.agreed("1980-05-03", "1980-05-08") is None

    def test_keys(self) -> None:
        """The date is the key."""
        assert MATCHER.keys("1980-05-03") == ("birth_date:1980-05-03",)
