"""What else than one person explains what two cards share, and what keeps cards apart."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.matching import MatchModel, MatchResult, find_duplicates
from dedupkit.samples import SampleRegister, generate_register

FIRM = Customer(id="1", company="Fjord Bakeri AS", street="Storgata 1", city="Oslo")


def items(result: MatchResult) -> dict[str, float]:
    """What each item of the evidence adds, in bits."""
    return {item.name: item.bits for item in result.evidence}


@pytest.fixture(scope="module")
def register() -> SampleRegister:
    """A register in which all sorts of near misses occur."""
    return generate_register(3000, seed=3)


class TestFirms:
    """Cards that name a firm and no person."""

    def test_a_firm_is_no_household(self) -> None:
        """One firm's name at one address is not explained by two people who live there."""
        other = Customer(id="2", company="Fjord Bakeri", street="Storgata 1", city="Oslo")
        taken = items(MatchModel.default().compare(FIRM, other)).get("household", 0.0)

        assert taken > -1.0

    def test_a_switchboard_explains_another_branch(self) -> None:
        """Firms of one name and phone at different addresses are less than one firm for sure."""
        here = Customer(id="1", company="Fjord AS", mobile="+4722334455", street="Storgata 1")
        there = Customer(id="2", company="Fjord AS", mobile="+4722334455", street="Elvegata 9")
        result = items(MatchModel.default().compare(here, there))

        assert result["household"] < -3.0


class TestGenerations:
    """Father and son of one name."""

    def test_birth_dates_keep_them_apart(self) -> None:
        """One name, mailbox and address, and birth dates a generation apart: no duplicate."""
        card = Customer(id="1", first_name="Per", last_name="Hansen", email="hansen@fjord.example")
        father = evolve(card, street="Storgata 1", birth_date=date(1950, 12, 30))
        son = evolve(father, id="2", birth_date=date(1986, 3, 2))
        result = MatchModel.default().compare(father, son)

        assert result.outcome.value != "duplicate"
        assert "kept apart" in items(result)

    def test_none_with_two_birth_dates_are_merged(self, register: SampleRegister) -> None:
        """In no cluster stand two persons whose birth dates are a generation apart."""
        cards = {card.id: card for card in register.customers}
        report = find_duplicates(register.customers, region="NO")
        pairs = [pair for one in report.clusters for pair in combinations(one.ids, 2)]
        born = [(cards[a].birth_date, cards[b].birth_date, a, b) for a, b in pairs]
        apart = [
            (a, b) for one, other, a, b in born if one and other and abs(one.year - other.year) > 15
        ]

        assert [pair for pair in apart if register.truth[pair[0]] != register.truth[pair[1]]] == []

    def test_the_fit_does_not_unlearn_it(self, register: SampleRegister) -> None:
        """Fathers and sons taken for one person do not teach that birth dates differ so."""
        model = MatchModel.default(region="NO").fit(register.customers)
        (feature,) = [one for one in model.features if one.name == "birth_date"]
        rates = {grade.word: grade.m for grade in feature.grades}

        assert rates["another generation"] <= 0.03
        assert sum(rates.values()) == pytest.approx(1, abs=1e-4)


def test_couples_and_twins_are_not_merged(register: SampleRegister) -> None:
    """No cluster holds both of a couple, or both twins."""
    report = find_duplicates(register.customers, region="NO")
    together = {pair for one in report.clusters for pair in combinations(sorted(one.ids), 2)}
    near = {tuple(sorted(pair)) for pair in register.near_misses("couple", "twins")}

    assert together & near == set()
