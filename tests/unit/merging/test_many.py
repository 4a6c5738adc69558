"""Plans for many clusters."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import frozen

from dedupkit.customers import Customer, Judgement, Verdict
from dedupkit.errors import ConfigurationError, PlanningError
from dedupkit.merging import (
    MergePlans,
    MergePolicy,
    ask_person,
    golden_records,
    plan_merges,
    reasons_to_hold,
)
from dedupkit.plans import Repoint

REGISTER = {
    card.id: card
    for card in (
        Customer(id="1", number="30", email="a@shop.example", birth_date=date(1950, 1, 1)),
        Customer(id="2", number="4", email="b@shop.example", birth_date=date(1980, 1, 1)),
        Customer(id="3", number="5", company="Fjord AS"),
        Customer(id="4", number="6", name="Anna Larsen"),
        Customer(id="5", merged_into="4"),
        Customer(id="6", number="7"),
    )
}


@frozen
class Cluster:
    """What another tool calls a cluster."""

    ids: tuple[str, ...]


class Source:
    """A source that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def scan(self, after: str | None = None, /) -> Iterable[Customer]:
        """Give nothing."""
        raise AssertionError

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Give what is known."""
        wanted = tuple(ids)
        self.asked.append(wanted)
        return {card: REGISTER[card] for card in wanted if card in REGISTER}


def test_clusters_are_ids_or_objects_that_name_ids() -> None:
    """The lowest number becomes the master; a source is asked once."""
    source = Source()
    plans = plan_merges([Cluster(("3", "6")), ["4", "6"]], source)  # type: ignore[arg-type]  # scan is not needed
    assert [(plan.master_id, plan.ids) for plan in plans] == [("3", ("3", "6")), ("4", ("4", "6"))]
    assert source.asked == [("3", "6", "4")]


def test_a_group_of_customers_is_read_anew() -> None:
    """Only their ids count: the source knows how they are now."""
    stale = (Customer(id="3", number="1", city="Oslo"), Customer(id="4"))
    [plan] = plan_merges([stale], REGISTER)
    assert (plan.master_id, "address" in [d.field for d in plan.decisions]) == ("3", False)


def test_unknown_ids_are_named_together() -> None:
    """All of them, from whichever cluster."""
    with pytest.raises(PlanningError, match="'8', '9'"):
        plan_merges([("1", "8"), ("9", "2")], REGISTER)


@pytest.mark.parametrize("clusters", [None, "12", SimpleNamespace(clusters=[])], ids=repr)
def test_what_are_no_clusters_is_told(clusters: Any) -> None:  # noqa: ANN401  # what is told
    """The whole report, above all."""
    with pytest.raises(ConfigurationError, match=r"such as report\.clusters"):
        plan_merges(clusters, REGISTER)


def test_a_word_is_no_chooser() -> None:
    """A function is meant."""
    with pytest.raises(ConfigurationError, match="such as choose_oldest"):
        plan_merges([("1", "2")], REGISTER, choose_master="oldest")  # type: ignore[arg-type]  # what is told


@pytest.mark.parametrize("cluster", [("1",), ("1", "1"), (), "12", 7], ids=repr)
def test_a_cluster_has_two_customers(cluster: Iterable[str]) -> None:
    """One card, none, a text and a number are mistakes of the caller."""
    with pytest.raises(ConfigurationError, match="two or more ids"):
        plan_merges([cluster], REGISTER)


def test_retired_cards_block_and_never_become_masters() -> None:
    """They are planned as they are, so that somebody sees it."""
    [plan] = plan_merges([("5", "6")], REGISTER)
    assert (plan.master_id, [b.code for b in plan.blockers]) == ("6", ["already_retired"])


def test_a_retired_card_is_no_master_for_its_low_number() -> None:
    """Where an active card is there, the chooser is not offered others."""
    cards = {"8": Customer(id="8", number="1", merged_into="1"), "6": REGISTER["6"]}
    [plan] = plan_merges([("8", "6")], cards)
    assert plan.master_id == "6"


def test_only_retired_cards() -> None:
    """Even then there is an answer."""
    gone = {"7": Customer(id="7", merged_into="1"), "8": Customer(id="8", merged_into="1")}
    [plan] = plan_merges([("7", "8")], gone)
    assert not plan.is_applicable


class TestSafe:
    CLUSTERS = (("1", "2"), ("3", "4"), ("4", "6"))

    def test_what_a_person_should_see_is_held(self) -> None:
        """A child beside an adult, a person and an organization; the rest goes on."""
        plans = plan_merges(self.CLUSTERS, REGISTER, safe=True)
        assert [plan.ids for plan in plans] == [("4", "6")]
        assert [reasons_to_hold(plan, MergePolicy()) for plan in plans.held] == [
            ("child_beside_adult",),
            ("person_and_organization",),
        ]

    def test_without_it_all_are_given(self) -> None:
        """The caller decides what to do with them."""
        plans = plan_merges(self.CLUSTERS, REGISTER)
        assert (len(plans), plans.held) == (3, ())

    def test_policy_names_the_notices(self) -> None:
        """What is held back is the host's to say."""
        policy = MergePolicy(hold_back=[])
        assert len(plan_merges(self.CLUSTERS, REGISTER, policy, safe=True)) == 2

    def test_judgements_and_relations_reach_every_plan(self) -> None:
        """What people said blocks; what refers to customers moves."""
        said = [Judgement("4", "6", Verdict.DIFFERENT)]
        plans = plan_merges(
            self.CLUSTERS, REGISTER, judgements=said, relations=iter(["orders"]), safe=True
        )
        assert [plan.ids for plan in plans.held][-1] == ("4", "6")
        for plan in (*plans, *plans.held):
            assert any(isinstance(step, Repoint) for step in plan.steps)


def test_reasons_name_each_code_once() -> None:
    """Blockers, then conflicts, then notices."""
    policy = MergePolicy(default=ask_person)
    [plan] = plan_merges([("1", "2")], REGISTER, policy)
    assert reasons_to_hold(plan, policy) == ("field_open", "child_beside_adult")


def test_chooser_must_choose_one_of_the_cards() -> None:
    """A card from elsewhere is a fault of the chooser."""
    with pytest.raises(PlanningError, match="choose_master"):
        plan_merges([("1", "2")], REGISTER, choose_master=lambda _: REGISTER["3"])


def test_golden_records_are_the_masters_after_the_merge() -> None:
    """In the order of the clusters; what forbids a merge does not keep anybody from reading."""
    golden = golden_records([("1", "2"), ("6", "5")], Source(), MergePolicy.fill_blanks())  # type: ignore[arg-type]  # scan is not needed
    assert [(card.id, card.email) for card in golden] == [("2", "b@shop.example"), ("6", None)]


def test_golden_records_follow_the_policy_and_the_chooser() -> None:
    """The chosen card gives its id, the policy says whether the other fills its blanks."""
    cards = {"1": Customer(id="1", city="Oslo"), "2": Customer(id="2")}
    filled = MergePolicy.fill_blanks()
    assert [card.city for card in golden_records([("1", "2")], cards, filled)] == ["Oslo"]
    [last] = golden_records([("1", "2")], cards, choose_master=lambda given: given[-1])
    assert (last.id, last.city) == ("2", None)
    [filled_last] = golden_records([("1", "2")], cards, filled, choose_master=lambda c: c[-1])
    assert (filled_last.id, filled_last.city) == ("2", "Oslo")


def test_one_relation_is_no_collection() -> None:
    """A name where names are meant would be read letter by letter."""
    with pytest.raises(ConfigurationError, match="one name, 'orders'"):
        plan_merges([("1", "2")], REGISTER, relations="orders")
    with pytest.raises(ConfigurationError, match=r"such as store\.relations"):
        plan_merges([("1", "2")], REGISTER, relations=None)  # type: ignore[arg-type]  # what is told


def test_plans_are_a_sequence() -> None:
    """They can be counted, indexed and sliced."""
    plans = plan_merges([("1", "2"), ("4", "6")], REGISTER)
    assert isinstance(plans, MergePlans)
    assert (plans[1].master_id, plans[:1]) == ("4", plans.plans[:1])


@pytest.mark.parametrize("source", [list(REGISTER.values()), None, "register.csv"])
def test_what_is_no_source_is_told(source: object) -> None:
    """Customers in a list, above all."""
    with pytest.raises(ConfigurationError, match="source is a store, or a mapping of ids"):
        plan_merges([("1", "2")], source)  # type: ignore[arg-type]  # what is told
