"""From pairs to clusters: one deterministic dendrogram per component, which thresholds only cut.

Clusters are joined by average linkage over *all* pairs between them, those that no key brought
together included, so that a chain a-b-c falls apart where a and c speak against each other. Missing
evidence is no evidence against: a pair of which little is known enters without the prior, which
would speak against it, and with a quarter of the weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedupkit.matching.weighing import Weighed

__all__ = [
    "FLOOR",
    "JUDGED",
    "LARGEST",
    "Dendrogram",
    "Links",
    "Said",
    "component_labels",
    "cut",
    "link",
]

#: Below this weight two cards are not linked, whatever the thresholds: a probability of 0.2.
FLOOR = -2000

#: The height at which cards that a person judged the same are joined.
JUDGED = 10**9

#: Components of more cards are cut along their weakest links before the linkage, which is cubic.
LARGEST = 400

_STEP = 1000  # by how much the floor is raised in a giant component
_FULL, _FAINT = 4, 1  # weights in the average of pairs of which much and little is known
_AGAINST = 1000  # what a pair of which little is known speaks against, at least
_NEVER = np.iinfo(np.int64).min

Rows = NDArray[np.int64]


class Links(NamedTuple):
    """Pairs of rows with their weights, one entry per pair, in order of (left, right)."""

    left: Rows
    right: Rows
    weighed: Weighed


class Said(NamedTuple):
    """What people said about rows; pairs of rows, left < right.

    Attributes:
        same: Pairs to be joined in any case.
        different: Pairs never to be in one cluster.
        doubtful: Rows about which people contradict each other; whether, per row.
    """

    same: NDArray[np.int64]
    different: NDArray[np.int64]
    doubtful: NDArray[np.bool_]

    @classmethod
    def nothing(cls, size: int) -> Said:
        """Return what is said where nobody said anything."""
        none = np.empty((0, 2), dtype=np.int64)
        return cls(none, none, np.zeros(size, dtype=np.bool_))


class Dendrogram(NamedTuple):
    """The joins of all components, in order of (component, height descending).

    Attributes:
        left: Smallest row of the one cluster.
        right: Smallest row of the other; greater than `left`.
        heights: The weight at which they join, never above that of a join within them.
        weak: Whether the join rests on nothing that can make a duplicate: it is one for review
            at any threshold.
        dropped: How many links were left out because their component was too large.
    """

    left: Rows
    right: Rows
    heights: NDArray[np.int64]
    weak: NDArray[np.bool_]
    dropped: int


def link(
    size: int,
    links: Links,
    said: Said,
    weigh: Callable[[Rows, Rows], Weighed],
) -> Dendrogram:
    """Build the dendrograms of all components.

    Args:
        size: How many rows there are.
        links: The candidate pairs.
        said: What people said.
        weigh: Weighs pairs that no key brought together.
    """
    apart = np.unique(said.different[:, 0] * size + said.different[:, 1])
    codes = links.left * size + links.right
    strong = (links.weighed.weights >= FLOOR) & ~links.weighed.conflict & ~_within(codes, apart)
    left = np.concatenate([links.left[strong], said.same[:, 0]])
    right = np.concatenate([links.right[strong], said.same[:, 1]])
    weights = np.concatenate(
        [links.weighed.weights[strong], np.full(len(said.same), JUDGED, dtype=np.int64)]
    )
    labels, kept = _small_components(size, left, right, weights)
    dropped = int((~kept).sum())
    members = _members(labels)
    table = _complete(size, members, links, codes, weigh)
    words = _Words({(left, right) for left, right in said.same.tolist()}, said.doubtful)
    joins = [
        join
        for cards, pairs in table
        for join in _linkage(
            cards,
            pairs,
            pairs.conflict | _within(cards[pairs.left] * size + cards[pairs.right], apart),
            words,
        )
    ]
    if not joins:
        none = np.empty(0, dtype=np.int64)
        return Dendrogram(none, none, none, np.empty(0, dtype=np.bool_), dropped)
    columns = list(zip(*joins, strict=True))
    return Dendrogram(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[3], dtype=np.bool_),
        dropped,
    )


def cut(
    dendrogram: Dendrogram, threshold: int, size: int, *, weak: bool = False
) -> NDArray[np.int64]:
    """Return for each row the smallest row of its cluster at a threshold.

    Args:
        dendrogram: Of the register.
        threshold: Joins at or above it hold; thousandths of a bit.
        size: How many rows.
        weak: Whether weak joins hold too.
    """
    held = (dendrogram.heights >= threshold) & (weak | ~dendrogram.weak)
    return component_labels(size, dendrogram.left[held], dendrogram.right[held])


def component_labels(size: int, left: Rows, right: Rows) -> NDArray[np.int64]:
    """Return for each row the smallest row that it is connected with."""
    labels = np.arange(size, dtype=np.int64)
    while len(left):
        one, other = labels[left], labels[right]
        least = np.minimum(one, other)
        np.minimum.at(labels, one, least)
        np.minimum.at(labels, other, least)
        while True:
            shorter = labels[labels]
            if np.array_equal(shorter, labels):
                break
            labels = shorter
        open_ = labels[left] != labels[right]
        left, right = left[open_], right[open_]
    return labels


# --- Components ----------------------------------------------------------------------------------


def _small_components(
    size: int, left: Rows, right: Rows, weights: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Label components, raising the floor in those that are too large until they fall apart."""
    kept = np.ones(len(left), dtype=np.bool_)
    floor = FLOOR
    while True:
        labels = component_labels(size, left[kept], right[kept])
        large = np.bincount(labels, minlength=size) > LARGEST
        floor += _STEP
        again = kept & large[labels[left]] & (weights < floor)
        if not (kept & large[labels[left]] & (weights < JUDGED)).any():
            return labels, kept
        kept &= ~again


def _members(labels: NDArray[np.int64]) -> list[Rows]:
    """Return the rows of every component of two or more, ascending."""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=len(labels))
    found = order[sizes[labels[order]] > 1]
    if not len(found):
        return []
    return np.split(found, np.flatnonzero(np.diff(labels[found])) + 1)


class _Pairs(NamedTuple):
    """All pairs of one component: positions in it, and what they say."""

    left: Rows
    right: Rows
    values: NDArray[np.int64]
    units: NDArray[np.int64]
    linked: NDArray[np.bool_]
    firm: NDArray[np.bool_]
    conflict: NDArray[np.bool_]


def _complete(
    size: int,
    members: Sequence[Rows],
    links: Links,
    codes: NDArray[np.int64],
    weigh: Callable[[Rows, Rows], Weighed],
) -> Iterator[tuple[Rows, _Pairs]]:
    """Yield every component with all its pairs; those that no key brought together are weighed."""
    if not members:
        return
    local = [np.triu_indices(len(cards), 1) for cards in members]
    left = np.concatenate([c[i] for c, (i, _) in zip(members, local, strict=True)])
    right = np.concatenate([c[j] for c, (_, j) in zip(members, local, strict=True)])
    wanted = left * size + right
    at = np.minimum(np.searchsorted(codes, wanted), max(len(codes) - 1, 0))
    known = codes[at] == wanted if len(codes) else np.zeros(len(wanted), dtype=np.bool_)
    found = weigh(left[~known], right[~known])
    every = Weighed(
        *(_spread(known, at, one, other) for one, other in zip(links.weighed, found, strict=True))
    )
    # unrelated as far as anybody knows: neither a link nor a household, which would speak against
    faint = (every.weights < FLOOR) & (every.household > -_AGAINST)
    weights = np.where(faint, np.minimum(every.evidence, 0) - _AGAINST, every.weights)
    units = np.where(faint, _FAINT, _FULL)
    linked = known & (every.weights >= FLOOR) & ~every.conflict
    firm = linked & ~every.capped
    start = 0
    for cards, (one, other) in zip(members, local, strict=True):
        part = slice(start, start + len(one))
        start += len(one)
        yield (
            cards,
            _Pairs(
                one,
                other,
                weights[part],
                units[part],
                linked[part],
                firm[part],
                every.conflict[part],
            ),
        )


def _spread(
    known: NDArray[np.bool_], at: NDArray[np.int64], ours: NDArray[Any], theirs: NDArray[Any]
) -> NDArray[Any]:
    """Return a column over all pairs: from the links where they are known, else newly weighed."""
    column = np.empty(len(known), dtype=ours.dtype)
    column[known] = ours[at[known]]
    column[~known] = theirs
    return column


# --- Linkage -------------------------------------------------------------------------------------


def _linkage(
    cards: Rows, pairs: _Pairs, barred: NDArray[np.bool_], words: _Words
) -> Iterator[tuple[int, int, int, bool]]:
    """Join the cards of one component; heights never rise."""
    rows = cards.tolist()
    judged = [
        (i, j)
        for i, j in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
        if words.same and (rows[i], rows[j]) in words.same
    ]
    if len(rows) == 2:  # noqa: PLR2004  # most components: nothing to average
        if judged:
            yield rows[0], rows[1], JUDGED, False
        elif pairs.linked[0] and not barred[0]:
            weak = not pairs.firm[0] or bool(words.doubtful[cards].any())
            yield rows[0], rows[1], int(pairs.values[0]), weak
        return
    state = _State(len(rows), pairs, barred, words.doubtful[cards])
    for i, j in judged:
        one, other = state.root(i), state.root(j)
        if one != other:
            low, high = min(one, other), max(one, other)
            state.join(low, high, JUDGED, weak=False)
            yield rows[low], rows[high], JUDGED, False
    while (best := state.best()) is not None:
        low, high, height = best
        weak = state.is_weak(low, high)
        height = state.join(low, high, height, weak=weak)
        yield rows[low], rows[high], height, weak


class _Words(NamedTuple):
    """What people said, as the linkage asks for it."""

    same: set[tuple[int, int]]
    doubtful: NDArray[np.bool_]


class _State:
    """The clusters of one component while they are joined; each stands under its smallest card."""

    def __init__(
        self, size: int, pairs: _Pairs, barred: NDArray[np.bool_], doubtful: NDArray[np.bool_]
    ) -> None:
        def square(values: NDArray[Any], kind: type) -> NDArray[Any]:
            table: NDArray[Any] = np.zeros((size, size), dtype=kind)
            table[pairs.left, pairs.right] = values
            table[pairs.right, pairs.left] = values
            return table

        self.sums = square(pairs.values * pairs.units, np.int64)
        self.units = square(pairs.units, np.int64)
        self.linked = square(pairs.linked, np.bool_)
        self.firm = square(pairs.firm, np.bool_)
        self.barred = square(barred, np.bool_)
        self.parents = list(range(size))
        self.heights = [JUDGED] * size
        self.weak = doubtful.tolist()

    def root(self, card: int) -> int:
        while self.parents[card] != card:
            card = self.parents[card]
        return card

    def best(self) -> tuple[int, int, int] | None:
        """Return the two clusters to be joined next and their average, the first among equals."""
        open_ = self.linked & ~self.barred
        if not open_.any():
            return None
        averages = np.full(self.sums.shape, _NEVER, dtype=np.int64)
        averages[open_] = self.sums[open_] // self.units[open_]
        low, high = divmod(int(averages.argmax()), len(averages))
        height = int(averages[low, high])
        return None if height < FLOOR else (min(low, high), max(low, high), height)

    def is_weak(self, low: int, high: int) -> bool:
        return bool(self.weak[low] or self.weak[high] or not self.firm[low, high])

    def join(self, low: int, high: int, height: int, *, weak: bool) -> int:
        """Join two clusters under the smaller one; return the height that the join stands at."""
        for table in (self.sums, self.units):
            table[low] += table[high]
            table[:, low] = table[low]
        for table in (self.linked, self.firm, self.barred):
            table[low] |= table[high]
            table[:, low] = table[low]
        for table in (self.linked, self.firm):
            table[high] = table[:, high] = False
            table[low, low] = False
        self.parents[high] = low
        self.weak[low] = weak
        self.heights[low] = min(height, self.heights[low], self.heights[high])
        return self.heights[low]


def _within(codes: NDArray[np.int64], sorted_codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(sorted_codes):
        return np.zeros(len(codes), dtype=np.bool_)
    at = np.minimum(np.searchsorted(sorted_codes, codes), len(sorted_codes) - 1)
    found: NDArray[np.bool_] = sorted_codes[at] == codes
    return found
