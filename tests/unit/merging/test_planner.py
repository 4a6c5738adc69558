"""The planner: dispositions, answers, blockers, the order of steps, the warning."""

from datetime import date
from typing import Any

import pytest

from dedupkit.customers import Balance, Customer
from dedupkit.errors import ConfigurationError, PlanningError
from dedupkit.merging import MergePolicy, ask_person, plan_merge
from dedupkit.plans import (
    Blocker,
    Disposition,
    MergePlan,
    Relation,
    Repoint,
    Retire,
    SetField,
    TransferBalance,
)

SKIP, KEEP, DELETE = Disposition

ANNA = Customer(id="1", first_name="Anna", email="anna@shop.example")
ANN = Customer(id="2", first_name="Ann", email="ann@shop.example", mobile="+47 912 34 567")
ANNE = Customer(id="3", first_name="Anne", balances=[Balance("loyalty", "points", 5)])


def codes(plan: MergePlan) -> list[str]:
    """Name what forbids a plan."""
    return [blocker.code for blocker in plan.blockers]


class TestDispositions:
    def test_delete_is_the_default_and_retires_last(self) -> None:
        """A duplicate redirects to the master after all else is done."""
        assert plan_merge(ANNA, [ANN]).steps[-1] == Retire("2", "1", origin=("2",))

    def test_keep_drains_marks_and_does_not_retire(self) -> None:
        """A kept card gives its history and balances, and points to the master."""
        plan = plan_merge(ANNA, [ANNE], dispositions={"3": KEEP}, relations=["orders"])
        assert [type(step) for step in plan.steps] == [Repoint, TransferBalance, SetField]
        assert plan.steps[-1] == SetField("3", "kept_for", None, "1", origin=("3",))

    def test_what_the_master_loses_is_no_value_that_is_let_go_of_first(self) -> None:
        """Its fields are set after rows and balances have moved."""
        plan = plan_merge(ANNA, [ANNE], corrections={"email": None}, relations=["orders"])
        assert [type(step) for step in plan.steps] == [Repoint, TransferBalance, SetField, Retire]

    def test_keep_again_changes_nothing_of_the_mark(self) -> None:
        """A card that is kept for this master already stays so."""
        again = Customer(id="3", kept_for="1")
        assert plan_merge(ANNA, [again], dispositions={"3": KEEP}).steps == ()

    def test_kept_cards_fill_nothing(self) -> None:
        """The fields of a kept card stay on it."""
        plan = plan_merge(ANNA, [ANN], policy=MergePolicy.fill_blanks(), dispositions={"2": KEEP})
        assert all(step.customer == "2" for step in plan.steps if isinstance(step, SetField))

    def test_skip_takes_no_part(self) -> None:
        """A skipped card is listed and neither expected nor touched."""
        plan = plan_merge(ANNA, [ANN, ANNE], dispositions={"2": SKIP})
        assert plan.ids == ("1", "3")
        assert [(d.customer, d.disposition) for d in plan.duplicates] == [
            ("2", SKIP),
            ("3", DELETE),
        ]

    def test_all_skipped_is_applicable_whatever_speaks_against_merging(self) -> None:
        """Where nothing is merged, nothing forbids it."""
        barred = Customer(id="2", allow_merge=False)
        plan = plan_merge(ANNA, [barred], dispositions={"2": SKIP}, blockers=[Blocker(code="x")])
        assert (plan.is_applicable, plan.steps) == (True, ())
        assert [notice.code for notice in plan.notices] == ["nothing_to_merge"]

    def test_strangers_are_named_together(self) -> None:
        """A disposition for a card that is no duplicate is a mistake of the caller."""
        with pytest.raises(ConfigurationError, match="'8', '9'"):
            plan_merge(ANNA, [ANN], dispositions={"9": KEEP, "8": KEEP})


class TestGuards:
    def test_guards_are_heard_only_on_cards_that_take_part(self) -> None:
        """What a guard says of a skipped card is no matter, of the register always."""
        said = [
            Blocker(code="connected_integration", customers=("2",)),
            Blocker(code="erasure_pending", customers=("3",)),
            Blocker(code="closed"),
        ]
        plan = plan_merge(ANNA, [ANN, ANNE], blockers=said, dispositions={"2": SKIP})
        assert codes(plan) == ["closed", "erasure_pending"]


class TestAnswers:
    ASKING = MergePolicy(default=ask_person)

    def test_open_conflict_keeps_the_master_and_stops_the_plan(self) -> None:
        """Until somebody answers, nothing is taken."""
        plan = plan_merge(ANNA, [ANN], policy=self.ASKING)
        assert [c.key for c in plan.conflicts] == ["first_name", "email", "mobile"]
        assert not plan.is_applicable
        assert not any(isinstance(step, SetField) for step in plan.steps)

    def test_answers_are_named_by_conflict_and_card(self) -> None:
        """The card named gives the value; its id is part of the plan's reason."""
        answers = {"first_name": "1", "email": "2", "mobile": "1"}
        plan = plan_merge(ANNA, [ANN], policy=self.ASKING, resolutions=answers)
        assert plan.is_applicable
        [step] = [step for step in plan.steps if isinstance(step, SetField)]
        assert (step.field, step.after, step.origin) == ("email", "ann@shop.example", ("2",))
        [mobile] = [d for d in plan.decisions if d.field == "mobile"]
        assert (mobile.value, mobile.source, mobile.reason) == (None, None, "chosen by a person")

    def test_corrections_answer_too(self) -> None:
        """Where the clerk typed a value, nobody is asked."""
        plan = plan_merge(
            ANNA, [ANN], policy=self.ASKING, corrections={"email": "new@shop.example"}
        )
        assert "email" not in [conflict.key for conflict in plan.conflicts]

    def test_wrong_answers_are_named_together(self) -> None:
        """A key that nothing asks and a choice that is none are refused."""
        with pytest.raises(PlanningError, match=r"'city' is no.*'email' takes one of '1', '2'"):
            plan_merge(ANNA, [ANN], policy=self.ASKING, resolutions={"email": "9", "city": "1"})

    def test_answers_to_a_merge_of_nothing(self) -> None:
        """With everything skipped, there is nothing to answer."""
        with pytest.raises(PlanningError):
            plan_merge(ANNA, [ANN], dispositions={"2": SKIP}, resolutions={"email": "1"})


class TestRelations:
    def test_names_and_relations_in_the_order_of_names(self) -> None:
        """The order in which relations are declared does not matter."""
        relations: list[Relation | str] = ["tickets", Relation("orders")]
        plan = plan_merge(ANNA, [ANN, ANNE], relations=relations)
        rows = [(s.relation, s.source) for s in plan.steps if isinstance(s, Repoint)]
        assert rows == [("orders", "2"), ("orders", "3"), ("tickets", "2"), ("tickets", "3")]
        assert plan.id == plan_merge(ANNA, [ANN, ANNE], relations=relations[::-1]).id

    def test_one_relation_declared_twice(self) -> None:
        """Two declarations might say different things."""
        with pytest.raises(ConfigurationError, match="'orders'"):
            plan_merge(ANNA, [ANN], relations=["orders", Relation("orders", rows="leave")])

    def test_a_text_is_no_list_of_names(self) -> None:
        """A name alone would be read letter by letter."""
        with pytest.raises(ConfigurationError, match="list of names"):
            plan_merge(ANNA, [ANN], relations="orders")


class TestWarning:
    def test_all_in_one_sentence(self) -> None:
        """What moves, who disappears, who stays."""
        plan = plan_merge(ANNA, [ANN, ANNE], dispositions={"3": KEEP}, relations=["orders"])
        assert plan.warning == (
            "Customer 1 takes over orders and 5 points of loyalty of customers 2 and 3; customer 2 "
            "disappears from the register; customer 3 stays as a card of its own."
        )

    def test_where_nothing_moves(self) -> None:
        """Two cards that own nothing."""
        other = Customer(id="4")
        assert plan_merge(ANNA, [ANN, other]).warning == (
            "Customer 1 stands for customers 2 and 4 from now on; customers 2 and 4 disappear from "
            "the register."
        )

    def test_several_kept(self) -> None:
        """Numbers agree with their verbs."""
        plan = plan_merge(ANNA, [ANN, ANNE], dispositions={"2": KEEP, "3": KEEP})
        assert plan.warning.endswith("; customers 2 and 3 stay as cards of their own.")

    def test_a_kept_card_alone_is_no_redirect(self) -> None:
        """Its id stands for itself."""
        plan = plan_merge(Customer(id="1"), [Customer(id="2")], dispositions={"2": KEEP})
        assert plan.warning == "Customer 2 stays as a card of its own."

    def test_a_debt_is_called_one(self) -> None:
        """And never netted with what another card holds."""
        amounts = {"2": "-900", "3": "50", "4": "-0.5", "5": "0.5"}
        others = [
            Customer(id=i, balances=[Balance("on_account", "NOK", amount)])
            for i, amount in amounts.items()
        ]
        assert plan_merge(Customer(id="1"), others).warning.startswith(
            "Customer 1 takes over a debt of 900.5 NOK of on_account and 50.5 NOK of on_account of "
        )

    def test_a_card_that_is_retired_does_not_disappear_again(self) -> None:
        """The blocker says what it is."""
        plan = plan_merge(Customer(id="1"), [Customer(id="2", merged_into="9")])
        assert plan.warning == "Customer 1 stands for customer 2 from now on."

    def test_long_lists_end_with_and(self) -> None:
        """Relations, amounts and cards."""
        others = [Customer(id=i) for i in ("2", "3", "4")]
        plan = plan_merge(Customer(id="1"), others, relations=["orders", "letters", "notes"])
        assert plan.warning.startswith(
            "Customer 1 takes over letters, notes and orders of customers 2, 3 and 4; "
        )


def test_plan_names_no_personal_data_in_its_repr_and_findings() -> None:
    """A repr and every sentence of a finding hold ids and field names only."""
    firm = Customer(id="4", company="Secret AS", birth_date=date(1950, 1, 1), mobile="11111111")
    child = Customer(id="5", name="Secret Child", birth_date=date(2000, 1, 1), mobile="22222222")
    plan = plan_merge(firm, [child], policy=MergePolicy(default=ask_person))
    said = [notice.describe() for notice in plan.notices]
    said += [conflict.describe() for conflict in plan.conflicts]
    assert not any(word in text for text in (repr(plan), *said) for word in ("Secret", "1111"))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"duplicates": ANN}, "duplicates is a list"),
        ({"duplicates": "2"}, "duplicates is a list"),
        ({"duplicates": None}, "duplicates is a list"),
        ({"duplicates": ["2"]}, "are Customer objects"),
        ({"master": "1"}, "are Customer objects"),
        ({"policy": "fill"}, "policy must be a MergePolicy"),
        ({"dispositions": {"2": "burn"}}, "dispositions of '2' must be one of"),
        ({"dispositions": {"2": ["keep"]}}, "dispositions of '2' must be one of"),
        ({"dispositions": ["2"]}, "dispositions is a mapping"),
        ({"corrections": ["email"]}, "corrections is a mapping"),
        ({"corrections": {5: "x"}}, "5 cannot be corrected"),
        ({"relations": [None]}, "relations must be Relation objects"),
        ({"judgements": ["same"]}, "judgements must be Judgement objects"),
        ({"blockers": ["x"]}, "blockers is a list of Blocker objects"),
        ({"blockers": None}, "blockers is a list of Blocker objects"),
    ],
)
def test_arguments_of_the_wrong_shape_are_told(wrong: dict[str, Any], problem: str) -> None:
    """In words that say what to give instead."""
    given = {"master": ANNA, "duplicates": [ANN], **wrong}
    with pytest.raises(ConfigurationError, match=problem):
        plan_merge(given.pop("master"), given.pop("duplicates"), **given)


@pytest.mark.parametrize("part", ["default", "groups"])
def test_a_resolver_that_answers_nothing_is_named(part: str) -> None:
    """Beside the field that it was asked about."""

    def forget(*_: object) -> None:
        """Return nothing."""

    policy = MergePolicy(**{part: forget})  # type: ignore[arg-type]  # what is told
    with pytest.raises(PlanningError, match=r"resolver 'forget' of '.*' must return a Resolution"):
        plan_merge(ANNA, [ANN], policy=policy)
