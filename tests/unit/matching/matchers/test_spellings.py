"""Spellings against the measure itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from dedupkit.matching.matchers.spellings import Spellings

TEXTS = st.lists(st.text("ab\u00f8\U0001f600", max_size=5), min_size=1, max_size=5)


def every_pair(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of codes."""
    left, right = np.indices((count, count), dtype=np.int32).reshape(2, -1)
    return left, right


@pytest.mark.parametrize("errors", [1, 2])
@given(texts=TEXTS)
def test_within(errors: int, texts: list[str]) -> None:
    """What is told apart without being measured is further apart."""
    left, right = every_pair(len(texts))
    found = Spellings(texts).within(left, right, errors)
    expected = [OSA.distance(one, other) <= errors for one in texts for other in texts]
    assert found.tolist() == expected


@given(TEXTS)
def test_nested(texts: list[str]) -> None:
    """Either text may be the one within the other."""
    left, right = every_pair(len(texts))
    expected = [one in other or other in one for one in texts for other in texts]
    assert Spellings(texts).nested(left, right).tolist() == expected


def test_no_texts() -> None:
    """Nothing is within nothing."""
    none = np.empty(0, dtype=np.int32)
    assert not len(Spellings([]).within(none, none, 1))
