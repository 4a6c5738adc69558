"""Hard cases 5, 6, 8 and 13: logins, rows, redirects and ids of other systems."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from desk import NOW, Opening, Register, card, codes, merged, plain, planned, rows, undone

from dedupkit import (
    Customer,
    Disposition,
    ExecutionError,
    MergePolicy,
    Relation,
    StoreError,
    WebProfile,
    execute,
    plan_merges,
    undo,
)
from dedupkit.execution import sweep
from dedupkit.merging import most_recent
from dedupkit.plans import Blocker, Collision, Plan

SPRING, SUMMER = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)


def resolved(store: Register, *ids: str) -> list[str]:
    """Who stands for each id now."""
    with store.transaction() as tx:
        stands = tx.resolve(ids)
    return [stands[i] for i in ids]


def login(profile_id: str, **more: Any) -> WebProfile:  # noqa: ANN401  # its attributes
    """A login with a password, whose e-mail address is proved."""
    given = {"username": profile_id, "has_password": True, "verified": True}
    return WebProfile(id=profile_id, **{**given, **more})


class TestCase5Logins:
    """Rule 5: the master's login stays and the others end; without one it gets the duplicate's.

    Of several the order is fixed: verified, then the last login, then the lowest id. A user name
    is free before it is taken, and a login that nobody verified inherits nothing unseen.
    """

    def test_the_master_s_login_stays_and_the_others_end(self, open_register: Opening) -> None:
        """Undo brings the other one back."""
        store = open_register(
            Customer(id="1", web_profile=login("w1")), Customer(id="2", web_profile=login("w2"))
        )
        receipt = merged(store, "1", "2")
        assert card(store, "1").web_profile == login("w1")
        assert card(store, "2").web_profile is None
        assert not store.holders("web_profile.username", ["w2"])
        undone(store, receipt)
        assert card(store, "2").web_profile == login("w2")

    def test_a_master_s_login_that_was_switched_off_becomes_the_active_one(
        self, open_register: Opening
    ) -> None:
        """The other one ends, so the person would be locked out; that is told."""
        store = open_register(
            Customer(id="1", web_profile=login("w1", active=False)),
            Customer(id="2", web_profile=login("w2")),
        )
        plan = planned(store, "1", "2")
        receipt = execute(plan, store, by="anna", at=NOW)
        assert card(store, "1").web_profile == login("w1")
        assert codes(plan)[0] == ["web_profile_activated"]
        undone(store, receipt)
        assert card(store, "1").web_profile == login("w1", active=False)

    def test_a_master_without_a_login_gets_the_duplicate_s(self, open_register: Opening) -> None:
        """It keeps its id, its user name and its password, and goes back on undo."""
        store = open_register(Customer(id="1"), Customer(id="2", web_profile=login("w2")))
        receipt = merged(store, "1", "2")
        assert (card(store, "1").web_profile, card(store, "2").web_profile) == (login("w2"), None)
        undone(store, receipt)
        assert (card(store, "1").web_profile, card(store, "2").web_profile) == (None, login("w2"))

    @pytest.mark.parametrize(
        ("two", "three", "chosen"),
        [
            ({"verified": False, "last_login_at": SUMMER}, {}, "w3"),
            ({"last_login_at": SPRING}, {"last_login_at": SUMMER}, "w3"),
            ({"last_login_at": SPRING}, {}, "w2"),
            ({}, {}, "w2"),
        ],
        ids=["verified", "last login", "ever logged in", "lowest id"],
    )
    def test_of_several_one_is_attached_and_the_others_end(
        self, open_register: Opening, two: dict[str, Any], three: dict[str, Any], chosen: str
    ) -> None:
        """Which one is told; the order of the duplicates is no matter."""
        for order in permutations("23"):
            store = open_register(
                Customer(id="1"),
                Customer(id="2", web_profile=login("w2", **two)),
                Customer(id="3", web_profile=login("w3", **three)),
            )
            plan = planned(store, "1", *order)
            execute(plan, store, by="anna", at=NOW)
            attached = card(store, "1").web_profile
            assert attached is not None
            assert attached.id == chosen
            (notice,) = plan.notices
            assert (notice.code, notice.data["profile"]) == ("web_profile_chosen", chosen)

    @pytest.mark.parametrize(
        ("answer", "may_buy"), [("approve", True), ("attach_unapproved", False)]
    )
    def test_approval_is_told_or_asked(
        self, open_register: Opening, answer: str, may_buy: bool
    ) -> None:
        """By default the master gains it with a notice; a web shop asks a person."""
        buyer = Customer(id="2", web_profile=login("w2", approved_buyer=True))
        store = open_register(Customer(id="1"), buyer)
        assert codes(planned(store, "1", "2"))[0] == ["approval_gained"]
        shop = MergePolicy.web_shop()
        assert codes(planned(store, "1", "2", policy=shop))[1] == ["approval_gained"]
        answers = {"web_profile.approved_buyer": answer}
        merged(store, "1", "2", policy=shop, resolutions=answers)
        attached = card(store, "1").web_profile
        assert attached is not None
        assert attached.can_buy is may_buy

    def test_a_login_that_nobody_verified_goes_to_a_person(self, open_register: Opening) -> None:
        """Somebody signed up with another's e-mail address and never proved to own it."""
        store = open_register(
            Customer(id="1", email="anna@shop.example"),
            Customer(id="2", email="anna@shop.example", web_profile=login("w2", verified=False)),
            rows={"orders": {"o1": "1"}},
        )
        plans = plan_merges([("1", "2")], store, relations=store.relations, safe=True)
        assert (len(plans), codes(plans.held[0])[0]) == (0, ["unverified_profile_gains"])
        (notice,) = plans.held[0].notices
        assert notice.customers == ("2",)

    def test_a_user_name_is_free_before_it_is_taken(self, open_register: Opening) -> None:
        """The name moves from card to card though it may stand once only, there and back."""
        store = open_register(Customer(id="1"), Customer(id="2", web_profile=login("w2")))
        receipt = merged(store, "1", "2")
        assert store.holders("web_profile.username", ["w2"]) == {"w2": "1"}
        undone(store, receipt)
        assert store.holders("web_profile.username", ["w2"]) == {"w2": "2"}

    def test_a_kept_card_keeps_its_login(self, open_register: Opening) -> None:
        """It is still somebody's way in."""
        store = open_register(Customer(id="1"), Customer(id="2", web_profile=login("w2")))
        merged(store, "1", "2", dispositions={"2": Disposition.KEEP})
        assert (card(store, "1").web_profile, card(store, "2").web_profile) == (None, login("w2"))


MEMBERSHIPS = Relation("memberships", collision="keep_master", unique=("club",))


class TestCase6RowsThatCollide:
    """Rule 6: where a row meets a unique key, that row alone is concerned, and nothing by default.

    The merge is refused unless the relation says that the master's row stays; then the other row
    goes, with a copy in the receipt, and all the rest of the table moves.
    """

    ROWS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
        "memberships": {
            "m1": {"customer": "1", "club": "choir", "since": 2019},
            "m2": {"customer": "2", "club": "choir", "since": 2011},
            "m3": {"customer": "2", "club": "theater", "since": 2015},
            "m4": {"customer": "3", "club": "theater", "since": 2020},
        }
    }

    def opened(self, opening: Opening, relation: Relation) -> Register:
        """A register of three members."""
        cards = [Customer(id=i) for i in "123"]
        return opening(*cards, rows=self.ROWS, relations=[relation])

    def test_it_is_refused_unless_the_relation_says_otherwise(self, open_register: Opening) -> None:
        """All rows are named, and nothing is written."""
        refusing = evolve(MEMBERSHIPS, collision=Relation("plain").collision)
        assert refusing.collision is Collision.REFUSE
        store = self.opened(open_register, refusing)
        before = store.get("123"), rows(store, "memberships", "123")
        with pytest.raises(StoreError, match="m2 of customer 2"):
            merged(store, "1", "2")
        assert before == (store.get("123"), rows(store, "memberships", "123"))

    def test_only_the_row_that_collides_goes_and_into_the_receipt(
        self, open_register: Opening
    ) -> None:
        """The other rows of the table move."""
        store = self.opened(open_register, MEMBERSHIPS)
        receipt = merged(store, "1", "2")
        assert rows(store, "memberships", "12") == {"1": ["m1", "m3"], "2": []}
        (gone,) = receipt.removed
        assert (gone.relation, gone.row, gone.source, gone.target) == (
            "memberships",
            "m2",
            "2",
            "1",
        )
        assert gone.columns == self.ROWS["memberships"]["m2"]

    def test_duplicates_collide_with_each_other_too(self, open_register: Opening) -> None:
        """Of two rows that the master has not, the lower number's comes and the other goes."""
        store = self.opened(open_register, MEMBERSHIPS)
        receipt = merged(store, "1", "3", "2")
        assert rows(store, "memberships", "123") == {"1": ["m1", "m3"], "2": [], "3": []}
        assert {gone.row for gone in receipt.removed} == {"m2", "m4"}

    def test_undo_puts_it_back_as_it_was(self, open_register: Opening) -> None:
        """With all its columns, on its own card; the rows that moved go back as well."""
        store = self.opened(open_register, MEMBERSHIPS)
        before = {i: store.rows("memberships", i) for i in "123"}
        undone(store, merged(store, "1", "2", "3"))
        assert before == {i: store.rows("memberships", i) for i in "123"}

    @pytest.mark.parametrize("row", ["m2", "m3"], ids=["removed", "moved"])
    def test_undo_drops_no_row_either(self, open_register: Opening, row: str) -> None:
        """The same club was joined with the old id meanwhile: that stays, the rest goes back."""
        store = self.opened(open_register, MEMBERSHIPS)
        receipt = merged(store, "1", "2")
        club = self.ROWS["memberships"][row]["club"]
        store.add_rows("memberships", {"late": {"customer": "2", "club": club}})
        (other,) = {"m2", "m3"} - {row}
        undo = undone(store, receipt)
        assert rows(store, "memberships", "2") == {"2": ["late", other]}
        kept = {"m1", row} - {"m2"}  # what was removed stays in the receipt
        assert rows(store, "memberships", "1") == {"1": sorted(kept)}
        assert store.get("2")["2"].is_active
        assert undo.undoes == receipt.plan_id

    @pytest.mark.parametrize("row", ["m2", "m3"], ids=["removed", "moved"])
    def test_what_was_swept_home_before_is_in_nobodys_way(
        self, open_register: Opening, row: str
    ) -> None:
        """The master's row was there first."""
        store = self.opened(open_register, MEMBERSHIPS)
        receipt = merged(store, "1", "2")
        club = self.ROWS["memberships"][row]["club"]
        store.add_rows("memberships", {"late": {"customer": "2", "club": club}})
        sweep(store, by="night", at=NOW)
        undone(store, receipt)
        assert rows(store, "memberships", "2") == {"2": ["m2", "m3"]}

    def test_a_row_without_a_key_collides_with_none(self, open_register: Opening) -> None:
        """Two memberships of no club in particular are two."""
        given = {"memberships": {f"m{i}": {"customer": i, "club": None} for i in "12"}}
        store = open_register(
            Customer(id="1"), Customer(id="2"), rows=given, relations=[MEMBERSHIPS]
        )
        assert merged(store, "1", "2").removed == ()
        assert rows(store, "memberships", "1") == {"1": ["m1", "m2"]}


class TestCase8ChainsCirclesSelf:
    """Rule 8: a card is merged once, never into itself, and never into or from a retired card.

    Chains resolve in one hop and keep every link, so that the last merge can be undone alone.
    """

    def opened(self, opening: Opening) -> Register:
        """Three cards with an order each."""
        orders = {"orders": {f"o{i}": i for i in "123"}}
        return opening(*(Customer(id=i) for i in "123"), rows=orders)

    def test_a_chain_resolves_in_one_hop(self, open_register: Opening) -> None:
        """Whichever link somebody remembers; the links themselves stay."""
        store = self.opened(open_register)
        merged(store, "2", "1")
        merged(store, "3", "2")
        assert resolved(store, "1", "2", "3") == ["3", "3", "3"]
        assert (card(store, "1").merged_into, card(store, "2").merged_into) == ("2", "3")
        assert rows(store, "orders", "123") == {"1": [], "2": [], "3": ["o1", "o2", "o3"]}

    def test_undoing_the_last_link_gives_the_first_back(self, open_register: Opening) -> None:
        """The first card leads to the second again, with the orders of both."""
        store = self.opened(open_register)
        merged(store, "2", "1")
        undone(store, merged(store, "3", "2"))
        assert resolved(store, "1", "2", "3") == ["2", "2", "3"]
        assert rows(store, "orders", "123") == {"1": [], "2": ["o1", "o2"], "3": ["o3"]}

    def test_the_first_link_waits_for_the_last(self, open_register: Opening) -> None:
        """It is named; on request both are undone, the last one first."""
        store = self.opened(open_register)
        first = merged(store, "2", "1")
        last = merged(store, "3", "2")
        with pytest.raises(ExecutionError, match=last.plan_id):
            undone(store, first)
        undo(first, store, by="ben", at=NOW, with_later=True)
        assert resolved(store, "1", "2", "3") == ["1", "2", "3"]
        assert rows(store, "orders", "123") == {"1": ["o1"], "2": ["o2"], "3": ["o3"]}

    @pytest.mark.parametrize(
        ("master", "duplicate", "code"),
        [
            ("1", "1", "same_customer_twice"),
            ("1", "2", "already_retired"),
            ("2", "1", "already_retired"),
            ("2", "3", "already_retired"),
        ],
        ids=["itself", "a retired card", "a circle", "a retired master"],
    )
    def test_what_would_lead_in_a_circle_or_nowhere_is_forbidden(
        self, open_register: Opening, master: str, duplicate: str, code: str
    ) -> None:
        """With a code, and execution refuses it."""
        store = self.opened(open_register)
        merged(store, "1", "2")
        plan = planned(store, master, duplicate)
        assert code in codes(plan)[2]
        with pytest.raises(ExecutionError, match=code):
            execute(plan, store, by="anna", at=NOW)

    def test_two_plans_that_would_make_a_circle_are_not_both_executed(
        self, open_register: Opening
    ) -> None:
        """Both were right when they were made; the second one is stale."""
        store = self.opened(open_register)
        plans = planned(store, "1", "2"), planned(store, "2", "1")
        execute(plans[0], store, by="anna", at=NOW)
        with pytest.raises(ExecutionError) as caught:
            execute(plans[1], store, by="ben", at=NOW)
        assert getattr(caught.value, "retryable", False)
        assert resolved(store, "1", "2") == ["1", "1"]

    def test_every_order_of_the_duplicates_is_the_same_plan(self, open_register: Opening) -> None:
        """Three duplicates, six orders, one id."""
        cards = [
            Customer(id=str(i), email=f"{i}@shop.example", updated_at=SPRING) for i in range(1, 5)
        ]
        store = open_register(*cards)
        policy = MergePolicy(default=most_recent)
        plans = {planned(store, "1", *order, policy=policy).id for order in permutations("234")}
        assert len(plans) == 1


class TestCase13IdsOfOtherSystems:
    """Rule 13: an id of another system moves with its card and never stands twice.

    Where a system knows one id a customer, a person chooses; where it is connected, guards forbid.
    """

    CARDS = (
        Customer(id="1", external_ids={"billing": ["cus_1"]}),
        Customer(id="2", external_ids={"billing": ["cus_2"], "app": ["a2"]}),
    )

    def test_a_system_that_knows_several_gets_all(self, open_register: Opening) -> None:
        """They lead to the master, and back to their own card after an undo."""
        store = open_register(*self.CARDS)
        before = store.get("12")
        receipt = merged(store, "1", "2")
        assert card(store, "1").external_ids == {"billing": {"cus_1", "cus_2"}, "app": {"a2"}}
        assert not card(store, "2").external_ids
        undone(store, receipt)
        assert plain(store.get("12")) == plain(before)

    @pytest.mark.parametrize(("answer", "stays"), [("1", "cus_1"), ("2", "cus_2")])
    def test_a_system_that_knows_one_asks(
        self, open_register: Opening, answer: str, stays: str
    ) -> None:
        """Nobody pretends that the account there has moved; the other id stays readable."""
        store = open_register(*self.CARDS)
        policy = MergePolicy(single_systems=["billing"])
        (conflict,) = planned(store, "1", "2", policy=policy).conflicts
        assert (conflict.code, conflict.key) == ("several_external_ids", "external_ids.billing")
        assert conflict.data == {"system": "billing"}
        resolutions = {conflict.key: answer}
        receipt = merged(store, "1", "2", policy=policy, resolutions=resolutions)
        assert card(store, "1").external_ids["billing"] == {stays}
        before = [change.before for change in receipt.changes if change.before is not None]
        assert {"cus_1", "cus_2"} == {i for c in before for i in c.external_ids["billing"]}

    @pytest.mark.parametrize("concerned", [(), ("2",)], ids=["whole register", "one card"])
    def test_a_connected_integration_forbids(
        self, open_register: Opening, concerned: tuple[str, ...]
    ) -> None:
        """The host's guard is asked inside the transaction, and nothing is written."""

        def guard(_plan: Plan, customers: Mapping[str, Customer], /) -> Iterable[Blocker]:
            if not concerned or customers.keys() & set(concerned):
                yield Blocker(code="connected_integration", customers=concerned)

        store = open_register(*self.CARDS, Customer(id="3"))
        before = store.get("123")
        with pytest.raises(ExecutionError, match="connected_integration"):
            execute(planned(store, "1", "2"), store, by="anna", at=NOW, guards=[guard])
        assert store.get("123") == before
        if concerned:  # others are merged as ever
            execute(planned(store, "1", "3"), store, by="anna", at=NOW, guards=[guard])

    @pytest.mark.parametrize("concerned", [(), ("2",)], ids=["whole register", "one card"])
    def test_its_answer_stands_in_the_plan(
        self, open_register: Opening, concerned: tuple[str, ...]
    ) -> None:
        """Where the host asks before planning; a card that is left out is no matter."""
        said = Blocker(code="connected_integration", customers=concerned)
        store = open_register(*self.CARDS)
        assert planned(store, "1", "2", blockers=[said]).blockers == (said,)
        left_out = planned(store, "1", "2", blockers=[said], dispositions={"2": Disposition.SKIP})
        assert left_out.is_applicable
