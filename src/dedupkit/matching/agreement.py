"""The values that pairs agree on, taken apart and hashed once, for profiles to look up."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import chain
from typing import final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from dedupkit.matching.arrays import Numbers, new_numbers, numbered
from dedupkit.matching.hashing import hash_texts, kinds_of, parts_agreed, value_text

__all__ = ["Agreement"]


@final
@frozen(eq=False)
class Agreement:
    """Values agreed on and their parts; the parts lie value after value.

    Attributes:
        size: How many values there are.
        parts: How many distinct parts there are.
        kinds: The kinds of parts.
        owners: For each part the position of its value; ascending.
        codes: For each part its number; equal parts have one.
        kind_codes: For each part the position of its kind.
        hashes: For each part its hash.
        alternatives: For each value whether only the rarest of its parts counts.
    """

    size: int
    parts: int
    kinds: tuple[str, ...]
    owners: NDArray[np.int64]
    codes: NDArray[np.int64]
    kind_codes: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    alternatives: NDArray[np.bool_]

    @classmethod
    def of(cls, matcher: str, values: Sequence[Hashable]) -> Agreement:
        """Take the values of a matcher apart."""
        known: Numbers[Hashable] = new_numbers()
        each = [(value,) if type(value) is str else parts_agreed(value) for value in values]
        sizes = np.fromiter(map(len, each), dtype=np.int64, count=len(each))
        at = numbered(chain.from_iterable(each), known)
        kinds: Numbers[str] = new_numbers()
        words = kinds_of(matcher, known)
        kind_of_part = numbered(words, kinds)
        hashes = hash_texts(map(value_text, words, known))
        owners = np.repeat(np.arange(len(sizes)), sizes)
        return cls(
            size=len(values),
            parts=len(known),
            kinds=tuple(kinds),
            owners=owners,
            codes=at.astype(np.int64),
            kind_codes=kind_of_part[at].astype(np.int64),
            hashes=hashes[at],
            alternatives=np.array([isinstance(v, frozenset) for v in values], dtype=np.bool_),
        )

    def counted(self, rarities: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the positions of the parts that count: of alternatives the rarest.

        Among equally rare ones the smallest hash.

        Args:
            rarities: Per part the log2 of the share of people who hold it.
        """
        several = self.alternatives[self.owners]
        order = np.lexsort((self.hashes, rarities, self.owners))
        owners = self.owners[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = owners[1:] != owners[:-1]
        chosen: NDArray[np.int64] = order[first | ~several[order]]
        chosen.sort()
        return chosen

    def slots(self, counted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each part that counts its number among those of its value."""
        owners = self.owners[counted]
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        sizes = np.diff(np.r_[starts, len(owners)])
        slots: NDArray[np.int64] = np.arange(len(owners)) - np.repeat(starts, sizes)
        return slots
