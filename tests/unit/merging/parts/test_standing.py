"""Groups, flags, external ids, and the master's own bookkeeping."""

import pytest

from dedupkit.customers import Customer
from dedupkit.errors import PlanningError
from dedupkit.merging import (
    FlagRules,
    MergePolicy,
    Resolution,
    ask_person,
    keep_master,
    plan_merge,
)
from dedupkit.plans import AddValue, Decision, Disposition, MergePlan, RemoveValue, SetField, replay

MASTER = Customer(id="1", groups=["a"], flags=["press"], external_ids={"app": ["a1"]})
OTHER = Customer(id="2", groups=["b"], flags=["vip"], external_ids={"app": ["a2"], "pos": ["p2"]})


def decided(plan: MergePlan, field: str) -> Decision:
    """Look up the decision of a field."""
    return next(decision for decision in plan.decisions if decision.field == field)


class TestGroups:
    def test_union_adds_one_by_one(self) -> None:
        """What the merge adds can be taken out again."""
        assert AddValue("1", "groups", "b", origin=("2",)) in plan_merge(MASTER, [OTHER]).steps

    def test_policy_may_keep_the_master_s(self) -> None:
        """Groups go through the same door as fields."""
        plan = plan_merge(MASTER, [OTHER], policy=MergePolicy(groups=keep_master))
        assert [c.value for c in decided(plan, "groups").not_chosen] == ["b"]

    def test_a_person_may_be_asked(self) -> None:
        """Until then the master's stay; the answer is that card's."""
        policy = MergePolicy(groups=ask_person)
        plan = plan_merge(MASTER, [OTHER], policy=policy)
        (conflict,) = plan.conflicts
        assert (conflict.code, conflict.key) == ("field_open", "groups")
        assert replay(plan.steps, [MASTER, OTHER])["1"].groups == {"a"}
        plan = plan_merge(MASTER, [OTHER], policy=policy, resolutions={"groups": "2"})
        assert plan.is_applicable
        assert replay(plan.steps, [MASTER, OTHER])["1"].groups == {"b"}
        assert decided(plan, "groups").reason == "chosen by a person"

    @pytest.mark.parametrize("value", ["abc", 5, ["a", 5]])
    def test_what_are_no_groups_is_refused(self, value: object) -> None:
        """With the name of the resolver."""

        def careless(*_: object) -> Resolution:
            return Resolution(value)

        with pytest.raises(PlanningError, match="no groups: careless"):
            plan_merge(MASTER, [OTHER], policy=MergePolicy(groups=careless))

    def test_no_groups_may_be_chosen(self) -> None:
        """A blank is a choice as well."""
        policy = MergePolicy(groups=lambda *_: Resolution(None))
        plan = plan_merge(MASTER, [OTHER], policy=policy)
        assert not replay(plan.steps, [MASTER, OTHER])["1"].groups

    def test_corrected_groups_are_final(self) -> None:
        """The clerk's list replaces the union, in both directions."""
        plan = plan_merge(MASTER, [OTHER], corrections={"groups": ["c"], "flags": []})
        after = replay(plan.steps, [MASTER, OTHER])["1"]
        assert after.groups == {"c"}
        assert not after.flags

    def test_kept_cards_are_copied_from(self) -> None:
        """Groups and flags are copied from a kept card, and stay on it."""
        plan = plan_merge(MASTER, [OTHER], dispositions={"2": Disposition.KEEP})
        after = replay(plan.steps, [MASTER, OTHER])
        assert after["1"].groups | after["1"].flags == {"a", "b", "press", "vip"}
        assert (after["2"].groups, after["2"].flags) == (OTHER.groups, OTHER.flags)


class TestFlags:
    POLICY = MergePolicy(flags=FlagRules(permissive=["vip"]))

    def test_permissive_flag_is_a_question(self) -> None:
        """It is not switched on silently."""
        plan = plan_merge(MASTER, [OTHER], policy=self.POLICY)
        [conflict] = plan.conflicts
        assert (conflict.key, [c.key for c in conflict.choices]) == ("flags.vip", ["set", "leave"])
        assert "vip" not in replay(plan.steps, [MASTER, OTHER])["1"].flags

    def test_answers(self) -> None:
        """It is set, or left and listed as not chosen."""
        for answer, flags in (("set", {"press", "vip"}), ("leave", {"press"})):
            answers = {"flags.vip": answer}
            plan = plan_merge(MASTER, [OTHER], policy=self.POLICY, resolutions=answers)
            assert plan.is_applicable
            assert replay(plan.steps, [MASTER, OTHER])["1"].flags == flags

    def test_flag_that_the_master_has_is_no_question(self) -> None:
        """Nothing is gained by it."""
        assert plan_merge(OTHER, [OTHER_VIP], policy=self.POLICY).is_applicable


OTHER_VIP = Customer(id="3", flags=["vip"])


class TestExternalIds:
    def test_ids_move_and_are_let_go_of_first(self) -> None:
        """An id names one card in its system, at every step."""
        plan = plan_merge(MASTER, [OTHER])
        assert [s for s in plan.steps if s.__class__ in {RemoveValue, AddValue}][:2] == [
            RemoveValue("2", "external_ids.app", "a2", origin=("2",)),
            RemoveValue("2", "external_ids.pos", "p2", origin=("2",)),
        ]
        assert AddValue("1", "external_ids.app", "a2", origin=("2",)) in plan.steps
        after = replay(plan.steps, [MASTER, OTHER])
        assert after["1"].external_ids == {"app": {"a1", "a2"}, "pos": {"p2"}}
        assert after["2"].external_ids == {}

    def test_ids_of_kept_cards_stay(self) -> None:
        """Else one id would name two cards."""
        plan = plan_merge(MASTER, [OTHER], dispositions={"2": Disposition.KEEP})
        assert replay(plan.steps, [MASTER, OTHER])["1"].external_ids == MASTER.external_ids
        assert [c.value for c in decided(plan, "external_ids.pos").not_chosen] == ["p2"]


class TestSingleSystems:
    POLICY = MergePolicy(single_systems=["app"])

    def test_ids_of_two_cards_are_a_question(self) -> None:
        """The master's stays until somebody answers."""
        plan = plan_merge(MASTER, [OTHER], policy=self.POLICY)
        [conflict] = plan.conflicts
        assert (conflict.code, conflict.key) == ("several_external_ids", "external_ids.app")
        assert replay(plan.steps, [MASTER, OTHER])["1"].external_ids["app"] == {"a1"}

    def test_the_chosen_card_s_id_replaces_the_others(self) -> None:
        """One id a customer, afterwards too."""
        answers = {"external_ids.app": "2"}
        plan = plan_merge(MASTER, [OTHER], policy=self.POLICY, resolutions=answers)
        after = replay(plan.steps, [MASTER, OTHER])
        assert plan.is_applicable
        assert after["1"].external_ids["app"] == {"a2"}
        assert [c.value for c in decided(plan, "external_ids.app").not_chosen] == ["a1"]

    def test_several_ids_of_one_card_alone_are_no_question(self) -> None:
        """The register held them before the merge."""
        double = Customer(id="3", external_ids={"app": ["x", "y"]})
        assert plan_merge(Customer(id="1"), [double], policy=self.POLICY).is_applicable


class TestBookkeeping:
    def test_number_stays_and_the_other_is_shown(self) -> None:
        """The master's number, dates and permissions are its own."""
        numbered = Customer(id="2", number="17", tenant=None, allow_merge=False)
        plan = plan_merge(Customer(id="1", number="7"), [numbered])
        number, allowed = decided(plan, "number"), decided(plan, "allow_merge")
        assert (number.value, [c.value for c in number.not_chosen]) == ("7", ["17"])
        assert (allowed.value, [c.value for c in allowed.not_chosen]) == (True, [False])

    def test_number_may_be_corrected(self) -> None:
        """The clerk may give the master a number."""
        plan = plan_merge(MASTER, [OTHER], corrections={"number": "9"})
        assert SetField("1", "number", None, "9") in plan.steps

    def test_number_of_a_retired_card_is_let_go_of_first(self) -> None:
        """A number stands on one card only, at every step."""
        numbered = Customer(id="2", number="17")
        steps = plan_merge(Customer(id="1"), [numbered], corrections={"number": "17"}).steps
        assert steps[:2] == (
            SetField("2", "number", "17", None, origin=("2",)),
            SetField("1", "number", None, "17"),
        )

    def test_only_the_card_with_that_number_lets_go_of_it(self) -> None:
        """The others retire with their own."""
        numbered = [Customer(id=i, number=n) for i, n in (("2", "17"), ("3", "18"), ("4", None))]
        steps = plan_merge(Customer(id="1"), numbered, corrections={"number": "17"}).steps
        assert [s.customer for s in steps if isinstance(s, SetField)] == ["2", "1"]

    def test_nobody_lets_go_of_what_is_no_number(self) -> None:
        """A mark on the master is the master's alone."""
        steps = plan_merge(Customer(id="1", kept_for="2"), [OTHER]).steps
        assert [s for s in steps if isinstance(s, SetField)] == [
            SetField("1", "kept_for", "2", None)
        ]

    def test_master_that_was_kept_for_another_card(self) -> None:
        """It is a card like any other once somebody is merged into it, and can be found again."""
        kept = Customer(id="1", kept_for="2")
        assert SetField("1", "kept_for", "2", None) in plan_merge(kept, [OTHER]).steps
        assert SetField("1", "kept_for", "2", None) in plan_merge(kept, [OTHER_VIP]).steps
        skipping = {"3": Disposition.SKIP}
        assert plan_merge(kept, [OTHER_VIP], dispositions=skipping).steps == ()
