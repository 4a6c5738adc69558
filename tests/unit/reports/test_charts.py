"""Charts."""

import xml.etree.ElementTree as ET

import pytest

from dedupkit.matching import Thresholds
from dedupkit.reports import size_bars, weight_histogram


def bins(drawn: str) -> dict[str, int]:
    """Return what a histogram says of each bin: from weight → pairs."""
    titles = (title.text or "" for title in ET.fromstring(drawn).iter("title"))  # noqa: S314  # our own
    return {
        words.split(" to ")[0]: int(words.split(": ")[1].split()[0].replace(",", ""))
        for words in titles
        if " to " in words
    }


def test_every_pair_is_in_one_bin() -> None:
    """The bins hold all weights, the greatest one too."""
    assert bins(weight_histogram([0.0, 0.5, 5.0, 5.999, 12.0], Thresholds())) == {
        "0": 2,
        "5": 2,
        "12": 1,
    }


def test_wide_ranges_have_wider_bins() -> None:
    """However far the weights reach, the picture has at most forty bins."""
    drawn = bins(weight_histogram(range(-100, 301), Thresholds()))

    assert len(drawn) <= 40
    assert sum(drawn.values()) == 401


@pytest.mark.parametrize("weights", [[], [0.0], [-3.0, 40.0]])
def test_both_bands_are_named(weights: list[float]) -> None:
    """The thresholds are words and not colours alone."""
    drawn = weight_histogram(weights, Thresholds())

    assert "review from 0.0" in drawn
    assert "duplicate from 6.0" in drawn


def test_thresholds_without_an_end_are_left_out() -> None:
    """Where everything is for review, no line says where that begins."""
    drawn = weight_histogram([3.0], Thresholds(duplicate=1.0, review=0.0))

    assert "review from" not in drawn
    assert "duplicate from" not in drawn


def test_equal_thresholds_leave_no_band_between() -> None:
    """Where nothing is for review, only the duplicates have a shade."""
    drawn = weight_histogram([3.0], Thresholds(duplicate=0.5, review=0.5))

    assert "dk-band-review" not in drawn


def test_large_clusters_share_a_bar() -> None:
    """The chart stays small."""
    drawn = size_bars([2, 2, 3, 8, 40])

    assert "2 cards" in drawn
    assert "8 cards or more" in drawn
    assert "40 cards" not in drawn
