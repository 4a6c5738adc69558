"""The columnar engine: distinct values prepared once, distinct pairs of values compared once.

It moves data and decides nothing: what a value is, how two compare and what that is worth is
defined elsewhere, per value, and `MatchModel.compare` gives the same digits from two customers.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from dedupkit.matching.agreement import Agreement
from dedupkit.matching.blocking import KeyRows
from dedupkit.matching.hashing import hash_texts, parts_agreed
from dedupkit.matching.intake import Register
from dedupkit.matching.protocols import ColumnMatcher, Compared, SupportsAgreed

__all__ = ["MISSING", "Encoded", "Levels", "ValueRows", "encode", "key_rows", "kinds_of"]

#: The level of pairs of which a side is missing.
MISSING = 255

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


class ValueRows(NamedTuple):
    """Which row holds which value that it could agree on with somebody.

    Attributes:
        rows: The holder; int32.
        codes: Position in `values`; int32.
        values: Distinct single values.
    """

    rows: Rows
    codes: NDArray[np.int32]
    values: Sequence[Hashable]


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
        """Compare pairs of rows; every distinct pair of values once."""
        one, other = self.codes[left], self.codes[right]
        both = (one >= 0) & (other >= 0)
        levels = np.full(len(left), MISSING, dtype=np.uint8)
        agreed = np.full(len(left), -1, dtype=np.int32)
        if not both.any():
            return Levels(levels, agreed, Agreement.of(self.matcher.name, ()))
        low = np.minimum(one, other)[both].astype(np.int64)
        high = np.maximum(one, other)[both].astype(np.int64)
        pairs, inverse = np.unique(low * len(self.values) + high, return_inverse=True)
        found = self.matcher.compare_columns(
            self.values,
            (pairs // len(self.values)).astype(np.int32),
            (pairs % len(self.values)).astype(np.int32),
        )
        levels[both] = found.levels[inverse]
        agreed[both] = found.agreed[inverse]
        return Levels(levels, agreed, Agreement.of(self.matcher.name, found.values))

    @cached_property
    def own(self) -> Compared:
        """How every prepared value compares with itself."""
        each = np.arange(len(self.values), dtype=np.int32)
        return self.matcher.compare_columns(self.values, each, each)

    @cached_property
    def value_rows(self) -> ValueRows:
        """Who holds which value on which the matcher could agree."""
        if not isinstance(self.matcher, SupportsAgreed) or not len(self.values):
            return ValueRows(np.empty(0, np.int32), np.empty(0, np.int32), ())
        found = self.own
        numbers: dict[Hashable, int] = {}
        flat = [
            [numbers.setdefault(part, len(numbers)) for part in parts_agreed(value)]
            for value in found.values
        ]
        sizes = np.array([len(codes) for codes in flat] or [0], dtype=np.int64)
        starts = np.cumsum(sizes) - sizes
        codes = np.array([code for some in flat for code in some], dtype=np.int32)
        rows = np.flatnonzero(self.codes >= 0).astype(np.int32)
        rows = rows[found.agreed[self.codes[rows]] >= 0]
        which = found.agreed[self.codes[rows]]
        counts = sizes[which]
        offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        at = np.repeat(starts[which], counts) + offsets
        return ValueRows(np.repeat(rows, counts), codes[at], list(numbers))


def encode(matcher: ColumnMatcher, register: Register) -> Encoded:
    """Prepare a matcher's columns: distinct combinations once, then distinct prepared values."""
    raw, combinations = register.combine(matcher.fields)
    columns = tuple(zip(*combinations, strict=True)) or tuple(() for _ in matcher.fields)
    numbers: dict[Hashable, int] = {}
    prepared = [
        -1 if value is None else numbers.setdefault(value, len(numbers))
        for value in matcher.prepare_columns(*columns)
    ]
    codes = np.array(prepared, dtype=np.int32)
    return Encoded(matcher=matcher, codes=codes[raw] if len(raw) else codes, values=list(numbers))


def key_rows(encoded: Sequence[Encoded], eligible: NDArray[np.bool_]) -> dict[str, KeyRows]:
    """Return the keys of eligible rows by kind, ascending by row; kinds meet across matchers."""
    return {kind: keys for kind, (keys, _) in kinds_of(encoded, eligible).items()}


def kinds_of(
    encoded: Sequence[Encoded], eligible: NDArray[np.bool_]
) -> dict[str, tuple[KeyRows, int]]:
    """Return `key_rows`, and with each kind the matchers that make its keys, as bits."""
    parts: dict[str, list[KeyRows]] = {}
    makers: dict[str, int] = {}
    for bit, one in enumerate(encoded):
        if len(one.values):
            for kind, keys in _keys_of(one, eligible).items():
                parts.setdefault(kind, []).append(keys)
                makers[kind] = makers.get(kind, 0) | 1 << bit
    return {kind: (_merged(parts[kind]), makers[kind]) for kind in sorted(parts)}


def _keys_of(encoded: Encoded, eligible: NDArray[np.bool_]) -> dict[str, KeyRows]:
    positions, texts = encoded.matcher.key_columns(encoded.values)
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)
    kind_numbers: dict[str, int] = {}
    kinds = np.array(
        [kind_numbers.setdefault(t[: t.find(":")], len(kind_numbers)) for t in numbers],
        dtype=np.int32,
    )
    hashes = hash_texts(numbers)
    order = np.argsort(positions, kind="stable")
    positions, codes = positions[order], codes[order]
    rows = np.flatnonzero((encoded.codes >= 0) & eligible).astype(np.int32)
    held = encoded.codes[rows]
    low = np.searchsorted(positions, held, side="left")
    counts = np.searchsorted(positions, held, side="right") - low
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    found = codes[np.repeat(low, counts) + offsets]
    holders = np.repeat(rows, counts)
    of_kind = kinds[found]
    return {
        kind: KeyRows(holders[of_kind == number], hashes[found[of_kind == number]])
        for kind, number in kind_numbers.items()
    }


def _merged(parts: Sequence[KeyRows]) -> KeyRows:
    if len(parts) == 1:
        return parts[0]
    rows = np.concatenate([part.rows for part in parts])
    hashes = np.concatenate([part.hashes for part in parts])
    order = np.argsort(rows, kind="stable")
    return KeyRows(rows[order], hashes[order])
