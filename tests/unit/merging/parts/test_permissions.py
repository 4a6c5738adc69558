"""Consents: the union of what all cards say, with one entry per key."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from dedupkit.customers import Consent, ConsentState, Customer
from dedupkit.errors import PlanningError
from dedupkit.merging import MergePolicy, latest_explicit, plan_merge
from dedupkit.plans import Disposition, MergePlan, SetConsent, replay

OBJECTED, WITHDRAWN, GRANTED, PENDING, NEVER = ConsentState
EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)

A, B = "a@shop.example", "b@shop.example"
STRICT = MergePolicy(consents_follow_person=False)


def newsletter(
    state: ConsentState, at: datetime | None = None, endpoint: str | None = None
) -> Consent:
    """Say something about the newsletter."""
    return Consent("newsletter", "email", state, at=at, endpoint=endpoint)


def card(customer_id: str, *consents: Consent, email: str | None = A) -> Customer:
    """Make a card that says something."""
    return Customer(id=customer_id, email=email, consents=consents)


def codes(plan: MergePlan) -> list[str]:
    """Name the notices of a plan."""
    return [notice.code for notice in plan.notices]


def after(plan: MergePlan, *cards: Customer) -> Customer:
    """Return the master after a plan."""
    return replay(plan.steps, cards)[plan.master_id]


def test_entries_of_all_cards_are_carried_over() -> None:
    """Each purpose and channel, with source and moment."""
    sms = Consent("offers", "sms", GRANTED, at=EARLY, source="desk")
    master, other = card("1", newsletter(GRANTED)), card("2", sms)
    plan = plan_merge(master, [other])
    assert after(plan, master, other).consents == (newsletter(GRANTED), sms)
    assert SetConsent("1", None, sms, origin=("2",)) in plan.steps


def test_disagreement_is_settled_and_told() -> None:
    """A refusal on any card stands."""
    master, other = card("1", newsletter(GRANTED, LATE)), card("2", newsletter(WITHDRAWN, EARLY))
    plan = plan_merge(master, [other])
    assert not after(plan, master, other).wants_newsletter
    [notice] = plan.notices
    assert notice.describe() == (
        "1 and 2 disagree on newsletter by email (withdrawn, granted); refusal_wins makes it "
        "withdrawn"
    )


def test_the_last_word_may_lift_a_refusal_under_a_policy_of_that_name() -> None:
    """Loosening needs a later dated grant, and is told."""
    master, other = card("1", newsletter(WITHDRAWN, EARLY)), card("2", newsletter(GRANTED, LATE))
    plan = plan_merge(master, [other], policy=MergePolicy(consents=latest_explicit))
    assert after(plan, master, other).wants_newsletter
    assert codes(plan) == ["consents_disagree"]


class TestFollowingThePerson:
    def test_grant_for_another_contact_follows_with_a_notice(self) -> None:
        """The master's own address may now be written to."""
        master, other = card("1"), card("2", newsletter(GRANTED), email=B)
        plan = plan_merge(master, [other])
        assert after(plan, master, other).permits("newsletter", "email")
        assert codes(plan) == ["consent_follows"]

    def test_no_notice_where_the_resulting_contact_was_granted_anyway(self) -> None:
        """Nothing is widened."""
        master, other = card("1", newsletter(GRANTED)), card("2", newsletter(GRANTED), email=B)
        assert codes(plan_merge(master, [other])) == []

    def test_no_notice_where_it_is_refused_anyway(self) -> None:
        """A grant that does not hold widens nothing."""
        master = card("1", newsletter(OBJECTED))
        other = card("2", newsletter(GRANTED), email=B)
        assert codes(plan_merge(master, [other])) == ["consents_disagree"]

    def test_correction_of_the_master_s_contact_counts(self) -> None:
        """The master's own grant was given for the old address."""
        master, other = card("1", newsletter(GRANTED)), card("2", email=None)
        assert codes(plan_merge(master, [other], corrections={"email": B})) == ["consent_follows"]


class TestBoundToTheContact:
    def test_grant_stays_bound_to_the_contact_it_was_given_for(self) -> None:
        """The resulting address is not permitted by it."""
        master, other = card("1"), card("2", newsletter(GRANTED), email=B)
        plan = plan_merge(master, [other], policy=STRICT)
        merged = after(plan, master, other)
        assert merged.permits("newsletter", "email", B)
        assert not merged.permits("newsletter", "email")
        assert codes(plan) == ["consent_bound"]

    def test_grant_without_any_contact_is_dropped(self) -> None:
        """Nobody knows what it was given for."""
        master, other = card("1"), card("2", newsletter(GRANTED), email=None)
        plan = plan_merge(master, [other], policy=STRICT)
        assert (after(plan, master, other).consents, codes(plan)) == ((), ["consent_dropped"])

    def test_same_contact_in_another_spelling_is_the_same(self) -> None:
        """Case of an address and the prefix of a phone make no other contact."""
        sms = Consent("offers", "sms", GRANTED)
        master = Customer(id="1", email=A, mobile="+47 912 34 567", country="NO")
        other = Customer(
            id="2",
            email=A.upper(),
            mobile="91234567",
            country="NO",
            consents=[newsletter(GRANTED), sms],
        )
        assert codes(plan_merge(master, [other], policy=STRICT)) == []

    def test_other_phones_and_missing_phones_are_other_contacts(self) -> None:
        """Two numbers, and a number that is not there."""
        sms = Consent("offers", "sms", GRANTED)
        other = Customer(id="2", mobile="+47 912 34 567", consents=[sms])
        for mobile in ("+47 912 34 568", None):
            plan = plan_merge(Customer(id="1", mobile=mobile), [other], policy=STRICT)
            assert codes(plan) == ["consent_bound"]

    def test_channels_without_a_contact_field_are_not_bound(self) -> None:
        """A grant for post stays as it is."""
        post = Consent("offers", "post", GRANTED)
        master, other = card("1"), Customer(id="2", consents=[post])
        assert after(plan_merge(master, [other], policy=STRICT), master, other).consents == (post,)

    def test_correction_binds_the_master_s_own_grant(self) -> None:
        """The entry without an endpoint gives way to the bound one."""
        master, other = card("1", newsletter(GRANTED)), card("2")
        plan = plan_merge(master, [other], policy=STRICT, corrections={"email": B})
        [dropped, bound] = [step for step in plan.steps if isinstance(step, SetConsent)]
        assert (dropped.before, dropped.after) == (newsletter(GRANTED), None)
        assert (bound.after, bound.origin) == (newsletter(GRANTED, endpoint=A), ("1",))

    def test_refusal_of_that_contact_outlasts_a_grant_that_is_bound_to_it(self) -> None:
        """Binding never loosens what was refused for the contact itself."""
        master = card("1", newsletter(WITHDRAWN, EARLY, endpoint=B))
        other = card("2", newsletter(GRANTED, LATE), email=B)
        policy = MergePolicy(consents=latest_explicit, consents_follow_person=False)
        merged = after(plan_merge(master, [other], policy=policy), master, other)
        assert merged.consents == (newsletter(WITHDRAWN, EARLY, endpoint=B),)

    def test_two_grants_for_one_contact_become_one(self) -> None:
        """The entry that the rule prefers stays."""
        master = card("1", newsletter(GRANTED, EARLY, endpoint=B))
        other = card("2", newsletter(GRANTED, LATE), email=B)
        merged = after(plan_merge(master, [other], policy=STRICT), master, other)
        assert merged.consents == (newsletter(GRANTED, LATE, endpoint=B),)

    def test_what_is_bound_stands_beside_what_is_not(self) -> None:
        """A refusal of one address, and a grant for another that is bound to it."""
        master = card("1", newsletter(GRANTED, EARLY))
        other = card("2", newsletter(GRANTED, LATE), email=B)
        plan = plan_merge(master, [other], policy=STRICT)
        (decision,) = (one for one in plan.decisions if one.field == "consents")
        assert decision.value == (
            newsletter(GRANTED, EARLY),
            newsletter(GRANTED, LATE, endpoint=B),
        )


class TestKeptCards:
    def kept(self, master: Customer, other: Customer, policy: MergePolicy) -> Customer:
        """Merge and keep."""
        plan = plan_merge(master, [other], policy=policy, dispositions={"2": Disposition.KEEP})
        return replay(plan.steps, [master, other])["2"]

    def test_refusals_are_copied_both_ways(self) -> None:
        """Whoever refused on one card is not written to by way of the other."""
        master, other = card("1", newsletter(OBJECTED)), card("2", newsletter(GRANTED))
        assert not self.kept(master, other, MergePolicy()).wants_newsletter
        assert not after(
            plan_merge(other, [master], dispositions={"1": Disposition.KEEP}), master, other
        ).wants_newsletter

    def test_grants_are_copied_to_the_master_only(self) -> None:
        """The kept card says what it said."""
        master, other = card("1", newsletter(GRANTED)), card("2")
        assert self.kept(master, other, MergePolicy()).consents == ()

    def test_the_last_word_on_a_kept_card_stays(self) -> None:
        """A refusal that a later grant has lifted is not copied back."""
        master, other = (
            card("1", newsletter(WITHDRAWN, EARLY)),
            card("2", newsletter(GRANTED, LATE)),
        )
        kept = self.kept(master, other, MergePolicy(consents=latest_explicit))
        assert kept.wants_newsletter


def test_a_refusal_beside_a_grant_that_stays_is_heard() -> None:
    """Whichever card is looked at first."""
    grant = Consent("newsletter", "email", ConsentState.GRANTED)
    refusal = Consent("newsletter", "email", ConsentState.WITHDRAWN)
    master = Customer(id="1", email="a@shop.example", consents=[grant])
    others = [Customer(id="2", email="a@shop.example", consents=[refusal]), Customer(id="3")]
    policy = MergePolicy(consents_follow_person=False)
    plan = plan_merge(master, others, policy=policy)
    assert replay(plan.steps, [master, *others])["1"].consents == (refusal,)


def test_a_phone_is_the_same_contact_in_every_spelling() -> None:
    """Each is read with the country of its own card."""
    grant = Consent("offers", "sms", ConsentState.GRANTED)
    master = Customer(id="1", mobile="912 34 567", country="NO")
    same = Customer(id="2", mobile="+47 91234567", consents=[grant])
    assert plan_merge(master, [same]).notices == ()


class TestSteps:
    """Whose word each step carries, and to whom."""

    def test_the_card_that_said_otherwise_is_not_where_it_comes_from(self) -> None:
        """Only those are that say just this."""
        master, other = card("1", newsletter(GRANTED)), card("2", newsletter(WITHDRAWN))
        plan = plan_merge(master, [other, card("3", newsletter(WITHDRAWN))])
        step = SetConsent("1", newsletter(GRANTED), newsletter(WITHDRAWN), origin=("2", "3"))
        assert step in plan.steps

    def test_the_decision_names_every_entry(self) -> None:
        """Key by key, those of the master first."""
        said = (newsletter(GRANTED), newsletter(WITHDRAWN), Consent("offers", "sms", GRANTED))
        plan = plan_merge(card("1", said[0], said[2]), [card("2", said[1])])
        (decision,) = (one for one in plan.decisions if one.field == "consents")
        assert [(one.value, one.customers, one.is_chosen) for one in decision.candidates] == [
            (said[0], ("1",), False),
            (said[1], ("2",), True),
            (said[2], ("1",), True),
        ]

    GRANT = Consent("newsletter", "email", GRANTED)
    REFUSAL = Consent("offers", "email", WITHDRAWN)

    def test_a_grant_of_the_master_that_lost_its_contact_is_taken_off(self) -> None:
        """And bound to the contact that it was given for."""
        master = Customer(id="1", email=A, consents=[self.GRANT])
        plan = plan_merge(master, [Customer(id="2")], policy=STRICT, corrections={"email": B})
        bound = Consent("newsletter", "email", GRANTED, endpoint=A)
        assert [step for step in plan.steps if isinstance(step, SetConsent)] == [
            SetConsent("1", self.GRANT, None, origin=("1",)),
            SetConsent("1", None, bound, origin=("1",)),
        ]

    def test_a_consent_for_an_endpoint_comes_from_the_card_that_gave_it(self) -> None:
        """It is bound already."""
        bound = Consent("newsletter", "email", GRANTED, endpoint=B)
        plan = plan_merge(Customer(id="1"), [Customer(id="2", consents=[bound])])
        assert SetConsent("1", None, bound, origin=("2",)) in plan.steps

    def test_a_refusal_goes_to_the_kept_cards_that_lack_it(self) -> None:
        """With the cards that refused."""
        master = Customer(id="1", consents=[self.REFUSAL])
        others = [Customer(id="2", consents=[self.REFUSAL]), Customer(id="3")]
        fates = {"2": Disposition.KEEP, "3": Disposition.KEEP}
        plan = plan_merge(master, others, dispositions=fates)
        assert [step for step in plan.steps if isinstance(step, SetConsent)] == [
            SetConsent("3", None, self.REFUSAL, origin=("1", "2"))
        ]

    def test_every_grant_that_follows_is_told(self) -> None:
        """Also behind a refusal of another purpose."""
        later = Consent("surveys", "email", GRANTED)
        other = Customer(id="2", email=B, consents=[self.REFUSAL, later])
        notices = plan_merge(Customer(id="1", email=A), [other]).notices
        assert [(n.code, n.data["purpose"]) for n in notices] == [("consent_follows", "surveys")]

    def test_what_covers_every_endpoint_comes_first(self) -> None:
        """Then each endpoint."""
        phone = Consent("offers", "sms", GRANTED, endpoint="+4740000001")
        other = Customer(id="2", consents=[phone, evolve(phone, endpoint=None)])
        [consents] = plan_merge(Customer(id="1"), [other]).decisions
        assert [consent.endpoint for consent in consents.value] == [None, "+4740000001"]


@pytest.mark.parametrize("chosen", [None, newsletter(PENDING)], ids=["nothing", "another"])
def test_a_rule_chooses_one_of_the_entries(chosen: Consent | None) -> None:
    """One that makes up what nobody said is refused, with its name."""

    def inventive(_: object) -> Consent | None:
        return chosen

    cards = card("1", newsletter(GRANTED)), card("2", newsletter(WITHDRAWN))
    policy = MergePolicy(consents=inventive)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(PlanningError, match="'inventive' must return one of the entries"):
        plan_merge(cards[0], cards[1:], policy=policy)
