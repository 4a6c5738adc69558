"""Person names."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import NameMatcher
from dedupkit.matching.matchers.names import GRADES, LEVELS, PARTS, Name

MATCHER = NameMatcher()


def prepare(text: str) -> Name:
    """Read ``first|last``, or a whole name where there is no bar."""
    first, bar, last = text.partition("|")
    found = MATCHER.prepare(first, last, None) if bar else MATCHER.prepare(None, None, text)
    assert found is not None
    return found


def level(one: str, other: str) -> str:
    """Compare two names."""
    return MATCHER.levels[MATCHER.compare(prepare(one), prepare(other))]


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


class TestPrepare:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Bjørn|HANSEN", Name(("bjorn",), ("hansen",))),
            ("Dr. Anna-Maria|van der Bérg", Name(("anna", "maria"), ("berg",))),
            ("Hansen, Ole Jr.", Name(("ole",), ("hansen",), "jr")),
            ("Юлия|Иванова", Name(("yuliya",), ("ivanova",))),
        ],
    )
    def test_parts(self, text: str, name: Name) -> None:
        """Names are folded and taken apart."""
        assert prepare(text) == name

    def test_stopgap(self) -> None:
        """A stopgap is missing."""
        assert MATCHER.prepare("Ukjent", None, None) is None


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
            ("María José", "María Carmen", "similar"),
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
            ("Hansen Berg", "Hansen Lund", "similar"),
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
        ],
    )
    def test_levels(self, one: str, other: str, expected: str) -> None:
        """Swapped, lone and numbered names have levels of their own, either way around."""
        assert level(one, other) == level(other, one) == expected


class TestAgreed:
    @pytest.mark.parametrize(
        ("one", "other", "agreed"),
        [
            ("Anna|Larsen", "Anna|Larsen", (("given", "anna"), ("surname", "larsen"))),
            ("Anne Marie|Berg", "Annemarie|Lund", (("given", "annemarie"),)),
            ("A.|Larsen", "A.|Larsen", (("surname", "larsen"),)),
            ("Larsen", "Anna|Larsen", (("surname", "larsen"),)),
            ("Anna|Larsen", "Larsen|Anna", None),
            ("Ole|Hansen Jr", "Ole|Hansen Sr", None),
            ("Anna|Larsen", "Kari|Lund", None),
        ],
    )
    def test_equal_parts(
        self, one: str, other: str, agreed: tuple[tuple[str, str], ...] | None
    ) -> None:
        """Each equal part is a value of its own."""
        assert MATCHER.agreed(prepare(one), prepare(other)) == agreed


class TestKeys:
    def test_swapped_names_meet(self) -> None:
        """Both ways around give a key in common."""
        one, other = (set(MATCHER.keys(prepare(text))) for text in ("Anna|Larsen", "Larsen|Anna"))
        assert {"name:anna lar", "name:larsen ann", "spelled:annalarsen"} <= one & other

    def test_either_surname(self) -> None:
        """A dropped surname does not keep two cards apart."""
        keys = set(MATCHER.keys(prepare("Ana|García López")))
        assert {"name:ana gar", "name:ana lop"} <= {key.replace("anna", "ana") for key in keys}

    def test_lone_parts_are_only_parts(self) -> None:
        """One part alone gives only what may be combined with something else."""
        assert MATCHER.keys(prepare("Bob|")) == ("given:robert",)
        assert MATCHER.keys(prepare("|Larsen")) == ("surname:lrsn",)
        assert MATCHER.keys(prepare("|L")) == ()
