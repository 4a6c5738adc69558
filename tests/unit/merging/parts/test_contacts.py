"""Contact fields: resolvers, corrections, protection, and the steps that follow."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import pytest
from attrs import evolve

from dedupkit.customers import Address, Customer, read_path
from dedupkit.errors import PlanningError
from dedupkit.merging import (
    FlagRules,
    MergePolicy,
    Resolution,
    ask_person,
    concatenate,
    fill_blank,
    longest,
    most_recent,
    plan_merge,
    union,
)
from dedupkit.plans import AddValue, Choice, Decision, MergePlan, SetField, replay

MASTER = Customer(id="1", email="a@shop.example", city="Oslo", other_emails=["x@shop.example"])
OTHER = Customer(
    id="2",
    email="b@shop.example",
    mobile="+47 912 34 567",
    street="Storgata 1",
    city="Bergen",
    other_emails=["y@shop.example"],
    notes="regular",
    extra={"vat_no": "NO1"},
)


def decided(plan: MergePlan, field: str) -> Decision:
    """Look up the decision of a field."""
    return next(decision for decision in plan.decisions if decision.field == field)


def result(plan: MergePlan, *cards: Customer) -> Customer:
    """Return the master after a plan."""
    return replay(plan.steps, cards)[plan.master_id]


def test_address_is_decided_as_one() -> None:
    """The master has a city, so the other card's street does not come in."""
    plan = plan_merge(MASTER, [OTHER], policy=MergePolicy.fill_blanks())
    assert result(plan, MASTER, OTHER).address == Address(city="Oslo")
    [lost] = decided(plan, "address").not_chosen
    assert (lost.value, lost.customers) == (Address(street="Storgata 1", city="Bergen"), ("2",))


def test_blank_address_is_filled_as_one() -> None:
    """A master without any address takes the whole one, in a single step."""
    bare = Customer(id="1")
    plan = plan_merge(bare, [OTHER], policy=MergePolicy(fields={"address": fill_blank}))
    [step] = [step for step in plan.steps if isinstance(step, SetField)]
    assert (step.before, step.after) == (Address(), OTHER.address)


def test_correction_of_one_part_of_the_address() -> None:
    """The typed city joins what the resolver chose for the rest."""
    bare = Customer(id="1")
    policy = MergePolicy(default=fill_blank)
    plan = plan_merge(bare, [OTHER], policy=policy, corrections={"city": "Moss"})
    assert result(plan, bare, OTHER).address == Address(street="Storgata 1", city="Moss")
    assert decided(plan, "address").rule == "correction"


def test_correction_of_the_whole_address_and_a_part() -> None:
    """The part wins, here as in the form."""
    typed = {"address": Address(street="Ny gate 1", city="Moss"), "city": "Ski"}
    plan = plan_merge(MASTER, [OTHER], corrections=typed)
    assert result(plan, MASTER, OTHER).address == Address(street="Ny gate 1", city="Ski")


class TestPartOfAnAddressThatIsAskedAbout:
    """Who types a postal code has not said which street is right."""

    POLICY = MergePolicy(fields={"address": ask_person})
    TYPED = MappingProxyType({"postal_code": "0155"})

    def test_the_question_stays(self) -> None:
        """Each choice bears the typed part."""
        plan = plan_merge(MASTER, [OTHER], policy=self.POLICY, corrections=self.TYPED)
        (conflict,) = plan.conflicts
        assert {choice.key: choice.value for choice in conflict.choices} == {
            "1": Address(city="Oslo", postal_code="0155"),
            "2": Address(street="Storgata 1", city="Bergen", postal_code="0155"),
        }
        assert result(plan, MASTER, OTHER).address == Address(city="Oslo", postal_code="0155")
        assert decided(plan, "address").rule == "correction"  # P4: it is no card's

    def test_its_answer_is_taken(self) -> None:
        """With the typed part."""
        plan = plan_merge(
            MASTER,
            [OTHER],
            policy=self.POLICY,
            corrections=self.TYPED,
            resolutions={"address": "2"},
        )
        expected = Address(street="Storgata 1", city="Bergen", postal_code="0155")
        assert result(plan, MASTER, OTHER).address == expected
        decision = decided(plan, "address")
        assert (decision.rule, decision.source) == ("correction", "2")
        assert decision.reason == "chosen by a person"
        (step,) = (s for s in plan.steps if isinstance(s, SetField))
        assert step.origin == ("2",)

    def test_nobody_is_asked_where_all_answers_are_one(self) -> None:
        """The parts that differed were typed."""
        typed = {"street": "Ny gate 1", "city": "Moss", "postal_code": "1530"}
        plan = plan_merge(MASTER, [OTHER], policy=self.POLICY, corrections=typed)
        assert plan.conflicts == ()
        assert result(plan, MASTER, OTHER).address == Address(**typed)

    def test_answers_that_come_to_one_are_one(self) -> None:
        """Named by the first card, and given by both."""
        others = [
            OTHER,
            evolve(OTHER, id="3", street="Storgt 1"),
            evolve(OTHER, id="4", city="Ski"),
        ]
        typed = {"street": "Storgata 2"}
        plan = plan_merge(MASTER, others, policy=self.POLICY, corrections=typed)
        (conflict,) = plan.conflicts
        assert [(choice.key, choice.customers) for choice in conflict.choices] == [
            ("1", ("1",)),
            ("2", ("2", "3")),
            ("4", ("4",)),
        ]

    def test_what_all_answers_share_is_taken(self) -> None:
        """Though the master has none of it."""

        def ask_of_the_others(field: str, _: Customer, cards: Sequence[Customer], /) -> Resolution:
            choices = [
                Choice(key=card.id, value=read_path(card, field), customers=[card.id])
                for card in cards
            ]
            return Resolution(None, choices=choices)

        other = evolve(OTHER, id="3", street="Storgt 1")
        plan = plan_merge(
            Customer(id="1"),
            [OTHER, other],
            policy=MergePolicy(fields={"address": ask_of_the_others}),
            corrections={"street": "Storgata 2"},
        )
        assert plan.conflicts == ()
        after = result(plan, Customer(id="1"), OTHER, other)
        assert after.address == Address(street="Storgata 2", city="Bergen")

    def test_a_text_is_no_address_of_which_parts_are_typed(self) -> None:
        """The resolver is named, as everywhere."""

        def careless(*_: object) -> Resolution:
            return Resolution("Storgata 1, Oslo")

        policy = MergePolicy(fields={"address": careless})
        with pytest.raises(PlanningError, match="correction for address"):
            plan_merge(MASTER, [OTHER], policy=policy, corrections=self.TYPED)


def test_correction_of_a_part_of_a_protected_address() -> None:
    """The typed part joins the master's own address; nothing else comes in."""
    bare, secret = Customer(id="1"), evolve(OTHER, flags=["secret"])
    policy = MergePolicy(default=fill_blank, flags=FlagRules(protected=["secret"]))
    plan = plan_merge(bare, [secret], policy=policy, corrections={"city": "Moss"})
    assert result(plan, bare, secret).address == Address(city="Moss")


def test_a_correction_comes_from_no_card() -> None:
    """Though one may hold the same value."""
    plan = plan_merge(MASTER, [OTHER], corrections={"email": OTHER.email})
    assert SetField("1", "email", MASTER.email, OTHER.email) in plan.steps


def test_correction_clears_a_field() -> None:
    """None leaves a blank, whatever the resolver would fill in."""
    policy = MergePolicy.fill_blanks()
    plan = plan_merge(MASTER, [OTHER], policy=policy, corrections={"email": None})
    assert result(plan, MASTER, OTHER).email is None
    assert [c.value for c in decided(plan, "email").not_chosen] == [MASTER.email, OTHER.email]


def test_correction_to_what_stands_there_needs_no_step() -> None:
    """A form sends every field; only what differs is written."""
    plan = plan_merge(MASTER, [OTHER], corrections={"email": MASTER.email})
    assert not any(isinstance(step, SetField) for step in plan.steps)


def test_own_fields_of_the_host() -> None:
    """They stay the master's, unless named, filled or typed."""
    policy = MergePolicy(fields={"extra.vat_no": fill_blank})
    assert result(plan_merge(MASTER, [OTHER]), MASTER, OTHER).extra == {}
    filled = plan_merge(MASTER, [OTHER], policy=policy)
    assert result(filled, MASTER, OTHER).extra == {"vat_no": "NO1"}
    typed = plan_merge(MASTER, [OTHER], corrections={"extra.tier": 2})
    assert result(typed, MASTER, OTHER).extra == {"tier": 2}


def test_collections_grow_by_single_values() -> None:
    """What a union adds is added one by one, so that undo can take exactly that out."""
    policy = MergePolicy(fields={"other_emails": union})
    [step] = [
        s for s in plan_merge(MASTER, [OTHER], policy=policy).steps if isinstance(s, AddValue)
    ]
    assert step == AddValue("1", "other_emails", "y@shop.example", origin=("2",))


def test_a_replaced_collection_is_set_as_a_whole() -> None:
    """A choice that is no extension of the master's is one step."""
    rich = Customer(id="2", other_emails=["y@shop.example", "z@shop.example"])
    policy = MergePolicy(fields={"other_emails": longest})
    [step] = [s for s in plan_merge(MASTER, [rich], policy=policy).steps if isinstance(s, SetField)]
    assert (step.after, step.origin) == (rich.other_emails, ("2",))


def test_joined_text_names_all_cards() -> None:
    """A concatenation comes from every card that gave to it, and chooses all of them."""
    master = Customer(id="1", notes="vegetarian")
    plan = plan_merge(master, [OTHER], policy=MergePolicy(fields={"notes": concatenate}))
    [step] = [step for step in plan.steps if isinstance(step, SetField)]
    assert (step.after, step.origin) == ("vegetarian\nregular", ("1", "2"))
    assert decided(plan, "notes").not_chosen == ()


def test_unique_values_are_let_go_of_first() -> None:
    """The retired card releases the e-mail before the master claims it."""
    bare = Customer(id="1")
    policy = MergePolicy(default=fill_blank, unique=["email"])
    plan = plan_merge(bare, [OTHER, Customer(id="3", email="c@shop.example")], policy=policy)
    assert plan.steps[0] == SetField("2", "email", "b@shop.example", None, origin=("2",))
    assert plan.steps[1] == SetField("1", "email", None, "b@shop.example", origin=("2",))


class TestProtection:
    POLICY = MergePolicy(default=fill_blank, flags=FlagRules(protected=["secret", "hidden"]))
    SECRET = Customer(id="2", flags=["secret"], email="s@shop.example", street="Hidden 1")

    def test_nothing_is_filled(self) -> None:
        """Where any card is protected, every field behaves as under `keep_master`."""
        bare = Customer(id="1")
        plan = plan_merge(bare, [self.SECRET], policy=self.POLICY)
        after = result(plan, bare, self.SECRET)
        assert (after.email, after.street) == (None, None)
        [notice] = plan.notices
        assert notice.describe() == (
            "the flag secret protects the contact details: email, address of the master stay as "
            "they are"
        )

    def test_the_decision_says_why(self) -> None:
        """The rule that counts, and the flag that it follows from."""
        plan = plan_merge(Customer(id="1"), [self.SECRET], policy=self.POLICY)
        email = decided(plan, "email")
        assert (email.rule, email.value) == ("keep_master", None)
        assert email.reason == "protected by the flag secret"

    def test_nothing_to_tell_where_nothing_would_have_been_taken(self) -> None:
        """A protected card without anything new is no notice."""
        plan = plan_merge(self.SECRET, [Customer(id="3")], policy=self.POLICY)
        assert plan.notices == ()

    def test_a_person_may_still_choose(self) -> None:
        """A question is no silent filling."""
        policy = MergePolicy(fields={"email": ask_person}, flags=FlagRules(protected=["secret"]))
        plan = plan_merge(
            Customer(id="1"), [self.SECRET], policy=policy, resolutions={"email": "2"}
        )
        assert decided(plan, "email").value == "s@shop.example"

    def test_contacts_are_not_kept_either(self) -> None:
        """Under the policy that keeps all contacts, a protected address goes nowhere."""
        policy = MergePolicy(default=most_recent, flags=self.POLICY.flags, keep_not_chosen=True)
        plan = plan_merge(MASTER, [self.SECRET], policy=policy)
        assert result(plan, MASTER, self.SECRET).other_emails == MASTER.other_emails


@pytest.mark.parametrize(("field", "value"), [("email", 7), ("address", "Oslo")])
def test_wrong_answers_of_resolvers_are_named(field: str, value: Any) -> None:  # noqa: ANN401  # a wrong one
    """A resolver that returns what its field cannot hold is named with the field."""

    def broken(_path: str, _master: Customer, _duplicates: object, /) -> Resolution:
        """Answer something else."""
        return Resolution(value)

    with pytest.raises(PlanningError, match=f"broken for {field}"):
        plan_merge(MASTER, [OTHER], policy=MergePolicy(fields={field: broken}))


class TestQuestions:
    POLICY = MergePolicy(fields={"notes": ask_person})
    CARDS = (Customer(id="1", notes="a\nb"), Customer(id="2", notes="b"), Customer(id="3"))

    def planned(self, **resolutions: str) -> Decision:
        """The decision on the notes."""
        plan = plan_merge(
            self.CARDS[0], self.CARDS[1:], policy=self.POLICY, resolutions=resolutions
        )
        return decided(plan, "notes")

    def test_until_somebody_answers_the_master_keeps_its_value(self) -> None:
        """Every other one is not chosen, also one that is a line of it."""
        open_still = self.planned()
        assert (open_still.rule, open_still.value, open_still.source) == ("ask_person", "a\nb", "1")
        assert [candidate.value for candidate in open_still.not_chosen] == ["b"]

    def test_an_answer_names_the_card_and_who_chose(self) -> None:
        """The rule that asked, the card that was chosen, and that a person did."""
        answered = self.planned(notes="2")
        assert (answered.rule, answered.value, answered.source) == ("ask_person", "b", "2")
        assert answered.reason == "chosen by a person"
        assert [candidate.value for candidate in answered.not_chosen] == ["a\nb"]


def test_members_of_a_collection_that_are_part_of_it_are_chosen() -> None:
    """Those that are left out are shown."""
    joined = plan_merge(MASTER, [OTHER], policy=MergePolicy(fields={"other_emails": union}))
    assert decided(joined, "other_emails").not_chosen == ()
    kept = plan_merge(MASTER, [OTHER])
    assert [c.value for c in decided(kept, "other_emails").not_chosen] == ["y@shop.example"]
    cleared = plan_merge(MASTER, [OTHER], corrections={"other_emails": None})
    assert decided(cleared, "other_emails").value is None


def test_only_resolvers_that_went_wrong_are_named() -> None:
    """What others returned is fine."""

    def broken(_path: str, _master: Customer, _duplicates: object, /) -> Resolution:
        """Answer something else."""
        return Resolution(7)

    policy = MergePolicy(default=fill_blank, fields={"email": broken})
    with pytest.raises(PlanningError, match=r": broken for email$"):
        plan_merge(MASTER, [OTHER], policy=policy)
