"""The index: one customer against all."""

from __future__ import annotations

from dedupkit.customers import Customer
from dedupkit.matching import MatchModel, Outcome

CARDS = [
    Customer(id="1", first_name="Anna", last_name="Dahl", email="anna@dahl.no"),
    Customer(id="2", first_name="Per", last_name="Lie", email="per@lie.no"),
    Customer(id="3", first_name="Anna", last_name="Dahl", email="anna@dahl.no", allow_merge=False),
]
INDEX = MatchModel.default("NO").index(CARDS)


def test_a_new_customer_meets_all_that_it_may_be() -> None:
    """Barred cards are found too; results are those of compare; surest first, then by id."""
    new = Customer(id="new-1", first_name="Ann", last_name="Dahl", email="ANNA@dahl.no")
    found = INDEX.check(new)
    assert [one.id for one in found] == ["1", "3"]
    assert found[0].result == INDEX.model.compare(new, CARDS[0], INDEX.profile)
    assert all(one.result.outcome is not Outcome.DISTINCT for one in found)


def test_the_profile_is_that_of_the_register() -> None:
    """An index that is given none makes the one that the model makes."""
    assert INDEX.profile == MatchModel.default("NO").profile(CARDS)


def test_a_known_customer_is_not_its_own_duplicate() -> None:
    """A customer of the same id is left out."""
    assert [one.id for one in INDEX.check(CARDS[0])] == ["3"]
    assert INDEX.check(CARDS[1]) == ()


def test_a_blank_customer_has_no_candidates() -> None:
    """Without keys there is nobody to meet."""
    assert INDEX.candidates(Customer(id="9")) == ()
