"""Which pairs are looked at: customers that share an open key.

Keys are made by matchers, joined and opened here. A block that is too large is split by further
keys, and closed where that does not help; what that leaves out is counted. Both are decided from
the whole register once and then belong to the profile, so that two customers are candidates by
what they and the profile say alone (law M8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from dedupkit.matching.arrays import distinct, is_member, offsets, run_starts
from dedupkit.matching.hashing import join_hashes

__all__ = [
    "RULES",
    "SPLITS",
    "Blocked",
    "Budget",
    "KeyRows",
    "Skip",
    "candidate_codes",
    "open_keys",
    "rules_for",
    "settle_rule",
]

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int32]

#: Kinds of keys that are joined. They open by themselves too, as far as a small budget goes: the
#: rare surname, the village, and in a small register nearly all.
RULES: tuple[tuple[str, ...], ...] = (
    ("surname", "postcode"),
    ("surname", "city"),
    ("given", "postcode"),
    ("given", "city"),
    ("surname", "birth_date"),
    ("given", "birth_date"),
)

#: What oversized blocks are split by, in order.
SPLITS: tuple[str, ...] = ("postcode", "birth_date")

#: Kinds that say little alone.
_PARTS = frozenset({"surname", "given", "postcode", "city"})


@final
@frozen(kw_only=True)
class Budget:
    """How many pairs a kind of key may bring.

    Attributes:
        per_customer: Pairs for each customer of the register.
        least: So many in any case.
        part: So many for a kind that says little alone: a surname, a town.
    """

    per_customer: float = 2.0
    least: int = 250_000
    part: int = 40_000

    def pairs(self, rule: Sequence[str], customers: int) -> int:
        """Return the pairs allowed to one rule."""
        if len(rule) == 1 and rule[0] in _PARTS:
            return self.part
        return max(int(self.per_customer * customers), self.least)


@final
@frozen(kw_only=True)
class Skip:
    """What closed keys of one kind leave out.

    Attributes:
        kind: The kind of key, ``"surname+city"`` for instance.
        reason: Why, in words.
        keys: How many keys are closed or split.
        customers: How many customers hold one of them.
        pairs: How many pairs they would have brought that this kind of key does not bring now;
            another kind may still bring them.
    """

    kind: str
    reason: str
    keys: int
    customers: int
    pairs: int


class KeyRows(NamedTuple):
    """The keys of one kind: for each the row that holds it, and its hash; ascending by row."""

    rows: Rows
    hashes: Hashes


class Blocked(NamedTuple):
    """A kind of key with its open keys, and what it leaves out.

    Attributes:
        open: The keys that are open, those of split blocks included.
        split: Per step of `SPLITS`, the sorted hashes of keys that are split there.
        closed: Sorted hashes of keys that open nothing.
        skips: What that leaves out.
    """

    open: KeyRows
    split: tuple[Hashes, ...]
    closed: Hashes
    skips: tuple[Skip, ...]


def rules_for(kinds: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the rules that can open with these kinds of keys, single kinds first."""
    single = tuple((kind,) for kind in sorted(set(kinds)))
    return (*single, *(rule for rule in RULES if set(rule) <= set(kinds)))


def rule_rows(rule: Sequence[str], kinds: Mapping[str, KeyRows]) -> KeyRows:
    """Return the keys of a rule: a single kind's, or every join of those of its kinds."""
    found = kinds[rule[0]]
    for kind in rule[1:]:
        found = _join(found, kinds[kind])
    return found


def open_keys(
    rule: Sequence[str],
    kinds: Mapping[str, KeyRows],
    split: Sequence[Hashes],
    closed: Hashes,
) -> KeyRows:
    """Return the open keys of rows under what a profile says; rows may be one customer."""
    rest = _without(rule_rows(rule, kinds), closed)
    found: list[KeyRows] = []
    for kind, hashes in zip(SPLITS, split, strict=True):
        within = is_member(rest.hashes, hashes)
        found.append(KeyRows(rest.rows[~within], rest.hashes[~within]))
        rest = KeyRows(rest.rows[within], rest.hashes[within])
        rest = _without(_join(rest, kinds[kind]) if kind in kinds else _NOTHING, closed)
    found.append(rest)
    return KeyRows(
        np.concatenate([part.rows for part in found]),
        np.concatenate([part.hashes for part in found]),
    )


def settle_rule(
    rule: Sequence[str],
    kinds: Mapping[str, KeyRows],
    budget: int,
    *,
    junk: Hashes,
) -> Blocked:
    """Decide, over a whole register, which keys of a rule are open, split and closed.

    The smallest blocks are opened first. Those beyond the budget are split by the kinds of
    `SPLITS` in turn, and what is then still beyond it is closed.

    Args:
        rule: Kinds of keys.
        kinds: The keys of every kind.
        budget: Pairs allowed.
        junk: Sorted hashes of keys that are closed in any case: contacts of many people.
    """
    name = "+".join(rule)
    keys = _distinct(rule_rows(rule, kinds))
    skips: list[Skip] = []
    barred = is_member(keys.hashes, junk)
    if barred.any():
        skips.append(_skip(name, "a contact that many different people share", keys, barred))
    closed = distinct(keys.hashes[barred])
    rest = KeyRows(keys.rows[~barred], keys.hashes[~barred])
    found: list[KeyRows] = []
    split: list[Hashes] = []
    left = budget
    for kind in SPLITS:
        small, used = _within(rest, left)
        left -= used
        found.append(KeyRows(rest.rows[small], rest.hashes[small]))
        large = KeyRows(rest.rows[~small], rest.hashes[~small])
        split.append(distinct(large.hashes))
        rest = _distinct(_join(large, kinds[kind]) if kind in kinds else _NOTHING)
        if len(large.rows):
            kept = _pairs(rest)
            all_ = np.ones(len(large.rows), dtype=np.bool_)
            skip = _skip(name, f"too many customers share it, split by {kind}", large, all_)
            if skip.pairs > kept:
                skips.append(_minus(skip, kept))
    small, _ = _within(rest, left)
    found.append(KeyRows(rest.rows[small], rest.hashes[small]))
    if not small.all():
        skips.append(_skip(name, "too many customers share it even so", rest, ~small))
    closed = np.union1d(closed, rest.hashes[~small])
    opened = KeyRows(
        np.concatenate([part.rows for part in found]),
        np.concatenate([part.hashes for part in found]),
    )
    return Blocked(opened, tuple(split), closed, tuple(skips))


def candidate_codes(
    keys: Sequence[KeyRows], size: int, origins: Sequence[int] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of rows that share a key, and where they come from.

    Args:
        keys: Open keys, rule by rule.
        size: How many rows there are.
        origins: Per rule the matchers that it takes, as bits; None: all zero.

    Returns:
        ``left * size + right`` with left < right, sorted; and for each pair the bits that all
        rules share that brought it.
    """
    room = len(keys).bit_length()
    found = [
        part << room | rule
        for rule, one in enumerate(keys)
        for part in _codes(_distinct(one), size)
    ]
    if not found:
        return _NONE, _NONE
    every = np.sort(np.concatenate(found))  # by pair, then rule
    codes, rules = every >> room, every & ((1 << room) - 1)
    starts = run_starts(codes)
    bits = np.array(origins or [0] * len(keys), dtype=np.int64)
    return codes[starts], np.bitwise_and.reduceat(bits[rules], starts)


# --- Parts ---------------------------------------------------------------------------------------

_NOTHING = KeyRows(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint64))


def _join(one: KeyRows, other: KeyRows) -> KeyRows:
    """Join every key of a row in *one* with every key of that row in *other*."""
    low = np.searchsorted(other.rows, one.rows, side="left")
    counts = np.searchsorted(other.rows, one.rows, side="right") - low
    at = np.repeat(low, counts) + offsets(counts)
    return KeyRows(
        np.repeat(one.rows, counts), join_hashes(np.repeat(one.hashes, counts), other.hashes[at])
    )


def _distinct(keys: KeyRows) -> KeyRows:
    """Order keys by hash, then row, each once."""
    order = np.lexsort((keys.rows, keys.hashes))
    rows, hashes = keys.rows[order], keys.hashes[order]
    if len(rows):
        fresh = np.ones(len(rows), dtype=np.bool_)
        fresh[1:] = (rows[1:] != rows[:-1]) | (hashes[1:] != hashes[:-1])
        rows, hashes = rows[fresh], hashes[fresh]
    return KeyRows(rows, hashes)


def _sizes(hashes: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the start and the size of every run of equal hashes."""
    starts = run_starts(hashes)
    return starts, np.diff(np.r_[starts, len(hashes)])


_NONE = np.empty(0, dtype=np.int64)


def _within(keys: KeyRows, budget: int) -> tuple[NDArray[np.bool_], int]:
    """Tell which keys belong to blocks that fit the budget, smallest first, and what they use."""
    _, sizes = _sizes(keys.hashes)
    if not len(sizes):
        return np.ones(len(keys.rows), dtype=np.bool_), 0
    steps, counts = np.unique(sizes, return_counts=True)
    used = np.cumsum(counts * (steps * (steps - 1) // 2))
    fits = used <= budget
    largest = int(steps[fits][-1]) if fits.any() else 0
    return np.repeat(sizes <= largest, sizes), int(used[fits][-1]) if fits.any() else 0


def _pairs(keys: KeyRows) -> int:
    sizes = _sizes(keys.hashes)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def _skip(name: str, reason: str, keys: KeyRows, where: NDArray[np.bool_]) -> Skip:
    some = KeyRows(keys.rows[where], keys.hashes[where])
    return Skip(
        kind=name,
        reason=reason,
        keys=len(_sizes(some.hashes)[0]),
        customers=len(distinct(some.rows)),
        pairs=_pairs(some),
    )


def _minus(skip: Skip, kept: int) -> Skip:
    from attrs import evolve

    return evolve(skip, pairs=skip.pairs - kept)


def _without(keys: KeyRows, hashes: Hashes) -> KeyRows:
    within = is_member(keys.hashes, hashes)
    return KeyRows(keys.rows[~within], keys.hashes[~within])


def _codes(keys: KeyRows, size: int) -> Iterator[NDArray[np.int64]]:
    """Yield the pairs within blocks, block sizes one after the other."""
    starts, sizes = _sizes(keys.hashes)
    rows = keys.rows.astype(np.int64)
    for step in np.unique(sizes[sizes > 1]).tolist():
        members = rows[starts[sizes == step][:, None] + np.arange(step)]
        left, right = np.triu_indices(step, 1)
        for part in range(0, len(members), max(1, 4_000_000 // len(left))):
            some = members[part : part + max(1, 4_000_000 // len(left))]
            yield (some[:, left] * size + some[:, right]).ravel()
