"""Phone numbers."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import PhoneMatcher

MATCHER = PhoneMatcher()


class TestPrepare:
    @pytest.mark.parametrize(
        ("text", "country", "region", "prepared"),
        [
            ("912 34 567", "NO", None, ("+4791234567",)),
            ("912 34 567", None, "NO", ("+4791234567",)),
            ("0047-91234567", "SE", None, ("+4791234567",)),
            ("+47 (0) 912 34 567", None, None, ("+4791234567",)),
            ("020 7946 0018 ext. 4", "GB", None, ("+442079460018;ext=4",)),
            ("912 34 567 / 22 33 44 55", "NO", None, ("+4722334455", "+4791234567")),
            ("020 7946 0018", None, None, ("2079460018",)),
            ("12345", None, None, None),
            ("135792", "NO", None, None),
            ("00000000", "NO", None, None),
            ("call me", None, None, None),
            (None, "NO", None, None),
        ],
    )
    def test_spellings(
        self,
        text: str | None,
        country: str | None,
        region: str | None,
        prepared: tuple[str, ...] | None,
    ) -> None:
        """Every spelling becomes E.164, or digits without a country; stopgaps are missing."""
        assert PhoneMatcher(region).prepare(text, None, (), country) == prepared

    def test_all_fields(self) -> None:
        """The numbers of all fields come together, each once."""
        assert MATCHER.prepare("91234567", "22334455", ("+4791234567", "40506070"), "NO") == (
            "+4722334455",
            "+4740506070",
            "+4791234567",
        )

    def test_no_other_phones(self) -> None:
        """A table may have nothing where a card has an empty tuple."""
        assert MATCHER.prepare("91234567", None, None, "NO") == ("+4791234567",)


class TestCompare:
    @pytest.mark.parametrize(
        ("left", "right", "level", "agreed"),
        [
            ("+4791234567", "+4791234567", "equal", "+4791234567"),
            ("+4722334455;ext=3", "+4722334455;ext=4", "equal, other extension", "+4722334455"),
            ("+4722334455;ext=3", "+4722334455", "equal, other extension", "+4722334455"),
            ("+442079460018", "2079460018", "same digits, country unknown", "+442079460018"),
            ("2079460018", "2079460018", "same digits, country unknown", "2079460018"),
            ("+4791234567", "+4791234568", "nearly equal", None),
            ("+4791234567", "+4791234576", "nearly equal", None),
            ("2079460018", "2079460019", "nearly equal", None),
            ("+4791234567", "+479123456", "differs", None),
            ("+4791234567", "2079460018", "differs", None),
            ("2079460018", "7946001", "differs", None),
            ("+4791234567", "+4799887766", "differs", None),
        ],
    )
    def test_levels(self, left: str, right: str, level: str, agreed: str | None) -> None:
        """The whole number counts more than its digits, and these more than a near one."""
        assert MATCHER.levels[MATCHER.compare((left,), (right,))] == level
        assert MATCHER.agreed((left,), (right,)) == agreed

    def test_all_against_all(self) -> None:
        """The strongest level of any two numbers counts, whichever field they stand in."""
        assert MATCHER.compare(("+4722334455", "+4791234567"), ("+4791234567",)) == 0

    def test_a_landline_and_two_mobiles(self) -> None:
        """One number in common and a different one besides on either card is a weaker level."""
        one, other = ("+4722334455", "+4791234567"), ("+4722334455", "+4799887766")

        assert MATCHER.levels[MATCHER.compare(one, other)] == "equal, each with another as well"
        assert MATCHER.agreed(one, other) == "+4722334455"

    @pytest.mark.parametrize(
        "other", [("+4722334455",), ("+4722334455", "+4791234568"), ("+4722334455", "91234567")]
    )
    def test_a_second_spelling_is_no_other_number(self, other: tuple[str, ...]) -> None:
        """A number that the other card has with an error, or lacks alone, makes no other person."""
        assert MATCHER.compare(("+4722334455", "+4791234567"), other) == 0

    def test_extension_in_common(self) -> None:
        """With its extension a number is a value of its own, beside the bare number."""
        extended = ("+4722334455;ext=3",)
        assert MATCHER.agreed(extended, extended) == frozenset({"+4722334455", "+4722334455;ext=3"})


class TestKeys:
    def test_numbers_and_tails(self) -> None:
        """Numbers with and without a country meet by their last digits."""
        assert MATCHER.keys(("+442079460018;ext=4",)) == ("phone:+442079460018", "digits:79460018")
        assert MATCHER.keys(("2079460018",)) == ("digits:79460018",)
