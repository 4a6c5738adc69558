"""What is done with arrays of numbers again and again: each once, membership, runs."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["distinct", "is_member", "offsets", "run_starts"]

Scalar = TypeVar("Scalar", bound=np.generic)


def distinct(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return *values* ascending, each once.

    What `numpy.unique` gives, which hashes long arrays and takes three times as long.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    return ordered[run_starts(ordered)]


def run_starts(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each run of equal values begins.

    >>> run_starts(np.array([5, 5, 7])).tolist()
    [0, 2]
    """
    fresh = np.ones(len(ordered), dtype=np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return np.flatnonzero(fresh)


def is_member(values: NDArray[Any], known: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which *values* are among the ascending *known*.

    >>> is_member(np.array([1, 2]), np.array([2, 3])).tolist()
    [False, True]
    """
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: NDArray[np.bool_] = known[at] == values
    return found


def offsets(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Count up from 0 within each of several stretches, one after the other.

    >>> offsets(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    every = np.arange(int(counts.sum()), dtype=np.int64)
    every -= np.repeat(np.cumsum(counts) - counts, counts)
    return every
