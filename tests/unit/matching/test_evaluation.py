"""Evaluation: counted by hand on a few cards."""

from __future__ import annotations

import pytest

from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.matching import Rates, evaluate, find_duplicates

CARDS = [
    Customer(id="1", first_name="Anna", last_name="Dahl", email="anna@dahl.no"),
    Customer(id="2", first_name="Anna", last_name="Dahl", email="anna@dahl.no"),
    Customer(id="3", first_name="Anna", last_name="Dahl", email="anna@dahl.no"),
    Customer(id="4", first_name="Ola", last_name="Lie"),
    Customer(id="5", first_name="Kari", last_name="Moe"),
]
REPORT = find_duplicates(CARDS)


def test_figures_are_those_counted_by_hand() -> None:
    """One cluster of three cards, two people: one true pair of three in it, one missed."""
    assert [cluster.ids for cluster in REPORT.clusters] == [("1", "2", "3")]
    found = evaluate(REPORT, {"1": "a", "2": "a", "3": "b", "4": "c", "5": "c"})
    assert found.duplicates == Rates(found=3, true=2, right=1)
    assert (found.wrong, found.missed) == (2, 1)
    assert found.clusters == Rates(found=1, true=2, right=0)
    assert found.b_cubed == pytest.approx(((4 / 3 + 1 / 3 + 2) / 5, (2 + 1 + 0.5 + 0.5) / 5))
    assert "0.3333" in found.describe()


def test_the_truth_must_be_whole() -> None:
    """Customers that it lacks are named."""
    with pytest.raises(ConfigurationError, match="lacks 4"):
        evaluate(REPORT, {"1": "a"})


def test_rates_of_nothing() -> None:
    """Nothing found is no error; nothing right gives zero."""
    assert Rates(found=0, true=0, right=0).f1 == 1.0
    assert Rates(found=1, true=1, right=0).f1 == 0.0
