"""Laws of matching: what holds for any customers, in any order, in a batch and one by one."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from dedupkit.customers import Customer, Judgement, JudgementSet, Verdict
from dedupkit.matching import (
    ExactMatcher,
    MatchModel,
    MatchRules,
    RegisterProfile,
    Thresholds,
    all_of,
    any_of,
    find_duplicates,
)
from dedupkit.matching.survey import survey
from dedupkit.samples import generate_register

MODEL = MatchModel.default(region="NO")

#: A third of the profile's examples, where each has to fit a model.
FEW = settings(max_examples=settings().max_examples // 3)

_VALUES: dict[str, list[Any]] = {
    "first_name": [None, "Anna", "Ann", "Bjørn", "Bjorn", "Kari Anne", "Larsen", "A."],
    "last_name": [None, "Larsen", "Larssen", "Hansen", "Dahl Hansen", "Anna"],
    "company": [None, None, None, "Fjord AS", "Fjord Bygg AS"],
    "email": [None, "anna@dahl.no", "anna.larsen@gmail.com", "annalarsen@gmail.com", "info@f.no"],
    "mobile": [None, "91234567", "+47 912 34 567", "91234568", "00000000"],
    "home_phone": [None, None, "22334455", "91234567"],
    "birth_date": [None, None, date(1980, 5, 3), date(1980, 3, 5), date(1951, 1, 1)],
    "street": [None, "Storgata 1", "Storgt. 1", "Storgata 2"],
    "postal_code": [None, "0155", "0156", "5003"],
    "city": [None, "Oslo", "Bergen"],
}


def _cards(fields: list[dict[str, Any]]) -> list[Customer]:
    return [Customer(id=f"c{at:02}", **values) for at, values in enumerate(fields)]


card_fields = st.fixed_dictionaries({k: st.sampled_from(v) for k, v in _VALUES.items()})
registers = st.lists(card_fields, min_size=2, max_size=14).map(_cards)


@cache
def fitted() -> MatchModel:
    """Fit a model once, for the laws that hold whatever the model has learned."""
    return MODEL.fit(generate_register(300, seed=4).customers)


def judged(cards: list[Customer]) -> st.SearchStrategy[list[Judgement]]:
    """Return judgements about pairs of *cards*, contradictory ones included."""
    pairs = st.sampled_from([(a.id, b.id) for at, a in enumerate(cards) for b in cards[at + 1 :]])
    return st.lists(
        st.builds(lambda p, v: Judgement(p[0], p[1], v), pairs, st.sampled_from(Verdict)),
        max_size=5,
    )


class TestOnePair:
    """M1, M4: comparing two customers is symmetric, and the evidence sums to the weight."""

    @given(registers)
    def test_the_order_of_two_is_no_matter(self, cards: list[Customer]) -> None:
        """Both orders give the same result, evidence included."""
        assert MODEL.compare(cards[0], cards[1]) == MODEL.compare(cards[1], cards[0])

    @given(registers)
    def test_evidence_sums_to_the_weight(self, cards: list[Customer]) -> None:
        """The weight is the sum of the evidence in whole thousandths of a bit."""
        result = MODEL.compare(cards[0], cards[1])
        assert sum(item.millibits for item in result.evidence) == result.millibits
        assert all(isinstance(item.millibits, int) for item in result.evidence)

    @given(registers)
    def test_what_is_missing_says_nothing(self, cards: list[Customer]) -> None:
        """M3: without a matcher's fields on one side there is no item of it."""
        bare = Customer(id="z", first_name=cards[0].first_name, last_name=cards[0].last_name)
        names = {item.name for item in MODEL.compare(bare, cards[1]).evidence}
        assert not names & {"email", "phone", "birth_date", "address", "company"}

    @given(registers)
    def test_rules_are_symmetric(self, cards: list[Customer]) -> None:
        """M1 for rules."""
        rules = MatchRules(any_of(all_of(ExactMatcher("email")), all_of(ExactMatcher("city"))))
        assert rules.compare(cards[0], cards[1]) == rules.compare(cards[1], cards[0])


class TestEngine:
    """M7: the engine gives the digits of the reference path."""

    @staticmethod
    def _agree(model: MatchModel, cards: list[Customer], *, fit: bool) -> None:
        found = survey(model, model.read(cards), fit=fit)
        by_id = {card.id: card for card in cards}
        ids, links = found.register.ids, found.links
        for at in range(len(links.left)):
            a, b = by_id[ids[links.left[at]]], by_id[ids[links.right[at]]]
            expected = found.model.compare(a, b, found.profile)
            assert int(links.weighed.weights[at]) == expected.millibits, (a.id, b.id)

    @given(registers, st.booleans())
    def test_weights_are_those_of_compare(self, cards: list[Customer], fit: bool) -> None:
        """Every candidate pair weighs what `compare` says of its two customers."""
        self._agree(MODEL, cards, fit=fit)

    @pytest.mark.parametrize("fit", [False, True])
    def test_so_are_those_of_a_register(self, fit: bool) -> None:
        """The same on a register with junk contacts, split keys and shared values."""
        cards = list(generate_register(500, seed=5).customers)
        cards += [
            evolve(card, id=f"j{at}", email="shared@desk.no", mobile="+4722334400")
            for at, card in enumerate(cards[:60])
        ]
        self._agree(MODEL, cards, fit=fit)

    def test_a_hosts_matcher_is_weighed_alike(self) -> None:
        """A further matcher changes the model, not the agreement of both paths."""
        cards = list(generate_register(200, seed=6).customers)
        self._agree(MODEL.with_matchers(ExactMatcher("number")), cards, fit=True)


class TestOrder:
    """M2: the order of the customers never matters."""

    @given(registers, st.data())
    def test_any_order_gives_the_same_report(self, cards: list[Customer], data: DataObject) -> None:
        """The whole report is the same, ids, weights and order included."""
        orders = (cards, data.draw(st.permutations(cards)))
        one, other = (find_duplicates(order, model=fitted()) for order in orders)
        assert one.to_dict() == other.to_dict()
        assert one.profile == other.profile

    @FEW
    @given(registers, st.data())
    def test_any_order_teaches_the_same(self, cards: list[Customer], data: DataObject) -> None:
        """So is what was learned from the customers and from what people said."""
        orders = (cards, data.draw(st.permutations(cards)))
        words = data.draw(judged(cards))
        one, other = (find_duplicates(o, region="NO", judgements=words) for o in orders)
        assert one.to_dict() == other.to_dict()
        assert (one.model, one.profile) == (other.model, other.profile)


class TestSkipped:
    """C4: what was skipped is reported."""

    @given(registers, st.integers(0, 6))
    def test_pairs_that_a_budget_cuts_are_counted(self, cards: list[Customer], few: int) -> None:
        """At least as many as are candidates under a wide budget and not under a narrow one."""
        budget = evolve(MODEL.budget, per_customer=0.0, least=few, part=few)
        narrow = survey(evolve(MODEL, budget=budget), MODEL.read(cards))
        wide = survey(MODEL, MODEL.read(cards))

        found, left = (
            set(zip(one.links.left.tolist(), one.links.right.tolist(), strict=True))
            for one in (wide, narrow)
        )
        assert len(found - left) <= sum(skip.pairs for skip in narrow.profile.skipped)

    @FEW
    @given(registers, st.data())
    def test_cards_that_take_no_part_are_counted(
        self, cards: list[Customer], data: DataObject
    ) -> None:
        """By the reason why; the others are the customers of the report."""
        reasons: dict[str, dict[str, Any]] = {
            "merge not allowed": {"allow_merge": False},
            "retired": {"merged_into": "other"},
            "kept": {"kept_for": "other"},
        }
        drawn = [data.draw(st.sampled_from([None, *reasons])) for _ in cards]
        marked = [
            evolve(c, **reasons.get(why or "", {})) for c, why in zip(cards, drawn, strict=True)
        ]

        stats = find_duplicates(marked, model=MODEL).stats
        assert stats["customers"] == len(cards)
        for reason in reasons:
            assert stats.get(f"left out: {reason}", 0) == drawn.count(reason)


class TestOneAgainstAll:
    """M8: a batch and a single check have the same candidates with the same results."""

    @given(registers)
    def test_check_finds_the_pairs_of_the_batch(self, cards: list[Customer]) -> None:
        """Under one profile both see the same pairs with the same weights."""
        index = MODEL.index(cards)
        batch = survey(MODEL, MODEL.read(cards), profile=index.profile)
        ids, links = batch.register.ids, batch.links
        expected = {
            (ids[a], ids[b], int(w))
            for a, b, w in zip(links.left, links.right, links.weighed.weights, strict=True)
        }
        by_id = {card.id: card for card in cards}
        found = {
            (*sorted((card.id, other)), MODEL.compare(card, by_id[other], index.profile).millibits)
            for card in cards
            for other in index.candidates(card)
        }
        assert found == expected

    def test_split_and_closed_keys_are_alike_too(self) -> None:
        """With budgets so small that most blocks are split or closed, both still agree."""
        cards = list(generate_register(300, seed=8).customers)
        model = evolve(MODEL, budget=evolve(MODEL.budget, per_customer=0.1, least=20, part=5))
        first = evolve(cards[0], postal_code="0155", city="Oslo", birth_date=date(1980, 5, 3))
        cards += [evolve(first, id=f"copy{at}") for at in range(20)]
        cards = [card for card in cards if card.allow_merge]
        profiled = survey(model, model.read(cards))
        assert profiled.profile.closed
        batch = survey(model, model.read(cards), profile=profiled.profile)
        assert np.array_equal(batch.links.left, profiled.links.left)
        assert np.array_equal(batch.links.right, profiled.links.right)
        index = model.index(cards)
        pairs = {tuple(sorted((c.id, o))) for c in cards for o in index.candidates(c)}
        ids = batch.register.ids
        links = zip(batch.links.left, batch.links.right, strict=True)
        assert pairs == {(ids[a], ids[b]) for a, b in links}


class TestCodec:
    """Models and profiles come back from JSON as they were."""

    @FEW
    @given(registers)
    def test_round_trips(self, cards: list[Customer]) -> None:
        """What `find_duplicates` used can be stored and read again."""
        report = find_duplicates(cards)
        assert MatchModel.from_json(report.model.to_json()) == report.model
        assert RegisterProfile.from_json(report.profile.to_json()) == report.profile


class TestThresholds:
    """M6: clusters at a higher threshold refine those at a lower one."""

    @given(
        registers.flatmap(lambda cards: st.tuples(st.just(cards), judged(cards))),
        st.floats(0, 1),
        st.floats(0, 1),
    )
    def test_higher_refines_lower(
        self, cards_and_words: tuple[list[Customer], list[Judgement]], one: float, other: float
    ) -> None:
        """Every cluster at the higher threshold lies within one at the lower."""
        cards, words = cards_and_words
        low, high = sorted((one, other))

        def clusters(threshold: float) -> list[set[str]]:
            cut = fitted().with_thresholds(Thresholds(duplicate=threshold, review=0.0))
            return [
                set(c.ids) for c in find_duplicates(cards, model=cut, judgements=words).clusters
            ]

        wider = clusters(low)
        assert all(any(cluster <= other for other in wider) for cluster in clusters(high))


class TestJudgements:
    """C1-C3: clusters are disjoint, and never against what people said."""

    @given(registers.flatmap(lambda cards: st.tuples(st.just(cards), judged(cards))))
    def test_words_of_people_hold(
        self, cards_and_words: tuple[list[Customer], list[Judgement]]
    ) -> None:
        """Different is never inside a cluster, same always, or the contradiction is shown."""
        cards, words = cards_and_words
        report = find_duplicates(cards, model=fitted(), judgements=words)
        members = [one for cluster in report.clusters for one in cluster.ids]
        assert len(members) == len(set(members))
        said = JudgementSet(words)
        assert report.review.contradictions == said.contradictions
        doubtful = {one for chain in said.contradictions for one in chain}
        cluster_of = {one: c.ids for c in report.clusters for one in c.ids}
        for at, a in enumerate(cards):
            for b in cards[at + 1 :]:
                together = a.id in cluster_of and b.id in cluster_of[a.id]
                match said.verdict(a.id, b.id):
                    case Verdict.SAME:
                        assert together or {a.id, b.id} & doubtful
                    case Verdict.DIFFERENT:
                        assert not together
                    case _:
                        pass

    def test_review_never_proposes_what_people_denied(self) -> None:
        """A pair judged different is not for review either."""
        cards = [Customer(id=i, email="a@b.no", last_name="Dahl", first_name="Bo") for i in "12"]
        no = Judgement("1", "2", Verdict.DIFFERENT)
        report = find_duplicates(cards, judgements=[no])
        assert (len(report.clusters), len(report.review)) == (0, 0)
