"""The report: lazy sequences, bands, tables, and that it shows no personal data."""

from __future__ import annotations

import pyarrow as pa
import pytest
from attrs import evolve

from dedupkit.errors import ConfigurationError
from dedupkit.matching import Cluster, DuplicateReport, MatchModel, Pair, explain, find_duplicates
from dedupkit.samples import generate_register

SAMPLE = generate_register(300, seed=3)


@pytest.fixture(scope="module")
def report() -> DuplicateReport:
    """Find the duplicates of a sample once."""
    return find_duplicates(SAMPLE.customers, region="NO")


def test_clusters_are_in_order_of_sureness(report: DuplicateReport) -> None:
    """Surest first; ids sorted; weight and probability agree with the threshold."""
    weights = [cluster.weight for cluster in report.clusters]
    assert weights == sorted(weights, reverse=True)
    for cluster in report.clusters:
        assert list(cluster) == sorted(cluster.ids)
        assert len(cluster) >= 2
        assert cluster.probability >= report.thresholds.duplicate


def test_sequences_are_lazy_and_sliceable(report: DuplicateReport) -> None:
    """Slices and negative positions give what a list gives."""
    every = list(report.clusters)
    assert list(report.clusters[1:4]) == every[1:4]
    assert report.clusters[-1] == every[-1]
    assert repr(report.clusters) == f"<{len(every)} items>"


def test_pairs_bear_what_explain_says(report: DuplicateReport) -> None:
    """A pair's weight and outcome are those of its two customers."""
    cards = {card.id: card for card in SAMPLE.customers}
    for pair in report.pairs[:20]:
        result = explain(cards[pair.left], cards[pair.right], report.model, report.profile)
        assert (pair.weight, pair.outcome) == (result.weight, result.outcome)
        assert pair.probability == result.probability


def test_review_holds_clusters_then_pairs(report: DuplicateReport) -> None:
    """Iterating gives both kinds."""
    kinds = [type(item) for item in report.review]
    assert kinds == sorted(kinds, key=lambda kind: kind is Pair)
    assert len(kinds) == len(report.review)


def test_a_sample_is_the_same_every_time(report: DuplicateReport) -> None:
    """Items of a band, chosen by content."""
    assert report.sample("review", 5) == report.sample("review", 5)
    assert len(report.sample("duplicate", 3)) == 3
    assert all(isinstance(item, Cluster) for item in report.sample("duplicate", 3))
    with pytest.raises(ConfigurationError, match="'surest'"):
        report.sample("surest", 1)


def test_assign_adds_the_cluster_to_the_table() -> None:
    """Rows of one cluster bear its smallest id, all others their own."""
    table = pa.table(
        {
            "id": ["9", "5", "7"],
            "email": ["a@b.no", "c@d.no", "a@b.no"],
            "last_name": ["Dahl", "Lie", "Dahl"],
            "first_name": ["Bo", "Ola", "Bo"],
        }
    )
    found = find_duplicates(table)
    assert found.assign(table).column("cluster").to_pylist() == ["7", "5", "7"]
    with pytest.raises(ConfigurationError, match="1 rows"):
        found.assign(table.slice(0, 1))


def test_texts_and_tables_show_ids_alone(report: DuplicateReport) -> None:
    """Neither a description, nor HTML, nor a dict, nor a repr shows a name or an address."""
    shown = report.describe() + report._repr_html_() + str(report.to_dict()) + repr(report)
    card = SAMPLE.customers[0]
    assert str(card.last_name) not in shown
    assert report.clusters[0].ids[0] in shown
    assert report.cards_to_fold == sum(len(cluster) - 1 for cluster in report.clusters)


def test_what_was_skipped_is_described() -> None:
    """Keys that too many share are counted, with what they leave out."""
    model = MatchModel.default("NO")
    narrow = evolve(model, budget=evolve(model.budget, per_customer=0.1, least=5, part=2))
    found = find_duplicates(SAMPLE.customers, model=narrow)
    (closed, *_) = found.skipped
    assert f"{closed.kind}: {closed.reason} ({closed.keys} keys, " in found.describe()


def test_a_small_report_describes_itself() -> None:
    """Without clusters and skips there is nothing to list."""
    assert "surest" not in find_duplicates([]).describe()
