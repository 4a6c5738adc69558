"""Comparing columns of values: equal ones by number, only the few likely ones one by one.

A matcher defines once, on two values, how they compare. What is here only spares that call where
its answer is known: for numbers that are equal, and for pairs of which a cheap test over whole
arrays says that nothing is alike.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar, final

import numpy as np
from numpy.typing import NDArray

from dedupkit.matching.arrays import Numbers, new_numbers, numbered
from dedupkit.matching.lift import Agreements
from dedupkit.matching.protocols import Compared

__all__ = [
    "Parts",
    "alternatives",
    "best_of_all",
    "best_pair",
    "codes_of",
    "distinct_pairs",
    "grade_pairs",
    "narrowed",
    "share_any",
    "shared_values",
]

T = TypeVar("T", bound=Hashable)

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
Levels = NDArray[np.uint8]


def codes_of(values: Iterable[T]) -> tuple[Codes, list[T]]:
    """Number equal values alike: the numbers, and the distinct values by number."""
    numbers: Numbers[T] = new_numbers()
    return numbered(values, numbers), list(numbers)


@final
class Parts(NamedTuple, Generic[T]):
    """Values that hold several parts each, the parts numbered.

    Attributes:
        starts: Where the parts of each value begin in `codes`; one more than there are values.
        codes: The numbers of the parts, value after value.
        distinct: The distinct parts by number.
    """

    starts: NDArray[np.int64]
    codes: Codes
    distinct: list[T]

    @classmethod
    def of(cls, values: Iterable[Sequence[T]]) -> Parts[T]:
        """Number the parts of *values*."""
        sizes: list[int] = [0]
        flat: list[T] = []
        for parts in values:
            sizes.append(len(parts))
            flat.extend(parts)
        codes, distinct = codes_of(flat)
        return cls(np.cumsum(sizes, dtype=np.int64), codes, distinct)

    def cross(self, left: Codes, right: Codes) -> tuple[NDArray[np.int64], Codes, Codes]:
        """Pair every part of the one value with every part of the other.

        Returns:
            For each pair of parts: the position of its pair of values (ascending), and both parts.
        """
        counts = np.diff(self.starts)
        widths = counts[right]
        sizes = counts[left] * widths
        pairs = np.repeat(np.arange(len(left), dtype=np.int64), sizes)
        ranks = np.arange(len(pairs), dtype=np.int64)
        ranks -= np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows, columns = np.divmod(ranks, widths[pairs])
        return (
            pairs,
            self.codes[self.starts[left][pairs] + rows],
            self.codes[self.starts[right][pairs] + columns],
        )


def narrowed(values: Sequence[T], left: Codes, right: Codes) -> tuple[Sequence[T], Codes, Codes]:
    """Return the values that are met at all, and the pairs by their new numbers."""
    met = np.zeros(len(values), dtype=np.bool_)
    met[left] = True
    met[right] = True
    if met.all():
        return values, left, right
    numbers = np.cumsum(met, dtype=np.int32) - np.int32(1)
    kept = [values[code] for code in np.flatnonzero(met).tolist()]
    return kept, numbers[left], numbers[right]


def share_any(parts: Parts[T], left: Codes, right: Codes) -> Mask:
    """Tell which pairs of values have a part in common."""
    pairs, one, other = parts.cross(left, right)
    shared = np.zeros(len(left), dtype=np.bool_)
    shared[pairs[one == other]] = True
    return shared


def distinct_pairs(left: Codes, right: Codes) -> tuple[Codes, Codes, NDArray[np.intp]]:
    """Reduce pairs to distinct unordered ones.

    Returns:
        Both sides of the distinct pairs, and for each given pair the position of its distinct one.
    """
    low = np.minimum(left, right).astype(np.int64)
    high = np.maximum(left, right).astype(np.int64)
    distinct, inverse = np.unique(low << 32 | high, return_inverse=True)
    return (
        (distinct >> 32).astype(np.int32),
        (distinct & 0xFFFFFFFF).astype(np.int32),
        inverse,
    )


def grade_pairs(
    grade: Callable[[T, T], int],
    values: Sequence[T],
    left: Codes,
    right: Codes,
    *,
    likely: Callable[[Codes, Codes], Mask],
    otherwise: int,
) -> Levels:
    """Grade pairs of numbered values.

    Args:
        grade: The definition, on two values; symmetric.
        values: The values by number.
        left: Numbers of the one side.
        right: Numbers of the other side.
        likely: Tells, over pairs of different numbers, where the grade may be another one than
            *otherwise*.
        otherwise: The grade of all that is not likely.
    """
    size = len(values)
    if size * size <= len(left):  # few values: their pairs recur
        pairs = np.minimum(left, right).astype(np.int64) * size + np.maximum(left, right)
        table = np.zeros(size * size, dtype=np.uint8)
        table[pairs] = 1
        met = np.flatnonzero(table)
        one, other = (side.astype(np.int32) for side in np.divmod(met, size))
        table[met] = _grades(grade, values, one, other, likely, otherwise)
        return table[pairs]
    return _grades(grade, values, left, right, likely, otherwise)


def _grades(  # noqa: PLR0917  # what `grade_pairs` was given
    grade: Callable[[T, T], int],
    values: Sequence[T],
    left: Codes,
    right: Codes,
    likely: Callable[[Codes, Codes], Mask],
    otherwise: int,
) -> Levels:
    grades = np.full(len(left), otherwise, dtype=np.uint8)
    asked = left == right
    unlike = np.flatnonzero(~asked)
    asked[unlike] = likely(left[unlike], right[unlike])
    one, other, inverse = distinct_pairs(left[asked], right[asked])
    found = [grade(values[x], values[y]) for x, y in zip(one.tolist(), other.tolist(), strict=True)]
    grades[asked] = np.array(found, dtype=np.uint8)[inverse]
    return grades


def best_of_all(
    parts: Parts[T],
    left: Codes,
    right: Codes,
    *,
    grades: Callable[[Codes, Codes], Levels],
    agreed: Callable[[T, T], tuple[Hashable, ...]],
    agreeing: int,
) -> Compared:
    """Compare values that hold one or more parts each; `best_pair` and `shared_values` at once.

    Args:
        parts: The parts of the distinct values.
        left: Codes of the one side.
        right: Codes of the other side.
        grades: Grades pairs of parts, given by number.
        agreed: The values on which two parts agree whose grade rests on a value.
        agreeing: How many of the grades, strongest first, rest on a value.
    """
    pairs, one, other = parts.cross(left, right)
    found = grades(one, other)
    levels = np.full(len(left), np.iinfo(np.uint8).max, dtype=np.uint8)
    np.minimum.at(levels, pairs, found)
    at = np.flatnonzero(found < agreeing)
    codes, values = _agreed_values(
        parts, pairs[at], one[at], other[at], agreed=agreed, count=len(left)
    )
    return Compared(levels, codes, values)


def _agreed_values(
    parts: Parts[T],
    pairs: NDArray[np.int64],
    one: Codes,
    other: Codes,
    *,
    agreed: Callable[[T, T], tuple[Hashable, ...]],
    count: int,
) -> tuple[Codes, tuple[Hashable, ...]]:
    """Number what *count* pairs of values agree on, from their parts that agree."""
    agreements = Agreements()
    codes = np.full(count, -1, dtype=np.int32)
    distinct = parts.distinct
    alone = np.bincount(pairs, minlength=count)[pairs] == 1
    a, b, inverse = distinct_pairs(one[alone], other[alone])
    numbers = [
        agreements.code(alternatives(agreed(distinct[x], distinct[y])))
        for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    codes[pairs[alone]] = np.array(numbers, dtype=np.int32)[inverse]
    several: dict[int, set[Hashable]] = {}
    rest = np.flatnonzero(~alone)
    for pair, x, y in zip(
        pairs[rest].tolist(), one[rest].tolist(), other[rest].tolist(), strict=True
    ):
        several.setdefault(pair, set()).update(agreed(distinct[x], distinct[y]))
    for pair, values in several.items():
        codes[pair] = agreements.code(alternatives(values))
    return codes, agreements.values


def best_pair(grade: Callable[[T, T], int], left: Sequence[T], right: Sequence[T]) -> int:
    """Return the strongest grade of any part of *left* with any part of *right*."""
    return min(grade(one, other) for one in left for other in right)


def shared_values(
    grade: Callable[[T, T], int],
    agreed: Callable[[T, T], tuple[Hashable, ...]],
    left: Sequence[T],
    right: Sequence[T],
    *,
    agreeing: int,
) -> Hashable | None:
    """Return every value on which any two parts agree, None without one."""
    return alternatives(
        value
        for one in left
        for other in right
        if grade(one, other) < agreeing
        for value in agreed(one, other)
    )


def alternatives(values: Iterable[Hashable]) -> Hashable | None:
    """Return what several values agreed on are: None, the only one, or a frozenset of them."""
    if type(values) is tuple and len(values) == 1:  # mostly
        only: Hashable = values[0]
        return only
    several = frozenset(values)
    match len(several):
        case 0:
            return None
        case 1:
            return next(iter(several))
        case _:
            return several
