"""Weights: whole thousandths of a bit, so that sums are exact in any order, everywhere.

Logarithms are taken one at a time by `math`, never by array code, and sums of exponentials come
out of a table of integers: an engine that works on arrays gets the same digits as plain Python.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import frozen

from dedupkit.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BIT", "Thresholds", "log_sum", "log_sums", "millibits", "probability", "weight_at"]

#: Units in a bit.
BIT = 1000

_REACH = 12_000  # beyond 12 bits the smaller term is below half a unit


def millibits(ratio: float) -> int:
    """Return log2 of a positive ratio in whole thousandths of a bit.

    >>> millibits(8), millibits(0.5)
    (3000, -1000)
    """
    return round(BIT * math.log2(ratio))


def probability(weight: float) -> float:
    """Turn a match weight in bits, prior included, into a match probability.

    >>> probability(0.0)
    0.5
    """
    if weight < 0:
        odds = math.exp2(max(weight, -1000.0))
        return odds / (1 + odds)
    return 1 / (1 + math.exp2(-min(weight, 1000.0)))


def weight_at(share: float) -> int:
    """Return the smallest weight, in thousandths of a bit, that reaches a probability.

    >>> weight_at(0.5), weight_at(0.0) < -1_000_000 < 1_000_000 < weight_at(1.0)
    (0, True)
    """
    if share <= 0:
        return -(10**9)
    if share >= 1:
        return 10**9
    return math.ceil(BIT * math.log2(share / (1 - share)) - 1e-9)


@lru_cache(maxsize=1)
def _excess() -> tuple[int, ...]:
    return tuple(millibits(1 + 2.0 ** (-gap / BIT)) for gap in range(_REACH + 1))


@lru_cache(maxsize=1)
def _excess_array() -> Any:  # noqa: ANN401  # numpy is loaded here
    import numpy as np

    return np.array(_excess(), dtype=np.int64)


def log_sum(one: int, other: int) -> int:
    """Return log2(2**one + 2**other), all in thousandths of a bit.

    >>> log_sum(0, 0), log_sum(5000, -90000)
    (1000, 5000)
    """
    return max(one, other) + _excess()[min(abs(one - other), _REACH)]


def log_sums(one: NDArray[np.int64], other: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """`log_sum` of arrays, digit for digit."""
    import numpy as np

    gaps = np.minimum(np.abs(one - other), _REACH)
    sums: NDArray[np.int64] = np.maximum(one, other) + _excess_array()[gaps]
    return sums


@frozen
class Thresholds:
    """Match probabilities at which a pair is a duplicate, or one for a person to look at.

    Attributes:
        duplicate: From here on a duplicate. The shipped value was chosen for few wrong merges:
            predicted probabilities near one are a few points too sure.
        review: From here on for review; below, distinct. Clusters are formed from a probability
            of 0.2 upwards; below it a lower threshold adds pairs.

    Raises:
        ConfigurationError: not 0 <= review <= duplicate <= 1.

    >>> Thresholds(duplicate=0.9).review
    0.5
    """

    duplicate: float = 0.985
    review: float = 0.5

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.review <= self.duplicate <= 1:
            raise ConfigurationError("thresholds must be 0 <= review <= duplicate <= 1")
