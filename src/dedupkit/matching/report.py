"""What `find_duplicates` returns: clusters, what a person should see, and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, final, overload

from attrs import frozen

from dedupkit.customers import FieldMap
from dedupkit.errors import ConfigurationError
from dedupkit.matching.bits import BIT, Thresholds, probability, weight_at
from dedupkit.matching.evidence import Outcome
from dedupkit.matching.hashing import hash_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedupkit.matching.blocking import Skip
    from dedupkit.matching.model import MatchModel
    from dedupkit.matching.profile import RegisterProfile
    from dedupkit.matching.survey import Survey

__all__ = ["Cluster", "DuplicateReport", "Lazily", "Pair", "Review", "report_on"]

T = TypeVar("T")

_MOST = 100 * BIT  # what a person judged the same is shown as


@final
@frozen
class Cluster:
    """Cards that are held to be one person's.

    Attributes:
        ids: Two or more, sorted.
        millibits: The weight of the weakest join, in thousandths of a bit; a join that people
            judged stands at 100 bits.
    """

    ids: tuple[str, ...]
    millibits: int

    @property
    def weight(self) -> float:
        """The weight of the weakest join, in bits."""
        return self.millibits / BIT

    @property
    def probability(self) -> float:
        """The probability that belongs to `weight`."""
        return probability(self.weight)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)


@final
@frozen
class Pair:
    """Two cards and how they compare.

    Attributes:
        left: The smaller id.
        right: The greater id.
        millibits: The match weight in thousandths of a bit.
        outcome: The machine's reading of these two alone.
    """

    left: str
    right: str
    millibits: int
    outcome: Outcome

    @property
    def ids(self) -> tuple[str, str]:
        """Both ids, in order."""
        return self.left, self.right

    @property
    def weight(self) -> float:
        """The match weight in bits."""
        return self.millibits / BIT

    @property
    def probability(self) -> float:
        """The match probability, 0..1."""
        return probability(self.weight)


@final
class Lazily(Sequence[T]):
    """A sequence over arrays: an item is made when it is asked for."""

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        self._size = size
        self._make = make

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            chosen = range(self._size)[at]
            return Lazily(len(chosen), lambda position: self._make(chosen[position]))
        return self._make(range(self._size)[at])

    def __repr__(self) -> str:
        return f"<{self._size} items>"


@final
@frozen(kw_only=True)
class Review:
    """What a person should look at.

    Attributes:
        clusters: Groups of cards that may be one person's, surest first. One of them may hold
            whole duplicate clusters: the question is whether those belong together.
        pairs: Further pairs that are for review, surest first: those that no cluster holds,
            because other cards or other evidence speak against it.
        contradictions: Chains of ids that people hold the same and whose ends they hold
            different; cards of such a chain are in no cluster.
    """

    clusters: Sequence[Cluster]
    pairs: Sequence[Pair]
    contradictions: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.clusters) + len(self.pairs)

    def __iter__(self) -> Iterator[Cluster | Pair]:
        yield from self.clusters
        yield from self.pairs


@final
@frozen(kw_only=True, eq=False, slots=False)
class DuplicateReport:
    """Every duplicate that was found, and how.

    Attributes:
        ids: Ids of all customers given, sorted.
        clusters: The duplicates: surest first, then by ids.
        review: What a person should look at.
        pairs: All pairs that were compared and are duplicates or for review, by ids.
        skipped: What blocking left out: nothing is left out that is not here.
        stats: Counts by name: customers, those left out and why, candidate pairs, and more.
        model: What was used, fitted; keep it to get the same numbers again.
        profile: What was used.

    >>> from dedupkit.customers import Customer
    >>> from dedupkit.matching import find_duplicates
    >>> report = find_duplicates([Customer(id="1"), Customer(id="2")])
    >>> len(report.clusters), report.stats["customers"]
    (0, 2)
    """

    ids: tuple[str, ...]
    clusters: Sequence[Cluster]
    review: Review
    pairs: Sequence[Pair]
    skipped: tuple[Skip, ...]
    stats: FieldMap[str, int]
    model: MatchModel
    profile: RegisterProfile
    _order: Any
    _labels: Any

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the model."""
        return self.model.thresholds

    def assign(self, table: Any, name: str = "cluster") -> Any:  # noqa: ANN401  # any Arrow table
        """Return the table that was given as a pyarrow table with a column of cluster ids.

        Rows of one duplicate cluster bear the smallest id of it, all others their own id.

        Args:
            table: The table that the duplicates were found in, its rows in the same order.
            name: Of the new column.

        Raises:
            ConfigurationError: the table has not as many rows as there were customers.
        """
        import pyarrow as pa

        arrow = pa.table(table)
        if arrow.num_rows != len(self.ids):
            raise ConfigurationError(
                f"the table has {arrow.num_rows} rows and the report {len(self.ids)} customers; "
                "pass the table that the duplicates were found in"
            )
        masters: list[str] = [""] * len(self.ids)
        for row, position in enumerate(self._order.tolist()):
            masters[position] = self.ids[self._labels[row]]
        return arrow.append_column(name, pa.array(masters, type=pa.string()))

    def sample(self, band: str, size: int) -> tuple[Cluster | Pair, ...]:
        """Return items of a band that stand for all of it, the same ones every time.

        Args:
            band: ``"duplicate"`` or ``"review"``.
            size: How many at most.
        """
        bands: dict[str, Sequence[Cluster | Pair]] = {
            "duplicate": self.clusters,
            "review": tuple(self.review),
        }
        if band not in bands:
            raise ConfigurationError(f"unknown band {band!r}; say 'duplicate' or 'review'")
        items = bands[band]
        chosen = sorted(range(len(items)), key=lambda at: hash_text("|".join(items[at].ids)))
        return tuple(items[at] for at in sorted(chosen[:size]))

    @cached_property
    def cards_to_fold(self) -> int:
        """How many cards would disappear if every duplicate cluster became one card."""
        return self.stats["cards in clusters"] - self.stats["clusters"]

    def describe(self) -> str:
        """Return the counts, the surest clusters and what was skipped as text; ids only."""
        from dedupkit.matching.drawing import report_text

        return report_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, without personal data."""
        from attrs import asdict

        return {
            "stats": dict(self.stats),
            "thresholds": asdict(self.thresholds),
            "clusters": [_cluster_dict(cluster) for cluster in self.clusters],
            "review": {
                "clusters": [_cluster_dict(cluster) for cluster in self.review.clusters],
                "pairs": [_cluster_dict(pair) for pair in self.review.pairs],
                "contradictions": [list(chain) for chain in self.review.contradictions],
            },
            "skipped": [asdict(skip) for skip in self.skipped],
        }

    def __repr__(self) -> str:
        return (
            f"<DuplicateReport: {len(self.clusters)} clusters, {len(self.review)} for review, "
            f"{len(self.ids)} customers>"
        )

    def _repr_html_(self) -> str:
        from dedupkit.matching.drawing import report_html

        return report_html(self)


def report_on(
    survey: Survey[MatchModel], contradictions: tuple[tuple[str, ...], ...] = ()
) -> DuplicateReport:
    """Cut a survey at the thresholds of its model."""
    import numpy as np

    from dedupkit.matching.clusters import cut

    size = len(survey.register)
    thresholds = survey.model.thresholds
    duplicate, review = weight_at(thresholds.duplicate), weight_at(thresholds.review)
    labels = cut(survey.dendrogram, duplicate, size)
    wider = cut(survey.dendrogram, min(review, duplicate), size, weak=True)
    clusters = _clusters(survey, labels, duplicate, weak=False)
    open_ = _unequal(labels, wider)
    to_review = _clusters(survey, wider, review, weak=True, only=open_)
    links = survey.links
    weights = links.weighed.weights
    apart = survey.said.different[:, 0] * size + survey.said.different[:, 1]
    shown = weights >= review
    loose = (
        shown
        & (wider[links.left] != wider[links.right])
        & ~np.isin(links.left * size + links.right, apart)
    )
    stats = {
        "customers": size,
        **{f"left out: {reason}": count for reason, count in survey.register.left_out.items()},
        **{f"unreadable: {path}": n for path, n in survey.register.unreadable.items()},
        "candidate pairs": len(weights),
        "clusters": len(clusters),
        "cards in clusters": int((np.bincount(labels, minlength=size)[labels] > 1).sum())
        if size
        else 0,
        "clusters for review": len(to_review),
        "pairs for review": int(loose.sum()),
        "links left out of giant components": survey.dendrogram.dropped,
    }
    by_weight = np.flatnonzero(loose)
    by_weight = by_weight[np.argsort(-weights[by_weight], kind="stable")]
    return DuplicateReport(
        ids=survey.register.ids,
        clusters=clusters,
        review=Review(
            clusters=to_review, pairs=_pairs(survey, by_weight), contradictions=contradictions
        ),
        pairs=_pairs(survey, np.flatnonzero(shown)),
        skipped=survey.profile.skipped,
        stats=FieldMap({name: n for name, n in stats.items() if n or ":" not in name}),
        model=survey.model,
        profile=survey.profile,
        order=survey.register.order,
        labels=labels,
    )


def _pairs(survey: Survey[MatchModel], chosen: NDArray[np.int64]) -> Sequence[Pair]:
    from dedupkit.matching.model import outcome_of

    ids, links, thresholds = survey.register.ids, survey.links, survey.model.thresholds

    def make(position: int) -> Pair:
        at = int(chosen[position])
        weight = int(links.weighed.weights[at])
        outcome = outcome_of(weight, thresholds, capped=bool(links.weighed.capped[at]))
        return Pair(ids[links.left[at]], ids[links.right[at]], weight, outcome)

    return Lazily(len(chosen), make)


def _unequal(labels: NDArray[np.int64], wider: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell for each wider label whether its cluster is more than one cluster of the narrower."""
    import numpy as np

    mixed = np.zeros(len(wider), dtype=np.bool_)
    mixed[wider[labels != wider]] = True
    return mixed


def _clusters(
    survey: Survey[MatchModel],
    labels: NDArray[np.int64],
    threshold: int,
    *,
    weak: bool,
    only: NDArray[np.bool_] | None = None,
) -> Sequence[Cluster]:
    """Return the clusters of two or more, surest first, then by ids."""
    import numpy as np

    size = len(labels)
    sizes = np.bincount(labels, minlength=size)
    tree = survey.dendrogram
    held = (tree.heights >= threshold) & (weak | ~tree.weak)
    heights = np.full(size, _MOST, dtype=np.int64)
    np.minimum.at(heights, labels[tree.left[held]], tree.heights[held])
    wanted = sizes > 1
    if only is not None:
        wanted &= only
    heads = np.flatnonzero(wanted)
    heads = heads[np.argsort(-heights[heads], kind="stable")]
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], heads)
    ids = survey.register.ids

    def make(position: int) -> Cluster:
        head = int(heads[position])
        start = int(starts[position])
        rows = order[start : start + int(sizes[head])].tolist()
        return Cluster(tuple(ids[row] for row in rows), int(heights[head]))

    return Lazily(len(heads), make)


def _cluster_dict(item: Cluster | Pair) -> dict[str, Any]:
    return {"ids": list(item.ids), "weight": item.weight, "probability": item.probability}
