"""Finding duplicates: what is one, what is for review, and what never is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from dedupkit.customers import Customer, Judgement, Verdict
from dedupkit.errors import ConfigurationError
from dedupkit.matching import (
    Cluster,
    MatchModel,
    Outcome,
    Pair,
    Thresholds,
    explain,
    find_duplicates,
    find_field_duplicates,
)


def anna(id: str, **fields: Any) -> Customer:  # noqa: ANN401  # fields have many types
    """Return a card of Anna Dahl."""
    return Customer(id=id, first_name="Anna", last_name="Dahl", **fields)


def ids(found: Iterable[Cluster | Pair]) -> list[tuple[str, ...]]:
    """Return the ids of clusters or pairs."""
    return [one.ids for one in found]


def test_a_name_and_a_town_alone_are_never_a_duplicate() -> None:
    """Such a pair is for review, at the lowest threshold too."""
    cards = [anna("1", city="Ås", country="NO"), anna("2", city="Ås", country="NO")]
    low = MatchModel.default().with_thresholds(Thresholds(duplicate=0.1, review=0.1))
    report = find_duplicates(cards, model=low)
    assert (len(report.clusters), len(report.review)) == (0, 1)


def test_a_card_with_nothing_but_an_email_is_found_by_it() -> None:
    """It is at least for review."""
    cards = [anna("1", email="anna@dahl.no"), Customer(id="2", email="anna@dahl.no")]
    report = find_duplicates(cards)
    assert ids(report.clusters) + ids(report.review) == [("1", "2")]


def test_blank_cards_never_match() -> None:
    """Nothing says nothing."""
    report = find_duplicates([Customer(id="1"), Customer(id="2"), Customer(id="3")])
    assert (len(report.clusters), len(report.review), len(report.pairs)) == (0, 0, 0)


def test_cards_meet_beside_a_barred_one() -> None:
    """A barred card is in no cluster, and does not keep the others apart."""
    cards = [anna(i, email="anna@dahl.no", allow_merge=i != "2") for i in "123"]
    report = find_duplicates(cards)
    assert ids(report.clusters) == [("1", "3")]
    assert report.stats["left out: merge not allowed"] == 1


def test_father_and_son_with_both_birth_dates_are_kept_apart() -> None:
    """Whatever else agrees."""
    home: dict[str, Any] = {"street": "Storgata 1", "postal_code": "0155", "email": "post@dahl.no"}
    cards = [
        anna("1", birth_date=date(1951, 3, 4), mobile="91234567", **home),
        anna("2", birth_date=date(1985, 6, 7), mobile="91234567", **home),
    ]
    report = find_duplicates(cards, region="NO")
    assert len(report.clusters) == 0
    result = explain(cards[0], cards[1], MatchModel.default(region="NO"))
    assert result.outcome is not Outcome.DUPLICATE
    assert result.evidence[-1].name == "kept apart"


def test_a_couple_is_no_duplicate() -> None:
    """Two given names at one address with one landline."""
    home: dict[str, Any] = {
        "last_name": "Dahl",
        "street": "Storgata 1",
        "postal_code": "0155",
        "country": "NO",
    }
    cards = [
        Customer(id="1", first_name="Anna", home_phone="22334455", **home),
        Customer(id="2", first_name="Per", home_phone="22334455", **home),
    ]
    assert len(find_duplicates(cards).clusters) == 0


def test_a_firm_and_its_employee_are_for_review_at_most() -> None:
    """A card with a company and no name, against a person's."""
    firm = Customer(id="1", company="Fjord AS", home_phone="22334455", email="per@fjord.no")
    man = Customer(id="2", first_name="Per", last_name="Lie", company="Fjord AS",
                   home_phone="22334455", email="per@fjord.no")  # fmt: skip
    assert explain(firm, man, MatchModel.default("NO")).evidence[-1].name == "a person and a firm"
    assert len(find_duplicates([firm, man], region="NO").clusters) == 0


def test_contradictory_judgements_are_shown_with_their_chain() -> None:
    """Cards of such a chain are in no cluster."""
    cards = [anna(i, email="anna@dahl.no") for i in "123"]
    words = [
        Judgement("1", "2", Verdict.SAME),
        Judgement("2", "3", Verdict.SAME),
        Judgement("1", "3", Verdict.DIFFERENT),
    ]
    report = find_duplicates(cards, judgements=words)
    assert report.review.contradictions == (("1", "2", "3"),)
    assert len(report.clusters) == 0


def test_judgements_about_cards_that_are_not_here_are_passed_over() -> None:
    """The others still hold."""
    words = [Judgement("1", "9", Verdict.SAME), Judgement("8", "2", Verdict.DIFFERENT)]
    cards = [anna(i, email="anna@dahl.no") for i in "12"]
    assert ids(find_duplicates(cards, judgements=words).clusters) == [("1", "2")]


def test_a_fitted_model_is_used_as_it_is() -> None:
    """A model that was fitted before is not fitted again."""
    cards = [anna(str(at), email=f"anna{at % 9}@dahl.no") for at in range(18)]
    model = MatchModel.default().fit(cards)
    assert model.is_fitted
    assert find_duplicates(cards, model=model).model is model


def test_region_and_model_must_not_differ() -> None:
    """The region is part of the model."""
    with pytest.raises(ConfigurationError, match="region"):
        find_duplicates([], model=MatchModel.default("SE"), region="NO")


def test_every_stage_is_reported() -> None:
    """A reporter hears of stages that begin and end."""
    heard: list[str] = []

    class Told:
        def start(self, stage: str, total: int | None, /) -> None:
            heard.append(f"+{stage}")

        def advance(self, stage: str, done: int, /) -> None:
            """Count nothing."""

        def finish(self, stage: str, /) -> None:
            heard.append(f"-{stage}")

    find_duplicates([anna("1"), anna("2")], progress=Told())
    assert heard[:2] == ["+prepare name", "-prepare name"]
    assert heard[-2:] == ["+cluster", "-cluster"]


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("email", {"email": "A@b.no"}, {"email": "a@b.no "}),
        ("name", {"first_name": "Bjørn", "last_name": "Lie"}, {"name": "bjørn lie"}),
        ("mobile", {"mobile": "912 34 567"}, {"mobile": "+4791234567"}),
        ("home_phone", {"home_phone": "22 33 44 55"}, {"home_phone": "0047 22334455"}),
    ],
)
def test_field_duplicates(field: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Groups of one normalized field, the lowest number first; blanks and placeholders are none."""
    cards = [
        Customer(id="a", number="10", **one),
        Customer(id="b", number="9", **other),
        Customer(id="c"),
        Customer(id="d", email="test@test.no", mobile="00000000"),
        Customer(id="e", email="test@test.no", mobile="00000000"),
        Customer(id="f", number="1", allow_merge=False, **one),
    ]
    groups = find_field_duplicates(cards, field, region="NO")
    assert [[card.id for card in group] for group in groups] == [["b", "a"]]


def test_another_field_is_refused() -> None:
    """The four fields are named."""
    with pytest.raises(ConfigurationError, match="email, home_phone, mobile, name"):
        find_field_duplicates([], "city")
