"""Undo after life went on, kind of step by kind of step."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from dedupkit.customers import Address, Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.errors import ConfigurationError
from dedupkit.plans import (
    AddValue,
    Blocker,
    Create,
    CreateGroup,
    CustomerChange,
    Delete,
    DeleteGroup,
    MovedRows,
    MoveWebProfile,
    Notice,
    PlanKind,
    Receipt,
    Relation,
    RemovedRow,
    RemoveValue,
    Repoint,
    Restore,
    Retire,
    RowBalance,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    TransferBalance,
    UndoPlan,
    plan_undo,
    replay,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
MASTER = Customer(id="1", first_name="Anna", email="anna@shop.example")
CARD = Customer(id="2", first_name="Anne")
PROFILE = WebProfile(id="w2", username="anne", has_password=True)
GRANTED, WITHDRAWN, OBJECTED = (
    Consent("newsletter", "email", state, at=AT)
    for state in (ConsentState.GRANTED, ConsentState.WITHDRAWN, ConsentState.OBJECTED)
)


def receipt_of(
    *steps: Step, cards: Iterable[Customer] = (MASTER, CARD), kind: PlanKind = PlanKind.MERGE
) -> Receipt:
    """The receipt of executing steps on cards."""
    before = {card.id: card for card in cards}
    after = replay(steps, before)
    ids = dict.fromkeys((*before, *after))
    changes = [CustomerChange(before.get(i), after.get(i)) for i in ids]
    return Receipt(plan_id="p", kind=kind, by="anna", at=AT, steps=steps, changes=changes)


def now_of(receipt: Receipt, **changed: Customer | None) -> dict[str, Customer]:
    """The customers that the receipt left behind, some changed since, None where gone."""
    now = {change.id: change.after for change in receipt.changes}
    now.update({name.removeprefix("c"): card for name, card in changed.items()})
    return {i: card for i, card in now.items() if card is not None}


def codes(plan: UndoPlan) -> list[str]:
    """The codes of the notices."""
    return [notice.code for notice in plan.notices]


class TestPlan:
    def test_an_untouched_merge_is_undone_step_by_step_last_first(self) -> None:
        """The card comes back before anything else, the rest in reverse."""
        steps = (
            SetField("1", "city", None, "Oslo"),
            AddValue("1", "flags", "vip"),
            Retire("2", "1"),
        )
        receipt = receipt_of(*steps)
        plan = plan_undo(receipt, now_of(receipt))
        back = (Restore("2", "1"), RemoveValue("1", "flags", "vip"), steps[0].inverse())
        assert back == plan.steps
        assert "Brings back customer 2 and" in plan.warning
        assert tuple(replay(plan.steps, now_of(receipt)).values()) == (MASTER, CARD)

    def test_plain_customers_are_taken_as_well_as_a_mapping(self) -> None:
        """An iterable will do."""
        receipt = receipt_of(Retire("2", "1"))
        assert plan_undo(receipt, now_of(receipt)) == plan_undo(receipt, now_of(receipt).values())

    def test_it_expects_the_customers_of_today(self) -> None:
        """Execution refuses it when they change again."""
        receipt = receipt_of(Retire("2", "1"))
        assert receipt.ids == plan_undo(receipt, now_of(receipt)).ids

    def test_nothing_left_to_undo_has_a_plan_without_steps(self) -> None:
        """What somebody has set back by hand needs no step and no notice."""
        receipt = receipt_of(SetField("1", "city", None, "Oslo"))
        plan = plan_undo(receipt, now_of(receipt, c1=MASTER))
        assert (plan.steps, plan.notices) == ((), ())

    def test_totals_tell_before_and_after(self) -> None:
        """Balances that go back are in the totals of all customers together."""
        card = evolve(CARD, balances=[Balance("loyalty", "points", 5)])
        transfer = TransferBalance(
            kind="loyalty", unit="points", amount=Decimal(5), source="2", target="1"
        )
        receipt = receipt_of(transfer, cards=(MASTER, card))
        (total,) = plan_undo(receipt, now_of(receipt)).totals
        assert (total.before, total.after) == (Decimal(5), Decimal(5))

    def test_totals_tell_what_comes_and_goes_with_a_customer(self) -> None:
        """Zero where there is none; those without a programme first."""
        held = [Balance("loyalty", "points", 5, programme="A"), Balance("loyalty", "points", 2)]
        card = evolve(CARD, balances=held)
        deleted = receipt_of(Delete(card), cards=(card,))
        back = plan_undo(deleted, {}).totals
        amounts = [(None, Decimal(0), Decimal(2)), ("A", Decimal(0), Decimal(5))]
        assert [(t.programme, t.before, t.after) for t in back] == amounts
        created = receipt_of(Create(card), cards=())
        gone = plan_undo(created, now_of(created)).totals
        assert [(t.programme, t.after, t.before) for t in gone] == amounts

    def test_the_warning_names_all_who_come_back(self) -> None:
        """Or says that nobody does."""
        receipt = receipt_of(
            Retire("2", "1"), Retire("3", "1"), cards=(MASTER, CARD, Customer(id="3"))
        )
        warning = "Brings back customers 3, 2 and sets back what still shows the merge."
        assert plan_undo(receipt, now_of(receipt)).warning == warning
        edit = receipt_of(SetField("1", "city", None, "Oslo"))
        assert plan_undo(edit, now_of(edit)).warning.startswith("Sets back what still shows what")


class TestBlockers:
    def test_a_later_merge_that_stands_is_named(self) -> None:
        """One that shares a customer and is not undone."""
        receipt = receipt_of(Retire("2", "1"))
        later = evolve(receipt, plan_id="later")
        others = [
            evolve(later, undone_by="x"),
            evolve(later, kind=PlanKind.EDIT),
            evolve(later, changes=[CustomerChange(None, Customer(id="9"))]),
        ]
        plan = plan_undo(receipt, now_of(receipt), later=[*others, later])
        (blocker,) = plan.blockers
        assert (blocker.code, blocker.data["plan_id"]) == ("later_merge", "later")
        assert plan.steps == ()

    def test_a_card_merged_since_is_seen_without_receipts(self) -> None:
        """A host without a journal still learns into which card."""
        receipt = receipt_of(Retire("2", "1"))
        now = now_of(receipt, c1=evolve(MASTER, merged_into="9"))
        (blocker,) = plan_undo(receipt, now).blockers
        assert (blocker.code, blocker.data["master"]) == ("merged_since", "9")

    @pytest.mark.parametrize(
        ("kind", "undone_by", "code"),
        [(PlanKind.MERGE, "u", "already_undone"), (PlanKind.UNDO, None, "undo_of_undo")],
    )
    def test_an_undo_is_undone_by_nobody(
        self, kind: PlanKind, undone_by: str | None, code: str
    ) -> None:
        """Neither twice nor back."""
        receipt = evolve(receipt_of(Retire("2", "1")), kind=kind, undone_by=undone_by)
        (blocker,) = plan_undo(receipt, now_of(receipt)).blockers
        assert code == blocker.code


class TestFields:
    def test_a_field_changed_since_stays(self) -> None:
        """The newer value is nobody's to overwrite."""
        receipt = receipt_of(SetField("1", "city", None, "Oslo"))
        plan = plan_undo(receipt, now_of(receipt, c1=evolve(MASTER, city="Bergen")))
        assert (codes(plan), plan.steps) == (["field_changed_since"], ())

    def test_the_address_goes_back_as_one(self) -> None:
        """An edited town keeps the whole address."""
        step = SetField("1", "address", Address(), Address(street="Storgata 1", city="Oslo"))
        receipt = receipt_of(step)
        assert (step.inverse(),) == plan_undo(receipt, now_of(receipt)).steps
        moved = evolve(MASTER, street="Storgata 1", city="Bergen")
        assert codes(plan_undo(receipt, now_of(receipt, c1=moved))) == ["field_changed_since"]

    def test_numbers_go_back_on_both_sides(self) -> None:
        """A number that moved from one card to the other."""
        cards = (evolve(MASTER, number="10"), evolve(CARD, number="20"))
        steps = (SetField("2", "number", "20", None), SetField("1", "number", "10", "20"))
        flag = AddValue("1", "flags", "vip")
        receipt = receipt_of(*steps, flag, cards=cards)
        plan = plan_undo(receipt, now_of(receipt))
        assert (flag.inverse(), steps[1].inverse(), steps[0].inverse()) == plan.steps

    def test_numbers_go_back_on_neither_side_where_one_has_changed(self) -> None:
        """The card does not get the number back while the master's is a new one."""
        cards = (evolve(MASTER, number="10"), evolve(CARD, number="20"))
        steps = (SetField("2", "number", "20", None), SetField("1", "number", "10", "20"))
        receipt = receipt_of(*steps, cards=cards)
        now = now_of(receipt, c1=evolve(MASTER, number="30"))
        plan = plan_undo(receipt, now)
        assert (codes(plan), plan.steps) == (["field_changed_since"] * 2, ())

    def test_a_number_taken_meanwhile_stays_away(self) -> None:
        """A third customer has it now."""
        step = SetField("1", "number", "10", None)
        receipt = receipt_of(step, cards=(evolve(MASTER, number="10"),))
        taken = plan_undo(receipt, now_of(receipt), holders={("number", "10"): "9"})
        assert (codes(taken), taken.steps) == (["field_changed_since"], ())

    def test_numbers_go_back_beside_other_fields(self) -> None:
        """What else was written, or has changed since, is no matter to them."""
        number = SetField("1", "number", None, "7")
        receipt = receipt_of(SetField("1", "city", None, "Oslo"), number, Retire("2", "1"))
        now = now_of(receipt, c1=evolve(MASTER, city="Moss", number="7"))
        assert number.inverse() in plan_undo(receipt, now).steps

    def test_numbers_already_back_need_no_notice(self) -> None:
        """Set back by hand on both sides."""
        cards = (evolve(MASTER, number="10"),)
        receipt = receipt_of(SetField("1", "number", "10", "20"), cards=cards)
        plan = plan_undo(receipt, now_of(receipt, c1=cards[0]))
        assert (codes(plan), plan.steps) == ([], ())

    def test_a_customer_that_is_gone_is_told_once(self) -> None:
        """Deleted by somebody since."""
        steps = (SetField("1", "city", None, "Oslo"), AddValue("1", "flags", "vip"))
        receipt = receipt_of(*steps)
        plan = plan_undo(receipt, now_of(receipt, c1=None))
        assert codes(plan) == ["customer_gone"]


class TestSets:
    def test_a_value_removed_since_is_left_alone(self) -> None:
        """Nothing is left of what the merge added."""
        receipt = receipt_of(AddValue("1", "flags", "vip"))
        plan = plan_undo(receipt, now_of(receipt, c1=MASTER))
        assert (plan.steps, plan.notices) == ((), ())

    def test_values_added_since_stay(self) -> None:
        """Exactly what the merge added is taken out."""
        receipt = receipt_of(AddValue("1", "groups", "press"))
        now = now_of(receipt, c1=evolve(MASTER, groups=["press", "members"]))
        after = replay(plan_undo(receipt, now).steps, now)
        assert {"members"} == after["1"].groups

    @pytest.mark.parametrize("gone", ["a@x.example", "b@x.example", "c@x.example"])
    def test_a_value_removed_from_an_ordered_collection_finds_its_place(self, gone: str) -> None:
        """The order is as it was."""
        card = evolve(MASTER, other_emails=["a@x.example", "b@x.example", "c@x.example"])
        receipt = receipt_of(RemoveValue("1", "other_emails", gone), cards=(card,))
        now = now_of(receipt)
        assert card == replay(plan_undo(receipt, now).steps, now)["1"]

    def test_a_value_goes_back_beside_others(self) -> None:
        """A collection without an order has no places."""
        card = evolve(CARD, external_ids={"app": ["a1", "a2"]})
        step = RemoveValue("2", "external_ids.app", "a2", origin=("2",))
        receipt = receipt_of(step, cards=(card,))
        assert (step.inverse(),) == plan_undo(receipt, now_of(receipt)).steps

    def test_a_step_that_puts_a_value_in_its_place_comes_from_the_same_cards(self) -> None:
        """As the one that it sets back."""
        emails = ("a@x.example", "b@x.example")
        step = RemoveValue("1", "other_emails", emails[0], origin=("2",))
        receipt = receipt_of(step, cards=(evolve(MASTER, other_emails=emails),))
        back = SetField("1", "other_emails", emails[1:], emails, origin=("2",))
        assert (back,) == plan_undo(receipt, now_of(receipt)).steps

    def test_a_removed_value_that_is_back_needs_no_step(self) -> None:
        """Added by somebody since, or into an emptied collection."""
        card = evolve(MASTER, flags=["vip"])
        receipt = receipt_of(RemoveValue("1", "flags", "vip"), cards=(card,))
        assert plan_undo(receipt, now_of(receipt, c1=card)).steps == ()
        assert (AddValue("1", "flags", "vip"),) == plan_undo(receipt, now_of(receipt)).steps


class TestConsents:
    def test_a_consent_is_restored(self) -> None:
        """As it was before the merge."""
        card = evolve(MASTER, consents=[GRANTED])
        step = SetConsent("1", GRANTED, WITHDRAWN)
        receipt = receipt_of(step, cards=(card, CARD))
        assert (step.inverse(),) == plan_undo(receipt, now_of(receipt)).steps

    def test_a_refusal_given_since_outlasts_the_undo(self) -> None:
        """The consent before the merge was a grant; the refusal since stays."""
        receipt = receipt_of(SetConsent("1", None, GRANTED))
        now = now_of(receipt, c1=evolve(MASTER, consents=[OBJECTED]))
        assert plan_undo(receipt, now).steps == ()

    def test_the_stricter_refusal_stands(self) -> None:
        """An objection from before the merge is stricter than a withdrawal since."""
        card = evolve(MASTER, consents=[OBJECTED])
        receipt = receipt_of(SetConsent("1", OBJECTED, GRANTED), cards=(card,))
        now = now_of(receipt, c1=evolve(MASTER, consents=[WITHDRAWN]))
        assert (SetConsent("1", WITHDRAWN, OBJECTED),) == plan_undo(receipt, now).steps

    def test_a_restored_refusal_comes_from_the_same_cards(self) -> None:
        """As the consent that it sets back."""
        step = SetConsent("1", OBJECTED, GRANTED, origin=("2",))
        receipt = receipt_of(step, cards=(evolve(MASTER, consents=[OBJECTED]),))
        now = now_of(receipt, c1=evolve(MASTER, consents=[WITHDRAWN]))
        back = SetConsent("1", WITHDRAWN, OBJECTED, origin=("2",))
        assert (back,) == plan_undo(receipt, now).steps

    def test_a_grant_given_since_stays_with_a_notice(self) -> None:
        """It is the person's latest word."""
        newer = evolve(GRANTED, at=AT + timedelta(days=1))
        receipt = receipt_of(SetConsent("1", None, WITHDRAWN))
        plan = plan_undo(receipt, now_of(receipt, c1=evolve(MASTER, consents=[newer])))
        assert (codes(plan), plan.steps) == (["consent_changed_since"], ())

    def test_a_consent_set_back_by_hand_needs_nothing(self) -> None:
        """The card is as before the merge."""
        receipt = receipt_of(SetConsent("1", None, GRANTED))
        plan = plan_undo(receipt, now_of(receipt, c1=MASTER))
        assert (codes(plan), plan.steps) == ([], ())

    def test_a_refusal_given_since_holds_for_the_card_that_comes_back(self) -> None:
        """Nobody knows which of the two persons said it."""
        receipt = receipt_of(Retire("2", "1"), cards=(MASTER, evolve(CARD, consents=[GRANTED])))
        now = now_of(receipt, c1=evolve(MASTER, consents=[WITHDRAWN]))
        plan = plan_undo(receipt, now)
        after = replay(plan.steps, now)
        assert codes(plan) == ["refusal_copied"]
        assert not after["2"].permits("newsletter", "email")

    def test_refusals_from_before_are_not_copied_and_stricter_ones_stay(self) -> None:
        """What the master refused at the merge is no word of since."""
        cards = (evolve(MASTER, consents=[WITHDRAWN]), evolve(CARD, consents=[OBJECTED]))
        receipt = receipt_of(Retire("2", "1"), cards=cards)
        assert (Restore("2", "1"),) == plan_undo(receipt, now_of(receipt)).steps
        newer = evolve(WITHDRAWN, at=AT + timedelta(days=1))
        now = now_of(receipt, c1=evolve(MASTER, consents=[newer]))
        assert (Restore("2", "1"),) == plan_undo(receipt, now).steps

    def test_only_refusals_given_since_are_copied(self) -> None:
        """Not one from before, whatever stands beside it, nor a grant."""
        before = Consent("alerts", "email", ConsentState.WITHDRAWN)
        grant = Consent("surveys", "email", ConsentState.GRANTED)
        master = evolve(MASTER, consents=[before])
        receipt = receipt_of(Retire("2", "1"), cards=(master, CARD))
        now = now_of(receipt, c1=evolve(master, consents=[before, WITHDRAWN, grant]))
        copied = SetConsent("2", None, WITHDRAWN, origin=("1",))
        assert (Restore("2", "1"), copied) == plan_undo(receipt, now).steps

    @pytest.mark.parametrize(
        ("before", "restored"), [(GRANTED, WITHDRAWN), (OBJECTED, OBJECTED), (None, WITHDRAWN)]
    )
    def test_what_a_master_refused_meanwhile_counts_where_a_consent_is_restored(
        self, before: Consent | None, restored: Consent
    ) -> None:
        """Unless what comes back is stricter; refusals of another purpose are another matter."""
        offers = evolve(OBJECTED, purpose="offers")
        written = Consent("newsletter", "email", ConsentState.PENDING)
        card = evolve(CARD, consents=[before] if before else [])
        receipt = receipt_of(SetConsent("2", before, written), cards=(MASTER, card))
        merge = evolve(receipt_of(Retire("2", "1")), plan_id="m", undone_by="u")
        said = evolve(MASTER, consents=[WITHDRAWN, offers])
        parted = evolve(receipt_of(cards=(said, CARD), kind=PlanKind.UNDO), plan_id="u", undoes="m")
        plan = plan_undo(receipt, now_of(receipt), later=[merge, parted])
        assert plan.steps == (SetConsent("2", written, restored),)
        told = [(n.code, n.customers, n.data["master"]) for n in plan.notices]
        assert told == ([] if restored is before else [("refusal_copied", ("2",), "1")])

    def test_a_master_that_no_receipt_shows_has_refused_nothing(self) -> None:
        """Neither after the later merge nor before its undo."""
        receipt = receipt_of(SetConsent("2", None, GRANTED), cards=(MASTER, CARD))
        merge = evolve(receipt_of(Retire("2", "1")), plan_id="m", changes=())
        parted = evolve(receipt_of(kind=PlanKind.UNDO), plan_id="u", undoes="m")
        bare = evolve(parted, changes=())
        for later in ((merge, parted), (merge, bare)):
            plan = plan_undo(
                receipt, now_of(receipt), later=[evolve(merge, undone_by="u"), later[1]]
            )
            assert plan.steps == (SetConsent("2", GRANTED, None),)

    def test_a_master_that_is_gone_has_refused_nothing(self) -> None:
        """The card comes back all the same."""
        receipt = receipt_of(Retire("2", "1"))
        assert (Restore("2", "1"),) == plan_undo(receipt, now_of(receipt, c1=None)).steps


class TestWebProfiles:
    def test_a_profile_set_back_comes_from_the_same_card(self) -> None:
        """As the change did."""
        idle = evolve(PROFILE, active=False)
        step = SetWebProfile("1", idle, PROFILE, origin=("2",))
        receipt = receipt_of(step, cards=(evolve(MASTER, web_profile=idle),))
        assert (step.inverse(),) == plan_undo(receipt, now_of(receipt)).steps

    def test_an_attached_profile_goes_back_as_it_is_today(self) -> None:
        """Somebody has logged in since."""
        card = evolve(CARD, web_profile=PROFILE)
        receipt = receipt_of(MoveWebProfile(PROFILE, "2", "1"), cards=(MASTER, card))
        newer = evolve(PROFILE, last_login_at=AT)
        now = now_of(receipt, c1=evolve(MASTER, web_profile=newer))
        assert (MoveWebProfile(newer, "1", "2"),) == plan_undo(receipt, now).steps

    def test_a_profile_goes_back_as_it_came(self) -> None:
        """From the same card; where it cannot, both sides are named."""
        step = MoveWebProfile(PROFILE, "2", "1", origin=("2",))
        receipt = receipt_of(step, cards=(MASTER, evolve(CARD, web_profile=PROFILE)))
        assert (step.inverse(),) == plan_undo(receipt, now_of(receipt)).steps
        [notice] = plan_undo(receipt, now_of(receipt, c1=MASTER)).notices
        assert notice.customers == ("2", "1")

    def test_a_deleted_profile_is_restored(self) -> None:
        """Its user name is still free."""
        card = evolve(CARD, web_profile=PROFILE)
        receipt = receipt_of(MoveWebProfile(PROFILE, "2", None), cards=(MASTER, card))
        plan = plan_undo(receipt, now_of(receipt), holders={("web_profile.username", "anne"): "2"})
        assert (MoveWebProfile(PROFILE, None, "2"),) == plan.steps

    def test_a_profile_that_came_from_nowhere_is_taken_off(self) -> None:
        """The inverse of attaching one."""
        receipt = receipt_of(MoveWebProfile(PROFILE, None, "1"))
        plan = plan_undo(receipt, now_of(receipt))
        assert (MoveWebProfile(PROFILE, "1", None),) == plan.steps

    @pytest.mark.parametrize("by_holders", [True, False])
    def test_a_user_name_taken_meanwhile_keeps_the_profile_deleted(self, by_holders: bool) -> None:
        """By a third customer, or by the master."""
        card = evolve(CARD, web_profile=PROFILE)
        receipt = receipt_of(MoveWebProfile(PROFILE, "2", None), cards=(MASTER, card))
        other = WebProfile(id="w9", username="anne")
        now = (
            now_of(receipt) if by_holders else now_of(receipt, c1=evolve(MASTER, web_profile=other))
        )
        holders = {("web_profile.username", "anne"): "9"} if by_holders else {}
        plan = plan_undo(receipt, now, holders=holders)
        assert (codes(plan), plan.steps) == (["username_taken"], ())

    def test_a_profile_without_a_user_name_is_never_taken(self) -> None:
        """There is nothing to take."""
        bare = WebProfile(id="w2")
        receipt = receipt_of(
            MoveWebProfile(bare, "2", None), cards=(MASTER, evolve(CARD, web_profile=bare))
        )
        assert (MoveWebProfile(bare, None, "2"),) == plan_undo(receipt, now_of(receipt)).steps

    @pytest.mark.parametrize("side", ["master", "card"])
    def test_a_profile_that_is_elsewhere_stays(self, side: str) -> None:
        """The master has another one by now, or the card has."""
        other = WebProfile(id="w9")
        card = evolve(CARD, web_profile=PROFILE)
        receipt = receipt_of(MoveWebProfile(PROFILE, "2", "1"), cards=(MASTER, card))
        now = (
            now_of(receipt, c1=evolve(MASTER, web_profile=other))
            if side == "master"
            else now_of(receipt, c2=evolve(CARD, web_profile=other))
        )
        plan = plan_undo(receipt, now)
        assert (codes(plan), plan.steps) == (["web_profile_changed_since"], ())

    def test_an_activated_profile_is_set_back_though_somebody_logged_in(self) -> None:
        """Only what the step changed goes back."""
        idle = evolve(PROFILE, active=False)
        receipt = receipt_of(
            SetWebProfile("1", idle, PROFILE), cards=(evolve(MASTER, web_profile=idle),)
        )
        newer = evolve(PROFILE, last_login_at=AT)
        plan = plan_undo(receipt, now_of(receipt, c1=evolve(MASTER, web_profile=newer)))
        assert (SetWebProfile("1", newer, evolve(newer, active=False)),) == plan.steps

    def test_a_changed_profile_that_is_replaced_or_set_back_stays(self) -> None:
        """Another profile has a notice, one set back by hand needs none."""
        idle = evolve(PROFILE, active=False)
        receipt = receipt_of(
            SetWebProfile("1", idle, PROFILE), cards=(evolve(MASTER, web_profile=idle),)
        )
        replaced = plan_undo(receipt, now_of(receipt, c1=MASTER))
        assert (codes(replaced), replaced.steps) == (["web_profile_changed_since"], ())
        back = plan_undo(receipt, now_of(receipt, c1=evolve(MASTER, web_profile=idle)))
        assert (codes(back), back.steps) == ([], ())

    def test_a_renamed_user_gets_the_old_name_only_while_it_is_free(self) -> None:
        """A third customer has it now."""
        old = evolve(PROFILE, username="old")
        receipt = receipt_of(
            SetWebProfile("1", old, PROFILE), cards=(evolve(MASTER, web_profile=old),)
        )
        taken = plan_undo(receipt, now_of(receipt), holders={("web_profile.username", "old"): "9"})
        assert (codes(taken), taken.steps) == (["username_taken"], ())
        assert (SetWebProfile("1", PROFILE, old),) == plan_undo(receipt, now_of(receipt)).steps


def transfer(amount: int, source: str = "2") -> TransferBalance:
    """A transfer of points into the master."""
    return TransferBalance(
        kind="loyalty", unit="points", amount=Decimal(amount), source=source, target="1"
    )


def points(card: Customer, amount: int) -> Customer:
    """The card with so many points."""
    return evolve(card, balances=[Balance("loyalty", "points", amount)])


class TestBalances:
    def test_points_go_back_as_long_as_they_are_left(self) -> None:
        """The master had 5, got 7, and spent 5."""
        receipt = receipt_of(transfer(7), cards=(points(MASTER, 5), points(CARD, 7)))
        plan = plan_undo(receipt, now_of(receipt, c1=points(MASTER, 7)))
        assert (transfer(7).inverse(),) == plan.steps

    def test_points_spent_stay_on_both_sides(self) -> None:
        """The master would owe points that it never had."""
        receipt = receipt_of(transfer(7), cards=(points(MASTER, 5), points(CARD, 7)))
        plan = plan_undo(receipt, now_of(receipt, c1=points(MASTER, 6)))
        assert (codes(plan), plan.steps) == (["balance_spent"], ())

    def test_one_point_is_spent_too(self) -> None:
        """The master has nothing any more."""
        receipt = receipt_of(transfer(1), cards=(MASTER, points(CARD, 1)))
        plan = plan_undo(receipt, now_of(receipt, c1=MASTER))
        assert (plan.steps, codes(plan)) == ((), ["balance_spent"])

    def test_what_is_back_moves_no_more(self) -> None:
        """Where nobody remembers that it was undone before."""
        cards = (points(MASTER, 100), points(CARD, 50))
        receipt = receipt_of(transfer(50), Retire("2", "1"), cards=cards)
        for left in (50, 20):  # whether some was spent since
            plan = plan_undo(receipt, (cards[0], points(CARD, left)))
            assert (plan.steps, codes(plan)) == ((), ["brought_back_before"])
            assert plan.notices[0].customers == ("2",)
            about = {"kind": "loyalty", "unit": "points", "amount": 50, "master": "1"}
            assert plan.notices[0].data == about

    def test_a_debt_that_the_master_had_is_no_hindrance(self) -> None:
        """Down to what it owed before the merge."""
        receipt = receipt_of(transfer(7), cards=(points(MASTER, -5), points(CARD, 7)))
        assert (transfer(7).inverse(),) == plan_undo(receipt, now_of(receipt)).steps

    def test_debts_go_back_first(self) -> None:
        """Whatever the order of the transfers, an untouched merge is undone whole."""
        cards = (MASTER, points(CARD, 1), points(Customer(id="3"), -5))
        receipt = receipt_of(transfer(-5, "3"), transfer(1), cards=cards)
        now = now_of(receipt)
        assert cards == tuple(replay(plan_undo(receipt, now).steps, now).values())

    def test_what_rows_carry_goes_back_with_them(self) -> None:
        """A derived balance asks for no floor."""
        step = evolve(transfer(7), settled_by="lots")
        receipt = receipt_of(step, cards=(MASTER, points(CARD, 7)))
        plan = plan_undo(receipt, now_of(receipt, c1=points(MASTER, 6)))
        assert (step.inverse(),) == plan.steps


LOTS = Relation("lots", balance=RowBalance("loyalty", "points", amount="left"))


def lot(row: str, left: int | str, customer: str = "1") -> dict[str, object]:
    """A lot as a store shows it."""
    return {"id": row, "customer": customer, "left": left}


class TestRowsThatAddUp:
    """What rows add up to goes back with the rows, as they are today."""

    RECEIPT = evolve(
        receipt_of(
            Repoint("lots", "2", "1"),
            evolve(transfer(7), settled_by="lots"),
            cards=(points(MASTER, 5), points(CARD, 7)),
        ),
        moved=[MovedRows("lots", "2", "1", ("l2", "l3"))],
    )

    def back(self, amount: int, *rows: str) -> tuple[Step, ...]:
        """The steps that move rows back with so many points."""
        step = evolve(transfer(amount), settled_by="lots").inverse()
        return (Repoint("lots", "1", "2", only=rows), step)

    def test_untouched_rows_take_back_what_they_brought(self) -> None:
        """Without a word, whatever other lots the master has by now."""
        held = {LOTS: [lot("l1", 5), lot("l2", 4), lot("l3", 3), lot("l9", 90)]}
        now = now_of(self.RECEIPT, c1=points(MASTER, 102))
        plan = plan_undo(self.RECEIPT, now, rows=held)
        assert (plan.steps, codes(plan)) == (self.back(7, "l2", "l3"), [])
        assert replay(plan.steps, now)["2"] == points(CARD, 7)

    def test_rows_that_changed_or_are_gone_take_back_what_they_hold(self) -> None:
        """A lot was deleted, one was used in part, and that is told."""
        held = {LOTS: [lot("l1", 5), lot("l2", "1.5")]}
        plan = plan_undo(self.RECEIPT, now_of(self.RECEIPT, c1=points(MASTER, 6)), rows=held)
        assert plan.steps[0] == Repoint("lots", "1", "2", only=("l2",))
        [notice] = plan.notices
        assert notice.describe() == (
            "rows of lots that came from 2 were changed or are gone: 1.5 points of loyalty go back "
            "with them, 7 came"
        )

    def test_rows_that_are_all_gone_take_nothing_back(self) -> None:
        """Neither rows nor an amount."""
        now = now_of(self.RECEIPT, c1=points(MASTER, 5))
        plan = plan_undo(self.RECEIPT, now, rows={LOTS: [lot("l1", 5), lot("l2", 4, "9")]})
        assert (plan.steps, codes(plan)) == ((), ["rows_changed_since"])

    def test_points_that_were_spent_leave_the_master_in_debt(self) -> None:
        """The lots go back whole, and whom that leaves with less than nothing is told."""
        held = {LOTS: [lot("l1", 5), lot("l2", 4), lot("l3", 3), lot("spent", -9)]}
        plan = plan_undo(self.RECEIPT, now_of(self.RECEIPT, c1=points(MASTER, 3)), rows=held)
        assert plan.steps == self.back(7, "l2", "l3")
        [notice] = plan.notices
        assert (notice.code, notice.customers, notice.data["amount"]) == (
            "balance_overdrawn",
            ("1",),
            -4,
        )

    def test_a_debt_that_goes_back_later_is_counted(self) -> None:
        """The master is looked at when all rows are home."""
        cards = (MASTER, points(CARD, 7), points(Customer(id="3"), -7))
        steps = [Repoint("lots", "3", "1"), Repoint("lots", "2", "1")]
        amounts = [evolve(transfer(n, i), settled_by="lots") for n, i in ((-7, "3"), (7, "2"))]
        receipt = evolve(
            receipt_of(*steps, *amounts, cards=cards),
            moved=[MovedRows("lots", i, "1", (f"l{i}",)) for i in ("2", "3")],
        )
        now = now_of(receipt)
        plan = plan_undo(receipt, now, rows={LOTS: [lot("l2", 7), lot("l3", -7)]})
        assert codes(plan) == []
        assert cards == tuple(replay(plan.steps, now).values())

    @pytest.mark.parametrize("had", [-5, 0, 5])
    def test_a_master_who_is_left_with_what_it_had_or_with_nothing_is_no_news(
        self, had: int
    ) -> None:
        """A debt from before the merge stays a debt."""
        receipt = evolve(
            receipt_of(
                Repoint("lots", "2", "1"),
                evolve(transfer(7), settled_by="lots"),
                cards=(points(MASTER, had) if had else MASTER, points(CARD, 7)),
            ),
            moved=[MovedRows("lots", "2", "1", ("l2",))],
        )
        left = min(had, 0)
        now = now_of(receipt, c1=points(MASTER, 7 + left))
        held = {Relation("orders"): [lot("o1", 1)], LOTS: [lot("l1", left), lot("l2", 7)]}
        assert codes(plan_undo(receipt, now, rows=held)) == []

    def test_rows_that_added_up_to_nothing_are_known_too(self) -> None:
        """There was no transfer, and now there is an amount."""
        receipt = evolve(
            receipt_of(Repoint("lots", "2", "1")), moved=[MovedRows("lots", "2", "1", ("l2", "l3"))]
        )
        plan = plan_undo(
            receipt, now_of(receipt, c1=points(MASTER, 4)), rows={LOTS: [lot("l2", 4)]}
        )
        assert plan.steps == self.back(4, "l2")
        assert codes(plan) == ["rows_changed_since"]

    def test_a_plan_that_did_not_say_by_which_rows_counts_once(self) -> None:
        """It was made from the name of the relation alone."""
        plain = [
            evolve(step, settled_by=None) if isinstance(step, TransferBalance) else step
            for step in self.RECEIPT.steps
        ]
        receipt = evolve(self.RECEIPT, steps=plain)
        held = {LOTS: [lot("l1", 5), lot("l2", 4), lot("l3", 3)]}
        assert plan_undo(receipt, now_of(receipt), rows=held).steps == self.back(7, "l2", "l3")

    def test_without_a_look_at_the_rows_a_changed_balance_is_told(self) -> None:
        """What goes back is then the store's to say."""
        now = now_of(self.RECEIPT, c1=points(MASTER, 6))
        for held in ({}, {Relation("lots"): [lot("l1", 1)]}):
            plan = plan_undo(self.RECEIPT, now, rows=held)
            assert set(plan.steps) == set(self.back(7, "l2", "l3"))
            [notice] = plan.notices
            assert "may be other than 7 points" in notice.describe()

    def test_without_a_look_at_the_rows_an_unchanged_balance_says_enough(self) -> None:
        """Nobody earned or spent anything since."""
        plan = plan_undo(self.RECEIPT, now_of(self.RECEIPT))
        assert (set(plan.steps), codes(plan)) == (set(self.back(7, "l2", "l3")), [])

    def test_a_relation_that_has_no_rows_any_more(self) -> None:
        """Nothing goes back, and that is told."""
        plan = plan_undo(self.RECEIPT, now_of(self.RECEIPT, c1=points(MASTER, 5)), rows={LOTS: []})
        assert (plan.steps, codes(plan)) == ((), ["rows_changed_since"])

    def test_what_rows_hold_goes_back_in_their_programme(self) -> None:
        """And comes from the cards that the rows came from."""
        points_of_club = RowBalance("loyalty", "points", amount="left", programme="club")
        club = Relation("lots", balance=points_of_club)
        carried = evolve(transfer(7), settled_by="lots", programme="club", origin=("2",))
        cards = (MASTER, evolve(CARD, balances=[Balance("loyalty", "points", 7, programme="club")]))
        receipt = evolve(
            receipt_of(Repoint("lots", "2", "1", origin=("2",)), carried, cards=cards),
            moved=[MovedRows("lots", "2", "1", ("l2",))],
        )
        plan = plan_undo(receipt, now_of(receipt), rows={club: [lot("l2", 7)]})
        assert carried.inverse() in plan.steps
        assert plan.notices == ()

    def test_rows_must_show_whose_they_are(self) -> None:
        """Both columns are named."""
        with pytest.raises(ConfigurationError, match="rows of 'lots' lack 'customer', 'id'"):
            plan_undo(self.RECEIPT, now_of(self.RECEIPT), rows={LOTS: [{"left": 1}]})


class TestRows:
    def test_rows_go_back_by_id_and_removed_ones_too(self) -> None:
        """Only those of this move."""
        receipt = evolve(
            receipt_of(Repoint("orders", "2", "1")),
            moved=[
                MovedRows("orders", "2", "1", ("o2", "o1")),
                MovedRows("orders", "3", "1", ("o3",)),
            ],
            removed=[
                RemovedRow("orders", "2", "1", "o4", {"customer": "2"}),
                RemovedRow("clubs", "2", "1", "m1"),
            ],
        )
        plan = plan_undo(receipt, now_of(receipt))
        assert (Repoint("orders", "1", "2", only=("o1", "o2", "o4")),) == plan.steps

    def test_rows_whose_place_is_taken_stay_and_the_others_go_back(self) -> None:
        """A row that moved counts as it is today, one that was removed as it was."""
        receipt = evolve(
            receipt_of(Repoint("clubs", "2", "1")),
            moved=[MovedRows("clubs", "2", "1", ("m1", "m2", "m3", "gone"))],
            removed=[
                RemovedRow("clubs", "2", "1", "m4", {"customer": "2", "club": "choir"}),
                RemovedRow("clubs", "2", "1", "m5", {"customer": "2", "club": "go"}),
            ],
        )
        held: list[dict[str, str | None]] = [
            {"id": "m1", "customer": "1", "club": "choir"},
            {"id": "m2", "customer": "1", "club": None},
            {"id": "m3", "customer": "1", "club": "go"},
            {"id": "late", "customer": "2", "club": "choir"},
            {"id": "plain", "customer": "2", "club": None},
        ]
        clubs = Relation("clubs", collision="keep_master", unique=["club"])
        plan = plan_undo(receipt, now_of(receipt), rows={clubs: held})
        assert plan.steps == (Repoint("clubs", "1", "2", only=("gone", "m2", "m3")),)
        (notice,) = plan.notices
        data = {"relation": "clubs", "rows": "m1, m4, m5"}
        assert notice == Notice(code="row_key_taken", customers=["2"], data=data)
        assert "m1, m4, m5" in notice.describe()

    def test_rows_that_all_stay_need_no_step(self) -> None:
        """The notice tells of them."""
        receipt = evolve(
            receipt_of(Repoint("clubs", "2", "1")), moved=[MovedRows("clubs", "2", "1", ("m1",))]
        )
        clubs = Relation("clubs", unique=["club"])
        held = [{"id": i, "customer": c, "club": "go"} for i, c in (("m1", "1"), ("late", "2"))]
        plan = plan_undo(receipt, now_of(receipt), rows={clubs: held})
        assert (plan.steps, codes(plan)) == ((), ["row_key_taken"])

    def test_no_rows_no_step(self) -> None:
        """The card had none."""
        receipt = receipt_of(Repoint("orders", "2", "1"))
        assert plan_undo(receipt, now_of(receipt)).steps == ()


class TestCards:
    def test_a_card_that_the_store_has_deleted_is_inserted_again(self) -> None:
        """As it was, under its old id, with what goes back to it."""
        cards = (MASTER, points(CARD, 7))
        receipt = receipt_of(transfer(7), Retire("2", "1"), cards=cards)
        now = now_of(receipt, c2=None)
        plan = plan_undo(receipt, now)
        assert (Create(CARD), transfer(7).inverse()) == plan.steps
        assert cards == tuple(replay(plan.steps, now).values())
        assert "Brings back customer 2" in plan.warning

    def test_a_card_that_is_back_already_is_left_alone(self) -> None:
        """Somebody has set it back by hand."""
        receipt = receipt_of(Retire("2", "1"))
        assert plan_undo(receipt, now_of(receipt, c2=CARD)).steps == ()

    def test_a_created_card_is_deleted_under_its_own_id(self) -> None:
        """The store has chosen another id than the provisional one."""
        new = Customer(id="new-1", first_name="Eva")
        made = Customer(id="7", first_name="Eva", flags=["vip"], updated_at=AT, version="1")
        receipt = Receipt(
            plan_id="p",
            kind=PlanKind.IMPORT,
            by="anna",
            at=AT,
            steps=[Create(new), AddValue("new-1", "flags", "vip")],
            changes=[CustomerChange(None, made)],
        )
        plan = plan_undo(receipt, [evolve(made, version="2")])
        removed, deleted = plan.steps
        assert RemoveValue("7", "flags", "vip") == removed
        assert isinstance(deleted, Delete)

    def test_a_created_card_changed_since_stays(self) -> None:
        """Somebody works with it."""
        receipt = receipt_of(Create(Customer(id="7")), cards=(), kind=PlanKind.IMPORT)
        plan = plan_undo(receipt, [Customer(id="7", city="Oslo")])
        assert (codes(plan), plan.steps) == (["card_changed_since"], ())

    def test_a_deleted_card_is_created_again(self) -> None:
        """Unless its id is there again."""
        receipt = receipt_of(Delete(CARD), cards=(CARD,), kind=PlanKind.EDIT)
        assert (Create(CARD),) == plan_undo(receipt, []).steps
        assert plan_undo(receipt, [CARD]).steps == ()

    def test_a_card_that_is_created_again_has_no_version(self) -> None:
        """The store gives it one of its own."""
        card = evolve(CARD, version="3")
        receipt = receipt_of(Delete(card), cards=(card,))
        assert (Create(CARD),) == plan_undo(receipt, {}).steps

    def test_a_card_brought_back_is_retired_again(self) -> None:
        """An edit that restored one."""
        retired = evolve(CARD, merged_into="1")
        receipt = receipt_of(Restore("2", "1"), cards=(MASTER, retired), kind=PlanKind.EDIT)
        assert (Retire("2", "1"),) == plan_undo(receipt, now_of(receipt)).steps


class TestGroups:
    def test_a_deleted_group_is_created_and_a_created_one_stays(self) -> None:
        """Others may have joined it."""
        receipt = receipt_of(CreateGroup("press"), DeleteGroup("presse"), kind=PlanKind.EDIT)
        plan = plan_undo(receipt, now_of(receipt))
        assert ((CreateGroup("presse"),), ["group_stays"]) == (plan.steps, codes(plan))


def test_what_is_no_receipt_is_told() -> None:
    """Before anything is looked at."""
    with pytest.raises(ConfigurationError, match="receipt must be a Receipt"):
        plan_undo(None, [])  # type: ignore[arg-type]  # what is told


@pytest.mark.parametrize("now", [None, "1", ["1"], {"1": "Anna"}])
def test_what_are_no_customers_is_told(now: object) -> None:
    """As a list, as a mapping, or not at all."""
    with pytest.raises(ConfigurationError, match="customers_now are Customer objects"):
        plan_undo(receipt_of(), now)  # type: ignore[arg-type]  # what is told


# --- What an undo has to say: each finding with its customers and its data ------------------------


def undone(
    receipt: Receipt,
    now: Mapping[str, Customer] | None = None,
    **arguments: Any,  # noqa: ANN401  # of plan_undo
) -> UndoPlan:
    """Plan an undo of the customers as the receipt left them, unless others are given."""
    return plan_undo(receipt, now_of(receipt) if now is None else now, **arguments)


def rewritten(step: Step, now: Customer, *cards: Customer) -> UndoPlan:
    """Undo one step after the master has become another."""
    receipt = receipt_of(step, cards=cards or (MASTER, CARD))
    return undone(receipt, now_of(receipt, c1=now))


LOGIN = evolve(MASTER, web_profile=evolve(PROFILE, username="old"))
RENAMED = receipt_of(SetWebProfile("1", LOGIN.web_profile, PROFILE), cards=(LOGIN,))  # type: ignore[arg-type]  # it has one
DELETED = receipt_of(
    MoveWebProfile(PROFILE, "2", None), cards=(MASTER, evolve(CARD, web_profile=PROFILE))
)
SPENT = receipt_of(transfer(7), cards=(points(MASTER, 5), points(CARD, 7)))
BY_ROWS = TestRowsThatAddUp.RECEIPT
RETIRED = receipt_of(Retire("2", "1"))

FINDINGS: list[tuple[Callable[[], UndoPlan], Notice | Blocker]] = [
    (
        lambda: rewritten(SetField("1", "city", None, "Oslo"), evolve(MASTER, city="Moss")),
        Notice(code="field_changed_since", customers=["1"], data={"field": "city"}),
    ),
    (
        lambda: rewritten(SetField("1", "number", None, "7"), evolve(MASTER, number="8")),
        Notice(code="field_changed_since", customers=["1"], data={"field": "number"}),
    ),
    (
        lambda: undone(receipt_of(AddValue("2", "flags", "vip")), {"1": MASTER}),
        Notice(code="customer_gone", customers=["2"]),
    ),
    (
        lambda: undone(receipt_of(CreateGroup("choir"))),
        Notice(code="group_stays", data={"group": "choir"}),
    ),
    (
        lambda: undone(receipt_of(Create(CARD), cards=()), {"2": evolve(CARD, city="Oslo")}),
        Notice(code="card_changed_since", customers=["2"]),
    ),
    (
        lambda: rewritten(
            SetConsent("1", None, GRANTED), evolve(MASTER, consents=[evolve(GRANTED, source="web")])
        ),
        Notice(
            code="consent_changed_since",
            customers=["1"],
            data={"purpose": "newsletter", "channel": "email"},
        ),
    ),
    (
        lambda: undone(RETIRED, now_of(RETIRED, c1=evolve(MASTER, consents=[WITHDRAWN]))),
        Notice(
            code="refusal_copied",
            customers=["2"],
            data={"purpose": "newsletter", "channel": "email", "master": "1"},
        ),
    ),
    (
        lambda: undone(RENAMED, {"1": MASTER}),
        Notice(code="web_profile_changed_since", customers=["1"], data={"profile": "w2"}),
    ),
    (
        lambda: undone(RENAMED, holders={("web_profile.username", "old"): "9"}),
        Notice(code="username_taken", customers=["1"], data={"profile": "w2"}),
    ),
    (
        lambda: undone(DELETED, holders={("web_profile.username", "anne"): "9"}),
        Notice(code="username_taken", customers=["2"], data={"profile": "w2"}),
    ),
    (
        lambda: undone(DELETED, now_of(DELETED, c2=evolve(CARD, web_profile=WebProfile(id="w9")))),
        Notice(code="web_profile_changed_since", customers=["2"], data={"profile": "w2"}),
    ),
    (
        lambda: undone(SPENT, now_of(SPENT, c1=points(MASTER, 6))),
        Notice(
            code="balance_spent",
            customers=["2"],
            data={"kind": "loyalty", "unit": "points", "amount": Decimal(7), "master": "1"},
        ),
    ),
    (
        lambda: undone(BY_ROWS, now_of(BY_ROWS, c1=points(MASTER, 6))),
        Notice(
            code="amount_with_rows",
            customers=["2"],
            data={
                "kind": "loyalty",
                "unit": "points",
                "amount": Decimal(7),
                "master": "1",
                "relation": "lots",
            },
        ),
    ),
    (
        lambda: undone(
            BY_ROWS,
            now_of(BY_ROWS, c1=points(MASTER, 9)),
            rows={LOTS: [lot("l1", 5), lot("l2", 4)]},
        ),
        Notice(
            code="rows_changed_since",
            customers=["2"],
            data={
                "kind": "loyalty",
                "unit": "points",
                "amount": Decimal(4),
                "came": Decimal(7),
                "relation": "lots",
            },
        ),
    ),
    (
        lambda: undone(
            BY_ROWS,
            now_of(BY_ROWS, c1=points(MASTER, 3)),
            rows={LOTS: [lot("l1", 5), lot("l2", 4), lot("l3", 3), lot("spent", -9)]},
        ),
        Notice(
            code="balance_overdrawn",
            customers=["1"],
            data={"kind": "loyalty", "unit": "points", "amount": Decimal(-4)},
        ),
    ),
    (
        lambda: undone(evolve(RETIRED, redacted=["2"])),
        Notice(code="customer_redacted", customers=["2"]),
    ),
    (lambda: undone(evolve(RETIRED, kind=PlanKind.UNDO)), Blocker(code="undo_of_undo")),
    (
        lambda: undone(evolve(RETIRED, undone_by="u")),
        Blocker(code="already_undone", data={"plan_id": "u"}),
    ),
    (
        lambda: undone(evolve(RETIRED, redacted=["1", "2"])),
        Blocker(code="redacted", customers=["1", "2"]),
    ),
    (
        lambda: undone(RETIRED, later=[evolve(RETIRED, plan_id="later")]),
        Blocker(code="later_merge", customers=["1", "2"], data={"plan_id": "later"}),
    ),
    (
        lambda: undone(RETIRED, now_of(RETIRED, c1=evolve(MASTER, merged_into="9"))),
        Blocker(code="merged_since", customers=["1"], data={"master": "9"}),
    ),
]


@pytest.mark.parametrize(
    ("plan", "finding"), FINDINGS, ids=[f"{i}-{one.code}" for i, (_, one) in enumerate(FINDINGS)]
)
def test_findings(plan: Callable[[], UndoPlan], finding: Notice | Blocker) -> None:
    """Who is concerned, and what a text about it needs."""
    found = plan()
    assert (*found.notices, *found.blockers) == (finding,)
    assert "not given" not in finding.describe()


class TestRowsOfCreatedCards:
    """They keep a card where it is; whether they say which they are is their relation's matter."""

    @staticmethod
    def undone(relation: Relation, *rows: Mapping[str, Any]) -> UndoPlan:
        """The undo of a creation, with what rows there are."""
        receipt = receipt_of(Create(Customer(id="3")), cards=(), kind=PlanKind.IMPORT)
        return plan_undo(receipt, now_of(receipt), rows={relation: rows})

    def test_rows_without_ids_count(self) -> None:
        """Nothing adds up from them and none must be unique."""
        plan = self.undone(Relation("orders"), {"customer": "3"}, {"customer": "3"})
        assert (codes(plan), plan.steps) == (["card_in_use"], ())

    def test_rows_of_others_do_not(self) -> None:
        """The card is deleted."""
        plan = self.undone(Relation("orders"), {"customer": "4"})
        assert (codes(plan), plan.steps) == ([], (Delete(Customer(id="3")),))

    @pytest.mark.parametrize(
        "relation",
        [
            Relation("clubs", unique=["club"]),
            Relation("lots", balance=RowBalance("loyalty", "points", amount="club")),
        ],
    )
    def test_rows_that_move_by_their_ids_must_show_them(self, relation: Relation) -> None:
        """Where they must be unique or add up to a balance."""
        with pytest.raises(ConfigurationError, match="lack 'id'"):
            self.undone(relation, {"customer": "3", "club": 5})
