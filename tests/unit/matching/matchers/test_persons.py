"""What is read from a person's name."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers.persons import is_initial, name_keys, read_person, sound


class TestReadPerson:
    @pytest.mark.parametrize(
        "names",
        [(None, None, None), ("", " ", None), ("Walk-in", "Customer", None), ("-", None, None)],
    )
    def test_no_name(self, names: tuple[str | None, str | None, str | None]) -> None:
        """Blanks and stopgaps are no names."""
        assert read_person(*names) is None

    def test_two_fields_before_one(self) -> None:
        """The one field counts only where both others are blank."""
        both = read_person("Anna", "Larsen", "Somebody Else")
        one = read_person(None, None, "Anna Larsen")
        assert both is not None
        assert both == one


class TestNameKeys:
    def test_order_does_not_matter(self) -> None:
        """Swapped names have the same keys."""
        assert set(name_keys("anna", "larsen")) == set(name_keys("larsen", "anna"))

    def test_nicknames_meet(self) -> None:
        """A nickname and its name share a key."""
        assert not set(name_keys("bob", "smith")).isdisjoint(name_keys("robert", "smith"))


class TestSound:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("kristian", "christian"),
            ("smith", "smyth"),
            ("schmidt", "smit"),
            ("hansen", "hanssen"),
            ("larsen", "larson"),
            ("walter", "valter"),
            ("philip", "filip"),
            ("erik", "erick"),
        ],
    )
    def test_spellings_of_one_sound(self, one: str, other: str) -> None:
        """Spellings of one sound are one."""
        assert sound(one) == sound(other)

    def test_first_letter_stays(self) -> None:
        """A vowel in front is kept."""
        assert sound("anna") != sound("eni")


class TestIsInitial:
    def test_latin_letters_alone(self) -> None:
        """A single ideograph is a whole name."""
        assert is_initial("a")
        assert not is_initial("an")
        assert not is_initial("王")
