"""From pairs to clusters: one deterministic dendrogram per component, which thresholds only cut.

Clusters are joined by average linkage over *all* pairs between them, those that no key brought
together included, so that a chain a-b-c falls apart where a and c speak against each other. Missing
evidence is no evidence against: a pair of which little is known enters without the prior, which
would speak against it, and with a quarter of the weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedupkit.matching.arrays import distinct, is_member, offsets, run_starts
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
    apart = distinct(said.different[:, 0] * size + said.different[:, 1])
    codes = links.left * size + links.right
    strong = (links.weighed.weights >= FLOOR) & ~links.weighed.conflict & ~is_member(codes, apart)
    left = np.concatenate([links.left[strong], said.same[:, 0]])
    right = np.concatenate([links.right[strong], said.same[:, 1]])
    weights = np.concatenate(
        [links.weighed.weights[strong], np.full(len(said.same), JUDGED, dtype=np.int64)]
    )
    labels, kept = _small_components(size, left, right, weights)
    dropped = int((~kept).sum())
    members = _members(labels)
    pairs = _complete(size, members, links, weigh)
    among = members.cards[pairs.left] * size + members.cards[pairs.right]
    same = np.sort(said.same[:, 0] * size + said.same[:, 1])
    pairs = pairs._replace(
        barred=pairs.barred | is_member(among, apart), judged=is_member(among, same)
    )
    joins = _joins(members, pairs, said.doubtful)
    order = np.argsort(labels[joins.left], kind="stable")
    left, right, heights, weak = joins
    return Dendrogram(left[order], right[order], heights[order], weak[order], dropped)


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


class _Members(NamedTuple):
    """The rows of every component of two or more, ascending, where each begins, and how many."""

    cards: Rows
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


def _members(labels: NDArray[np.int64]) -> _Members:
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=len(labels))
    cards = order[sizes[labels[order]] > 1]
    starts = run_starts(labels[cards])
    return _Members(cards, starts, np.diff(np.append(starts, len(cards))))


class _Pairs(NamedTuple):
    """All pairs within components, one component after the other.

    Attributes:
        left: Position of the one card.
        right: Position of the other, which comes behind it.
        values: What the pair says.
        units: How much that counts in an average.
        linked: Whether a key brought the two together, with a weight above the floor.
        firm: Whether such a link can make a duplicate.
        barred: Whether the two are never in one cluster.
        judged: Whether a person held the two the same.
    """

    left: Rows
    right: Rows
    values: NDArray[np.int64]
    units: NDArray[np.int64]
    linked: NDArray[np.bool_]
    firm: NDArray[np.bool_]
    barred: NDArray[np.bool_]
    judged: NDArray[np.bool_]

    def part(self, pairs: slice, start: int) -> _Pairs:
        """Return the pairs of one component; positions count from its first card."""
        return _Pairs(
            self.left[pairs] - start,
            self.right[pairs] - start,
            self.values[pairs],
            self.units[pairs],
            self.linked[pairs],
            self.firm[pairs],
            self.barred[pairs],
            self.judged[pairs],
        )


def _complete(
    size: int, members: _Members, links: Links, weigh: Callable[[Rows, Rows], Weighed]
) -> _Pairs:
    """Return all pairs within components; those that no key brought together are weighed."""
    cards, starts, sizes = members
    codes = links.left * size + links.right
    behind = np.repeat(starts + sizes, sizes) - np.arange(len(cards)) - 1
    left = np.repeat(np.arange(len(cards)), behind)
    right = left + 1 + offsets(behind)
    wanted = cards[left] * size + cards[right]
    known = is_member(wanted, codes)
    at = np.searchsorted(codes, wanted)
    found = weigh(cards[left[~known]], cards[right[~known]])
    every = Weighed(
        *(_spread(known, at, one, other) for one, other in zip(links.weighed, found, strict=True))
    )
    # unrelated as far as anybody knows: neither a link nor a household, which would speak against
    faint = (every.weights < FLOOR) & (every.household > -_AGAINST)
    linked = known & (every.weights >= FLOOR) & ~every.conflict
    return _Pairs(
        left=left,
        right=right,
        values=np.where(faint, np.minimum(every.evidence, 0) - _AGAINST, every.weights),
        units=np.where(faint, _FAINT, _FULL),
        linked=linked,
        firm=linked & ~every.capped,
        barred=every.conflict,
        judged=np.zeros(len(left), dtype=np.bool_),
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


class _Joins(NamedTuple):
    """Joins as in a `Dendrogram`."""

    left: Rows
    right: Rows
    heights: NDArray[np.int64]
    weak: NDArray[np.bool_]


def _joins(members: _Members, pairs: _Pairs, doubtful: NDArray[np.bool_]) -> _Joins:
    """Return the joins of all components, component by component, those of two cards first."""
    cards, starts, sizes = members
    ends = np.cumsum(sizes * (sizes - 1) // 2)
    two = sizes == 2  # noqa: PLR2004  # most components: nothing to average
    found = [_join_two(cards, pairs, ends[two] - 1, doubtful)]
    for start, size, end in zip(
        starts[~two].tolist(), sizes[~two].tolist(), ends[~two].tolist(), strict=True
    ):
        part = pairs.part(slice(end - size * (size - 1) // 2, end), start)
        joins = list(_linkage(part, doubtful[cards[start : start + size]]))
        low, high, heights, weak = np.array(joins, dtype=np.int64).reshape(-1, 4).T
        found.append(
            _Joins(cards[start + low], cards[start + high], heights, weak.astype(np.bool_))
        )
    return _Joins(
        np.concatenate([joins.left for joins in found]),
        np.concatenate([joins.right for joins in found]),
        np.concatenate([joins.heights for joins in found]),
        np.concatenate([joins.weak for joins in found]),
    )


def _join_two(
    cards: Rows, pairs: _Pairs, at: NDArray[np.int64], doubtful: NDArray[np.bool_]
) -> _Joins:
    """Join the components of two cards."""
    at = at[pairs.judged[at] | pairs.linked[at] & ~pairs.barred[at]]
    left, right, judged = cards[pairs.left[at]], cards[pairs.right[at]], pairs.judged[at]
    weak = ~judged & (~pairs.firm[at] | doubtful[left] | doubtful[right])
    return _Joins(left, right, np.where(judged, JUDGED, pairs.values[at]), weak)


def _linkage(pairs: _Pairs, doubtful: NDArray[np.bool_]) -> Iterator[tuple[int, int, int, bool]]:
    """Join the cards of one component, given by position; heights never rise."""
    state = _State(len(doubtful), pairs, doubtful)
    judged = pairs.judged
    for i, j in zip(pairs.left[judged].tolist(), pairs.right[judged].tolist(), strict=True):
        one, other = state.root(i), state.root(j)
        if one != other:
            low, high = min(one, other), max(one, other)
            state.join(low, high, JUDGED, weak=False)
            yield low, high, JUDGED, False
    while (best := state.best()) is not None:
        low, high, height = best
        weak = state.is_weak(low, high)
        height = state.join(low, high, height, weak=weak)
        yield low, high, height, weak


class _State:
    """The clusters of one component while they are joined; each stands under its smallest card."""

    def __init__(self, size: int, pairs: _Pairs, doubtful: NDArray[np.bool_]) -> None:
        def square(values: NDArray[Any], kind: type) -> NDArray[Any]:
            table: NDArray[Any] = np.zeros((size, size), dtype=kind)
            table[pairs.left, pairs.right] = values
            table[pairs.right, pairs.left] = values
            return table

        self.sums = square(pairs.values * pairs.units, np.int64)
        self.units = square(pairs.units, np.int64)
        self.linked = square(pairs.linked, np.bool_)
        self.firm = square(pairs.firm, np.bool_)
        self.barred = square(pairs.barred, np.bool_)
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
        """Join two clusters under the smaller one; return the height that the join stands at.

        Cards that a person held the same speak to a third with the stronger voice of the two: how
        unlike they look to each other is no matter any more, and must not cost the third its place.
        """
        stronger = self.sums[high] * self.units[low] > self.sums[low] * self.units[high]
        for table in (self.sums, self.units):
            if height == JUDGED:
                table[low] = np.where(stronger, table[high], table[low])
            else:
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
