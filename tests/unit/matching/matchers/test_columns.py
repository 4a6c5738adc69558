"""Comparing columns: against the obvious loops."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.matching.lift import Lifted
from dedupkit.matching.matchers import (
    AddressMatcher,
    BirthDateMatcher,
    CompanyMatcher,
    EmailMatcher,
    ExactMatcher,
    NameMatcher,
    PhoneMatcher,
)
from dedupkit.matching.matchers.columns import (
    Parts,
    alternatives,
    best_of_all,
    best_pair,
    codes_of,
    distinct_pairs,
    grade_pairs,
    narrowed,
    share_any,
    shared_values,
)
from dedupkit.matching.protocols import ColumnMatcher

VALUES = st.lists(st.lists(st.integers(0, 4), max_size=3).map(tuple), min_size=1, max_size=5)


def every_pair(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of codes."""
    left, right = np.indices((count, count), dtype=np.int32).reshape(2, -1)
    return left, right


def grade(left: int, right: int) -> int:
    """Grade numbers: equal, neighbors, others."""
    return min(abs(left - right), 2)


class TestCodesOf:
    def test_equal_values_share_a_number(self) -> None:
        """Numbers go by first appearance."""
        codes, values = codes_of("abca")
        assert (codes.tolist(), values) == ([0, 1, 2, 0], ["a", "b", "c"])


class TestParts:
    @given(VALUES)
    def test_cross(self, values: list[tuple[int, ...]]) -> None:
        """All parts meet all parts, pair of values after pair of values."""
        parts = Parts.of(values)
        left, right = every_pair(len(values))
        pairs, one, other = parts.cross(left, right)
        assert [
            (pair, parts.distinct[a], parts.distinct[b])
            for pair, a, b in zip(pairs.tolist(), one.tolist(), other.tolist(), strict=True)
        ] == [
            (pair, a, b)
            for pair, (i, j) in enumerate(zip(left.tolist(), right.tolist(), strict=True))
            for a in values[i]
            for b in values[j]
        ]

    @given(VALUES)
    def test_share_any(self, values: list[tuple[int, ...]]) -> None:
        """Two values share a part where their sets meet."""
        left, right = every_pair(len(values))
        assert share_any(Parts.of(values), left, right).tolist() == [
            bool(set(one) & set(other)) for one in values for other in values
        ]


class TestNarrowed:
    def test_only_values_that_are_met(self) -> None:
        """Values without a pair go, the pairs stay the same."""
        left, right = np.array([3, 1], dtype=np.int32), np.array([1, 1], dtype=np.int32)
        values, one, other = narrowed("abcd", left, right)
        assert [(values[a], values[b]) for a, b in zip(one, other, strict=True)] == [
            ("d", "b"),
            ("b", "b"),
        ]
        assert len(values) == 2
        assert one.dtype == np.int32

    def test_all_are_met(self) -> None:
        """Where every value is met nothing changes."""
        left, right = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
        assert narrowed("ab", left, right) == ("ab", left, right)


class TestDistinctPairs:
    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
    def test_each_pair_finds_its_distinct_one(self, pairs: list[tuple[int, int]]) -> None:
        """The distinct pairs are unordered, and the inverse leads to them."""
        both = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        one, other, inverse = distinct_pairs(both[:, 0], both[:, 1])
        distinct = list(zip(one.tolist(), other.tolist(), strict=True))
        assert distinct == sorted({(min(pair), max(pair)) for pair in pairs})
        assert [distinct[place] for place in inverse.tolist()] == [
            (min(pair), max(pair)) for pair in pairs
        ]


class TestGradePairs:
    def test_only_the_likely_are_graded(self) -> None:
        """Pairs that are not likely get the grade of the rest, unseen."""
        seen: list[tuple[int, int]] = []

        def spy(left: int, right: int) -> int:
            seen.append((left, right))
            return grade(left, right)

        left = np.array([0, 1, 0, 0], dtype=np.int32)
        right = np.array([0, 0, 1, 2], dtype=np.int32)
        grades = grade_pairs(
            spy, [10, 11, 15], left, right, likely=lambda one, other: one + other == 1, otherwise=7
        )
        assert grades.tolist() == [0, 1, 1, 7]
        assert seen == [(10, 10), (10, 11)]


class TestBestOfAll:
    @given(VALUES.map(lambda values: [value or (0,) for value in values]))
    def test_same_as_pair_by_pair(self, values: list[tuple[int, ...]]) -> None:
        """Whole columns give what `best_pair` and `shared_values` give."""
        parts = Parts.of(values)
        left, right = every_pair(len(values))

        def agreed(one: int, other: int) -> tuple[int, ...]:
            return (min(one, other),)

        found = best_of_all(
            parts,
            left,
            right,
            grades=lambda one, other: np.array(
                [
                    grade(parts.distinct[a], parts.distinct[b])
                    for a, b in zip(one.tolist(), other.tolist(), strict=True)
                ],
                dtype=np.uint8,
            ),
            agreed=agreed,
            agreeing=1,
        )
        pairs = [(one, other) for one in values for other in values]
        assert found.levels.tolist() == [best_pair(grade, *pair) for pair in pairs]
        assert [None if code < 0 else found.values[code] for code in found.agreed.tolist()] == [
            shared_values(grade, agreed, *pair, agreeing=1) for pair in pairs
        ]


class TestAlternatives:
    def test_none_one_and_several(self) -> None:
        """One value stands for itself, several for a choice."""
        assert alternatives([]) is None
        assert alternatives(["a", "a"]) == "a"
        assert alternatives(["a", "b"]) == frozenset({"a", "b"})


#: Rows of which pairs reach every kind of level; the laws draw many more.
ROWS: tuple[tuple[ColumnMatcher, tuple[tuple[Any, ...], ...]], ...] = (
    (
        NameMatcher(),
        (
            ("Anna", "Larsen", None),
            ("Larsen", "Anna", None),
            ("A.", "Larson", None),
            ("Anna Maria", None, None),
            (None, "Larsen", None),
            (None, None, "Larsen"),
            ("Ole", "Hansen jr", None),
            ("Ole", "Hansen sr", None),
            (None, None, None),
        ),
    ),
    (
        EmailMatcher(),
        (
            ("anna.larsen@gmail.com", ("info@x.no",), "Anna", "Larsen", None),
            ("annalarsen@gmail.com", (), "Anna", "Larsen", None),
            ("anne.larsen@gmail.com", (), "Anne", "Larsen", None),
            ("skater@x.no", (), None, None, None),
            ("skater@y.se", (), None, None, None),
            ("info@x.no", (), None, None, None),
        ),
    ),
    (
        PhoneMatcher(),
        (
            ("91234567", "22334455 ext 3", (), "NO"),
            ("91234568", "22334455", (), "NO"),
            ("91234567", None, (), None),
            ("40506070", None, (), "NO"),
        ),
    ),
    (
        BirthDateMatcher(),
        tuple((date(*day),) for day in ((1980, 5, 3), (1980, 3, 5), (1980, 1, 1), (1955, 12, 24))),
    ),
    (
        AddressMatcher(),
        (
            ("Storgata 5", None, "0155", "Oslo", "NO"),
            ("Storgata 5B", None, "0156", "Oslo", None),
            ("Stograta 5", None, None, "Olso", "NO"),
            ("Lia 7", None, "5003", "Bergen", "NO"),
            ("Storgata 5", None, None, None, None),
            (None, None, "015", None, "NO"),
        ),
    ),
    (
        CompanyMatcher(),
        (
            ("Hansen & Sønn AS",),
            ("Hansen Sonn",),
            ("Hansen Bygg",),
            ("Oslo Verft",),
            ("Hanzen Sønn",),
        ),
    ),
    (ExactMatcher("city"), (("Oslo",), ("OSLO ",), ("Moss",))),
)


@pytest.mark.parametrize(("matcher", "rows"), ROWS, ids=lambda value: getattr(value, "name", ""))
class TestShippedMatchers:
    def test_columns_answer_as_values_do(
        self, matcher: ColumnMatcher, rows: tuple[Any, ...]
    ) -> None:
        """Preparing, comparing and keys give over columns what they give one by one."""
        plain = Lifted(matcher)
        columns = list(zip(*rows, strict=True))
        prepared = list(matcher.prepare_columns(*columns))
        assert prepared == list(plain.prepare_columns(*columns))
        values = [value for value in dict.fromkeys(prepared) if value is not None]
        for pairs in (every_pair(len(values)), (np.zeros(1, np.int32), np.zeros(1, np.int32))):
            found, expected = (one.compare_columns(values, *pairs) for one in (matcher, plain))
            assert found.levels.tolist() == expected.levels.tolist()
            assert [found.values[code] for code in found.agreed if code >= 0] == [
                expected.values[code] for code in expected.agreed if code >= 0
            ]
        assert [part.tolist() for part in map(np.asarray, matcher.key_columns(values))] == [
            part.tolist() for part in map(np.asarray, plain.key_columns(values))
        ]

    def test_nothing_to_compare(self, matcher: ColumnMatcher, rows: tuple[Any, ...]) -> None:
        """Without values and pairs there are no levels."""
        none = np.empty(0, dtype=np.int32)
        assert len(matcher.compare_columns([], none, none).levels) == 0
        value = matcher.prepare(*rows[0])
        assert len(matcher.compare_columns([value], none, none).levels) == 0
