"""Choosers: total orders over cards."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from dedupkit.customers import Customer, WebProfile
from dedupkit.merging import (
    MasterChooser,
    choose_lowest_number,
    choose_most_complete,
    choose_most_rows,
    choose_oldest,
    choose_verified_web_profile,
)

DAY = datetime(2020, 1, 1, tzinfo=UTC)

CARDS = (
    Customer(id="1", number="10", web_profile=WebProfile(id="w1")),
    Customer(id="2", number="9", created_at=DAY.replace(year=2021)),
    Customer(id="3", number="11", created_at=DAY),
    Customer(id="4", number="12", web_profile=WebProfile(id="w4", verified=True)),
    Customer(id="5", number="13", first_name="Anna", last_name="Larsen", city="Oslo"),
)


@pytest.mark.parametrize(
    ("choose", "expected"),
    [
        (choose_lowest_number, "2"),
        (choose_oldest, "3"),
        (choose_most_complete, "5"),
        (choose_verified_web_profile, "4"),
        (choose_most_rows({"1": 3, "3": 3}), "1"),
        (choose_most_rows({}), "2"),
    ],
    ids=["lowest", "oldest", "complete", "verified", "rows", "no rows"],
)
def test_choice_in_any_order(choose: MasterChooser, expected: str) -> None:
    """The order of the cards never matters; ties go to the lowest number."""
    assert {choose(order).id for order in permutations(CARDS)} == {expected}


def test_any_profile_beats_none() -> None:
    """Where no profile is verified, one that is there counts."""
    assert choose_verified_web_profile(CARDS[:3]).id == "1"


def test_rows_are_counted_by_card() -> None:
    """The card with the most rows stays, whatever its number; cards without a count have none."""
    assert choose_most_rows({"5": 1, "3": 2})(CARDS).id == "3"
    assert choose_most_rows({"1": 1})(CARDS[:2]).id == "1"
