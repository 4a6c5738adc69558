"""Executing one plan."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Customer, Judgement, Verdict, WebProfile
from dedupkit.errors import (
    ConfigurationError,
    ExecutionError,
    StalePlanError,
    StaleWriteError,
    StoreError,
)
from dedupkit.execution import execute, undo
from dedupkit.plans import (
    AddValue,
    Blocker,
    Choice,
    Conflict,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    MoveWebProfile,
    Notice,
    Plan,
    PlanKind,
    Relation,
    Repoint,
    Retire,
    SetField,
    Step,
    Total,
    TransferBalance,
    plan_undo,
)
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing import FailsAt
from dedupkit.testing.faults import STORE_FAULTS, StoreFault

AT = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
ANNA = Customer(id="1", first_name="Anna", created_at=BEFORE)
DIFFERENT, SAME = Verdict.DIFFERENT, Verdict.SAME
BEN = Customer(id="2", first_name="Ben", balances=[Balance("loyalty", "points", 7)])


def merge(*steps: Step, **more: object) -> MergePlan:
    """A plan that merges Ben into Anna, in its last step."""
    move = TransferBalance(kind="loyalty", unit="points", amount=Decimal(7), source="2", target="1")
    plan = MergePlan(
        master_id="1",
        duplicates=[DuplicateCard("2", Disposition.DELETE)],
        expects=[Expectation.of(ANNA), Expectation.of(BEN)],
        steps=[*steps, move, Retire("2", "1")],
    )
    return evolve(plan, **more)  # type: ignore[arg-type]  # any attribute


def edit(*steps: Step, cards: tuple[Customer, ...] = (ANNA, BEN)) -> Plan:
    """A plan that edits cards."""
    return Plan(kind=PlanKind.EDIT, expects=map(Expectation.of, cards), steps=steps)


class TestExecute:
    def test_it_writes_what_the_plan_says_and_returns_what_was_done(self) -> None:
        """Customers, rows, and a receipt with both states."""
        store = MemoryStore([ANNA, BEN], rows={"orders": {"o1": "2"}})
        receipt = execute(merge(Repoint("orders", "2", "1")), store, by="anna", at=AT)
        assert store.rows == {"orders": {"o1": "1"}}
        assert store.customers["2"].merged_into == "1"
        assert receipt.ids == ("1", "2")
        assert receipt.changes[0].before == ANNA
        assert receipt.changes[0].after == store.customers["1"]
        assert [moved.rows for moved in receipt.moved] == [("o1",)]
        assert (receipt.by, receipt.at, receipt.kind) == ("anna", AT, PlanKind.MERGE)

    def test_every_expected_customer_is_stamped_and_gets_a_version(self) -> None:
        """Those without a change too; created_at stays."""
        store = MemoryStore([ANNA, BEN])
        execute(edit(SetField("1", "city", None, "Oslo")), store, by="anna", at=AT)
        assert [card.updated_at for card in store.customers.values()] == [AT, AT]
        assert store.customers["1"].created_at == BEFORE
        assert len({card.version for card in store.customers.values()}) == 2

    @pytest.mark.parametrize("by", ["", "  "])
    def test_somebody_must_sign(self, by: str) -> None:
        """A blank name is none."""
        with pytest.raises(ConfigurationError, match="by must name"):
            execute(merge(), MemoryStore([ANNA, BEN]), by=by, at=AT)

    def test_the_moment_must_have_a_time_zone(self) -> None:
        """A naive one is refused."""
        with pytest.raises(ConfigurationError, match=r"^at must be a datetime with a time zone"):
            execute(merge(), MemoryStore([ANNA, BEN]), by="anna", at=AT.replace(tzinfo=None))

    def test_a_created_customer_gets_an_id_of_the_store(self) -> None:
        """Rows may move to it in the same plan, and the receipt bears the new id."""
        store = MemoryStore([ANNA], rows={"orders": {"o1": "1"}})
        new = Customer(id="new-1", first_name="Eva")
        plan = edit(Create(new), Repoint("orders", "1", "new-1", only=("o1",)), cards=(ANNA,))
        receipt = execute(plan, store, by="anna", at=AT)
        assert receipt.ids == ("1", "2")
        assert store.customers["2"].created_at == AT
        assert store.rows == {"orders": {"o1": "2"}}
        undo(receipt, store, by="anna", at=AT)
        assert set(store.customers) == {"1"}
        assert store.rows == {"orders": {"o1": "1"}}

    def test_a_created_customer_keeps_the_date_that_it_came_with(self) -> None:
        """A register that is moved keeps its history."""
        store = MemoryStore()
        plan = edit(Create(Customer(id="7", created_at=BEFORE)), cards=())
        execute(plan, store, by="anna", at=AT)
        assert store.customers["7"].created_at == BEFORE

    def test_a_deleted_customer_is_gone_and_comes_back(self) -> None:
        """Under its old id."""
        store = MemoryStore([ANNA])
        receipt = execute(edit(Delete(ANNA), cards=(ANNA,)), store, by="anna", at=AT)
        assert dict(store.customers) == {}
        undo(receipt, store, by="anna", at=AT)
        assert store.customers["1"].first_name == "Anna"

    def test_groups_are_created_and_deleted(self) -> None:
        """A merge of two groups."""
        card = evolve(ANNA, groups=["presse"])
        store = MemoryStore([card])
        joining = (CreateGroup("press"), AddValue("1", "groups", "press"))
        execute(edit(*joining, cards=(card,)), store, by="anna", at=AT)
        assert store.groups() == {"press": 1, "presse": 1}
        now = store.customers["1"]
        leaving = (SetField("1", "groups", now.groups, frozenset({"press"})), DeleteGroup("presse"))
        execute(edit(*leaving, cards=(now,)), store, by="anna", at=AT)
        assert store.groups() == {"press": 1}

    def test_a_store_without_groups_refuses_them(self) -> None:
        """A host's functions keep none."""
        store = MemoryStore([ANNA])
        host = CallbackStore(store.get, lambda _: None, None, store.transaction)
        with pytest.raises(ExecutionError, match="does not keep groups"):
            execute(edit(CreateGroup("press"), cards=(ANNA,)), host, by="anna", at=AT)

    @pytest.mark.parametrize("has_more", [True, False])
    def test_removed_rows_stand_in_the_receipt_and_come_back(self, has_more: bool) -> None:
        """A membership that both cards have."""
        relation = Relation("clubs", collision="keep_master", unique=("club",))
        rows = {
            "m1": {"customer": "1", "club": "chess"},
            "m2": {"customer": "2", "club": "chess"},
            **({"m3": {"customer": "2", "club": "golf"}} if has_more else {}),
        }
        store = MemoryStore([ANNA, BEN], {"clubs": rows}, [relation])
        receipt = execute(merge(Repoint("clubs", "2", "1")), store, by="anna", at=AT)
        assert [(row.row, row.source) for row in receipt.removed] == [("m2", "2")]
        assert set(store.rows["clubs"]) == rows.keys() - {"m2"}
        undo(receipt, store, by="anna", at=AT)
        assert store.rows == {"clubs": rows}


class TestRefusals:
    def test_stale_customers_are_named_together(self) -> None:
        """Changed, and gone."""
        store = MemoryStore([evolve(ANNA, city="Oslo")])
        with pytest.raises(StalePlanError) as caught:
            execute(merge(), store, by="anna", at=AT)
        assert caught.value.changed == ("1", "2")
        assert caught.value.plan_id == merge().id

    def test_open_conflicts_and_blockers_are_told_by_code(self) -> None:
        """Both at once."""
        plan = merge(
            conflicts=[Conflict(code="field_open", key="email", data={"field": "email"})],
            blockers=[Blocker(code="other_tenant", customers=["1", "2"])],
        )
        with pytest.raises(ExecutionError, match=r"\(field_open\).*\(other_tenant\)"):
            execute(plan, MemoryStore([ANNA, BEN]), by="anna", at=AT)

    def test_an_open_conflict_is_told_with_its_answers(self) -> None:
        """As `resolutions` takes them."""
        choices = [Choice(key=key, customers=[key]) for key in "12"]
        plan = merge(conflicts=[Conflict(code="field_open", key="email", choices=choices)])
        with pytest.raises(ExecutionError, match=r"resolutions=\{'email': '1' or '2'\}"):
            execute(plan, MemoryStore([ANNA, BEN]), by="anna", at=AT)

    def test_guards_are_asked_with_the_customers_of_the_moment(self) -> None:
        """Inside the transaction; one blocker is enough."""
        asked: list[tuple[Plan, Mapping[str, Customer]]] = []

        def guard(plan: Plan, customers: Mapping[str, Customer]) -> list[Blocker]:
            asked.append((plan, customers))
            return [Blocker(code="connected_integration")] if len(asked) > 1 else []

        store = MemoryStore([ANNA, BEN])
        with pytest.raises(ExecutionError, match="connected_integration"):
            execute(merge(), store, by="anna", at=AT, guards=[guard, guard])
        assert asked[0] == (merge(), {"1": ANNA, "2": BEN})
        assert store.receipts == ()

    @pytest.mark.parametrize("answer", [["x"], None, "x", Blocker(code="no"), [None]])
    def test_a_guard_that_answers_with_something_else_is_told(self, answer: Any) -> None:  # noqa: ANN401  # what is told
        """By its name, with what is wanted."""

        def credit_check(*_: object) -> Any:  # noqa: ANN401  # as above
            return answer

        store = MemoryStore([ANNA, BEN])
        with pytest.raises(ConfigurationError, match="guard credit_check must return a collection"):
            execute(merge(), store, by="anna", at=AT, guards=[credit_check])
        assert store.receipts == ()

    def test_a_guard_without_a_name_is_called_by_its_class(self) -> None:
        """Any callable may guard."""

        class Quota:
            def __call__(self, *_: object) -> Any:  # noqa: ANN401  # what is told
                return None

        with pytest.raises(ConfigurationError, match=r"guard Quota must return .* may go on"):
            execute(merge(), MemoryStore([ANNA, BEN]), by="anna", at=AT, guards=[Quota()])

    def test_steps_touch_only_what_the_plan_expects(self) -> None:
        """A third customer is none of its business."""
        store = MemoryStore([ANNA, BEN, Customer(id="3")])
        with pytest.raises(ExecutionError, match="does not expect: 3"):
            execute(merge(SetField("3", "city", None, "Oslo")), store, by="anna", at=AT)

    def test_a_step_that_does_not_fit_is_refused(self) -> None:
        """With the words of the replay."""
        with pytest.raises(ExecutionError, match="does not fit"):
            execute(merge(SetField("1", "city", "X", "Y")), MemoryStore([ANNA, BEN]), by="a", at=AT)

    @pytest.mark.parametrize("into", ["2", "9"])
    def test_a_card_is_retired_only_into_an_active_one(self, into: str) -> None:
        """X6: neither into a retired one, nor into one outside the plan."""
        steps = (Retire("2", "1"), Retire("1", into)) if into == "2" else (Retire("1", into),)
        with pytest.raises(ExecutionError, match="no active customer"):
            execute(edit(*steps), MemoryStore([ANNA, BEN]), by="anna", at=AT)

    @pytest.mark.parametrize(
        "step",
        [SetField("2", "merged_into", None, "1"), Create(Customer(id="new-1", merged_into="2"))],
        ids=["set", "created"],
    )
    def test_a_card_is_retired_by_no_other_step(self, step: Step) -> None:
        """X6 and X7: its rows would stay unseen, and redirects could form a circle."""
        with pytest.raises(ExecutionError, match="retired by Retire alone"):
            execute(edit(step), MemoryStore([ANNA, BEN]), by="anna", at=AT)

    @pytest.mark.parametrize(
        "steps",
        [
            (),
            (Repoint("orders", "1", "2"),),
            (SetField("2", "kept_for", None, "1"),),
        ],
    )
    def test_every_relation_of_the_store_is_named(self, steps: tuple[Step, ...]) -> None:
        """For every card that is retired or kept."""
        store = MemoryStore([ANNA, BEN], relations=["orders", "letters"])
        with pytest.raises(ExecutionError, match="leaves out: letters, orders"):
            execute(merge(*steps), store, by="anna", at=AT)

    @pytest.mark.parametrize("rows", [(), ("i1",)])
    def test_all_rows_move_where_the_store_says_so(self, rows: tuple[str, ...]) -> None:
        """X7: whatever the plan was told of them."""
        store = MemoryStore([ANNA, BEN], rows={"invoices": {"i1": "2", "i2": "2"}})
        with pytest.raises(ExecutionError, match="leaves out: invoices"):
            execute(merge(Repoint("invoices", "2", "1", rows)), store, by="anna", at=AT)

    def test_rows_stay_where_the_store_leaves_them(self) -> None:
        """Posted documents."""
        leaving = [Relation("invoices", rows="leave")]
        store = MemoryStore([ANNA, BEN], rows={"invoices": {"i1": "2"}}, relations=leaving)
        execute(merge(Repoint("invoices", "2", "1", ())), store, by="anna", at=AT)
        assert store.rows["invoices"] == {"i1": "2"}

    def test_rows_that_are_left_must_be_named_as_well(self) -> None:
        """By a step that moves none of them; a notice is no step."""
        notice = Notice(code="rows_left", customers=["2"], data={"relation": "invoices"})
        leaves = MemoryStore([ANNA, BEN], relations=[Relation("invoices", rows="leave")])
        with pytest.raises(ExecutionError, match="leaves out: invoices"):
            execute(merge(notices=[notice]), leaves, by="anna", at=AT)

    def test_a_skipped_card_drains_nothing(self) -> None:
        """A plan without steps leaves no relation out."""
        plan = MergePlan(
            master_id="1",
            duplicates=[DuplicateCard("2", Disposition.SKIP)],
            expects=[Expectation.of(ANNA)],
        )
        execute(plan, MemoryStore([ANNA, BEN], relations=["orders"]), by="anna", at=AT)

    def test_another_writer_who_was_faster_makes_the_plan_stale(self) -> None:
        """The store notices only when it saves."""

        def save(_: object) -> None:
            raise StaleWriteError(["2"])

        store = MemoryStore([ANNA, BEN])
        host = CallbackStore(store.get, save, None, store.transaction)
        with pytest.raises(StalePlanError) as caught:
            execute(merge(), host, by="anna", at=AT)
        assert caught.value.changed == ("2",)
        assert caught.value.plan_id == merge().id

    def test_an_undo_plan_without_its_receipt_is_refused(self) -> None:
        """The rows that were removed stand only there."""
        store = MemoryStore([ANNA, BEN])
        receipt = execute(merge(), store, by="anna", at=AT)
        plan = plan_undo(receipt, store.customers)
        with pytest.raises(ExecutionError, match="not in the journal"):
            execute(plan, MemoryStore(store.customers), by="anna", at=AT)

    def test_an_undo_plan_executes_like_any_other(self) -> None:
        """Once."""
        store = MemoryStore([ANNA, BEN])
        receipt = execute(merge(), store, by="anna", at=AT)
        plan = plan_undo(receipt, store.customers)
        undone = execute(plan, store, by="anna", at=AT)
        assert store.customers["2"].is_active
        assert undone == execute(plan, store, by="anna", at=AT)
        assert undone == undo(receipt, store, by="anna", at=AT)


class TestJudgements:
    """What people said since the plan was made is asked where it is executed."""

    def refused(self, *said: Judgement, cards: tuple[Customer, ...] = (ANNA, BEN)) -> str:
        """Why the merge is refused; empty where it is executed."""
        store = MemoryStore(cards, judgements=said)
        try:
            execute(merge(), store, by="anna", at=AT)
        except ExecutionError as error:
            assert store.receipts == ()
            return str(error)
        return ""

    def test_cards_that_were_judged_different_are_named(self) -> None:
        """Nothing is written."""
        assert "different customers: 1 and 2" in self.refused(Judgement("1", "2", DIFFERENT))

    def test_what_follows_counts_through_redirects(self) -> None:
        """1 is not 4, who is 3 by now, who is the same as 2."""
        said = (Judgement("1", "4", DIFFERENT), Judgement("2", "3", SAME))
        cards = (ANNA, BEN, Customer(id="3"), Customer(id="4", merged_into="3"))
        assert "1 and 2" in self.refused(*said, cards=cards)

    @pytest.mark.parametrize(
        "said",
        [
            [Judgement("1", "2", SAME)],
            [Judgement("1", "3", DIFFERENT)],
            [Judgement("1", "2", DIFFERENT), Judgement("1", "2", SAME)],
        ],
    )
    def test_other_words_let_it_pass(self, said: list[Judgement]) -> None:
        """The same, somebody else, or judged anew since."""
        assert self.refused(*said) == ""

    def test_two_duplicates_are_a_pair_too(self) -> None:
        """Nobody is merged by way of a third card; kept cards count as retired ones."""
        cards = [ANNA, Customer(id="3"), Customer(id="4")]
        plan = MergePlan(
            master_id="1",
            duplicates=[
                DuplicateCard("3", Disposition.DELETE),
                DuplicateCard("4", Disposition.KEEP),
            ],
            expects=map(Expectation.of, cards),
            steps=[Retire("3", "1")],
        )
        store = MemoryStore(cards, judgements=[Judgement("3", "4", DIFFERENT)])
        with pytest.raises(ExecutionError, match="3 and 4"):
            execute(plan, store, by="anna", at=AT)

    def test_an_edit_that_marks_a_card_as_kept_says_whose_it_is(self) -> None:
        """It counts as the merge that would write the same."""
        store = MemoryStore([ANNA, BEN], judgements=[Judgement("1", "2", DIFFERENT)])
        with pytest.raises(ExecutionError, match="1 and 2"):
            execute(edit(SetField("2", "kept_for", None, "1")), store, by="anna", at=AT)

    def test_skipped_cards_and_edits_are_no_matter(self) -> None:
        """They merge nobody."""
        store = MemoryStore([ANNA, BEN], judgements=[Judgement("1", "2", DIFFERENT)])
        execute(edit(SetField("1", "city", None, "Oslo")), store, by="anna", at=AT)
        plan = MergePlan(
            master_id="1",
            duplicates=[DuplicateCard("2", Disposition.SKIP)],
            expects=map(Expectation.of, store.customers.values()),
        )
        execute(plan, store, by="anna", at=AT)
        assert len(store.receipts) == 2

    def test_a_merge_is_undone_whatever_was_said_since(self) -> None:
        """That is what the word asks for."""
        store = MemoryStore([ANNA, BEN])
        receipt = execute(merge(), store, by="anna", at=AT)
        store.judge([Judgement("1", "2", DIFFERENT)])
        undo(receipt, store, by="anna", at=AT)
        assert store.customers["2"].is_active

    def test_nothing_more_is_asked_where_nobody_was_parted(self) -> None:
        """No redirects are read."""
        store = FailsAt(MemoryStore([ANNA, BEN], judgements=[Judgement("1", "2", SAME)]), 0)
        execute(merge(), store, by="anna", at=AT)
        calls = store.calls
        other = FailsAt(MemoryStore([ANNA, BEN], judgements=[Judgement("1", "3", DIFFERENT)]), 0)
        execute(merge(), other, by="anna", at=AT)
        assert other.calls == calls + 1


class TestReadBack:
    def broken(self, name: str, *cards: Customer) -> tuple[object, object]:
        """A store with one fault, and its harness."""
        fault = next(fault for fault in STORE_FAULTS if fault.name == name)
        harness = fault.harness()
        harness.seed(cards or (ANNA, BEN), {})
        return harness.store, harness

    def test_a_field_that_the_store_did_not_keep_rolls_back(self) -> None:
        """The card and the field are named, the values are not."""
        fault = StoreFault(
            name="forgets cities",
            trips=(),
            transaction={
                "save": lambda tx, changes: tx.save(
                    [(before, evolve(after, city=None)) for before, after in changes]
                )
            },
        )
        harness = fault.harness()
        harness.seed([ANNA], {})
        plan = edit(SetField("1", "city", None, "Oslo"), cards=(ANNA,))
        with pytest.raises(StoreError, match="city of customer 1") as caught:
            execute(plan, harness.store, by="anna", at=AT)
        assert "Oslo" not in str(caught.value)
        assert harness.peek().customers == {"1": ANNA}

    def test_a_card_that_should_be_gone_rolls_back(self) -> None:
        """The store deletes nothing."""
        store, _ = self.broken("deletes nothing", ANNA)
        with pytest.raises(StoreError, match="customer 1 is still there"):
            execute(edit(Delete(ANNA), cards=(ANNA,)), store, by="anna", at=AT)  # type: ignore[arg-type]  # a broken store

    def test_a_card_that_should_be_there_rolls_back(self) -> None:
        """The store hides the second card."""
        fault = StoreFault(
            name="loses active cards",
            trips=(),
            transaction={
                "save": lambda tx, changes: tx.save([(before, None) for before, _ in changes])
            },
        )
        harness = fault.harness()
        harness.seed([ANNA], {})
        with pytest.raises(StoreError, match="customer 1 is not there"):
            execute(edit(cards=(ANNA,)), harness.store, by="anna", at=AT)

    def test_a_retired_card_may_be_deleted_and_comes_back(self) -> None:
        """Some hosts keep no retired rows."""
        cards = {"1": ANNA, "2": BEN}

        def save(changes: object) -> None:
            for before, after in changes:  # type: ignore[attr-defined]  # pairs of customers
                if after is None or not after.is_active:
                    del cards[before.id]
                else:
                    cards[after.id] = after

        host = CallbackStore(lambda _: cards, save, None, MemoryStore().transaction)
        receipt = execute(merge(), host, by="anna", at=AT)
        assert set(cards) == {"1"}
        undo(receipt, host, by="anna", at=AT)
        assert evolve(cards["2"], updated_at=None) == BEN

    def test_totals_are_verified(self) -> None:
        """A total that the plan states otherwise rolls back."""
        total = Total(kind="loyalty", unit="points", before=Decimal(7), after=Decimal(8))
        store = MemoryStore([ANNA, BEN])
        with pytest.raises(StoreError, match="loyalty in points"):
            execute(merge(totals=[total]), store, by="anna", at=AT)
        assert store.customers == {"1": ANNA, "2": BEN}

    def test_an_edit_may_change_totals(self) -> None:
        """Points are given to a customer."""
        step = SetField("1", "balances", (), (Balance("loyalty", "points", 1),))
        store = MemoryStore([ANNA])
        execute(edit(step, cards=(ANNA,)), store, by="anna", at=AT)
        assert store.customers["1"].balances[0].amount == 1

    def test_rows_left_behind_roll_back(self) -> None:
        """The plan moves only some of them."""
        store = MemoryStore([ANNA, BEN], rows={"orders": {"o1": "2", "o2": "2"}})
        fault = StoreFault(
            name="moves one row",
            trips=(),
            transaction={"move": lambda tx, name, moves: tx.move(name, moves[:0])},
        )
        harness = fault.harness()
        harness.seed([ANNA, BEN], {"orders": {"o1": "2"}})
        with pytest.raises(StoreError, match="'orders' still refer to the retired 2"):
            execute(merge(Repoint("orders", "2", "1")), harness.store, by="anna", at=AT)
        assert store.customers["2"].is_active


class TestWebProfiles:
    def test_a_user_name_moves_with_its_profile(self) -> None:
        """Released and claimed in one call."""
        profile = WebProfile(id="w2", username="ben")
        card = evolve(BEN, web_profile=profile)
        plan = evolve(
            merge(MoveWebProfile(profile, "2", "1")),
            expects=[Expectation.of(ANNA), Expectation.of(card)],
        )
        store = MemoryStore([ANNA, card])
        execute(plan, store, by="anna", at=AT)
        assert store.holders("web_profile.username", ["ben"]) == {"ben": "1"}


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"plan": None}, "plan must be a Plan"),
        ({"plan": "{}"}, "from_json reads a stored one"),
        ({"store": {}}, "store is a CustomerStore"),
        ({"by": None}, "by must name who executes"),
        ({"at": AT.date()}, "a datetime with a time zone"),
    ],
)
def test_arguments_of_the_wrong_shape_are_told(wrong: dict[str, Any], problem: str) -> None:
    """Before anything is opened."""
    store = MemoryStore([ANNA, BEN])
    given = {"plan": merge(), "store": store, "by": "anna", "at": AT, **wrong}
    with pytest.raises(ConfigurationError, match=problem):
        execute(given.pop("plan"), given.pop("store"), **given)
