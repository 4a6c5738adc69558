"""Making a `RegisterProfile`: counting over a whole register what single pairs cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedupkit.matching.arrays import distinct
from dedupkit.matching.bits import millibits
from dedupkit.matching.blocking import (
    SPLITS,
    Budget,
    KeyRows,
    Skip,
    candidate_codes,
    rules_for,
    settle_rule,
)
from dedupkit.matching.engine import Encoded, Levels, kinds_of
from dedupkit.matching.profile import pack
from dedupkit.matching.weights import Feature

__all__ = [
    "Blocks",
    "Counts",
    "block",
    "count_people",
    "find_junk",
    "identity_tokens",
    "junk_keys",
    "measure_rates",
    "sample_pairs",
]

#: A contact is junk where its holders bear so many different surnames, and so great a share of
#: its cards do. A household has two or three, typing errors and marriages included; a switchboard
#: or an ``info@`` has nearly as many as cards.
_JUNK_NAMES = 8
_JUNK_SHARE = 1 / 3

#: Pairs of a register from which the shares of unrelated pairs are measured.
_SAMPLE = 250_000

Tokens = NDArray[np.int64]


class Counts(NamedTuple):
    """How many people share values.

    Attributes:
        values: Sorted hashes of values that several people share.
        counts: How many do.
        holders: Kind of value → people with any value of the kind.
        repeats: Kind of value → log2 of the chance that two people share one, in thousandths.
    """

    values: NDArray[np.uint64]
    counts: NDArray[np.int64]
    holders: Mapping[str, int]
    repeats: Mapping[str, int]


def identity_tokens(encoded: Sequence[Encoded], size: int) -> Tokens:
    """Return for each row a number by which different people are told apart roughly, or -1.

    The surname where there is one, else the company, else the address: the agency whose sites
    share a telephone is told by their houses.
    """
    tokens = np.full(size, -1, dtype=np.int64)
    offset = 0
    by_name = {one.matcher.name: one for one in encoded}
    for matcher, kind in (("name", "surname"), ("address", None), ("company", None)):
        if matcher not in by_name:
            continue
        found = by_name[matcher].value_rows
        if not len(found.hashes):
            continue
        ranks = np.empty(len(found.hashes), dtype=np.int64)
        ranks[np.argsort(found.hashes, kind="stable")] = np.arange(len(ranks))
        wanted = np.array([kind in (None, name) for name in found.kinds])[found.kind_codes]
        some = wanted[found.codes] & (tokens[found.rows] < 0)
        least = np.full(size, len(ranks), dtype=np.int64)
        np.minimum.at(least, found.rows[some], ranks[found.codes[some]])
        has = least < len(ranks)
        tokens[has] = least[has] + offset
        offset += len(ranks)
    return tokens


def find_junk(
    encoded: Sequence[Encoded], contacts: frozenset[str], tokens: Tokens
) -> NDArray[np.uint64]:
    """Return the sorted hashes of contacts that many different people share.

    Args:
        encoded: The matchers' columns.
        contacts: Names of the matchers that compare contacts.
        tokens: See `identity_tokens`.
    """
    found = [np.empty(0, dtype=np.uint64)]
    for one in encoded:
        held = one.value_rows
        if one.matcher.name in contacts and len(held.hashes):
            found.append(held.hashes[_diverse(held.codes, held.rows, tokens)])
    return distinct(np.concatenate(found))


def junk_keys(
    kinds: Mapping[str, KeyRows], contacts: frozenset[str], tokens: Tokens
) -> NDArray[np.uint64]:
    """Return the sorted hashes of the keys that junk contacts make, of the kinds given."""
    found = [np.empty(0, dtype=np.uint64)]
    for kind in sorted(contacts & set(kinds)):
        hashes, codes = np.unique(kinds[kind].hashes, return_inverse=True)
        found.append(hashes[_diverse(codes, kinds[kind].rows, tokens)])
    return distinct(np.concatenate(found))


def _diverse(groups: NDArray[np.int64], rows: NDArray[np.int32], tokens: Tokens) -> list[int]:
    """Return the groups whose rows bear too many different tokens to be one household."""
    sizes = np.bincount(groups)
    some = (tokens[rows] >= 0) & (sizes[groups] >= _JUNK_NAMES)
    if not some.any():
        return []
    width = int(tokens.max()) + 1
    pairs = distinct(groups[some] * width + tokens[rows[some]])
    names = np.bincount(pairs // width, minlength=len(sizes))
    junk: list[int] = np.flatnonzero(
        (names >= _JUNK_NAMES) & (names >= sizes * _JUNK_SHARE)
    ).tolist()
    return junk


class Blocks(NamedTuple):
    """The candidate pairs of a register, and what its profile says of keys.

    Attributes:
        codes: ``left * size + right`` of every pair, ascending.
        origins: For each the matchers, as bits, of which all keys had need that brought it.
        split: Per step of `SPLITS` the hashes of keys that are split there; sorted, packed.
        closed: Hashes of keys that open nothing; sorted, packed.
        skipped: What that leaves out.
    """

    codes: NDArray[np.int64]
    origins: NDArray[np.int64]
    split: tuple[bytes, ...]
    closed: bytes
    skipped: tuple[Skip, ...]


#: Kinds of keys that a contact makes; a junk contact's are closed.
_CONTACT_KEYS = frozenset({"email", "local", "phone", "digits"})


def block(
    budget: Budget, eligible: NDArray[np.bool_], encoded: Sequence[Encoded], tokens: Tokens
) -> Blocks:
    """Make the keys of a register, decide for every rule which are open, and pair who shares one.

    Args:
        budget: How many pairs a rule may bring.
        eligible: Whether a row takes part.
        encoded: The matchers' columns.
        tokens: See `identity_tokens`.
    """
    found = kinds_of(encoded, eligible, holders=2)
    kinds = {kind: keys for kind, (keys, _) in found.items()}
    junk = junk_keys(kinds, _CONTACT_KEYS, tokens)
    customers = int(eligible.sum())
    rules = rules_for(tuple(kinds))
    blocked = [settle_rule(rule, kinds, budget.pairs(rule, customers), junk=junk) for rule in rules]
    makers = [reduce(or_, (found[kind][1] for kind in rule)) for rule in rules]
    codes, origins = candidate_codes([one.open for one in blocked], len(eligible), makers)
    return Blocks(
        codes,
        origins,
        tuple(_packed([one.split[step] for one in blocked]) for step in range(len(SPLITS))),
        _packed([one.closed for one in blocked]),
        tuple(skip for one in blocked for skip in one.skips),
    )


def _packed(hashes: Sequence[NDArray[np.uint64]]) -> bytes:
    return pack(distinct(np.concatenate([np.empty(0, dtype=np.uint64), *hashes])))


# --- Shares of unrelated pairs -------------------------------------------------------------------


def sample_pairs(rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return pairs of different rows spread over the register; the same ones on every machine.

    All pairs where there are no more than the sample holds, else pairs that multiplicative hashes
    of a counter choose.

    Args:
        rows: Rows that take part, ascending, which is in order of their ids.
    """
    size = len(rows)
    if size * (size - 1) // 2 <= _SAMPLE:
        left, right = np.triu_indices(size, 1)
    else:
        counter = np.arange(1, 2 * _SAMPLE + 1, dtype=np.uint64)
        mixed = counter * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        drawn = ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(size)).astype(np.int64)
        left, right = drawn[::2], drawn[1::2]
        left, right = left[left != right], right[left != right]
    return rows[left].astype(np.int32), rows[right].astype(np.int32)


def measure_rates(
    features: Sequence[Feature],
    matchers: Sequence[str],
    sample: Sequence[Levels],
    kept: NDArray[np.bool_],
    same_share: float,
) -> dict[str, tuple[int, ...]]:
    """Measure how often unrelated pairs show each grade, as log2 in thousandths of a bit.

    Args:
        features: Of the model.
        matchers: Names of the matchers, in the order of *sample*.
        sample: How sampled pairs compare.
        kept: Which of them count: not those that are taken for one person's cards.
        same_share: The share of one person's cards that is still among them.
    """
    rates = {}
    for feature in features:
        levels = sample[matchers.index(feature.matcher)].levels[kept]
        grades = feature.grades_of(levels)
        counts = np.bincount(grades[grades >= 0], minlength=len(feature.grades))
        total = int(counts.sum())
        rates[feature.name] = tuple(
            _rate(count, total, same_share * grade.m, grade.typical)
            for count, grade in zip(counts.tolist(), feature.grades, strict=True)
        )
    return rates


#: So many pairs of a typical register count beside the sampled ones.
_TYPICAL = 5000


def _rate(count: int, total: int, same: float, typical: float) -> int:
    """Return log2 of a share after taking out what pairs of one person put into it."""
    others = max(count - total * same, count / 20)
    return millibits((others + _TYPICAL * typical) / (total + _TYPICAL))


# --- How common values are -----------------------------------------------------------------------


def count_people(encoded: Sequence[Encoded], people: NDArray[np.int64]) -> Counts:
    """Count the people who hold each value, two of them as one: the pair at hand, if it is one.

    Args:
        encoded: The matchers' columns.
        people: For each row the number of its person; -1 for a row that does not take part.
    """
    values: list[NDArray[np.uint64]] = [np.empty(0, dtype=np.uint64)]
    counts: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    holders: dict[str, int] = {}
    repeats: dict[str, int] = {}
    width = int(people.max(initial=0)) + 1
    for one in encoded:
        held = one.value_rows
        some = people[held.rows] >= 0
        codes, owners = held.codes[some], people[held.rows[some]]
        several = (np.bincount(codes, minlength=len(held.hashes)) > 1)[codes]
        pairs = distinct(codes[several] * width + owners[several])
        shared = np.bincount(pairs // width, minlength=len(held.hashes))
        for kind, number in sorted(zip(held.kinds, range(len(held.kinds)), strict=True)):
            those = shared[held.kind_codes == number]
            having = np.zeros(width, dtype=np.bool_)
            having[owners[held.kind_codes[codes] == number]] = True
            total = int(having.sum())
            holders[kind] = max(total, 1)
            chance = float((those * (those - 1)).sum()) / max(total * (total - 1), 1)
            repeats[kind] = millibits(max(chance, 0.5 / max(total, 1)))
        shared = np.maximum(shared - 1, 1)
        often = shared > 1
        values.append(held.hashes[often])
        counts.append(shared[often])
    merged = np.concatenate(values)
    order = np.argsort(merged, kind="stable")
    return Counts(merged[order], np.concatenate(counts)[order], holders, repeats)
