"""The columnar engine: distinct values prepared once, distinct pairs of values compared once.

It moves data and decides nothing: what a value is, how two compare and what that is worth is
defined elsewhere, per value, and `MatchModel.compare` gives the same digits from two customers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from itertools import chain, compress
from typing import Any, NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from dedupkit.matching.agreement import Agreement
from dedupkit.matching.arrays import Numbers, new_numbers, numbered, offsets
from dedupkit.matching.blocking import KeyRows
from dedupkit.matching.hashing import hash_texts
from dedupkit.matching.intake import Register
from dedupkit.matching.matchers.columns import distinct_pairs
from dedupkit.matching.protocols import ColumnMatcher, SupportsAgreed

__all__ = ["MISSING", "Encoded", "Levels", "ValueRows", "encode", "key_rows", "kinds_of"]

#: The level of pairs of which a side is missing.
MISSING = 255

#: Where more of the rows than this have a value of their own, pairs of values hardly recur.
_DISTINCT = 0.8

Rows = NDArray[np.int32]


class Levels(NamedTuple):
    """How pairs of rows compare in one matcher.

    Attributes:
        levels: Position in the matcher's levels, `MISSING` where a side is missing; uint8.
        agreed: Position in `agreement`, -1 where nothing is agreed on; int32.
        agreement: The distinct values agreed on.
    """

    levels: NDArray[np.uint8]
    agreed: NDArray[np.int32]
    agreement: Agreement

    def part(self, pairs: slice) -> Levels:
        """Return some of the pairs."""
        return self._replace(levels=self.levels[pairs], agreed=self.agreed[pairs])


class ValueRows(NamedTuple):
    """Which row holds which value that it could agree on with somebody.

    Attributes:
        rows: The holder; int32.
        codes: Number of the value; int64.
        kinds: The kinds of values.
        kind_codes: For each value the position of its kind.
        hashes: For each value its hash.
    """

    rows: Rows
    codes: NDArray[np.int64]
    kinds: tuple[str, ...]
    kind_codes: NDArray[np.int64]
    hashes: NDArray[np.uint64]


@final
@frozen(kw_only=True, eq=False, slots=False)
class Encoded:
    """One matcher's view of a register.

    Attributes:
        matcher: Whose.
        codes: For each row the position of its prepared value, -1 where it is missing.
        values: Distinct prepared values.
    """

    matcher: ColumnMatcher
    codes: NDArray[np.int32]
    values: Sequence[Any]

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Compare pairs of rows; where rows share values, every distinct pair of values once."""
        one, other = self.codes[left], self.codes[right]
        both = (one >= 0) & (other >= 0)
        levels = np.full(len(left), MISSING, dtype=np.uint8)
        agreed = np.full(len(left), -1, dtype=np.int32)
        if not both.any():
            return Levels(levels, agreed, Agreement.of(self.matcher.name, ()))
        one, other = one[both], other[both]
        if len(self.values) > _DISTINCT * np.count_nonzero(self.codes >= 0):
            found = self.matcher.compare_columns(self.values, one, other)
            levels[both], agreed[both] = found.levels, found.agreed
        else:
            one, other, inverse = distinct_pairs(one, other)
            found = self.matcher.compare_columns(self.values, one, other)
            levels[both], agreed[both] = found.levels[inverse], found.agreed[inverse]
        return Levels(levels, agreed, Agreement.of(self.matcher.name, found.values))

    @cached_property
    def own(self) -> tuple[NDArray[np.int32], Agreement]:
        """On what every prepared value agrees with itself: a position, -1 for nothing."""
        matcher: object = self.matcher
        if isinstance(matcher, SupportsAgreed):
            codes, agreed = _coded(map(matcher.agreed, self.values, self.values))
        else:
            codes, agreed = np.full(len(self.values), -1, dtype=np.int32), []
        return codes, Agreement.of(self.matcher.name, agreed)

    @cached_property
    def value_rows(self) -> ValueRows:
        """Who holds which value on which the matcher could agree."""
        agreed, shared = self.own
        rows = np.flatnonzero(self.codes >= 0).astype(np.int32)
        rows = rows[agreed[self.codes[rows]] >= 0]
        which = agreed[self.codes[rows]]
        sizes = np.bincount(shared.owners, minlength=shared.size)
        starts = np.cumsum(sizes) - sizes
        counts = sizes[which]
        at = np.repeat(starts[which], counts) + offsets(counts)
        kind_codes, hashes = np.empty(shared.parts, np.int64), np.empty(shared.parts, np.uint64)
        kind_codes[shared.codes], hashes[shared.codes] = shared.kind_codes, shared.hashes
        return ValueRows(
            np.repeat(rows, counts), shared.codes[at], shared.kinds, kind_codes, hashes
        )


def encode(matcher: ColumnMatcher, register: Register) -> Encoded:
    """Prepare a matcher's columns: distinct combinations once, then distinct prepared values."""
    raw, columns = register.combine(matcher.fields)
    codes, values = _coded(matcher.prepare_columns(*columns))
    return Encoded(matcher=matcher, codes=codes[raw] if len(raw) else codes, values=values)


def _coded(values: Iterable[Hashable | None]) -> tuple[NDArray[np.int32], list[Any]]:
    """Number values, -1 where there is none; and return those that there are, by number."""
    numbers: Numbers[Hashable | None] = new_numbers()
    codes = numbered(chain((None,), values), numbers)[1:] - np.int32(1)
    return codes, list(numbers)[1:]


def key_rows(encoded: Sequence[Encoded], eligible: NDArray[np.bool_]) -> dict[str, KeyRows]:
    """Return the keys of eligible rows by kind, ascending by row; kinds meet across matchers."""
    return {kind: keys for kind, (keys, _) in kinds_of(encoded, eligible).items()}


def kinds_of(
    encoded: Sequence[Encoded], eligible: NDArray[np.bool_], *, holders: int = 1
) -> dict[str, tuple[KeyRows, int]]:
    """Return `key_rows`, and with each kind the matchers that make its keys, as bits.

    Args:
        encoded: The matchers' columns.
        eligible: Whether a row takes part.
        holders: Keys that fewer rows hold are left out: two, where it is pairs that are sought.
    """
    numbers: Numbers[str] = new_numbers()
    keyed = [_number_keys(one, numbers) for one in encoded]
    kinds: Numbers[str] = new_numbers()
    kind_codes = numbered([text[: text.find(":")] for text in numbers], kinds)
    held = [_holders(one, keys, eligible) for one, keys in zip(encoded, keyed, strict=True)]
    counts = np.bincount(np.concatenate([codes for _, codes in held]), minlength=len(numbers))
    often = counts >= holders
    hashes = np.zeros(len(numbers), dtype=np.uint64)
    hashes[often] = hash_texts(compress(numbers, often.tolist()))
    parts: dict[str, list[KeyRows]] = {kind: [] for kind in sorted(kinds)}
    makers = dict.fromkeys(parts, 0)
    for bit, ((_, made), (rows, codes)) in enumerate(zip(keyed, held, strict=True)):
        shown = np.where(often[codes], kind_codes[codes], -1)
        present = np.bincount(kind_codes[made], minlength=len(kinds)).tolist()
        for (kind, number), count in zip(kinds.items(), present, strict=True):
            if count:
                some = shown == number
                parts[kind].append(KeyRows(rows[some], hashes[codes[some]]))
                makers[kind] |= 1 << bit
    return {kind: (_merged(parts[kind]), makers[kind]) for kind in parts}


#: The positions of values, and the number of a key of each.
_Keyed = tuple[NDArray[np.int32], NDArray[np.int32]]


def _number_keys(encoded: Encoded, numbers: Numbers[str]) -> _Keyed:
    """Number the keys of a matcher's values; new ones are added to *numbers*."""
    positions, texts = encoded.matcher.key_columns(encoded.values)
    return positions, numbered(texts, numbers)


def _holders(encoded: Encoded, keyed: _Keyed, eligible: NDArray[np.bool_]) -> _Keyed:
    """Return the rows, ascending, and the number of a key of each."""
    positions, codes = keyed
    codes = codes[np.argsort(positions, kind="stable")]
    sizes = np.bincount(positions, minlength=len(encoded.values))
    starts = np.cumsum(sizes) - sizes
    rows = np.flatnonzero((encoded.codes >= 0) & eligible).astype(np.int32)
    counts = sizes[encoded.codes[rows]]
    at = np.repeat(starts[encoded.codes[rows]], counts) + offsets(counts)
    return np.repeat(rows, counts), codes[at]


def _merged(parts: Sequence[KeyRows]) -> KeyRows:
    if len(parts) == 1:
        return parts[0]
    rows = np.concatenate([part.rows for part in parts])
    hashes = np.concatenate([part.hashes for part in parts])
    order = np.argsort(rows, kind="stable")
    return KeyRows(rows[order], hashes[order])
