"""Hard cases 12 and 14: cards that stay beside their master, and cards that are not the same."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from desk import LATER, NOW, Opening, Register, card, codes, orders, plain, planned

from dedupkit import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    Disposition,
    ExecutionError,
    Judgement,
    Receipt,
    Relation,
    Verdict,
    WebProfile,
    execute,
    find_duplicates,
    find_field_duplicates,
    plan_merges,
    undo,
)
from dedupkit.customers import JudgementSet
from dedupkit.execution import sweep
from dedupkit.plans import Blocker, Plan


def said(state: ConsentState, channel: str = "email") -> Consent:
    """Say something about the newsletter."""
    return Consent("newsletter", channel, state)


class TestCase12MergeAndKeep:
    """Rule 12: a kept card owns nothing that moves, is marked, and is no redirect.

    It is not proposed again, what is ordered on it later is seen, and refusals hold on both.
    """

    MASTER = Customer(
        id="1",
        first_name="Anna",
        last_name="Larsen",
        email="anna@fjord.example",
        consents=[said(ConsentState.OBJECTED)],
    )
    KEPT = evolve(
        MASTER,
        id="2",
        groups=["choir"],
        flags=["wheelchair"],
        balances=[Balance("loyalty", "points", 3)],
        consents=[said(ConsentState.GRANTED), said(ConsentState.WITHDRAWN, "sms")],
        web_profile=WebProfile(id="w2", username="anna"),
    )

    def opened(self, opening: Opening) -> tuple[Register, Receipt]:
        """A register in which a card was merged and kept."""
        store = opening(self.MASTER, self.KEPT, rows={"orders": {"o1": "1", "o2": "2"}})
        plan = planned(store, "1", "2", dispositions={"2": Disposition.KEEP})
        return store, execute(plan, store, by="anna", at=NOW)

    def test_it_is_drained_and_stays_a_card(self, open_register: Opening) -> None:
        """Its history and balances are the master's, its fields, groups and login its own."""
        store, _ = self.opened(open_register)
        kept, master = card(store, "2"), card(store, "1")
        assert (kept.balances, master.balances) == ((), (Balance("loyalty", "points", 3),))
        assert orders(store, "12") == {"1": ["o1", "o2"], "2": []}
        assert (kept.groups, kept.flags) == (self.KEPT.groups, self.KEPT.flags)
        assert (kept.web_profile, master.web_profile) == (self.KEPT.web_profile, None)
        assert (master.groups, master.flags) == (self.KEPT.groups, self.KEPT.flags)

    def test_it_is_marked_and_leads_nowhere(self, open_register: Opening) -> None:
        """Its id stands for itself."""
        store, _ = self.opened(open_register)
        assert (card(store, "2").kept_for, card(store, "2").is_active) == ("1", True)
        with store.transaction() as tx:
            assert tx.resolve(["2"]) == {"2": "2"}

    def test_it_is_not_proposed_again(self, open_register: Opening) -> None:
        """Else every kept card would be a new duplicate; before, both ways found it."""
        store, receipt = self.opened(open_register)
        assert len(find_duplicates(store.scan()).clusters) == 0
        assert find_field_duplicates(store.scan(), "email") == ()
        undo(receipt, store, by="ben", at=LATER)
        assert [cluster.ids for cluster in find_duplicates(store.scan()).clusters] == [("1", "2")]
        assert len(find_field_duplicates(store.scan(), "email")) == 1

    def test_refusals_hold_on_both_cards(self, open_register: Opening) -> None:
        """The objection of the master and the withdrawal of the kept card."""
        store, _ = self.opened(open_register)
        refusals = (said(ConsentState.OBJECTED), said(ConsentState.WITHDRAWN, "sms"))
        assert card(store, "1").consents == card(store, "2").consents == refusals

    def test_what_is_ordered_on_it_later_is_seen_and_stays(self, open_register: Opening) -> None:
        """A sweep leaves it, since the card is in use; the register shows it."""
        store, _ = self.opened(open_register)
        store.add_rows("orders", {"o3": "2"})
        assert sweep(store, by="night", at=LATER).receipts == ()
        assert store.counts("orders", "12") == {"1": 2, "2": 1}

    def test_it_can_be_merged_for_good_later(self, open_register: Opening) -> None:
        """With what was ordered on it meanwhile."""
        store, _ = self.opened(open_register)
        store.add_rows("orders", {"o3": "2"})
        execute(planned(store, "1", "2"), store, by="anna", at=LATER)
        assert orders(store, "12") == {"1": ["o1", "o2", "o3"], "2": []}
        assert card(store, "2").merged_into == "1"

    def test_it_may_take_in_the_card_that_it_was_kept_for(self, open_register: Opening) -> None:
        """Then it is kept for none any more, and can be found like any card."""
        store, _ = self.opened(open_register)
        execute(planned(store, "2", "1"), store, by="anna", at=LATER)
        assert (card(store, "2").kept_for, card(store, "1").merged_into) == (None, "2")
        assert orders(store, "12") == {"1": [], "2": ["o1", "o2"]}

    def test_two_cards_are_never_kept_for_each_other(self, open_register: Opening) -> None:
        """Nobody would propose either of them again."""
        store, _ = self.opened(open_register)
        keep = {"1": Disposition.KEEP}
        execute(planned(store, "2", "1", dispositions=keep), store, by="anna", at=LATER)
        assert [card(store, i).kept_for for i in "12"] == ["2", None]

    def test_nor_is_a_card_kept_for_itself(self, open_register: Opening) -> None:
        """By way of a card that was merged into another meanwhile."""
        store, _ = self.opened(open_register)
        with store.transaction() as tx:
            tx.save([(None, Customer(id="3"))])
        execute(planned(store, "3", "1"), store, by="anna", at=LATER)
        execute(planned(store, "2", "3"), store, by="anna", at=LATER)
        assert card(store, "2").kept_for is None

    def test_undo_gives_it_back_what_it_had(self, open_register: Opening) -> None:
        """Rows, balances and consents; the mark is gone."""
        store, receipt = self.opened(open_register)
        undo(receipt, store, by="ben", at=LATER)
        assert plain(store.get("12")) == plain({"1": self.MASTER, "2": self.KEPT})
        assert orders(store, "12") == {"1": ["o1"], "2": ["o2"]}

    @pytest.mark.parametrize(("answer", "home"), [("move", "1"), ("leave", "2")])
    def test_documents_that_stay_need_an_answer(
        self, open_register: Opening, answer: str, home: str
    ) -> None:
        """They would be reached from nowhere, since the card does not lead to the master."""
        store = open_register(
            self.MASTER,
            self.KEPT,
            rows={"invoices": {"i1": "2"}},
            relations=[Relation("invoices", rows="leave")],
        )
        keep = {"2": Disposition.KEEP}
        (conflict,) = planned(store, "1", "2", dispositions=keep).conflicts
        assert (conflict.code, conflict.key) == ("rows_left_with_kept", "relations.invoices.2")
        answers = {conflict.key: answer}
        plan = planned(store, "1", "2", dispositions=keep, resolutions=answers)
        execute(plan, store, by="anna", at=NOW)
        assert [row["id"] for row in store.rows("invoices", home)] == ["i1"]
        assert "rows_left" not in codes(plan)[0]  # which tells of a redirect

    def test_all_three_dispositions_in_one_merge(self, open_register: Opening) -> None:
        """One is left out, one is kept, one disappears."""
        store = open_register(
            *(Customer(id=i) for i in "1234"), rows={"orders": {f"o{i}": i for i in "1234"}}
        )
        fates = {"2": Disposition.SKIP, "3": Disposition.KEEP}
        plan = planned(store, "1", "2", "3", "4", dispositions=fates)
        execute(plan, store, by="anna", at=NOW)
        assert orders(store, "1234") == {
            "1": ["o1", "o3", "o4"],
            "2": ["o2"],
            "3": [],
            "4": [],
        }
        assert [card(store, i).is_active for i in "1234"] == [True, True, True, False]
        assert [card(store, i).kept_for for i in "23"] == [None, "1"]


class TestCase14NotTheSameKindOfThing:
    """Rule 14: other tenants, cards judged different, barred or to be erased are never merged.

    A person and an organization need an answer; a child beside an adult is told and held back.
    """

    @pytest.mark.parametrize(
        ("one", "other", "code"),
        [
            ({"tenant": "oslo"}, {"tenant": "bergen"}, "other_tenant"),
            ({"tenant": "oslo"}, {}, "other_tenant"),
            ({}, {"allow_merge": False}, "merge_not_allowed"),
            ({"allow_merge": False}, {}, "merge_not_allowed"),
        ],
        ids=["tenant", "no tenant", "barred", "barred master"],
    )
    def test_what_forbids(
        self, open_register: Opening, one: dict[str, Any], other: dict[str, Any], code: str
    ) -> None:
        """With a code; execution refuses, and nothing is written."""
        store = open_register(Customer(id="1", **one), Customer(id="2", **other))
        before = store.get("12")
        plan = planned(store, "1", "2")
        assert codes(plan) == ([], [], [code])
        with pytest.raises(ExecutionError, match=code):
            execute(plan, store, by="anna", at=NOW)
        assert store.get("12") == before

    def test_a_person_and_an_organization_need_an_answer(self, open_register: Opening) -> None:
        """Somebody may have typed a name into the wrong field."""
        store = open_register(
            Customer(id="1", name="Anna Larsen"), Customer(id="2", company="Fjord AS")
        )
        (conflict,) = planned(store, "1", "2").conflicts
        assert (conflict.code, conflict.customers) == ("person_and_organization", ("1", "2"))
        plan = planned(store, "1", "2", resolutions={conflict.key: "merge"})
        execute(plan, store, by="anna", at=NOW)
        assert not card(store, "2").is_active

    @pytest.mark.parametrize(("born", "years"), [(1995, 15), (2010, 30)])
    def test_a_child_beside_an_adult_is_told_and_held_back(
        self, open_register: Opening, born: int, years: int
    ) -> None:
        """A clerk may merge them; a safe run does not."""
        store = open_register(
            Customer(id="1", birth_date=date(1980, 5, 17)),
            Customer(id="2", birth_date=date(born, 5, 17)),
        )
        safe = plan_merges([("1", "2")], store, relations=store.relations, safe=True)
        assert len(safe) == 0
        (notice,) = safe.held[0].notices
        assert (notice.code, notice.customers) == ("child_beside_adult", ("1", "2"))
        assert notice.data == {"years": years}
        execute(safe.held[0], store, by="anna", at=NOW)

    def test_a_day_below_fifteen_years_is_no_generation(self, open_register: Opening) -> None:
        """Such cards have a typing error more likely than a parent."""
        store = open_register(
            Customer(id="1", birth_date=date(1980, 5, 17)),
            Customer(id="2", birth_date=date(1995, 5, 16)),
        )
        assert planned(store, "1", "2").notices == ()

    def test_a_word_between_any_two_blocks_all(self, open_register: Opening) -> None:
        """A is B, B is C, and A is not C: the three are never one, nor are A and B."""
        store = open_register(*(Customer(id=i) for i in "123"))
        store.judge(
            [
                Judgement("1", "2", Verdict.SAME),
                Judgement("2", "3", Verdict.SAME),
                Judgement("1", "3", Verdict.DIFFERENT),
            ]
        )
        plan = planned(store, "1", "2", "3", judgements=store.judgements())
        pairs = {b.customers for b in plan.blockers if b.code == "judged_different"}
        assert pairs == {("1", "2"), ("1", "3"), ("2", "3")}

    def test_a_word_reaches_through_those_held_the_same(self, open_register: Opening) -> None:
        """A is B, B is not C: A and C are not merged either, though nobody spoke of them."""
        store = open_register(*(Customer(id=i) for i in "123"))
        store.judge([Judgement("1", "2", Verdict.SAME), Judgement("2", "3", Verdict.DIFFERENT)])
        plan = planned(store, "1", "3", judgements=store.judgements())
        assert [(b.code, b.customers) for b in plan.blockers] == [("judged_different", ("1", "3"))]

    def test_a_word_on_a_card_that_was_merged_holds_for_its_master(
        self, open_register: Opening
    ) -> None:
        """It names the old id and is read through the redirect."""
        store = open_register(*(Customer(id=i) for i in "123"))
        execute(planned(store, "1", "2"), store, by="anna", at=NOW)
        store.judge([Judgement("2", "3", Verdict.DIFFERENT)])
        with store.transaction() as tx:
            redirects = tx.resolve("123")
        known = JudgementSet(store.judgements(), redirects=redirects)
        assert codes(planned(store, "1", "3", judgements=known))[2] == ["judged_different"]

    def test_the_search_reads_it_so_too(self, open_register: Opening) -> None:
        """Else the pair would be proposed for ever."""
        anna = Customer(id="1", first_name="Anna", last_name="Larsen", email="anna@fjord.example")
        store = open_register(anna, evolve(anna, id="2"), evolve(anna, id="3"))
        execute(planned(store, "1", "2"), store, by="anna", at=NOW)
        store.judge([Judgement("2", "3", Verdict.DIFFERENT)])
        with store.transaction() as tx:
            redirects = tx.resolve("123")
        known = JudgementSet(store.judgements(), redirects=redirects)
        assert len(find_duplicates(store.scan()).clusters) == 1
        assert len(find_duplicates(store.scan(), judgements=known).clusters) == 0

    def test_a_pending_erasure_forbids(self, open_register: Opening) -> None:
        """The host's guard knows who asked to be forgotten; it is asked in the transaction."""

        def guard(_plan: Plan, customers: Mapping[str, Customer], /) -> Iterable[Blocker]:
            if "2" in customers:
                yield Blocker(code="erasure_pending", customers=("2",))

        store = open_register(Customer(id="1"), Customer(id="2"))
        before = store.get("12")
        with pytest.raises(ExecutionError, match=r"erasure of 2 is pending \(erasure_pending\)"):
            execute(planned(store, "1", "2"), store, by="anna", at=NOW, guards=[guard])
        assert store.get("12") == before

    def test_all_that_forbids_is_told_at_once(self, open_register: Opening) -> None:
        """Nobody has to try again and again."""
        store = open_register(
            Customer(id="1", tenant="oslo"),
            Customer(id="2", tenant="bergen", allow_merge=False),
            Customer(id="3", merged_into="9"),
        )
        judged = [Judgement("1", "2", Verdict.DIFFERENT)]
        plan = planned(store, "1", "2", "3", judgements=judged)
        assert set(codes(plan)[2]) == {
            "already_retired",
            "judged_different",
            "merge_not_allowed",
            "other_tenant",
        }
