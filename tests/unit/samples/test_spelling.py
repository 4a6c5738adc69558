"""How texts go wrong: each function leaves something to recognize, or the text as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from dedupkit.samples.dice import Dice
from dedupkit.samples.spelling import (
    initials,
    miscopied,
    misheard,
    misread,
    mistyped,
    transliterated,
    without_diacritics,
)
from dedupkit.samples.tables import COUNTRIES

seeds = st.integers(0, 2**32)


class TestMistyped:
    @given(st.text(), seeds)
    def test_is_one_edit_away(self, text: str, seed: int) -> None:
        """A typing error is one letter, and never the first one."""
        wrong = mistyped(text, Dice(seed))
        assert OSA.distance(text, wrong) <= 1
        assert wrong[:1] == text[:1]

    def test_makes_every_sort_of_error(self) -> None:
        """Letters are left out, doubled, replaced, added and exchanged."""
        wrong = {mistyped("abcdef", Dice(seed)) for seed in range(200)}
        assert {"abdef", "abbcdef", "abxdef", "acbdef"} <= wrong
        assert {len(text) for text in wrong} == {5, 6, 7}

    def test_leaves_very_short_texts(self) -> None:
        """Two letters are too few to get wrong."""
        assert mistyped("Bo", Dice(1)) == "Bo"


class TestMiscopied:
    @given(seeds)
    def test_changes_digits_only(self, seed: int) -> None:
        """The number keeps its length and form, one digit differs or two are exchanged."""
        wrong = miscopied("912 34 567", Dice(seed))
        assert OSA.distance("912 34 567", wrong) == 1
        assert [c.isdigit() for c in wrong] == [c.isdigit() for c in "912 34 567"]

    def test_leaves_what_has_no_digits(self) -> None:
        """Nothing is made up."""
        assert miscopied("none", Dice(1)) == "none"


class TestMisread:
    @given(seeds)
    def test_replaces_lookalikes(self, seed: int) -> None:
        """Only signs that look alike are exchanged."""
        assert misread("Emma", Dice(seed)) in {"Ernma", "Emrna"}

    def test_leaves_what_looks_like_nothing_else(self) -> None:
        """A text without such signs stays."""
        assert misread("Kaj", Dice(1)) == "Kaj"


class TestMisheard:
    def test_writes_what_sounds_alike(self) -> None:
        """A Spaniard hears no difference between b and v."""
        heard = {misheard("Álvarez", COUNTRIES["ES"], Dice(seed)) for seed in range(50)}
        assert heard == {"Álbarez", "Álvares"}


class TestLetters:
    @pytest.mark.parametrize(
        ("country", "text", "bare", "written_out"),
        [
            ("NO", "Bjørn Næss", "Bjorn Nass", "Bjoern Naess"),
            ("SE", "Åsa Öberg", "Asa Oberg", "Aasa Oeberg"),
            ("ES", "Íñigo Muñoz", "Inigo Munoz", "Ínyigo Munyoz"),
        ],
    )
    def test_lose_their_signs_or_are_written_out(
        self, country: str, text: str, bare: str, written_out: str
    ) -> None:
        """Letters beside ASCII are lost, or written as other keyboards do."""
        assert without_diacritics(text) == bare
        assert transliterated(text, COUNTRIES[country]) == written_out

    def test_initials_of_every_part(self) -> None:
        """Each part of a double name has its initial."""
        assert initials("Anne-Marie Louise") == "A.M.L."
