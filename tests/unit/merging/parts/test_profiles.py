"""Web profiles: one stays or is attached, the others of retired cards are deleted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dedupkit.customers import Balance, Customer, WebProfile
from dedupkit.merging import MergePolicy, plan_merge, plan_merges
from dedupkit.plans import Disposition, MergePlan, MoveWebProfile, replay


def card(customer_id: str, **profile: Any) -> Customer:  # noqa: ANN401  # profile parts
    """Make a card with a profile of its own, verified unless told otherwise."""
    parts = {"verified": True, **profile}
    return Customer(id=customer_id, web_profile=WebProfile(id=f"w{customer_id}", **parts))


BARE = Customer(id="1")
DAY = datetime(2024, 5, 1, tzinfo=UTC)


def codes(plan: MergePlan) -> list[str]:
    """Name the notices of a plan."""
    return [notice.code for notice in plan.notices]


def profile(plan: MergePlan, *cards: Customer) -> WebProfile | None:
    """Return the master's profile after a plan."""
    return replay(plan.steps, cards)[plan.master_id].web_profile


class TestMasterHasOne:
    def test_it_stays_and_the_others_are_deleted(self) -> None:
        """One login a person."""
        master, other = card("1"), card("2")
        plan = plan_merge(master, [other])
        assert (
            MoveWebProfile(WebProfile(id="w2", verified=True), "2", None, origin=("2",))
            in plan.steps
        )
        assert profile(plan, master, other) == master.web_profile

    def test_it_becomes_the_active_one(self) -> None:
        """With a notice where it was not."""
        master, other = card("1", active=False), card("2")
        plan = plan_merge(master, [other])
        assert profile(plan, master, other) == WebProfile(id="w1", verified=True)
        assert codes(plan) == ["web_profile_activated"]

    def test_it_is_not_activated_where_no_other_gives_way(self) -> None:
        """A login that the shop has barred stays barred."""
        master = card("1", active=False)
        assert codes(plan_merge(master, [Customer(id="2")])) == []

    def test_it_stays_barred_where_all_are(self) -> None:
        """A merge lets nobody log in who could not."""
        master, other = card("1", active=False), card("2", active=False)
        plan = plan_merge(master, [other])
        assert profile(plan, master, other) == master.web_profile
        assert codes(plan) == []

    def test_switching_it_on_is_left_to_a_person(self) -> None:
        """Somebody may have had a reason to switch it off."""
        cards = {"1": card("1", active=False), "2": card("2")}
        assert plan_merges([("1", "2")], cards, safe=True).plans == ()

    def test_an_approval_that_is_lost_is_told(self) -> None:
        """The approved login goes, the other one cannot buy."""
        plan = plan_merge(card("1"), [card("2", approved_buyer=True)])
        assert codes(plan) == ["approval_dropped"]


class TestMasterHasNone:
    def test_the_other_card_s_is_attached_as_it_is(self) -> None:
        """Not even activated."""
        other = card("2", active=False)
        plan = plan_merge(BARE, [other])
        assert (profile(plan, BARE, other), codes(plan)) == (other.web_profile, [])

    def test_gaining_an_approval_is_told(self) -> None:
        """The master could not buy before."""
        assert codes(plan_merge(BARE, [card("2", approved_buyer=True)])) == ["approval_gained"]

    @pytest.mark.parametrize(
        ("answer", "approved"), [("approve", True), ("attach_unapproved", False)]
    )
    def test_gaining_an_approval_is_asked_in_a_web_shop(self, answer: str, approved: bool) -> None:
        """Without an answer it is attached unapproved, in a plan that does not apply."""
        other = card("2", approved_buyer=True)
        policy = MergePolicy.web_shop()
        asked = plan_merge(BARE, [other], policy=policy)
        assert [conflict.code for conflict in asked.conflicts] == ["approval_gained"]
        unapproved = profile(asked, BARE, other)
        assert unapproved is not None
        assert not unapproved.approved_buyer
        answers = {"web_profile.approved_buyer": answer}
        answered = profile(
            plan_merge(BARE, [other], policy=policy, resolutions=answers), BARE, other
        )
        assert answered is not None
        assert answered.approved_buyer is approved

    @pytest.mark.parametrize(
        ("second", "third", "expected"),
        [
            ({"verified": False, "last_login_at": DAY}, {}, "w3"),
            ({}, {"last_login_at": DAY}, "w3"),
            ({"last_login_at": DAY}, {"last_login_at": DAY.replace(year=2025)}, "w3"),
            ({}, {}, "w2"),
        ],
    )
    def test_of_several(self, second: dict[str, Any], third: dict[str, Any], expected: str) -> None:
        """Verified first, then the last login, then the lowest id, with a notice."""
        cards = card("2", **second), card("3", **third)
        plan = plan_merge(BARE, cards)
        attached = profile(plan, BARE, *cards)
        assert attached is not None
        assert (attached.id, codes(plan)[0]) == (expected, "web_profile_chosen")

    def test_lowest_id_is_numeric(self) -> None:
        """w-ids are text, plain numbers are numbers."""
        cards = [Customer(id=i, web_profile=WebProfile(id=i, verified=True)) for i in ("10", "9")]
        attached = profile(plan_merge(BARE, cards), BARE, *cards)
        assert attached is not None
        assert attached.id == "9"

    def test_profiles_of_kept_cards_stay_on_them(self) -> None:
        """They are shown and not chosen."""
        other = card("2")
        plan = plan_merge(BARE, [other], dispositions={"2": Disposition.KEEP})
        assert profile(plan, BARE, other) is None
        [decision] = [d for d in plan.decisions if d.field == "web_profile"]
        assert [candidate.value for candidate in decision.not_chosen] == [other.web_profile]


class TestUnverified:
    def test_gaining_balances_or_rows_is_told(self) -> None:
        """Whoever typed another's address must not see that one's history."""
        rich = Customer(id="1", balances=[Balance("store_credit", "NOK", 5)])
        doubtful = card("2", verified=False)
        assert codes(plan_merge(rich, [doubtful])) == ["unverified_profile_gains"]
        assert codes(plan_merge(BARE, [doubtful], relations=["orders"])) == [
            "unverified_profile_gains"
        ]

    def test_nothing_gained_is_nothing_to_tell(self) -> None:
        """Its own balance was its own before."""
        other = Customer(
            id="2",
            balances=[Balance("loyalty", "points", 1)],
            web_profile=WebProfile(id="w2"),
        )
        assert codes(plan_merge(BARE, [other])) == []
