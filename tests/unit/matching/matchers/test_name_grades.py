"""How two names agree."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import NameMatcher
from dedupkit.matching.matchers.name_grades import GRADES, LEVELS, PARTS, Name, compare_names

MATCHER = NameMatcher()


def prepare(text: str) -> Name:
    """Read ``first|last``, or a whole name where there is no bar."""
    first, bar, last = text.partition("|")
    found = MATCHER.prepare(first, last, None) if bar else MATCHER.prepare(None, None, text)
    assert found is not None
    return found


def level(one: str, other: str) -> str:
    """Compare two names."""
    return LEVELS[compare_names(prepare(one), prepare(other))[0]]


class TestLevels:
    def test_every_combination_once(self) -> None:
        """Five grades by five, each alone, and three of their own."""
        assert len(LEVELS) == len(set(LEVELS)) == 25 + 10 + 3

    def test_words_follow_the_grades(self) -> None:
        """The words of a level are those of its grades."""
        for words, (given, family) in zip(LEVELS, PARTS, strict=True):
            if given and family:
                assert words == f"given name {given}, surname {family}"
            elif given or family:
                assert words in (
                    f"given name {given}, no surname",
                    f"surname {family}, no given name",
                )

    def test_strongest_first(self) -> None:
        """No level comes before one that is as strong in both parts and stronger in one."""
        ranks = {grade: rank for rank, grade in enumerate(GRADES)}
        grades = [(ranks[given], ranks[family]) for given, family in PARTS if given and family]
        for place, (given, family) in enumerate(grades):
            for later_given, later_family in grades[place + 1 :]:
                assert (later_given, later_family) not in {
                    (g, f) for g in range(given + 1) for f in range(family + 1)
                }


class TestGrades:
    @pytest.mark.parametrize(
        ("one", "other", "grade"),
        [
            ("Bjørn", "BJOERN", "equal"),
            ("Åse", "Aase", "equal"),
            ("Anne-Marie", "Annemarie", "equal"),
            ("Anna Maria", "Anna", "in part"),
            ("Anna Maria", "A. Maria", "in part"),
            ("A.", "Anna", "in part"),
            ("A.", "A.", "in part"),
            ("J R", "John", "in part"),
            ("Bob", "Robert", "in part"),
            ("Bob", "R.", "in part"),
            ("Sigrid", "Sigird", "typing error"),
            ("Ingebjorg", "Engebjurg", "typing error"),
            ("Alexander", "Alexanedr", "typing error"),
            ("Maximilian", "Maximillion", "typing error"),
            ("Ana", "Ena", "differs"),
            ("Jan", "Jon", "differs"),
            ("María José", "María Carmen", "differs"),
            ("Marianne", "Marion", "similar"),
            ("A.", "Bo", "differs"),
            ("Anna", "Sofie", "differs"),
            ("小明", "小红", "differs"),
        ],
    )
    def test_given_name(self, one: str, other: str, grade: str) -> None:
        """Given names are graded with nicknames and initials."""
        assert level(f"{one}|Zz Larsen", f"{other}|Zz Larsen") == (
            f"given name {grade}, surname equal"
        )

    @pytest.mark.parametrize(
        ("one", "other", "grade"),
        [
            ("van der Berg", "Berg", "equal"),
            ("O'Neill", "Oneill", "equal"),
            ("García López", "García", "in part"),
            ("García López", "López", "in part"),
            ("Larsen", "L.", "in part"),
            ("Larsen", "Larson", "typing error"),
            ("Hansen Berg", "Hansen Lund", "differs"),
            ("Robert", "Bob", "differs"),
            ("Larsen", "Nilsen", "differs"),
        ],
    )
    def test_surname(self, one: str, other: str, grade: str) -> None:
        """Surnames have no nicknames, but second surnames that are dropped."""
        assert level(f"Anna|{one}", f"Anna|{other}") == f"given name equal, surname {grade}"


class TestSpecialLevels:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("Anna|Larsen", "Larsen|Anna", "given name and surname swapped"),
            ("Anna|Larsen", "Larson|Anna", "given name and surname swapped"),
            ("Anna|Larsen", "Larsen|Sofie", "given name differs, surname differs"),
            ("Thomas|Thomas", "Thomas|Thomas", "given name equal, surname equal"),
            ("Ole|Hansen Jr", "Ole|Hansen Sr", "same name, other generation"),
            ("Ole|Hansen Jr", "Ole|Hansen", "given name equal, surname equal"),
            ("Ole|Hansen Jr", "Ole|Hansen Jr", "given name equal, surname equal"),
            ("Ole|Hansen Jr", "Kari|Hansen Sr", "given name differs, surname equal"),
            ("Anna|", "Anna|Larsen", "given name equal, no surname"),
            ("|Larsen", "Anna|Larsen", "surname equal, no given name"),
            ("|Larsen", "Anna|Nilsen", "surname differs, no given name"),
            ("Larsen", "Anna|Larsen", "surname equal, no given name"),
            ("Anna|Larsen", "Larsen", "surname equal, no given name"),
            ("Anna|", "|Larsen", "no part in common"),
            ("Larsen|", "|Larsen", "surname equal, no given name"),
            ("L|", "|L", "no part in common"),
            ("Thomas|", "Thomas|Thomas", "given name equal, no surname"),
            ("Anna Larsen|", "Anna|Larsen", "given name equal, no surname"),
            ("|Larsen Anna", "Anna|Larsen", "surname equal, no given name"),
            ("J R|", "J|R", "given name in part, no surname"),
            ("王小明", "王|小明", "given name equal, no surname"),
        ],
    )
    def test_levels(self, one: str, other: str, expected: str) -> None:
        """Swapped, lone and numbered names have levels of their own, either way around."""
        assert level(one, other) == level(other, one) == expected
