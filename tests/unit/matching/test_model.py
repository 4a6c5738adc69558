"""Models, profiles and rules as values: construction, JSON, and what they refuse."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from attrs import evolve, frozen

from dedupkit.customers import Customer, Judgement, JudgementSet, Verdict
from dedupkit.errors import ConfigurationError
from dedupkit.matching import (
    ExactMatcher,
    Feature,
    Grade,
    MatchModel,
    MatchRules,
    Outcome,
    RegisterProfile,
    Thresholds,
    all_of,
    any_of,
    find_duplicates,
    probability,
)
from dedupkit.matching.bits import BIT, log_sum, log_sums, weight_at
from dedupkit.matching.weights import features_for
from dedupkit.samples import generate_register

ONE = Customer(id="1", first_name="Anna", last_name="Dahl", email="anna@dahl.no", number="7")
OTHER = Customer(id="2", first_name="Anna", last_name="Dahl", email="anna@dahl.no", number="7")


class Ladder:
    """A host's matcher with three levels and no values agreed on."""

    name: ClassVar[str] = "ladder"
    fields: ClassVar[tuple[str, ...]] = ("notes",)
    levels: ClassVar[tuple[str, ...]] = ("same", "first letter", "other")

    def prepare(self, notes: str | None, /) -> str | None:
        """Take the notes."""
        return notes

    def compare(self, left: str, right: str, /) -> int:
        """Compare whole notes, then first letters."""
        return 0 if left == right else 1 if left[0] == right[0] else 2


@frozen
class HostMatcher:
    """A host's matcher of any name and levels."""

    name: str
    levels: tuple[str, ...]
    fields: ClassVar[tuple[str, ...]] = ("notes",)

    def prepare(self, notes: str | None, /) -> str | None:
        """Take the notes."""
        return notes

    def compare(self, left: str, right: str, /) -> int:
        """Tell equal notes from others."""
        return min(int(left != right), len(self.levels) - 1)


def test_names_of_matchers_are_unique() -> None:
    """Two of one name are refused, and so is none at all."""
    with pytest.raises(ConfigurationError, match="city"):
        MatchModel(matchers=(ExactMatcher("city"), ExactMatcher("city")))
    with pytest.raises(ConfigurationError, match="at least one"):
        MatchModel(matchers=())


def test_thresholds_read_the_weight() -> None:
    """The same weight is distinct, for review or a duplicate, as the thresholds say."""
    outcomes = [
        MatchModel.default().with_thresholds(Thresholds(d, r)).compare(ONE, OTHER).outcome
        for d, r in ((0.9, 0.5), (1.0, 0.5), (1.0, 1.0))
    ]
    assert outcomes == [Outcome.DUPLICATE, Outcome.REVIEW, Outcome.DISTINCT]


@pytest.mark.parametrize(("duplicate", "review"), [(0.5, 0.6), (1.1, 0.5), (0.5, -0.1)])
def test_thresholds_out_of_order_are_refused(duplicate: float, review: float) -> None:
    """0 <= review <= duplicate <= 1."""
    with pytest.raises(ConfigurationError, match="review <= duplicate"):
        Thresholds(duplicate, review)


def test_a_hosts_matcher_counts_by_a_plain_ladder() -> None:
    """Most of m on its strongest level, a twentieth on its weakest; JSON names it."""
    model = MatchModel.default().with_matchers(Ladder())
    assert [g.m for g in features_for(Ladder())[0].grades] == pytest.approx([0.8, 0.15, 0.05])
    noted = [evolve(card, notes="blue") for card in (ONE, OTHER)]
    item = model.compare(noted[0], noted[1]).evidence[-1]
    assert model.compare(noted[0], noted[1]).weight > model.compare(ONE, OTHER).weight
    assert item.people is None
    assert MatchModel.from_json(model.to_json(), matchers=[Ladder()]).features == model.features
    with pytest.raises(ConfigurationError, match="'ladder'"):
        MatchModel.from_json(model.to_json())


@pytest.mark.parametrize(
    ("name", "levels", "shares"),
    [("email", ("same", "other"), [0.95, 0.05]), ("club", ("member",), [0.95])],
    ids=["of a shipped name", "of one level"],
)
def test_any_levels_of_a_host_make_a_ladder(
    name: str, levels: tuple[str, ...], shares: list[float]
) -> None:
    """A shipped name does not bring the shipped table, where the levels are others."""
    (feature,) = features_for(HostMatcher(name, levels))
    assert [grade.word for grade in feature.grades] == [*levels]
    assert [grade.m for grade in feature.grades] == pytest.approx(shares)


def test_a_model_of_one_matcher_finds_by_it_alone() -> None:
    """Neither names nor companies are needed to compare, fit and find."""
    model = MatchModel(matchers=(ExactMatcher("email"),))
    cards = [ONE, OTHER, evolve(ONE, id="3", email="bo@lie.no")]
    report = find_duplicates(cards, model=model)
    assert {pair.ids for pair in report.pairs} == {("1", "2")}
    assert model.compare(ONE, OTHER).weight > model.compare(ONE, cards[2]).weight


def test_a_contact_that_is_of_no_place_is_fitted_too() -> None:
    """How often strangers share it is learned without a place where they meet."""
    default = MatchModel.default("NO")
    placeless = evolve(default, features=[evolve(f, place="") for f in default.features])
    cards = generate_register(300, seed=4).customers
    before = {feature.name: feature.stray for feature in default.features}
    after = {feature.name: feature.stray for feature in placeless.fit(cards).features}
    assert {name for name in after if after[name] != before[name]} >= {"email"}


@pytest.mark.parametrize("region", ["XX", "no", "Norway", "", 5])
def test_a_region_that_is_no_code_is_refused(region: str) -> None:
    """A region that nobody knows would silently read no phone."""
    with pytest.raises(ConfigurationError, match="alpha-2"):
        MatchModel.default(region)


def test_an_exact_matcher_is_found_by_its_name() -> None:
    """A model with further fields needs nothing to be read again."""
    model = MatchModel.default("NO").with_matchers(ExactMatcher("number"))
    assert MatchModel.from_json(model.to_json()) == model


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "match-model", "version": 9}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    """So is what is no profile."""
    with pytest.raises(ConfigurationError, match="match model"):
        MatchModel.from_json(text)
    with pytest.raises(ConfigurationError, match="register profile"):
        RegisterProfile.from_json(text.replace("match-model", "register-profile"))


def test_a_profile_holds_no_value_in_the_clear() -> None:
    """Neither names nor addresses; only hashes of what several people share."""
    sample = generate_register(200, seed=2)
    text = MatchModel.default("NO").profile(sample.customers).to_json().casefold()
    for card in sample.customers[:50]:
        for value in (card.email, card.last_name, card.mobile):
            assert value is None or len(value) < 6 or value.casefold() not in text


def test_a_profile_changes_what_a_name_is_worth() -> None:
    """A surname that many bear says less."""
    crowd = [Customer(id=str(at), first_name=f"N{at}", last_name="Dahl") for at in range(60)]
    crowd += [Customer(id=f"x{at}", first_name=f"M{at}", last_name=f"Rare{at}") for at in range(60)]
    profile = MatchModel.default().profile(crowd)
    rare = [evolve(card, last_name="Rare1") for card in (ONE, OTHER)]
    model = MatchModel.default()
    assert (
        model.compare(ONE, OTHER, profile).weight < model.compare(rare[0], rare[1], profile).weight
    )


def test_judgements_teach_the_fit() -> None:
    """Pairs that people judged count for certain."""
    cards = [
        Customer(id=f"{at}", first_name=f"Anna{at // 2}", last_name="Dahl", birth_date=None,
                 email=f"a{at // 2}@dahl.no")
        for at in range(40)
    ]  # fmt: skip
    words = [Judgement(f"{at}", f"{at + 1}", Verdict.DIFFERENT) for at in range(0, 40, 2)]
    model = MatchModel.default()
    assert model.fit(cards, words).partners.same < model.fit(cards).partners.same
    of_old = [Judgement(f"old{one.left}", one.right, one.verdict) for one in words]
    through = JudgementSet(of_old, redirects={f"old{at}": f"{at}" for at in range(40)})
    assert model.fit(cards, through) == model.fit(cards, words)


@pytest.mark.parametrize(
    "wrong",
    [{"grades": ()}, {"grades": (Grade(word="all", m=1.0),)}, {"reads": (3,)}],
    ids=["no grade", "m of one", "unknown grade"],
)
def test_a_feature_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    """Every grade needs an m within (0, 1), every level a grade that is there."""
    right = {"grades": (Grade(word="equal", m=0.9),), "reads": (0,)}
    with pytest.raises(ConfigurationError, match="'x'"):
        Feature(name="x", matcher="x", **(right | wrong))


class TestRules:
    """Rules hold or fail; they know no degrees."""

    RULES = MatchRules(
        any_of(all_of(ExactMatcher("email"), ExactMatcher("last_name")), all_of(Ladder()))
    )

    def test_a_rule_that_holds_is_a_duplicate(self) -> None:
        """Every matcher of it has an item, and they sum to the weight."""
        result = self.RULES.compare(ONE, OTHER)
        assert result.outcome is Outcome.DUPLICATE
        assert [item.name for item in result.evidence] == ["email", "last_name"]
        assert sum(item.millibits for item in result.evidence) == result.millibits

    def test_where_none_holds_they_are_distinct(self) -> None:
        """A missing value is no agreement."""
        assert self.RULES.compare(ONE, Customer(id="3")).outcome is Outcome.DISTINCT
        assert self.RULES.compare(ONE, evolve(OTHER, email="x@y.no")).outcome is Outcome.DISTINCT

    def test_a_weaker_level_may_be_enough(self) -> None:
        """`at_least` names the weakest level that holds."""
        cards = [Customer(id="1", notes="blue"), Customer(id="2", notes="black")]
        loose = MatchRules(any_of(all_of(Ladder(), at_least="first letter")))
        assert self.RULES.compare(cards[0], cards[1]).outcome is Outcome.DISTINCT
        assert loose.compare(cards[0], cards[1]).outcome is Outcome.DUPLICATE

    def test_rules_that_cannot_work_are_refused(self) -> None:
        """Empty ones, and levels that a matcher lacks."""
        for make in (all_of, any_of):
            with pytest.raises(ConfigurationError, match="at least one"):
                make()
        with pytest.raises(ConfigurationError, match="'nearly'"):
            all_of(Ladder(), at_least="nearly")


class TestBits:
    """Sums of exponentials by table, beside floating point."""

    @pytest.mark.parametrize("gap", [0, 1, 999, 5000, 11_999, 12_000, 90_000])
    def test_log_sum_is_that_of_the_arrays(self, gap: int) -> None:
        """Both give the rounded logarithm."""
        import numpy as np

        exact = BIT * np.log2(1 + 2.0 ** (-gap / BIT))
        assert log_sum(-gap, 0) == log_sum(0, -gap) == log_sums(np.array([-gap]), 0)[0]
        assert abs(log_sum(0, -gap) - exact) <= 1

    @pytest.mark.parametrize("share", [0.001, 0.3, 0.5, 0.985, 0.999])
    def test_weights_reach_their_probability(self, share: float) -> None:
        """The smallest weight that reaches a probability does, one below does not."""
        assert probability(weight_at(share) / BIT) >= share - 1e-12
        assert probability((weight_at(share) - 1) / BIT) < share
