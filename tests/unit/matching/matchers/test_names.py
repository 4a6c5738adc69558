"""Person names."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import NameMatcher
from dedupkit.matching.matchers.names import Name

MATCHER = NameMatcher()


def prepare(text: str) -> Name:
    """Read ``first|last``, or a whole name where there is no bar."""
    first, bar, last = text.partition("|")
    found = MATCHER.prepare(first, last, None) if bar else MATCHER.prepare(None, None, text)
    assert found is not None
    return found


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

    def test_name_in_one_field_meets_its_parts(self) -> None:
        """A whole name in one field of two shares a key with the name in its parts."""
        keys = set(MATCHER.keys(prepare("Anna|Larsen")))
        assert "spelled:annalarsen" in keys & set(MATCHER.keys(prepare("Anna Larsen|")))
