"""The cases on which merging systems lose data, each with the rule and the answer given here.

The rules are those that planning decides; what executing decides (races, crashes, later merges)
is shown with the stores.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest

from dedupkit import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    Disposition,
    Judgement,
    MergePlan,
    MergePolicy,
    Relation,
    Verdict,
    WebProfile,
    execute,
    plan_merge,
    replay,
    undo,
)
from dedupkit.merging import BalanceRule, FlagRules, fill_blank, latest_explicit, most_recent
from dedupkit.plans import Collision, MoveWebProfile, UndoReason
from dedupkit.stores.memory import MemoryStore

SPRING, SUMMER = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 4, tzinfo=UTC)

OBJECTED, WITHDRAWN, GRANTED, PENDING, NEVER = ConsentState


def after(plan: MergePlan, *cards: Customer) -> Customer:
    """Return the master after a plan."""
    return replay(plan.steps, cards)[plan.master_id]


def said(state: ConsentState, at: datetime | None = None, **more: Any) -> Consent:  # noqa: ANN401  # parts
    """Say something about the newsletter."""
    return Consent("newsletter", "email", state, at=at, **more)


def grades(plan: MergePlan) -> tuple[list[str], list[str], list[str]]:
    """Name the notices, conflicts and blockers of a plan."""
    return (
        [notice.code for notice in plan.notices],
        [conflict.code for conflict in plan.conflicts],
        [blocker.code for blocker in plan.blockers],
    )


class TestOptOutOptInNeverAsked:
    """States are ordered and never joined by *or*: a refusal stands, not being asked is nothing."""

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            (GRANTED, OBJECTED, OBJECTED),
            (GRANTED, WITHDRAWN, WITHDRAWN),
            (GRANTED, NEVER, GRANTED),
            (PENDING, GRANTED, GRANTED),
            (PENDING, NEVER, PENDING),
        ],
    )
    def test_order(self, one: ConsentState, other: ConsentState, expected: ConsentState) -> None:
        """Whichever of the cards is the master."""
        for states in permutations((one, other)):
            cards = [Customer(id=str(i), consents=[said(s)]) for i, s in enumerate(states)]
            [consent] = after(plan_merge(cards[0], cards[1:]), *cards).consents
            assert consent.state is expected

    def test_a_grant_for_one_address_does_not_open_another(self) -> None:
        """Grants are narrow, refusals are broad."""
        bound = said(GRANTED, endpoint="b@shop.example")
        cards = Customer(id="1", email="a@shop.example"), Customer(id="2", consents=[bound])
        master = after(plan_merge(cards[0], cards[1:]), *cards)
        assert not master.permits("newsletter", "email")
        assert master.permits("newsletter", "email", "b@shop.example")


class TestWithdrawnHereSubscribedAgainThere:
    """By default the refusal stands; a policy of that name lets the last word stand; both tell."""

    CARDS = (
        Customer(id="1", email="a@shop.example", consents=[said(WITHDRAWN, SPRING)]),
        Customer(id="2", email="a@shop.example", consents=[said(GRANTED, SUMMER)]),
    )

    @pytest.mark.parametrize(
        ("policy", "wants"),
        [(MergePolicy(), False), (MergePolicy(consents=latest_explicit), True)],
        ids=["refusal wins", "last word"],
    )
    def test_answer(self, policy: MergePolicy, wants: bool) -> None:
        """Never in silence."""
        plan = plan_merge(self.CARDS[0], self.CARDS[1:], policy=policy)
        assert after(plan, *self.CARDS).wants_newsletter is wants
        assert grades(plan)[0] == ["consents_disagree"]


class TestSignKindAndCurrency:
    """Amounts move whole, per kind, unit and programme: no netting, no exchange, no overwriting."""

    def test_debt_credit_and_other_currencies_stay_apart(self) -> None:
        """The sum of each is what it was."""
        cards = (
            Customer(id="1", balances=[Balance("store_credit", "NOK", 100)]),
            Customer(
                id="2",
                balances=[
                    Balance("on_account", "NOK", -300),
                    Balance("store_credit", "EUR", 5),
                    Balance("store_credit", "NOK", -20),
                ],
            ),
        )
        assert after(plan_merge(cards[0], cards[1:]), *cards).balances == (
            Balance("on_account", "NOK", -300),
            Balance("store_credit", "EUR", 5),
            Balance("store_credit", "NOK", 80),
        )

    def test_a_credit_limit_is_no_amount(self) -> None:
        """It is never summed, and a debt above it is told."""
        policy = MergePolicy(balances={"on_account": BalanceRule(credit_limit="extra.limit")})
        cards = [
            Customer(id=str(i), balances=[Balance("on_account", "NOK", -80)], extra={"limit": 100})
            for i in (1, 2)
        ]
        plan = plan_merge(cards[0], cards[1:], policy=policy)
        assert after(plan, *cards).extra == {"limit": 100}
        assert grades(plan)[0] == ["debt_above_credit_limit"]


class TestLoyaltyLots:
    """Points that add up from lots move with the lots, which keep their expiry; never twice."""

    POLICY = MergePolicy(balances={"loyalty": BalanceRule(derived_from="lots")})

    def test_lots_move_and_come_back(self) -> None:
        """The amount follows the rows, there and back."""
        store = MemoryStore(
            [Customer(id="1"), Customer(id="2", balances=[Balance("loyalty", "points", 30)])],
            rows={"lots": {"l1": "2", "l2": "2"}},
        )
        cards = store.get(["1", "2"])
        plan = plan_merge(cards["1"], [cards["2"]], policy=self.POLICY, relations=store.relations)
        receipt = execute(plan, store, by="anna", at=NOW)
        assert store.customers["1"].balances == (Balance("loyalty", "points", 30),)
        assert set(store.rows["lots"].values()) == {"1"}
        undo(receipt, store, by="anna", at=NOW, because=UndoReason.WRONG_CHOICE)
        assert store.customers["2"].balances == (Balance("loyalty", "points", 30),)
        assert set(store.rows["lots"].values()) == {"2"}

    def test_lots_that_nobody_declared_block(self) -> None:
        """Else the points would stay behind on the retired card."""
        rich = Customer(id="2", balances=[Balance("loyalty", "points", 30)])
        plan = plan_merge(Customer(id="1"), [rich], policy=self.POLICY)
        assert grades(plan)[2] == ["undeclared_relation"]


class TestLogins:
    """One login stays; which one is a fixed order; an unverified one inherits nothing unseen."""

    def test_takeover_by_typing_another_s_address_goes_to_a_person(self) -> None:
        """Somebody signed up with Anna's e-mail and never proved to own it."""
        anna = Customer(id="1", email="anna@shop.example")
        stranger = Customer(
            id="2", email="anna@shop.example", web_profile=WebProfile(id="w", username="x")
        )
        plan = plan_merge(anna, [stranger], relations=["orders"])
        assert grades(plan)[0] == ["unverified_profile_gains"]
        assert "unverified_profile_gains" in MergePolicy().hold_back

    def test_user_names_are_free_before_they_are_taken(self) -> None:
        """In the steps, profiles leave their cards before another is attached."""
        profiles = [WebProfile(id=f"w{i}", username="anna", verified=True) for i in (2, 3)]
        cards = [Customer(id=str(i), web_profile=p) for i, p in zip((2, 3), profiles, strict=True)]
        plan = plan_merge(Customer(id="1"), cards)
        moves = [step for step in plan.steps if isinstance(step, MoveWebProfile)]
        assert [step.target for step in moves] == [None, "1"]


class TestRowsThatCollide:
    """Only the row that collides goes, into the receipt, and only where the relation says so."""

    def test_collision_is_refused_unless_the_relation_says_otherwise(self) -> None:
        """Nothing is deleted in passing."""
        assert Relation("memberships").collision is Collision.REFUSE


class TestBlankClearedDefault:
    """A blank never replaces a value; False and 0 are values; clearing is a correction."""

    def test_false_and_zero_are_values(self) -> None:
        """The other card's True and 5 do not fill them."""
        cards = (
            Customer(id="1", extra={"sms_ok": False, "discount": 0}),
            Customer(id="2", extra={"sms_ok": True, "discount": 5}),
        )
        policy = MergePolicy(fields={"extra": fill_blank})
        master = after(plan_merge(cards[0], cards[1:], policy=policy), *cards)
        assert master.extra == {"sms_ok": False, "discount": 0}

    def test_a_newer_blank_replaces_nothing(self) -> None:
        """The card that was updated last has no e-mail."""
        cards = (
            Customer(id="1", email="a@shop.example", updated_at=SPRING),
            Customer(id="2", updated_at=SUMMER),
        )
        policy = MergePolicy(default=most_recent)
        assert after(plan_merge(cards[0], cards[1:], policy=policy), *cards).email is not None
        cleared = plan_merge(cards[0], cards[1:], policy=policy, corrections={"email": None})
        assert after(cleared, *cards).email is None


class TestChainsCirclesSelf:
    """A card is merged into itself, into or from a retired card never; order never matters."""

    @pytest.mark.parametrize(
        ("master", "duplicates", "code"),
        [
            (Customer(id="1"), [Customer(id="1")], "same_customer_twice"),
            (Customer(id="1"), [Customer(id="2", merged_into="3")], "already_retired"),
            (Customer(id="1", merged_into="3"), [Customer(id="2")], "already_retired"),
        ],
    )
    def test_refused(self, master: Customer, duplicates: Iterable[Customer], code: str) -> None:
        """With a reason."""
        assert code in grades(plan_merge(master, duplicates))[2]

    def test_every_order_is_the_same_plan(self) -> None:
        """Three duplicates, six orders, one id."""
        cards = [
            Customer(id=str(i), email=f"{i}@shop.example", updated_at=SPRING) for i in range(1, 5)
        ]
        policy = MergePolicy(default=most_recent)
        plans = (plan_merge(cards[0], order, policy=policy) for order in permutations(cards[1:]))
        assert len({plan.id for plan in plans}) == 1


class TestMergeAndKeep:
    """A kept card owns nothing that moves, is marked, is no redirect, and refuses as its master."""

    def test_drained_marked_and_active(self) -> None:
        """Its fields, login and groups stay."""
        master = Customer(id="1", consents=[said(OBJECTED)])
        kept = Customer(
            id="2",
            groups=["choir"],
            balances=[Balance("loyalty", "points", 3)],
            consents=[said(GRANTED)],
            web_profile=WebProfile(id="w2"),
        )
        plan = plan_merge(
            master, [kept], dispositions={"2": Disposition.KEEP}, relations=["orders"]
        )
        card = replay(plan.steps, [master, kept])["2"]
        assert (card.balances, card.kept_for, card.is_active) == ((), "1", True)
        assert (card.groups, card.web_profile) == (kept.groups, kept.web_profile)
        assert card.consents == (said(OBJECTED),)


class TestExternalIds:
    """An id of another system is moved, never doubled; a system that knows one asks."""

    CARDS = (
        Customer(id="1", external_ids={"billing": ["cus_1"]}),
        Customer(id="2", external_ids={"billing": ["cus_2"]}),
    )

    def test_union_where_a_system_knows_several(self) -> None:
        """Both lead to the master; the retired card leads nowhere by itself."""
        cards = replay(plan_merge(self.CARDS[0], self.CARDS[1:]).steps, self.CARDS)
        assert cards["1"].external_ids["billing"] == {"cus_1", "cus_2"}
        assert not cards["2"].external_ids

    def test_question_where_it_knows_one(self) -> None:
        """Nobody pretends that the account of the other system has moved."""
        policy = MergePolicy(single_systems=["billing"])
        plan = plan_merge(self.CARDS[0], self.CARDS[1:], policy=policy)
        assert grades(plan)[1] == ["several_external_ids"]


class TestNotTheSameKind:
    """Other tenants, a *different* judgement anywhere and barred cards block; doubts are asked."""

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ({"tenant": "oslo"}, {"tenant": "bergen"}, ([], [], ["other_tenant"])),
            ({"name": "Anna"}, {"company": "Fjord AS"}, ([], ["person_and_organization"], [])),
            (
                {"birth_date": date(1980, 1, 1)},
                {"birth_date": date(2010, 1, 1)},
                (["child_beside_adult"], [], []),
            ),
            ({}, {"allow_merge": False}, ([], [], ["merge_not_allowed"])),
        ],
        ids=["tenant", "organization", "child", "barred"],
    )
    def test_grade(
        self, one: dict[str, Any], other: dict[str, Any], expected: tuple[list[str], ...]
    ) -> None:
        """Each with its own grade."""
        assert grades(plan_merge(Customer(id="1", **one), [Customer(id="2", **other)])) == expected

    def test_a_word_between_any_two_blocks_all(self) -> None:
        """A is B, B is C, and A is not C: the three are never one."""
        cards = [Customer(id=card) for card in "123"]
        said = [
            Judgement("1", "2", Verdict.SAME),
            Judgement("2", "3", Verdict.SAME),
            Judgement("1", "3", Verdict.DIFFERENT),
        ]
        assert not plan_merge(cards[0], cards[1:], judgements=said).is_applicable


class TestFlagsHaveASide:
    """Flags that permit are asked about; flags that protect keep contact details where they are."""

    def test_a_permission_is_not_inherited_in_passing(self) -> None:
        """Even where every other flag is carried over."""
        policy = MergePolicy(flags=FlagRules(permissive=["credit"]))
        cards = Customer(id="1"), Customer(id="2", flags=["credit", "wheelchair"])
        plan = plan_merge(cards[0], cards[1:], policy=policy)
        assert after(plan, *cards).flags == {"wheelchair"}
        assert grades(plan)[1] == ["permissive_flag"]


class TestPostedDocuments:
    """Invoices keep the customer that is printed on them and are reached through the redirect."""

    def test_rows_stay_and_the_plan_says_so(self) -> None:
        """Orders move, invoices stay, and execution knows that nobody forgot them."""
        store = MemoryStore(
            [Customer(id="1"), Customer(id="2")],
            rows={"orders": {"o1": "2"}, "invoices": {"i1": "2"}},
            relations=[Relation("orders"), Relation("invoices", rows="leave")],
        )
        cards = store.get(["1", "2"])
        plan = plan_merge(cards["1"], [cards["2"]], relations=store.relations)
        execute(plan, store, by="anna", at=NOW)
        assert (store.rows["orders"], store.rows["invoices"]) == ({"o1": "1"}, {"i1": "2"})
        assert grades(plan)[0] == ["rows_left"]
