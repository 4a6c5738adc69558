"""Texts by number: which pairs of many are a few typing errors apart, or one within the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

__all__ = ["Spellings"]

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]


@final
class Spellings:
    """Texts by number, of which pairs are told apart by length and letters before any is measured.

    An error changes the length by one letter at most, and the set of letters by two.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lengths = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
        points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        bits = np.left_shift(np.uint64(1), (points & 63).astype(np.uint64))
        self._letters = np.zeros(len(texts), dtype=np.uint64)
        some = self._lengths > 0
        if some.any():
            starts = np.cumsum(self._lengths[some]) - self._lengths[some]
            self._letters[some] = np.bitwise_or.reduceat(bits, starts)

    def within(self, one: Codes, other: Codes, errors: int) -> Mask:
        """Tell which pairs are at most so many typing errors apart."""
        near = np.abs(self._lengths[one] - self._lengths[other]) <= errors
        at = np.flatnonzero(near)
        rest = self._letters[one[at]] ^ self._letters[other[at]]
        for _ in range(2 * errors):
            rest &= rest - np.uint64(1)  # without its lowest bit
        at = at[rest == 0]
        distances = cpdist(
            self._of(one[at]),
            self._of(other[at]),
            scorer=OSA.distance,
            score_cutoff=errors,
            dtype=np.uint8,
        )
        found = np.zeros(len(one), dtype=np.bool_)
        found[at] = distances <= errors
        return found

    def nested(self, one: Codes, other: Codes) -> Mask:
        """Tell of which pairs the one text stands within the other."""
        left, right = self._letters[one], self._letters[other]
        both = left & right
        found: Mask = (both == left) | (both == right)
        at = np.flatnonzero(found)
        found[at] = [
            x in y or y in x for x, y in zip(self._of(one[at]), self._of(other[at]), strict=True)
        ]
        return found

    def _of(self, codes: Codes) -> list[str]:
        return [self._texts[code] for code in codes.tolist()]
