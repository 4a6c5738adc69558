"""What forbids a merge, and what makes one doubtful."""

from datetime import date

import pytest

from dedupkit.customers import Customer, Judgement, JudgementSet, Verdict, WebProfile
from dedupkit.merging import plan_merge
from dedupkit.plans import Blocker, Disposition, MergePlan, Retire

ANNA = Customer(id="1", first_name="Anna")
ANN = Customer(id="2", first_name="Ann")
ANNE = Customer(id="3", first_name="Anne")

SKIP = Disposition.SKIP


def codes(plan: MergePlan) -> list[str]:
    """Name what forbids a plan."""
    return [blocker.code for blocker in plan.blockers]


class TestBlockers:
    def test_all_are_reported_at_once(self) -> None:
        """Whatever forbids the merge is named in one go."""
        retired = Customer(id="4", merged_into="9")
        barred = Customer(id="5", allow_merge=False, tenant="oslo")
        said = [Judgement("1", "4", Verdict.DIFFERENT)]
        plan = plan_merge(
            ANNA, [retired, barred, ANN, ANN], judgements=said, blockers=[Blocker(code="gdpr")]
        )
        assert codes(plan) == [
            "same_customer_twice",
            "already_retired",
            "merge_not_allowed",
            "other_tenant",
            "judged_different",
            "gdpr",
        ]
        assert Retire("4", "1", origin=("4",)) not in plan.steps

    def test_master_among_its_duplicates(self) -> None:
        """A card cannot be merged into itself."""
        plan = plan_merge(ANNA, [ANNA])
        assert (codes(plan), plan.duplicates) == (["same_customer_twice"], ())
        assert plan.warning == "Nothing is merged and nothing changes."

    def test_one_web_profile_on_two_cards_is_told(self) -> None:
        """Deleting it with one of them would delete it for the other."""
        cards = [
            Customer(id=i, web_profile=WebProfile(id=profile))
            for i, profile in (("1", "w1"), ("2", "w2"), ("3", "w1"), ("4", "w2"), ("5", "w5"))
        ]
        assert [
            (blocker.code, blocker.customers, blocker.data["profile"])
            for blocker in plan_merge(cards[0], cards[1:]).blockers
        ] == [
            ("same_web_profile", ("1", "3"), "w1"),
            ("same_web_profile", ("2", "4"), "w2"),
        ]
        assert plan_merge(cards[0], [cards[1], cards[4]]).is_applicable

    def test_judgements_are_read_through_what_follows_from_them(self) -> None:
        """1 = 7 and 7 ≠ 2 say that 1 ≠ 2."""
        said = JudgementSet(
            [Judgement("1", "7", Verdict.SAME), Judgement("7", "2", Verdict.DIFFERENT)]
        )
        [blocker] = plan_merge(ANNA, [ANN], judgements=said).blockers
        assert blocker == Blocker(code="judged_different", customers=("1", "2"))

    def test_a_word_between_two_duplicates_counts(self) -> None:
        """Nobody may be merged by way of a third card."""
        said = [Judgement("2", "3", Verdict.DIFFERENT)]
        assert codes(plan_merge(ANNA, [ANN, ANNE], judgements=said)) == ["judged_different"]
        assert plan_merge(
            ANNA, [ANN, ANNE], judgements=said, dispositions={"3": SKIP}
        ).is_applicable


class TestKinds:
    FIRM = Customer(id="4", company="Fjord AS")

    def test_person_and_organization_need_an_answer(self) -> None:
        """One has a company and no personal name, the other the reverse."""
        [conflict] = plan_merge(ANNA, [self.FIRM]).conflicts
        assert (conflict.code, conflict.customers) == ("person_and_organization", ("1", "4"))
        answers = {conflict.key: "merge"}
        assert plan_merge(ANNA, [self.FIRM], resolutions=answers).is_applicable

    def test_a_contact_person_of_a_company_is_both(self) -> None:
        """A card with a company and a person's name conflicts with neither."""
        both = Customer(id="5", company="Fjord AS", name="Anna Larsen")
        assert plan_merge(ANNA, [both]).is_applicable
        assert plan_merge(self.FIRM, [both]).is_applicable

    @pytest.mark.parametrize(
        ("born", "expected"), [(date(1994, 12, 31), []), (date(1995, 1, 1), ["child_beside_adult"])]
    )
    def test_a_child_beside_an_adult_is_told(self, born: date, expected: list[str]) -> None:
        """From fifteen years between two births on."""
        adult = Customer(id="1", birth_date=date(1980, 1, 1))
        plan = plan_merge(adult, [Customer(id="2", birth_date=born)])
        assert [notice.code for notice in plan.notices] == expected
