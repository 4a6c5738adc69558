"""Birth dates, and what goes wrong with them at a counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Final, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from dedupkit.matching.lift import Agreements, key_rows
from dedupkit.matching.matchers.columns import grade_pairs, narrowed
from dedupkit.matching.protocols import Compared

__all__ = ["BirthDateMatcher"]

#: Strongest first.
_LEVELS: Final = (
    "equal",
    "one digit, transposed or swapped",
    "same year, placeholder day",
    "near",
    "differs",
    "another generation",
)
_EQUAL, _TYPING_ERROR, _PLACEHOLDER, _NEAR, _DIFFERS, _GENERATION = range(6)

#: What systems write where they know nothing, and years in which no living customer was born.
_NO_BIRTH_DATES: Final = frozenset({date(1900, 1, 1), date(1901, 1, 1)})
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_NEAR_DIGITS: Final = 2  # of eight
_YEARS_APART: Final = 15  # a parent and a child are at least


@final
@frozen
class BirthDateMatcher:
    """Compares birth dates: equal, a typing error apart, the year alone known, near, or different.

    Dates that lie 15 years or more apart by more than one typing error are those of another
    generation: what tells a father from his son of the same name.

    The first of January is a placeholder for a year only where it meets another day: two cards
    with the same first of January are equal, and the model tells how many share that date.
    1 January 1900, 1 January 1901 and years before 1900 are what systems write for nothing.

    >>> matcher = BirthDateMatcher()
    >>> one, other = matcher.prepare(date(1980, 5, 3)), matcher.prepare(date(1980, 3, 5))
    >>> matcher.levels[matcher.compare(one, other)]
    'one digit, transposed or swapped'
    """

    name: ClassVar[str] = "birth_date"
    fields: ClassVar[tuple[str, ...]] = ("birth_date",)
    levels: ClassVar[tuple[str, ...]] = _LEVELS

    def prepare(self, value: date | None, /) -> str | None:
        """Return the date as ``YYYY-MM-DD``; None where nobody was born on it."""
        if value is None or not _FIRST_YEAR <= value.year < _LAST_YEAR:
            return None
        day = date(value.year, value.month, value.day)  # a moment is a date too
        return None if day in _NO_BIRTH_DATES else day.isoformat()

    def compare(self, left: str, right: str, /) -> int:
        """Return the level of two dates."""
        return _grade(left, right)

    def agreed(self, left: str, right: str, /) -> str | None:
        """Return the date where it is equal."""
        return left if left == right else None

    def keys(self, prepared: str, /) -> Iterable[str]:
        """Return the date as a key.

        >>> BirthDateMatcher().keys("1980-05-03")
        ('birth_date:1980-05-03',)
        """
        return (f"birth_date:{prepared}",)

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[str | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Compare digit by digit, all pairs at once; the few that are alike one by one."""
        values, left, right = narrowed(values, left, right)
        digits = np.array([list(value.encode()) for value in values] or [[0] * 10], dtype=np.uint8)

        def likely(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
            same = digits[one] == digits[other]
            year, month, day = same[:, :4].all(1), same[:, 5:7].all(1), same[:, 8:].all(1)
            found: NDArray[np.bool_] = year | month & day | (same.sum(1) >= 10 - _NEAR_DIGITS)
            return found

        levels = grade_pairs(_grade, values, left, right, likely=likely, otherwise=_DIFFERS)
        years = digits[:, :4].astype(np.int16) @ np.array([1000, 100, 10, 1], dtype=np.int16)
        apart = np.abs(years[left] - years[right]) >= _YEARS_APART
        levels[apart & (levels > _PLACEHOLDER)] = _GENERATION
        agreements = Agreements()
        codes = np.full(len(left), -1, dtype=np.int32)
        for position in np.flatnonzero(levels == _EQUAL).tolist():
            codes[position] = agreements.code(values[left[position]])
        return Compared(levels, codes, agreements.values)

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _grade(left: str, right: str) -> int:
    if left == right:
        return _EQUAL
    wrong = [place for place in range(10) if left[place] != right[place]]
    if len(wrong) == 1 or _is_transposed(left, right, wrong) or _is_swapped(left, right):
        return _TYPING_ERROR
    year, month, day = left[:4] == right[:4], left[5:7] == right[5:7], left[8:] == right[8:]
    if abs(int(left[:4]) - int(right[:4])) >= _YEARS_APART:
        return _GENERATION
    if year and (left.endswith("-01-01") or right.endswith("-01-01")):
        return _PLACEHOLDER
    if (year and (month or day)) or len(wrong) <= _NEAR_DIGITS:
        return _NEAR
    return _DIFFERS


def _is_transposed(left: str, right: str, wrong: Sequence[int]) -> bool:
    """Tell whether two neighboring digits changed places."""
    match wrong:
        case [one, other]:
            neighbors = other == one + 1 or (other == one + 2 and left[one + 1] == "-")
            return neighbors and left[one] == right[other] and left[other] == right[one]
        case _:
            return False


def _is_swapped(left: str, right: str) -> bool:
    """Tell whether day and month changed places."""
    return left[:4] == right[:4] and left[5:7] == right[8:] and left[8:] == right[5:7]
