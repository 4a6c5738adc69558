"""Arrays against the obvious loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.matching.arrays import distinct, is_member, offsets, run_starts

NUMBERS = st.lists(st.integers(0, 5), max_size=8)


def array(numbers: list[int]) -> np.ndarray:
    """Return numbers as an array, also where there are none."""
    return np.array(numbers, dtype=np.int64)


@given(NUMBERS)
def test_distinct(numbers: list[int]) -> None:
    """Each stands once, in order."""
    assert distinct(array(numbers)).tolist() == sorted(set(numbers))


@given(NUMBERS)
def test_run_starts(numbers: list[int]) -> None:
    """A run begins where its number first stands."""
    ordered = sorted(numbers)
    assert run_starts(array(ordered)).tolist() == [ordered.index(n) for n in sorted(set(ordered))]


@given(NUMBERS, NUMBERS)
def test_is_member(numbers: list[int], known: list[int]) -> None:
    """Every number is looked up."""
    found = is_member(array(numbers), array(sorted(known))).tolist()
    assert found == [number in known for number in numbers]


@given(st.lists(st.integers(0, 3), max_size=5))
def test_offsets(counts: list[int]) -> None:
    """Each stretch counts up from 0."""
    assert offsets(array(counts)).tolist() == [at for count in counts for at in range(count)]
