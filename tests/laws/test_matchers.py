"""Laws M1, M3, M5 and M7 of the shipped matchers, and of a plain one that is lifted."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.matching.lift import Lifted, lift
from dedupkit.matching.matchers import (
    AddressMatcher,
    BirthDateMatcher,
    CompanyMatcher,
    EmailMatcher,
    ExactMatcher,
    NameMatcher,
    PhoneMatcher,
)
from dedupkit.matching.protocols import ColumnMatcher, Matcher


class FirstLetters:
    """A host's matcher: how many first letters of the notes agree."""

    name: ClassVar[str] = "letters"
    fields: ClassVar[tuple[str, ...]] = ("notes",)
    levels: ClassVar[tuple[str, ...]] = ("two", "one", "none")

    def prepare(self, notes: str | None, /) -> str | None:
        """Take the first two letters."""
        return (notes or "").strip().casefold()[:2] or None

    def compare(self, left: str, right: str, /) -> int:
        """Count the letters in common."""
        return 0 if left == right else 2 - (left[0] == right[0])

    def agreed(self, left: str, right: str, /) -> Hashable | None:
        """Name the letters where both are equal."""
        return left if left == right else None

    def keys(self, prepared: str, /) -> Iterable[str]:
        """Meet by the first letter."""
        return (f"letter:{prepared[0]}",)


def texts(*examples: str) -> st.SearchStrategy[str | None]:
    """Draw spellings of few values, often with an error in them, and any text at all."""
    plain = st.sampled_from(examples)
    wrong = st.builds(
        _with_error,
        plain,
        st.integers(0, max(map(len, examples))),
        st.sampled_from(("", "e", " ", "-", "1")),
        st.integers(0, 2),
    )
    return st.one_of(st.none(), plain, plain, wrong, st.text())


def _with_error(text: str, place: int, middle: str, lost: int) -> str:
    place %= len(text) + 1
    return text[:place] + middle + text[place + lost :]


FIRST = texts("Anna", "Anne", "Anna Maria", "A.", "J R", "Bob", "R.", "María José", "Anna Larsen")
LAST = texts("Larsen", "Larson", "García López", "García", "van der Berg", "Hansen jr", "Hansen Sr")
WHOLE = texts("Anna Larsen", "Larsen, Anna", "A Larsen", "王 小明", "Юлия Иванова")
EMAIL = texts(
    "anna.larsen@gmail.com",
    "annalarsen+x@googlemail.com",
    "larsen.anna2@hotmail.com",
    "larsen.anna87@hotmail.com",
    "annalarsen87@gmail.com",
    "info@larsen.no",
    "skater9@yahoo.no",
    "bob.smith@gmail.com, post@smith.no",
)
PHONE = texts("+47 912 34 567", "91234567", "22334455 ext 3", "22334455 ext 4", "0047 912 34 568")
COUNTRY = texts("NO", "SE", "no", "XX")
STREET = texts("Storgata 5", "Storgt. 5B", "Storgata", "Stogata 5", "5 High Street", "Storgata 7")
LINE = texts("Flat 3", "H0203", "c/o Larsen", "Storgata 5")
POSTCODE = texts("0155", "0156", "E19 4BD", "E19", "NO-0155")
CITY = texts("Oslo", "Olso", "København", "Copenhagen", "Oslo 3")
COMPANY = texts("Hansen & Sønn AS", "Hansen Sønn", "Hansen Bygg Oslo", "Privat", "Oslo Bygg")
DATES = st.one_of(st.none(), st.dates(date(1979, 1, 1), date(1981, 12, 31)), st.dates())

#: Each matcher with the values of its fields.
MATCHERS: dict[str, tuple[Matcher, st.SearchStrategy[tuple[Any, ...]]]] = {
    "name": (NameMatcher(), st.tuples(FIRST, LAST, WHOLE)),
    "email": (
        EmailMatcher(),
        st.tuples(EMAIL, st.lists(EMAIL.filter(bool), max_size=2).map(tuple), FIRST, LAST, WHOLE),
    ),
    "phone": (
        PhoneMatcher(),
        st.tuples(PHONE, PHONE, st.lists(PHONE.filter(bool), max_size=1).map(tuple), COUNTRY),
    ),
    "phone in NO": (PhoneMatcher("NO"), st.tuples(PHONE, PHONE, st.just(()), COUNTRY)),
    "birth date": (BirthDateMatcher(), st.tuples(DATES)),
    "address": (AddressMatcher(), st.tuples(STREET, LINE, POSTCODE, CITY, COUNTRY)),
    "company": (CompanyMatcher(), st.tuples(COMPANY)),
    "exact": (ExactMatcher("city"), st.tuples(CITY)),
    "exact ids": (
        ExactMatcher("external_ids.app"),
        st.tuples(st.frozensets(st.sampled_from(("a1", "A1 ", "b2", "")), max_size=3)),
    ),
    "lifted": (FirstLetters(), st.tuples(texts("Anna", "Bob"))),
}

each_matcher = pytest.mark.parametrize("kind", MATCHERS)


def draw_values(data: st.DataObject, kind: str) -> tuple[Lifted, list[tuple[Any, ...]], list[Any]]:
    """Draw rows for a matcher: the plain matcher's reference path, the rows, distinct values."""
    matcher, rows = MATCHERS[kind]
    drawn = data.draw(st.lists(rows, min_size=1, max_size=6))
    plain = Lifted(matcher)
    prepared = dict.fromkeys(plain.prepare(*row) for row in drawn)
    return plain, drawn, [value for value in prepared if value is not None]


@each_matcher
class TestM1Symmetry:
    """Law M1: comparing is symmetric."""

    @given(data=st.data())
    def test_level_and_value(self, kind: str, data: st.DataObject) -> None:
        """Left and right may change places: same level, same value agreed on."""
        plain, _, values = draw_values(data, kind)
        for one in values:
            for other in values:
                assert plain.compare(one, other) == plain.compare(other, one)
                assert plain.agreed(one, other) == plain.agreed(other, one)


@each_matcher
class TestM3Missing:
    """Law M3: missing adds 0 bits."""

    def test_nothing_is_missing(self, kind: str) -> None:
        """Fields without a value prepare to None."""
        matcher, _ = MATCHERS[kind]
        assert matcher.prepare(*[None] * len(matcher.fields)) is None
        if kind != "birth date":
            assert matcher.prepare(*[" "] * (len(matcher.fields))) is None

    @given(data=st.data())
    def test_level_is_one_of_the_levels(self, kind: str, data: st.DataObject) -> None:
        """Whatever is not missing has a level."""
        plain, _, values = draw_values(data, kind)
        for one in values:
            for other in values:
                assert 0 <= plain.compare(one, other) < len(plain.levels)


@each_matcher
class TestM5Copies:
    """Law M5: no customer reaches a higher level against a customer than its own copy does."""

    @given(data=st.data())
    def test_own_copy_is_strongest(self, kind: str, data: st.DataObject) -> None:
        """A value meets itself at the strongest level that it reaches with any other."""
        plain, _, values = draw_values(data, kind)
        for one in values:
            itself = plain.compare(one, one)
            assert all(itself <= plain.compare(one, other) for other in values)

    @given(data=st.data())
    def test_copy_names_every_value(self, kind: str, data: st.DataObject) -> None:
        """A value agrees with itself on all that it agrees on with any other."""
        plain, _, values = draw_values(data, kind)
        for one in values:
            held = _flat(plain.agreed(one, one))
            for other in values:
                shared = _flat(plain.agreed(one, other))
                assert shared <= held | _flat(plain.agreed(other, other))


@each_matcher
class TestM7Columns:
    """Law M7: engine = reference path, bit for bit."""

    @given(data=st.data())
    def test_prepare(self, kind: str, data: st.DataObject) -> None:
        """A column is prepared as its rows are."""
        plain, rows, _ = draw_values(data, kind)
        columns = list(zip(*rows, strict=True))
        assert list(columns_of(kind).prepare_columns(*columns)) == [
            plain.prepare(*row) for row in rows
        ]

    @given(data=st.data())
    def test_compare(self, kind: str, data: st.DataObject) -> None:
        """All pairs of a column are compared as each pair is."""
        plain, _, values = draw_values(data, kind)
        left, right = np.indices((len(values), len(values)), dtype=np.int32).reshape(2, -1)
        found = columns_of(kind).compare_columns(values, left, right)
        assert found.levels.dtype == np.uint8
        assert found.agreed.dtype == np.int32
        assert len(set(found.values)) == len(found.values)
        pairs = [(one, other) for one in values for other in values]
        assert found.levels.tolist() == [plain.compare(*pair) for pair in pairs]
        agreed = [None if code < 0 else found.values[code] for code in found.agreed.tolist()]
        assert agreed == [plain.agreed(*pair) for pair in pairs]

    @given(data=st.data())
    def test_keys(self, kind: str, data: st.DataObject) -> None:
        """The keys of a column are those of its values, in their order."""
        plain, _, values = draw_values(data, kind)
        owners, keys = columns_of(kind).key_columns(values)
        assert owners.dtype == np.int32
        assert list(zip(owners.tolist(), keys, strict=True)) == [
            (position, key) for position, value in enumerate(values) for key in plain.keys(value)
        ]


def columns_of(kind: str) -> ColumnMatcher:
    """Return what the engine runs."""
    return lift(MATCHERS[kind][0])


def _flat(agreed: Hashable | None) -> set[Hashable]:
    if agreed is None:
        return set()
    return set(agreed) if isinstance(agreed, frozenset | tuple) else {agreed}
