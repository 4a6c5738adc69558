"""How well duplicates were found, where the truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, final

from attrs import frozen

from dedupkit.errors import ConfigurationError

if TYPE_CHECKING:
    from dedupkit.matching.report import DuplicateReport

__all__ = ["Evaluation", "Rates", "evaluate"]


@final
@frozen(kw_only=True)
class Rates:
    """Precision, recall and what makes them.

    Attributes:
        found: Pairs, cards or clusters that were found.
        true: Those that there are.
        right: Those that were found and are.
    """

    found: float
    true: float
    right: float

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found; 1 where there is nothing."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.4f}, recall {self.recall:.4f}, F1 {self.f1:.4f}"


@final
@frozen(kw_only=True)
class Evaluation:
    """A report held against the truth.

    Attributes:
        duplicates: Pairs of cards that share a duplicate cluster.
        with_review: Pairs that share a duplicate cluster, a review cluster or a review pair.
        b_cubed: Per card: how many of its cluster are its person's, and of its person's in it.
        clusters: Clusters of two or more that are exactly a person's cards.
        wrong: Pairs in a duplicate cluster that are two people's.
        missed: Pairs of one person that are in neither band.
    """

    duplicates: Rates
    with_review: Rates
    b_cubed: tuple[float, float]
    clusters: Rates
    wrong: int
    missed: int

    def describe(self) -> str:
        """Return the figures as lines."""
        precision, recall = self.b_cubed
        return "\n".join(
            (
                f"duplicates            {self.duplicates}",
                f"duplicates and review {self.with_review}",
                f"B-cubed               precision {precision:.4f}, recall {recall:.4f}",
                f"whole clusters        {self.clusters}",
                f"wrong pairs           {self.wrong}",
                f"missed pairs          {self.missed}",
            )
        )


def evaluate(report: DuplicateReport, truth: Mapping[str, Hashable]) -> Evaluation:
    """Hold a report against the truth.

    Args:
        report: What was found.
        truth: Customer id → the person; of every customer of the report.

    Raises:
        ConfigurationError: customers of the report are missing in *truth*.
    """
    missing = [customer_id for customer_id in report.ids if customer_id not in truth]
    if missing:
        raise ConfigurationError(
            f"truth lacks {len(missing)} customers of the report, such as {missing[0]!r}"
        )
    clusters = [cluster.ids for cluster in report.clusters]
    wider = [cluster.ids for cluster in report.review.clusters]
    persons = Counter(truth[customer_id] for customer_id in report.ids)
    true = sum(map(_pairs, persons.values()))
    found, right = _within(clusters, truth)
    more_found, more_right = _reviewed(clusters, wider, report, truth)
    return Evaluation(
        duplicates=Rates(found=found, true=true, right=right),
        with_review=Rates(found=more_found, true=true, right=more_right),
        b_cubed=_b_cubed(clusters, report.ids, persons, truth),
        clusters=_whole(clusters, persons, truth),
        wrong=found - right,
        missed=true - more_right,
    )


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


def _within(clusters: Iterable[tuple[str, ...]], truth: Mapping[str, Hashable]) -> tuple[int, int]:
    """Count the pairs within clusters, and those of one person among them."""
    found = right = 0
    for ids in clusters:
        found += _pairs(len(ids))
        right += sum(map(_pairs, Counter(truth[one] for one in ids).values()))
    return found, right


def _reviewed(
    clusters: Iterable[tuple[str, ...]],
    wider: Iterable[tuple[str, ...]],
    report: DuplicateReport,
    truth: Mapping[str, Hashable],
) -> tuple[int, int]:
    """Count pairs of both bands, each once: a review cluster holds whole duplicate clusters."""
    wider = list(wider)
    inside = {customer_id for ids in wider for customer_id in ids}
    found, right = _within(wider, truth)
    more_found, more_right = _within((ids for ids in clusters if ids[0] not in inside), truth)
    loose = [pair.ids for pair in report.review.pairs]
    return (
        found + more_found + len(loose),
        right + more_right + sum(truth[one] == truth[other] for one, other in loose),
    )


def _b_cubed(
    clusters: Iterable[tuple[str, ...]],
    ids: tuple[str, ...],
    persons: Mapping[Hashable, int],
    truth: Mapping[str, Hashable],
) -> tuple[float, float]:
    precision = recall = 0.0
    alone = set(ids)
    for members in clusters:
        alone -= set(members)
        for person, count in Counter(truth[one] for one in members).items():
            precision += count * count / len(members)
            recall += count * count / persons[person]
    precision += len(alone)
    recall += sum(1 / persons[truth[one]] for one in alone)
    size = max(len(ids), 1)
    return precision / size, recall / size


def _whole(
    clusters: Iterable[tuple[str, ...]],
    persons: Mapping[Hashable, int],
    truth: Mapping[str, Hashable],
) -> Rates:
    found = right = 0
    for ids in clusters:
        found += 1
        people = {truth[one] for one in ids}
        right += len(people) == 1 and persons[truth[ids[0]]] == len(ids)
    true = sum(1 for size in persons.values() if size > 1)
    return Rates(found=found, true=true, right=right)
