"""Hard cases 9 to 11 and 15: what happens between planning and executing, amid it, and after it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from attrs import evolve
from desk import LATER, NOW, Opening, Register, card, merged, orders, plain, planned

from dedupkit import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    Judgement,
    MergePolicy,
    Receipt,
    Relation,
    StalePlanError,
    UndoReason,
    Verdict,
    WebProfile,
    execute,
    find_duplicates,
    plan_merge,
    plan_merges,
    plan_undo,
    undo,
)
from dedupkit.execution import execute_many, sweep
from dedupkit.plans import UndoPlan
from dedupkit.ports import Change
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing import Crash, FailsAt
from dedupkit.transfer import plan_import, read_customers


def edited(store: Register, customer_id: str, **changes: Any) -> None:  # noqa: ANN401  # fields
    """Change a card past the library, as the host's own screens do."""
    before = card(store, customer_id)
    with store.transaction() as tx:
        tx.save([(before, evolve(before, **changes))])


def everything(store: Register, ids: str) -> tuple[object, ...]:
    """All that a merge could have touched."""
    history = [receipt.plan_id for receipt in store.history()]
    return store.get(ids), orders(store, ids), history, list(store.judgements())


class TestCase9ThePlanIsStale:
    """Rule 9: a plan is executed on the cards that it was made from, or not at all.

    An order that comes late for a card that is gone is brought home by a sweep.
    """

    def opened(self, opening: Opening) -> Register:
        """Two cards with an order each, and one that has nothing to do with them."""
        given = {"orders": {"o1": "1", "o2": "2"}}
        return opening(*(Customer(id=i) for i in "123"), rows=given)

    @pytest.mark.parametrize("changed", ["1", "2"])
    def test_a_card_that_changed_meanwhile_refuses_all_of_it(
        self, open_register: Opening, changed: str
    ) -> None:
        """The card is named, nothing is written, and a plan made anew is executed."""
        store = self.opened(open_register)
        plan = planned(store, "1", "2")
        edited(store, changed, city="Oslo")
        before = everything(store, "123")
        with pytest.raises(StalePlanError) as caught:
            execute(plan, store, by="anna", at=NOW)
        assert caught.value.changed == (changed,)
        assert everything(store, "123") == before
        merged(store, "1", "2")
        assert not card(store, "2").is_active

    def test_a_change_of_another_card_is_no_matter(self, open_register: Opening) -> None:
        """Only the cards of the plan count."""
        store = self.opened(open_register)
        plan = planned(store, "1", "2")
        edited(store, "3", city="Oslo")
        execute(plan, store, by="anna", at=NOW)
        assert not card(store, "2").is_active

    def test_an_order_that_comes_between_planning_and_executing_moves_too(
        self, open_register: Opening
    ) -> None:
        """Rows are moved as they are at that moment."""
        store = self.opened(open_register)
        plan = planned(store, "1", "2")
        store.add_rows("orders", {"o3": "2"})
        execute(plan, store, by="anna", at=NOW)
        assert orders(store, "12") == {"1": ["o1", "o2", "o3"], "2": []}

    def test_an_order_that_comes_late_is_swept_to_the_master(self, open_register: Opening) -> None:
        """Through chains, once, with a receipt that shows it."""
        store = self.opened(open_register)
        merged(store, "1", "2")
        merged(store, "3", "1")
        store.add_rows("orders", {"late": "2"})
        (receipt,) = sweep(store, by="night", at=LATER).receipts
        assert orders(store, "123") == {"1": [], "2": [], "3": ["late", "o1", "o2"]}
        assert [moved.rows for moved in receipt.moved] == [("late",)]
        assert sweep(store, by="night", at=LATER).receipts == ()

    def test_what_was_swept_stays_with_the_master_after_an_undo(
        self, open_register: Opening
    ) -> None:
        """It came after the merge; what the merge itself moved goes back."""
        store = self.opened(open_register)
        receipt = merged(store, "1", "2")
        store.add_rows("orders", {"late": "2"})
        sweep(store, by="night", at=LATER)
        undo(receipt, store, by="ben", at=LATER)
        assert orders(store, "12") == {"1": ["late", "o1"], "2": ["o2"]}


class TestCase10ACrashInTheMiddle:
    """Rule 10: whatever stops, wherever it stops, a merge is whole or has not been.

    The same call again does what is left, and ends where an undisturbed one does.
    """

    def opened(self, opening: Opening) -> Register:
        """Cards with something of every sort, in two pairs."""
        cards = [
            Customer(
                id=i,
                flags=[f"flag{i}"],
                consents=[Consent("newsletter", "email", ConsentState.WITHDRAWN, source=i)],
                balances=[Balance("loyalty", "points", int(i))],
                web_profile=WebProfile(id=f"w{i}", username=f"user{i}", verified=True),
            )
            for i in "1234"
        ]
        return opening(*cards, rows={"orders": {f"o{i}": i for i in "1234"}})

    def survived(self, store: Register, work: Callable[[Any], object]) -> int:
        """Let every call fail in turn until none does; return how many did."""
        for call in count(1):
            before = everything(store, "1234")
            with suppress(Crash):
                work(FailsAt(store, call, after=True))
                return call - 1
            assert everything(store, "1234") == before
        raise AssertionError

    def test_a_merge_is_whole_or_has_not_been(self, open_register: Opening) -> None:
        """Every call fails once, and at last it comes to the same as without any failure."""
        store, calm = self.opened(open_register), self.opened(open_register)
        plan = planned(store, "1", "2")
        assert self.survived(store, lambda s: execute(plan, s, by="anna", at=NOW)) >= 5
        execute(planned(calm, "1", "2"), calm, by="anna", at=NOW)
        assert plain(store.get("1234")) == plain(calm.get("1234"))
        assert orders(store, "12") == {"1": ["o1", "o2"], "2": []}

    def test_an_undo_is_whole_or_has_not_been(self, open_register: Opening) -> None:
        """The judgement that it leaves is part of it."""
        store = self.opened(open_register)
        before = store.get("1234"), orders(store, "1234")
        receipt = merged(store, "1", "2")
        reason = UndoReason.NOT_THE_SAME
        stops = self.survived(store, lambda s: undo(receipt, s, by="ben", at=LATER, because=reason))
        assert stops >= 5
        assert (plain(store.get("1234")), orders(store, "1234")) == (
            plain(before[0]),
            before[1],
        )
        assert [said.pair for said in store.judgements()] == [("1", "2")]

    def test_of_many_merges_each_is_whole_and_the_rest_is_done_by_the_same_call(
        self, open_register: Opening
    ) -> None:
        """One transaction each: those before the failure stand, those after it are untouched."""
        for call in count(1):
            store = self.opened(open_register)
            plans = planned(store, "1", "2"), planned(store, "3", "4")
            fresh = [everything(store, pair) for pair in ("12", "34")]
            with suppress(Crash):
                execute_many(plans, FailsAt(store, call, after=True), by="anna", at=NOW, batch=1)
                break
            assert card(store, "2").is_active or orders(store, "1") == {"1": ["o1", "o2"]}
            assert everything(store, "34")[:2] == fresh[1][:2]
            again = execute_many(plans, store, by="anna", at=NOW, batch=1)
            assert [receipt.plan_id for receipt in again.receipts] == [p.id for p in plans]
            assert orders(store, "1234") == {
                "1": ["o1", "o2"],
                "2": [],
                "3": ["o3", "o4"],
                "4": [],
            }
        assert call > 10

    def test_a_sweep_is_whole_or_has_not_been(self, open_register: Opening) -> None:
        """A late order is on the old card or on the master, never nowhere."""
        store = self.opened(open_register)
        merged(store, "1", "2")
        store.add_rows("orders", {"late": "2"})
        assert self.survived(store, lambda s: sweep(s, by="night", at=LATER)) >= 3
        assert orders(store, "12") == {"1": ["late", "o1", "o2"], "2": []}


class TestCase11UnmergeAfterLifeWentOn:
    """Rule 11: what still shows the merge is set back, what came later stays, and all is told.

    The plan of an undo shows every such thing before anything is written.
    """

    ANNA = Customer(
        id="1",
        email="anna@shop.example",
        consents=[Consent("newsletter", "email", ConsentState.GRANTED)],
        balances=[Balance("loyalty", "points", 10)],
    )
    ANNE = Customer(
        id="2",
        email="anna@shop.example",
        city="Oslo",
        flags=["wheelchair"],
        balances=[Balance("loyalty", "points", 70)],
        web_profile=WebProfile(id="w2", username="anne", has_password=True, verified=True),
    )

    def opened(self, opening: Opening) -> tuple[Register, Receipt]:
        """A register in which two cards were merged, with blanks filled."""
        store = opening(
            self.ANNA, self.ANNE, Customer(id="3"), rows={"orders": {"o1": "1", "o2": "2"}}
        )
        return store, merged(store, "1", "2", policy=MergePolicy.fill_blanks())

    def previewed(self, store: Register, receipt: Receipt) -> UndoPlan:
        """Plan the undo from what the register answers, without writing."""
        names = ["anne", "anna"]
        held = {
            ("web_profile.username", name): holder
            for name, holder in store.holders("web_profile.username", names).items()
        }
        return plan_undo(receipt, store.get(receipt.ids), holders=held)

    def undone(self, store: Register, receipt: Receipt, *expected: str) -> UndoPlan:
        """Preview, undo, and see that the one did what the other said."""
        before = everything(store, "123")
        preview = self.previewed(store, receipt)
        assert everything(store, "123") == before
        assert [notice.code for notice in preview.notices] == [*expected]
        assert undo(receipt, store, by="ben", at=LATER).plan_id == preview.id
        return preview

    def test_untouched_it_is_as_before(self, open_register: Opening) -> None:
        """Cards and orders, field for field."""
        store, receipt = self.opened(open_register)
        self.undone(store, receipt)
        assert plain(store.get("12")) == plain({"1": self.ANNA, "2": self.ANNE})
        assert orders(store, "12") == {"1": ["o1"], "2": ["o2"]}

    def test_a_new_order_stays_with_the_master(self, open_register: Opening) -> None:
        """It was placed after the merge; nobody knows whose of the two it is."""
        store, receipt = self.opened(open_register)
        store.add_rows("orders", {"o3": "1"})
        self.undone(store, receipt)
        assert orders(store, "12") == {"1": ["o1", "o3"], "2": ["o2"]}

    def test_an_order_given_to_another_customer_since_stays_there(
        self, open_register: Opening
    ) -> None:
        """A row goes back only as far as it is still the master's."""
        store, receipt = self.opened(open_register)
        with store.transaction() as tx:
            tx.move("orders", [("1", "3")])
        self.undone(store, receipt)
        assert orders(store, "123") == {"1": [], "2": [], "3": ["o1", "o2"]}

    def test_an_edited_field_stays(self, open_register: Opening) -> None:
        """The merge had filled the city in; somebody has corrected it since."""
        store, receipt = self.opened(open_register)
        edited(store, "1", city="Bergen")
        preview = self.undone(store, receipt, "field_changed_since")
        assert preview.notices[0].data == {"field": "address"}
        assert (card(store, "1").city, card(store, "2").city) == ("Bergen", "Oslo")

    def test_a_flag_set_later_stays(self, open_register: Opening) -> None:
        """The flag that the merge brought goes."""
        store, receipt = self.opened(open_register)
        edited(store, "1", flags=["wheelchair", "press"])
        self.undone(store, receipt)
        assert card(store, "1").flags == {"press"}
        assert card(store, "2").flags == {"wheelchair"}

    @pytest.mark.parametrize(("left", "expected"), [(75, (5, 70)), (70, (0, 70)), (60, (60, 0))])
    def test_points_spent_go_back_as_long_as_they_are_there(
        self, open_register: Opening, left: int, expected: tuple[int, int]
    ) -> None:
        """70 came; where less than that is left they stay, all of them, with a notice."""
        store, receipt = self.opened(open_register)
        edited(store, "1", balances=[Balance("loyalty", "points", left)])
        preview = self.undone(store, receipt, *(["balance_spent"] if left < 70 else []))
        held = (sum(b.amount for b in card(store, i).balances) for i in "12")
        assert tuple(held) == expected
        for notice in preview.notices:
            assert (notice.customers, notice.data["amount"]) == (("2",), 70)
            assert (notice.data["kind"], notice.data["unit"]) == ("loyalty", "points")

    def test_a_refusal_given_since_holds_for_both(self, open_register: Opening) -> None:
        """The person said no, whichever card was asked."""
        store, receipt = self.opened(open_register)
        refusal = Consent("newsletter", "email", ConsentState.OBJECTED, at=NOW)
        edited(store, "1", consents=[refusal])
        preview = self.undone(store, receipt, "refusal_copied")
        assert preview.notices[0].customers == ("2",)
        assert card(store, "1").consents == card(store, "2").consents == (refusal,)

    def test_a_login_used_since_goes_back_as_it_is_today(self, open_register: Opening) -> None:
        """Whose it is was changed by the merge; that somebody logged in stays true."""
        store, receipt = self.opened(open_register)
        attached = card(store, "1").web_profile
        assert attached is not None
        edited(store, "1", web_profile=evolve(attached, last_login_at=NOW))
        self.undone(store, receipt)
        returned = card(store, "2").web_profile
        assert returned is not None
        assert (returned.id, returned.last_login_at) == ("w2", NOW)
        assert card(store, "1").web_profile is None

    def test_a_login_that_was_replaced_since_stays(self, open_register: Opening) -> None:
        """The master has another one by now, and the old one is not on it any more."""
        store, receipt = self.opened(open_register)
        edited(store, "1", web_profile=WebProfile(id="w9", username="anna"))
        preview = self.undone(store, receipt, "web_profile_changed_since")
        assert preview.notices[0].data == {"profile": "w2"}
        assert card(store, "2").web_profile is None

    def test_a_user_name_taken_meanwhile_is_not_taken_back(self, open_register: Opening) -> None:
        """The login that had ended stays ended, and the rest is undone."""
        own = evolve(self.ANNA, web_profile=WebProfile(id="w1", username="anna"))
        store = open_register(own, self.ANNE, Customer(id="3"), rows={"orders": {"o2": "2"}})
        receipt = merged(store, "1", "2")
        edited(store, "3", web_profile=WebProfile(id="w3", username="anne"))
        preview = self.undone(store, receipt, "username_taken")
        assert preview.notices[0].data == {"profile": "w2"}
        assert card(store, "2").web_profile is None
        assert card(store, "2").is_active
        assert store.holders("web_profile.username", ["anne"]) == {"anne": "3"}

    def test_all_of_it_at_once(self, open_register: Opening) -> None:
        """One preview tells everything that will stay."""
        store, receipt = self.opened(open_register)
        edited(
            store,
            "1",
            city="Bergen",
            balances=[],
            web_profile=None,
            consents=[Consent("newsletter", "email", ConsentState.WITHDRAWN)],
        )
        self.undone(
            store,
            receipt,
            "refusal_copied",
            "field_changed_since",
            "balance_spent",
            "web_profile_changed_since",
        )
        assert card(store, "2").is_active


class TestCase11WhatIsRemembered:
    """Rule 11, its end: cards that are not the same are remembered, a wrong choice is not.

    Nothing proposes the former again; the latter may be merged again, also by the same plan.
    """

    def opened(self, opening: Opening) -> Register:
        """Two cards that any search takes for one customer."""
        bjorn = Customer(
            id="1", first_name="Bjørn", last_name="Hansen", email="bjorn@fjord.example"
        )
        return opening(bjorn, evolve(bjorn, id="2"), rows={"orders": {"o2": "2"}})

    def found(self, store: Register) -> list[tuple[str, ...]]:
        """Search the register for duplicates, with all that people said."""
        report = find_duplicates(store.scan(), judgements=store.judgements())
        return [cluster.ids for cluster in report.clusters]

    def test_cards_that_are_not_the_same_are_not_proposed_again(
        self, open_register: Opening
    ) -> None:
        """Neither by the search nor by a plan."""
        store = self.opened(open_register)
        assert self.found(store) == [("1", "2")]
        undo(merged(store, "1", "2"), store, by="ben", at=LATER, because=UndoReason.NOT_THE_SAME)
        (said,) = store.judgements()
        assert said == Judgement("1", "2", Verdict.DIFFERENT, by="ben", at=LATER)
        assert self.found(store) == []
        (plan,) = plan_merges([("1", "2")], store, judgements=store.judgements())
        assert [blocker.code for blocker in plan.blockers] == ["judged_different"]

    def test_a_wrong_choice_is_proposed_again_and_merged_the_other_way(
        self, open_register: Opening
    ) -> None:
        """They are the same customer still."""
        store = self.opened(open_register)
        undo(merged(store, "1", "2"), store, by="ben", at=LATER)
        assert list(store.judgements()) == []
        assert self.found(store) == [("1", "2")]
        merged(store, "2", "1")
        assert orders(store, "12") == {"1": [], "2": ["o2"]}
        assert not card(store, "1").is_active

    def test_the_same_plan_is_executed_undone_and_executed_again(self) -> None:
        """In a host whose table has neither versions nor dates, the plan has the same id."""
        host = {i: Customer(id=i, flags=[f"flag{i}"]) for i in "12"}
        fresh = dict(host)

        def save(changes: Sequence[Change]) -> None:
            cards = [evolve(after, updated_at=None) for _, after in changes if after is not None]
            host.update((one.id, one) for one in cards)

        store = CallbackStore(lambda _: host, save, None, MemoryStore().transaction, journal=Desk())
        plan = plan_merge(host["1"], [host["2"]])
        for _ in range(3):
            receipt = execute(plan, store, by="anna", at=NOW)
            assert receipt.undone_by is None
            assert host["1"].flags == {"flag1", "flag2"}
            undo(receipt, store, by="ben", at=LATER)
            assert host == fresh


class Desk(dict[str, Receipt]):
    """Where a host keeps the newest receipt of every plan."""

    def remember(self, receipt: Receipt, /) -> None:
        """Keep a receipt."""
        self[receipt.plan_id] = receipt

    def receipt(self, plan_id: str, /) -> Receipt | None:
        """Find a receipt."""
        return self.get(plan_id)


class TestCase15AfterTheMerge:
    """Rule 15: an old id leads to the master for ever; nothing brings the old card back.

    Posted documents keep the customer that is printed on them.
    """

    def opened(self, opening: Opening) -> Register:
        """A register in which a card with an order and an invoice was merged."""
        store = opening(
            Customer(id="1", first_name="Anna", last_name="Larsen", email="anna@fjord.example"),
            Customer(id="2", first_name="Anna", last_name="Larsson", email="anna@fjord.example"),
            rows={"orders": {"o1": "2"}, "invoices": {"i1": "2"}},
            relations=[Relation("invoices", rows="leave")],
        )
        merged(store, "1", "2")
        return store

    def test_a_lookup_with_the_old_id_finds_the_master(self, open_register: Opening) -> None:
        """The old card is still there to be read, and says where it went."""
        store = self.opened(open_register)
        with store.transaction() as tx:
            assert tx.resolve(["2", "9"]) == {"2": "1"}
        assert card(store, "2").merged_into == "1"

    def test_an_import_with_the_old_id_writes_nothing(self, open_register: Opening) -> None:
        """The row is shown with the master's id, and no card is created or revived."""
        store = self.opened(open_register)
        before = everything(store, "12")
        file = read_customers(b"id,first_name,last_name\n2,Anna,Larsson\n", "customers.csv")
        preview = plan_import(file, store, request="r1")
        (row,) = preview.retired
        assert (row.customer, row.master) == ("2", "1")
        assert (preview.created, preview.changed, preview.plans) == ((), (), ())
        assert everything(store, "12") == before

    def test_posted_documents_stay_and_the_plan_says_so(self, open_register: Opening) -> None:
        """Orders move; invoices are reached through the redirect."""
        store = self.opened(open_register)
        assert orders(store, "12") == {"1": ["o1"], "2": []}
        assert [row["id"] for row in store.rows("invoices", "2")] == ["i1"]
        assert sweep(store, by="night", at=LATER).receipts == ()
        fresh = open_register(
            *(Customer(id=i) for i in "12"), relations=[Relation("invoices", rows="leave")]
        )
        (notice,) = planned(fresh, "1", "2").notices
        assert notice.code == "rows_left"
        assert notice.data == {"relation": "invoices"}

    def test_searches_see_the_master_alone(self, open_register: Opening) -> None:
        """Neither a clerk's search nor the search for duplicates finds the retired card."""
        store = self.opened(open_register)
        assert [found.id for found in store.search("anna")] == ["1"]
        assert len(find_duplicates(store.scan()).clusters) == 0

    def test_executing_the_plan_again_writes_nothing(self, open_register: Opening) -> None:
        """The first receipt comes back; no balance or order is counted twice."""
        store = open_register(
            Customer(id="1"), Customer(id="2", balances=[Balance("loyalty", "points", 70)])
        )
        plan = planned(store, "1", "2")
        receipt = execute(plan, store, by="anna", at=NOW)
        once = store.get("12")
        assert execute(plan, store, by="ben", at=LATER) == receipt
        assert store.get("12") == once
