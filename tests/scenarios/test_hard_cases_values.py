"""Hard cases 1 to 4 and 7: what cards say, hold and leave blank, and what becomes of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from desk import NOW, Opening, Register, card, codes, merged, plain, planned, undone

from dedupkit import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    Disposition,
    ExecutionError,
    MergePolicy,
    Relation,
    StalePlanError,
    execute,
)
from dedupkit.merging import (
    BalanceRule,
    FlagRules,
    ask_person,
    fill_blank,
    latest_explicit,
    most_recent,
)
from dedupkit.plans import RowBalance

SPRING, SUMMER = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)

OBJECTED, WITHDRAWN, GRANTED, PENDING, NEVER = ConsentState


def said(state: ConsentState, at: datetime | None = None, **more: Any) -> Consent:  # noqa: ANN401  # parts
    """Say something about the newsletter."""
    return Consent("newsletter", "email", state, at=at, **more)


class TestCase1OptOutOptInNeverAsked:
    """Rule 1: states are ordered and never joined by *or*, per purpose, channel and endpoint.

    An objection outranks a withdrawal, that a grant, that a pending one; never asked is nothing.
    Grants are narrow, refusals are broad.
    """

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            (OBJECTED, WITHDRAWN, OBJECTED),
            (GRANTED, OBJECTED, OBJECTED),
            (GRANTED, WITHDRAWN, WITHDRAWN),
            (GRANTED, NEVER, GRANTED),
            (PENDING, GRANTED, GRANTED),
            (PENDING, NEVER, PENDING),
        ],
    )
    def test_the_stricter_state_stands_whichever_card_is_the_master(
        self, open_register: Opening, one: ConsentState, other: ConsentState, expected: ConsentState
    ) -> None:
        """Both ways round, the answer is the same."""
        for states in permutations((one, other)):
            cards = [Customer(id=str(i), consents=[said(s)]) for i, s in enumerate(states)]
            store = open_register(*cards)
            merged(store, "0", "1")
            assert [consent.state for consent in card(store, "0").consents] == [expected]

    def test_purposes_and_channels_are_apart(self, open_register: Opening) -> None:
        """Who objects to offers by text message still gets the newsletter by e-mail."""
        no_offers = Consent("offers", "sms", OBJECTED)
        store = open_register(
            Customer(id="1", email="a@shop.example", consents=[said(GRANTED)]),
            Customer(id="2", mobile="+47 912 34 567", consents=[no_offers]),
        )
        merged(store, "1", "2")
        assert card(store, "1").wants_newsletter
        assert no_offers in card(store, "1").consents

    def test_a_grant_for_one_address_does_not_open_another(self, open_register: Opening) -> None:
        """What was granted for the duplicate's address says nothing of the master's."""
        store = open_register(
            Customer(id="1", email="a@shop.example"),
            Customer(id="2", consents=[said(GRANTED, endpoint="b@shop.example")]),
        )
        merged(store, "1", "2")
        assert not card(store, "1").wants_newsletter
        assert card(store, "1").permits("newsletter", "email", "b@shop.example")

    def test_a_refusal_without_an_address_closes_every_address(
        self, open_register: Opening
    ) -> None:
        """It also covers the one that a grant names."""
        store = open_register(
            Customer(id="1", consents=[said(GRANTED, endpoint="a@shop.example")]),
            Customer(id="2", consents=[said(WITHDRAWN)]),
        )
        merged(store, "1", "2")
        assert not card(store, "1").permits("newsletter", "email", "a@shop.example")

    @pytest.mark.parametrize(
        ("follows", "email", "code", "wants"),
        [
            (True, "b@shop.example", "consent_follows", True),
            (False, "b@shop.example", "consent_bound", False),
            (False, None, "consent_dropped", False),
        ],
    )
    def test_a_grant_follows_the_person_only_where_the_policy_says_so(
        self, open_register: Opening, follows: bool, email: str | None, code: str, wants: bool
    ) -> None:
        """Given for another contact it is carried over, bound to that contact, or dropped."""
        store = open_register(
            Customer(id="1", email="a@shop.example"),
            Customer(id="2", email=email, consents=[said(GRANTED)]),
        )
        plan = planned(store, "1", "2", policy=MergePolicy(consents_follow_person=follows))
        execute(plan, store, by="anna", at=NOW)
        assert card(store, "1").wants_newsletter is wants
        (notice,) = plan.notices
        assert (notice.code, notice.customers) == (code, ("2",))
        assert notice.data == {"purpose": "newsletter", "channel": "email"}

    def test_undo_gives_each_card_its_own_word_back(self, open_register: Opening) -> None:
        """The grant of the one and the objection of the other."""
        store = open_register(
            Customer(id="1", email="a@shop.example", consents=[said(GRANTED)]),
            Customer(id="2", consents=[said(OBJECTED)]),
        )
        before = store.get("12")
        undone(store, merged(store, "1", "2"))
        assert plain(store.get("12")) == plain(before)


class TestCase2WithdrawnHereSubscribedAgainThere:
    """Rule 2: by default a refusal stands; a policy of that name lets the last word stand.

    Either way the disagreement is told, with what each card said and what holds.
    """

    @pytest.mark.parametrize(
        ("policy", "wants", "rule"),
        [
            (MergePolicy(), False, "refusal_wins"),
            (MergePolicy(consents=latest_explicit), True, "latest_explicit"),
        ],
        ids=["refusal wins", "last word"],
    )
    @pytest.mark.parametrize("master", ["1", "2"])
    def test_a_later_grant(
        self, open_register: Opening, policy: MergePolicy, wants: bool, rule: str, master: str
    ) -> None:
        """Whichever card is the master, never in silence."""
        store = open_register(
            Customer(id="1", email="a@shop.example", consents=[said(WITHDRAWN, SPRING)]),
            Customer(id="2", email="a@shop.example", consents=[said(GRANTED, SUMMER)]),
        )
        plan = planned(store, master, "2" if master == "1" else "1", policy=policy)
        execute(plan, store, by="anna", at=NOW)
        assert card(store, master).wants_newsletter is wants
        (notice,) = plan.notices
        assert notice.code == "consents_disagree"
        assert notice.data["states"] == "withdrawn, granted"
        assert notice.data["rule"] == rule
        assert notice.data["state"] == ("granted" if wants else "withdrawn")

    @pytest.mark.parametrize(
        ("refused", "granted"),
        [(None, SUMMER), (SUMMER, None), (SUMMER, SUMMER), (SUMMER, SPRING), (None, None)],
        ids=["undated refusal", "undated grant", "one moment", "later refusal", "no dates"],
    )
    def test_the_last_word_is_a_grant_only_where_it_is_dated_later(
        self, open_register: Opening, refused: datetime | None, granted: datetime | None
    ) -> None:
        """A refusal without a date counts as newest, a grant without one as oldest, ties refuse."""
        store = open_register(
            Customer(id="1", email="a@shop.example", consents=[said(WITHDRAWN, refused)]),
            Customer(id="2", email="a@shop.example", consents=[said(GRANTED, granted)]),
        )
        merged(store, "1", "2", policy=MergePolicy(consents=latest_explicit))
        assert not card(store, "1").wants_newsletter

    def test_one_by_one_is_as_all_at_once(self, open_register: Opening) -> None:
        """Three cards, three moments: grouping them otherwise changes nothing."""
        cards = [
            Customer(id=str(n), email="a@shop.example", consents=[said(state, SPRING + n * DAY)])
            for n, state in enumerate((GRANTED, WITHDRAWN, GRANTED), 1)
        ]
        policy = MergePolicy(consents=latest_explicit)
        together, apart = open_register(*cards), open_register(*cards)
        merged(together, "1", "2", "3", policy=policy)
        merged(apart, "1", "3", policy=policy)
        merged(apart, "1", "2", policy=policy)
        assert card(together, "1").consents == card(apart, "1").consents
        assert card(together, "1").wants_newsletter


DAY = timedelta(days=1)


class TestCase3SignKindAndCurrency:
    """Rule 3: amounts move whole, per kind, unit and programme, with their sign.

    Nothing is netted, exchanged or overwritten, and a credit limit is no amount.
    """

    CARDS = (
        Customer(id="1", balances=[Balance("store_credit", "NOK", 100)]),
        Customer(
            id="2",
            balances=[
                Balance("on_account", "NOK", -300),
                Balance("store_credit", "EUR", 5),
                Balance("store_credit", "NOK", -20),
                Balance("loyalty", "points", 7, programme="club"),
            ],
        ),
        Customer(id="3", balances=[Balance("loyalty", "points", 9)]),
    )

    def test_debt_credit_currencies_and_programmes_stay_apart(self, open_register: Opening) -> None:
        """The master holds the sum of each, the retired cards hold nothing."""
        store = open_register(*self.CARDS)
        merged(store, "1", "2", "3")
        assert card(store, "1").balances == (
            Balance("loyalty", "points", 9),
            Balance("loyalty", "points", 7, programme="club"),
            Balance("on_account", "NOK", -300),
            Balance("store_credit", "EUR", 5),
            Balance("store_credit", "NOK", 80),
        )
        assert (card(store, "2").balances, card(store, "3").balances) == ((), ())

    def test_the_plan_states_the_totals_that_execution_verifies(
        self, open_register: Opening
    ) -> None:
        """Before and after are one figure for each kind, unit and programme."""
        plan = planned(open_register(*self.CARDS), "1", "2", "3")
        totals = {(t.kind, t.unit, t.programme): (t.before, t.after) for t in plan.totals}
        assert totals["store_credit", "NOK", None] == (Decimal(80), Decimal(80))
        assert totals["on_account", "NOK", None] == (Decimal(-300), Decimal(-300))
        assert len(totals) == 5

    def test_undo_takes_every_amount_back(self, open_register: Opening) -> None:
        """The debt as well as the credit."""
        store = open_register(*self.CARDS)
        before = store.get("123")
        undone(store, merged(store, "1", "2", "3"))
        assert plain(store.get("123")) == plain(before)

    def test_a_debt_above_the_credit_limit_is_told(self, open_register: Opening) -> None:
        """The limit is the master's field and is never summed."""
        policy = MergePolicy(balances={"on_account": BalanceRule(credit_limit="extra.limit")})
        debts = [Balance("on_account", "NOK", -80)]
        cards = [Customer(id=i, balances=debts, extra={"limit": 100}) for i in "12"]
        store = open_register(*cards)
        plan = planned(store, "1", "2", policy=policy)
        execute(plan, store, by="anna", at=NOW)
        assert card(store, "1").extra == {"limit": 100}
        (notice,) = plan.notices
        assert notice.code == "debt_above_credit_limit"
        assert (notice.data["debt"], notice.data["limit"]) == (160, 100)

    def test_a_kind_that_nobody_declared_blocks(self, open_register: Opening) -> None:
        """Nobody said whether it is stored or adds up from rows."""
        store = open_register(
            Customer(id="1"), Customer(id="2", balances=[Balance("gift_cards", "NOK", 50)])
        )
        plan = planned(store, "1", "2")
        assert codes(plan) == ([], [], ["undeclared_balance_kind"])
        with pytest.raises(ExecutionError, match="gift_cards"):
            execute(plan, store, by="anna", at=NOW)
        told = MergePolicy(balances={"gift_cards": BalanceRule()})
        assert planned(store, "1", "2", policy=told).is_applicable


class TestCase4LoyaltyLots:
    """Rule 4: points that add up from lots move with the lots, and are never counted twice.

    Each lot keeps its expiry; a tier is a field, which a policy decides like any other.
    """

    LOTS = Relation("lots", balance=RowBalance("loyalty", "points", amount="left"))
    ROWS: Mapping[str, Mapping[str, object]] = {
        "l1": {"customer": "1", "left": 100, "expires": "2026-12-31"},
        "l2": {"customer": "2", "left": 20, "expires": "2026-06-30"},
        "l3": {"customer": "2", "left": "7.5", "expires": "2027-06-30"},
    }

    def opened(self, open_register: Opening) -> Register:
        """Two cards with lots; nobody says what they add up to."""
        cards = (Customer(id="1"), Customer(id="2"))
        return open_register(*cards, rows={"lots": self.ROWS}, relations=[self.LOTS])

    def points(self, store: Register) -> list[Decimal]:
        """What the two cards show."""
        balances = (card(store, i).balances for i in ("1", "2"))
        return [sum((balance.amount for balance in one), Decimal(0)) for one in balances]

    def test_lots_move_with_their_expiry_and_come_back(self, open_register: Opening) -> None:
        """The register adds them up, so the points are where the lots are, once."""
        store = self.opened(open_register)
        lots = [*store.rows("lots", "1"), *store.rows("lots", "2")]
        assert self.points(store) == [100, Decimal("27.5")]
        receipt = merged(store, "1", "2")
        assert self.points(store) == [Decimal("127.5"), 0]
        assert [{**lot, "customer": "1"} for lot in lots] == list(store.rows("lots", "1"))
        undone(store, receipt)
        assert self.points(store) == [100, Decimal("27.5")]
        assert lots == [*store.rows("lots", "1"), *store.rows("lots", "2")]

    def test_a_lot_earned_since_makes_an_older_plan_stale(self, open_register: Opening) -> None:
        """The clerk confirmed another number of points."""
        store = self.opened(open_register)
        plan = planned(store, "1", "2")
        store.add_rows("lots", {"l4": {"customer": "2", "left": 1, "expires": "2028-01-01"}})
        with pytest.raises(StalePlanError):
            execute(plan, store, by="anna", at=NOW)

    def test_points_spent_between_merge_and_undo_stay_spent(self, open_register: Opening) -> None:
        """The lots go home whole; who spent more than their own is left with a debt."""
        store = self.opened(open_register)
        receipt = merged(store, "1", "2")
        store.add_rows("lots", {"spent": {"customer": "1", "left": -120, "expires": None}})
        undone(store, receipt)
        assert self.points(store) == [-20, Decimal("27.5")]

    def test_orders_that_move_earn_nothing_anew(self, open_register: Opening) -> None:
        """A welcome bonus that both cards got stays two lots: which to take back is the host's."""
        rows = {"lots": self.ROWS, "orders": {"o1": "1", "o2": "2"}}
        store = open_register(Customer(id="1"), Customer(id="2"), rows=rows, relations=[self.LOTS])
        merged(store, "1", "2")
        assert [row["id"] for row in store.rows("orders", "1")] == ["o1", "o2"]
        assert [row["id"] for row in store.rows("lots", "1")] == ["l1", "l2", "l3"]

    def test_a_tier_is_a_field_that_the_policy_decides(self, open_register: Opening) -> None:
        """By default it is the master's; a host may ask a person instead."""
        cards = (Customer(id=i, extra={"tier": t}) for i, t in (("1", "silver"), ("2", "gold")))
        store = open_register(*cards)
        asking = MergePolicy(fields={"extra.tier": ask_person})
        (conflict,) = planned(store, "1", "2", policy=asking).conflicts
        assert (conflict.code, conflict.key) == ("field_open", "extra.tier")
        assert [choice.value for choice in conflict.choices] == ["silver", "gold"]
        receipt = merged(store, "1", "2", policy=asking, resolutions={conflict.key: "2"})
        assert card(store, "1").extra == {"tier": "gold"}
        undone(store, receipt)
        merged(store, "1", "2")
        assert card(store, "1").extra == {"tier": "silver"}

    def test_lots_that_nobody_declared_block(self, open_register: Opening) -> None:
        """Else the points would stay behind on the retired card."""
        policy = MergePolicy(balances={"loyalty": BalanceRule(derived_from="lots")})
        rich = Customer(id="2", balances=[Balance("loyalty", "points", 30)])
        plan = planned(open_register(Customer(id="1"), rich), "1", "2", policy=policy)
        assert codes(plan)[2] == ["undeclared_relation"]


class TestCase7BlankClearedDefault:
    """Rule 7: a blank never replaces a value; False and 0 are values; clearing is said.

    Whether the blanks of the master are filled is the policy's; by default they stay.
    """

    def test_a_blank_stays_blank_unless_the_policy_fills(self, open_register: Opening) -> None:
        """The same cards, both policies."""
        for policy, email in (
            (MergePolicy(), None),
            (MergePolicy.fill_blanks(), "b@shop.example"),
        ):
            store = open_register(Customer(id="1"), Customer(id="2", email="b@shop.example"))
            merged(store, "1", "2", policy=policy)
            assert card(store, "1").email == email

    def test_false_and_zero_are_values(self, open_register: Opening) -> None:
        """The other card's True and 5 do not fill them."""
        store = open_register(
            Customer(id="1", extra={"sms_ok": False, "discount": 0}),
            Customer(id="2", extra={"sms_ok": True, "discount": 5, "vat_no": "NO1"}),
        )
        merged(store, "1", "2", policy=MergePolicy(fields={"extra": fill_blank}))
        assert card(store, "1").extra == {"sms_ok": False, "discount": 0, "vat_no": "NO1"}

    def test_text_of_nothing_but_spaces_is_blank(self, open_register: Opening) -> None:
        """It is filled like any blank, and fills none."""
        store = open_register(Customer(id="1", city=" "), Customer(id="2", city="Oslo"))
        merged(store, "1", "2", policy=MergePolicy.fill_blanks())
        assert card(store, "1").city == "Oslo"

    @pytest.mark.parametrize("policy", [MergePolicy(default=most_recent), MergePolicy()])
    def test_a_newer_blank_replaces_nothing(
        self, open_register: Opening, policy: MergePolicy
    ) -> None:
        """The card that was updated last has no e-mail."""
        store = open_register(
            Customer(id="1", email="a@shop.example", updated_at=SPRING),
            Customer(id="2", updated_at=SUMMER),
        )
        merged(store, "1", "2", policy=policy)
        assert card(store, "1").email == "a@shop.example"

    def test_a_correction_clears_and_undo_brings_the_value_back(
        self, open_register: Opening
    ) -> None:
        """Also where the policy would fill the blank at once."""
        cards = Customer(id="1", email="a@shop.example"), Customer(id="2", email="b@shop.example")
        store = open_register(*cards)
        policy = MergePolicy.fill_blanks()
        receipt = merged(store, "1", "2", policy=policy, corrections={"email": None})
        assert card(store, "1").email is None
        undone(store, receipt)
        assert card(store, "1").email == "a@shop.example"

    def test_half_an_address_is_not_completed(self, open_register: Opening) -> None:
        """The address is one value: a street here gets no postal code from there."""
        store = open_register(
            Customer(id="1", street="Storgata 1"),
            Customer(id="2", street="Lillegata 2", postal_code="5003", city="Bergen"),
        )
        merged(store, "1", "2", policy=MergePolicy.fill_blanks())
        assert (card(store, "1").street, card(store, "1").postal_code) == ("Storgata 1", None)


class TestFlagsHaveASide:
    """Flags that permit are asked about; flags that protect keep contact details where they are."""

    @pytest.mark.parametrize(
        ("answer", "flags"), [("leave", {"wheelchair"}), ("set", {"credit", "wheelchair"})]
    )
    def test_a_permission_is_not_inherited_in_passing(
        self, open_register: Opening, answer: str, flags: set[str]
    ) -> None:
        """Every other flag is carried over; this one only where a person says so."""
        policy = MergePolicy(flags=FlagRules(permissive=["credit"]))
        store = open_register(Customer(id="1"), Customer(id="2", flags=["credit", "wheelchair"]))
        open_plan = planned(store, "1", "2", policy=policy)
        assert codes(open_plan) == ([], ["permissive_flag"], [])
        with pytest.raises(ExecutionError, match="permissive_flag"):
            execute(open_plan, store, by="anna", at=NOW)
        merged(store, "1", "2", policy=policy, resolutions={"flags.credit": answer})
        assert card(store, "1").flags == flags

    @pytest.mark.parametrize("bearer", ["1", "2"])
    def test_a_secret_address_is_not_filled_in(self, open_register: Opening, bearer: str) -> None:
        """Whichever card bears the flag, what it protects stays on the card where it is."""
        policy = MergePolicy(default=fill_blank, flags=FlagRules(protected=["secret_address"]))
        cards = Customer(id="1"), Customer(id="2", street="Storgata 1")
        flagged = [evolve(c, flags=["secret_address"] if c.id == bearer else []) for c in cards]
        store = open_register(*flagged)
        plan = planned(store, "1", "2", policy=policy)
        execute(plan, store, by="anna", at=NOW)
        assert card(store, "1").street is None
        assert codes(plan)[0] == ["protected"]

    def test_a_kept_card_leaves_its_flags_and_gives_a_copy(self, open_register: Opening) -> None:
        """Both cards bear it afterwards."""
        store = open_register(Customer(id="1"), Customer(id="2", flags=["wheelchair"]))
        merged(store, "1", "2", dispositions={"2": Disposition.KEEP})
        assert card(store, "1").flags == card(store, "2").flags == {"wheelchair"}
