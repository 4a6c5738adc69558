"""What a customer holds: balances and the rows of relations."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Customer
from dedupkit.errors import ConfigurationError
from dedupkit.merging import BalanceRule, MergePolicy, plan_merge
from dedupkit.plans import (
    Disposition,
    MergePlan,
    Relation,
    Repoint,
    RowBalance,
    TransferBalance,
    replay,
)

LEFT = Relation("invoices", rows="leave")
LOTS = MergePolicy(balances={"loyalty": BalanceRule(derived_from="lots")})

MASTER = Customer(id="1", balances=[Balance("store_credit", "NOK", "150")])
OTHER = Customer(
    id="2",
    balances=[
        Balance("store_credit", "NOK", "-20.50"),
        Balance("store_credit", "EUR", 3),
        Balance("on_account", "NOK", -300),
    ],
)
POINTS = Customer(id="3", balances=[Balance("loyalty", "points", 7, programme="club")])


def codes(plan: MergePlan) -> list[str]:
    """Name whatever a plan says, in order of its grades."""
    codes = [notice.code for notice in plan.notices]
    codes += [conflict.code for conflict in plan.conflicts]
    return codes + [blocker.code for blocker in plan.blockers]


class TestStoredBalances:
    def test_each_moves_as_a_whole(self) -> None:
        """Per kind, unit and programme; negative ones too; nothing is netted or converted."""
        plan = plan_merge(MASTER, [OTHER])
        assert replay(plan.steps, [MASTER, OTHER])["1"].balances == (
            Balance("on_account", "NOK", -300),
            Balance("store_credit", "EUR", 3),
            Balance("store_credit", "NOK", "129.50"),
        )
        assert [(t.kind, t.unit, t.after) for t in plan.totals] == [
            ("on_account", "NOK", Decimal(-300)),
            ("store_credit", "EUR", Decimal(3)),
            ("store_credit", "NOK", Decimal("129.50")),
        ]

    def test_each_comes_from_its_card(self) -> None:
        """Whoever reads the plan sees whose it was."""
        steps = plan_merge(MASTER, [POINTS]).steps
        assert steps[0] == TransferBalance(
            kind="loyalty",
            unit="points",
            programme="club",
            amount=Decimal(7),
            source="3",
            target="1",
            origin=("3",),
        )

    def test_one_without_a_programme_comes_first(self) -> None:
        """In totals and in the result."""
        held = [Balance("loyalty", "points", 1, programme="A"), Balance("loyalty", "points", 2)]
        plan = plan_merge(Customer(id="1"), [Customer(id="2", balances=held)])
        assert [total.programme for total in plan.totals] == [None, "A"]

    def test_balances_that_cancel_out_leave_none(self) -> None:
        """A sum of zero is no balance."""
        plus, minus = (
            Customer(id=i, balances=[Balance("loyalty", "points", n)])
            for i, n in (("1", 5), ("2", -5))
        )
        plan = plan_merge(plus, [minus])
        assert replay(plan.steps, [plus, minus])["1"].balances == ()
        assert [total.after for total in plan.totals] == [Decimal(0)]

    def test_kind_that_nobody_declared_blocks(self) -> None:
        """Nobody knows whether rows add up to it."""
        stars = Customer(id="2", balances=[Balance("stars", "points", 1)])
        [blocker] = plan_merge(MASTER, [stars]).blockers
        assert blocker.describe() == "the balance kind stars of 2 is not declared"
        declared = MergePolicy(balances={"stars": BalanceRule()})
        assert plan_merge(MASTER, [stars], policy=declared).is_applicable


class TestDerivedBalances:
    def test_moves_with_its_rows(self) -> None:
        """The step says by which rows, so that nothing is counted twice."""
        plan = plan_merge(MASTER, [POINTS], policy=LOTS, relations=["lots"])
        [transfer] = [step for step in plan.steps if isinstance(step, TransferBalance)]
        assert (transfer.settled_by, transfer.programme) == ("lots", "club")

    def test_its_relation_must_be_declared(self) -> None:
        """Else the points would be lost with the card."""
        assert codes(plan_merge(MASTER, [POINTS], policy=LOTS)) == ["undeclared_relation"]

    def test_rows_that_are_declared_to_stay_are_a_question(self) -> None:
        """They move, or the cards must be settled first."""
        left = [Relation("lots", rows="leave")]
        plan = plan_merge(MASTER, [POINTS], policy=LOTS, relations=left)
        [conflict] = plan.conflicts
        assert (conflict.code, [c.key for c in conflict.choices]) == (
            "derived_balance_left",
            ["move"],
        )
        answers = {"relations.lots.3": "move"}
        moved = plan_merge(MASTER, [POINTS], policy=LOTS, relations=left, resolutions=answers)
        assert Repoint("lots", "3", "1", origin=("3",)) in moved.steps
        assert codes(moved) == []

    def test_stored_balances_are_no_matter_to_rows_that_stay(self) -> None:
        """Posted documents stay, credit moves."""
        assert codes(plan_merge(MASTER, [OTHER], relations=[LEFT])) == ["rows_left"]


class TestRelationsThatAddUp:
    CLUB = Relation("lots", balance=RowBalance("loyalty", "points", programme="club"))

    def test_the_relation_says_it_without_a_policy(self) -> None:
        """A kind that nobody else declared included; other units of it are stored."""
        stars = Relation("stars", balance=RowBalance("stars", "points"))
        card = evolve(
            POINTS,
            balances=[
                *POINTS.balances,
                Balance("loyalty", "points", 2),
                Balance("stars", "points", 3),
            ],
        )
        plan = plan_merge(MASTER, [card], relations=[self.CLUB, stars])
        transfers = [step for step in plan.steps if isinstance(step, TransferBalance)]
        assert [(step.programme, step.settled_by) for step in transfers] == [
            (None, None),
            ("club", "lots"),
            (None, "stars"),
        ]
        assert codes(plan) == []

    def test_a_kind_is_declared_only_as_far_as_rows_add_up_to_it(self) -> None:
        """Stars in another unit belong to nobody."""
        stars = Relation("stars", balance=RowBalance("stars", "points"))
        card = Customer(id="2", balances=[Balance("stars", "gold", 3)])
        assert codes(plan_merge(MASTER, [card], relations=[stars])) == ["undeclared_balance_kind"]

    def test_the_policy_may_say_the_same_and_the_limit(self) -> None:
        """Derived from that relation, or from none that it names."""
        for rule in (BalanceRule(derived_from="lots"), BalanceRule(credit_limit="extra.limit")):
            policy = MergePolicy(balances={"loyalty": rule})
            plan = plan_merge(MASTER, [POINTS], policy=policy, relations=[self.CLUB])
            assert [s.settled_by for s in plan.steps if isinstance(s, TransferBalance)] == ["lots"]

    def test_the_policy_may_not_name_another_relation(self) -> None:
        """Both are named, whatever the cards hold."""
        policy = MergePolicy(balances={"loyalty": BalanceRule(derived_from="bonus")})
        with pytest.raises(ConfigurationError, match=r"loyalty from 'bonus', and rows of 'lots'"):
            plan_merge(MASTER, [OTHER], policy=policy, relations=[self.CLUB, "bonus"])

    def test_two_relations_may_not_add_up_to_one_balance(self) -> None:
        """It would be counted twice."""
        with pytest.raises(ConfigurationError, match="'bonus' and 'lots'"):
            plan_merge(MASTER, [OTHER], relations=[self.CLUB, evolve(self.CLUB, name="bonus")])

    def test_rows_that_carry_an_amount_may_not_be_dropped(self) -> None:
        """A collision would lose it."""
        dropping = Relation("lots", collision="keep_master", unique=("campaign",))
        with pytest.raises(ConfigurationError, match="rows of 'lots' add up to loyalty"):
            plan_merge(MASTER, [POINTS], policy=LOTS, relations=[dropping])

    def test_rows_that_are_declared_to_stay_are_a_question(self) -> None:
        """As where the policy says that they add up."""
        left = evolve(self.CLUB, rows="leave")
        [conflict] = plan_merge(MASTER, [POINTS], relations=[left]).conflicts
        assert conflict.code == "derived_balance_left"


class TestRows:
    def test_rows_that_stay_are_named_by_a_step_that_moves_none(self) -> None:
        """So that execution knows that nobody forgot the relation."""
        plan = plan_merge(MASTER, [OTHER], relations=[LEFT])
        assert Repoint("invoices", "2", "1", (), origin=("2",)) in plan.steps
        assert [notice.describe() for notice in plan.notices] == [
            "the rows of invoices stay with 2, reached through the redirect"
        ]

    @pytest.mark.parametrize(("answer", "only"), [("move", None), ("leave", ())])
    def test_rows_that_stay_with_a_kept_card_are_a_question(self, answer: str, only: Any) -> None:  # noqa: ANN401  # None or none
        """A kept card redirects to nobody."""
        kept = {"2": Disposition.KEEP}
        asked = plan_merge(MASTER, [OTHER], relations=[LEFT], dispositions=kept)
        assert codes(asked) == ["rows_left_with_kept"]
        plan = plan_merge(
            MASTER,
            [OTHER],
            relations=[LEFT],
            dispositions=kept,
            resolutions={"relations.invoices.2": answer},
        )
        assert Repoint("invoices", "2", "1", only, origin=("2",)) in plan.steps
        assert codes(plan) == []


class TestCreditLimits:
    POLICY = MergePolicy(balances={"on_account": BalanceRule(credit_limit="extra.limit")})

    @pytest.mark.parametrize(
        ("limit", "expected"),
        [(299, ["debt_above_credit_limit"]), (300, []), (None, []), ("much", [])],
    )
    def test_debt_above_the_limit_is_told(self, limit: Any, expected: list[str]) -> None:  # noqa: ANN401  # what hosts hold
        """The limit is the master's own, never summed; what is no number limits nothing."""
        master = Customer(id="1", extra={"limit": limit})
        assert codes(plan_merge(master, [OTHER], policy=self.POLICY)) == expected

    def test_debt_that_the_merge_does_not_change_is_no_news(self) -> None:
        """It stood above the limit before."""
        owing = Customer(
            id="1", balances=[Balance("on_account", "NOK", -500)], extra={"limit": 100}
        )
        assert codes(plan_merge(owing, [POINTS], policy=self.POLICY)) == []

    def test_credit_is_no_debt(self) -> None:
        """A negative limit does not forbid to have money."""
        master = Customer(id="1", extra={"limit": -1000})
        rich = Customer(id="2", balances=[Balance("on_account", "NOK", 5)])
        assert codes(plan_merge(master, [rich], policy=self.POLICY)) == []

    def test_every_balance_is_looked_at(self) -> None:
        """Also behind one of a kind without a limit."""
        held = [Balance("loyalty", "points", 1), Balance("on_account", "NOK", -300)]
        cards = [Customer(id="1", extra={"limit": 100}), Customer(id="2", balances=held)]
        assert codes(plan_merge(cards[0], cards[1:], policy=self.POLICY)) == [
            "debt_above_credit_limit"
        ]

    def test_nor_is_a_credit_below_one(self) -> None:
        """Half a krone is not owed."""
        other = Customer(id="2", balances=[Balance("on_account", "NOK", "0.50")])
        master = Customer(id="1", extra={"limit": -1})
        assert codes(plan_merge(master, [other], policy=self.POLICY)) == []


def test_every_kind_is_checked_against_the_relations() -> None:
    """Also behind one that is stored."""
    rules = {"bonus": BalanceRule(), "loyalty": BalanceRule(derived_from="lots")}
    with pytest.raises(ConfigurationError, match="none may be dropped"):
        plan_merge(
            MASTER,
            [POINTS],
            policy=MergePolicy(balances=rules),
            relations=[Relation("lots", collision="keep_master")],
        )
