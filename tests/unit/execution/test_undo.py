"""Undoing an execution on a store."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import (
    Consent,
    ConsentState,
    Customer,
    Judgement,
    Verdict,
    WebProfile,
    read_path,
)
from dedupkit.errors import ConfigurationError, ExecutionError, StoreError
from dedupkit.execution import execute, preview_undo, undo
from dedupkit.merging import MergePolicy, Resolution, fill_blank, plan_merge
from dedupkit.plans import (
    Create,
    CreateGroup,
    Delete,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    MoveWebProfile,
    Plan,
    PlanKind,
    Receipt,
    Relation,
    Repoint,
    Retire,
    SetField,
    Step,
    UndoReason,
    plan_undo,
)
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing import Crash, FailsAt

AT = datetime(2026, 1, 1, tzinfo=UTC)
CARDS = tuple(Customer(id=str(n), first_name=f"Anna {n}") for n in (1, 2, 3, 4))


def keep(store: MemoryStore, master: str, card: str) -> Receipt:
    """Merge one card into another and keep it."""
    now = store.customers[card].kept_for
    plan = MergePlan(
        master_id=master,
        duplicates=[DuplicateCard(card, Disposition.KEEP)],
        expects=[Expectation.of(store.customers[i]) for i in (master, card)],
        steps=[Repoint("orders", card, master), SetField(card, "kept_for", now, master)],
    )
    return execute(plan, store, by="anna", at=AT)


def merge(store: MemoryStore, master: str, card: str, *steps: Step) -> Receipt:
    """Merge one card into another."""
    plan = MergePlan(
        master_id=master,
        duplicates=[DuplicateCard(card, Disposition.DELETE)],
        expects=[Expectation.of(store.customers[i]) for i in (master, card)],
        steps=[*steps, Repoint("orders", card, master), Retire(card, master)],
    )
    return execute(plan, store, by="anna", at=AT)


def settled(store: MemoryStore) -> tuple[dict[str, Customer], object]:
    """All that the store holds, but for what every write changes."""
    cards = store.customers.items()
    plain = {i: evolve(card, version=None, updated_at=None) for i, card in cards}
    return plain, {name: dict(rows) for name, rows in store.rows.items()}


@pytest.fixture
def store() -> MemoryStore:
    """Four cards; two have an order."""
    return MemoryStore(CARDS, rows={"orders": {"o1": "1", "o2": "2"}})


class TestUndo:
    def test_the_receipt_says_what_was_undone_and_why(self, store: MemoryStore) -> None:
        """And the first receipt says by what."""
        receipt = merge(store, "1", "2")
        undone = undo(receipt, store, by="ben", at=AT, because=UndoReason.WRONG_CHOICE)
        assert (undone.undoes, undone.because) == (receipt.plan_id, UndoReason.WRONG_CHOICE)
        assert store.receipts[0].undone_by == undone.plan_id

    def test_only_not_the_same_is_remembered_as_a_judgement(self, store: MemoryStore) -> None:
        """A wrong choice says nothing of the persons."""
        undo(merge(store, "1", "2"), store, by="ben", at=AT)
        assert list(store.judgements()) == []
        receipt = merge(store, "1", "2")
        undo(receipt, store, by="ben", at=AT, because=UndoReason.NOT_THE_SAME)
        assert list(store.judgements()) == [Judgement("1", "2", Verdict.DIFFERENT, by="ben", at=AT)]

    def test_a_kept_card_is_judged_too(self, store: MemoryStore) -> None:
        """It was merged as much as one that is retired."""
        step = SetField("2", "kept_for", None, "1")
        plan = Plan(
            kind=PlanKind.MERGE,
            expects=map(Expectation.of, CARDS[:2]),
            steps=[step, Repoint("orders", "2", "1")],
        )
        receipt = execute(plan, store, by="anna", at=AT)
        undo(receipt, store, by="ben", at=AT, because=UndoReason.NOT_THE_SAME)
        assert len(list(store.judgements())) == 1

    def test_a_card_that_is_kept_anew_is_judged_though_its_mark_stays(
        self, store: MemoryStore
    ) -> None:
        """It was kept for the same master before, so the plan has no step for the mark."""
        undoable = []
        for _ in range(2):
            cards = store.get("12")
            keeps = {"2": Disposition.KEEP}
            plan = plan_merge(
                cards["1"], [cards["2"]], dispositions=keeps, relations=store.relations
            )
            undoable.append(execute(plan, store, by="anna", at=AT))
            store.add_rows("orders", {"late": "2"})
        undo(undoable[1], store, by="ben", at=AT, because=UndoReason.NOT_THE_SAME)
        assert [said.pair for said in store.judgements()] == [("1", "2")]

    def test_an_edit_of_a_kept_card_parts_nobody(self) -> None:
        """What is undone is no merge, so nobody is said to be different."""
        cards = (CARDS[0], evolve(CARDS[1], kept_for="1"))
        store = MemoryStore(cards)
        step = SetField("2", "city", None, "Oslo")
        plan = Plan(kind=PlanKind.EDIT, expects=map(Expectation.of, cards), steps=[step])
        receipt = execute(plan, store, by="anna", at=AT)
        undo(receipt, store, by="ben", at=AT, because=UndoReason.NOT_THE_SAME)
        assert list(store.judgements()) == []

    def test_later_orders_stay_with_the_master(self, store: MemoryStore) -> None:
        """Only what the merge moved goes back."""
        receipt = merge(store, "1", "2")
        store.add_rows("orders", {"o3": "1"})
        undo(receipt, store, by="ben", at=AT)
        assert store.rows == {"orders": {"o1": "1", "o2": "2", "o3": "1"}}

    def test_a_later_merge_must_be_undone_first(self, store: MemoryStore) -> None:
        """It is named; after it is undone, so can the first be."""
        first, second = merge(store, "1", "2"), merge(store, "3", "1")
        with pytest.raises(ExecutionError, match=second.plan_id):
            undo(first, store, by="ben", at=AT)
        undo(second, store, by="ben", at=AT)
        undo(first, store, by="ben", at=AT)
        assert all(card.is_active for card in store.customers.values())

    def test_later_merges_are_undone_as_well_on_request(self, store: MemoryStore) -> None:
        """The newest first; only what was asked for is judged."""
        cards = settled(store)
        first = merge(store, "1", "2")
        merge(store, "1", "3")
        merge(store, "4", "1")
        reason = UndoReason.NOT_THE_SAME
        undo(first, store, by="ben", at=AT, because=reason, with_later=True)
        assert settled(store) == cards
        assert all(r.undone_by for r in store.receipts if r.kind is PlanKind.MERGE)
        assert [judgement.pair for judgement in store.judgements()] == [("1", "2")]

    def test_later_merges_are_undone_by_the_same_person_as_a_wrong_choice(
        self, store: MemoryStore
    ) -> None:
        """Along a whole chain, at the same moment."""
        first = merge(store, "1", "2")
        merge(store, "3", "1")
        merge(store, "4", "3")
        later = AT + timedelta(days=1)
        undo(first, store, by="ben", at=later, because=UndoReason.NOT_THE_SAME, with_later=True)
        undone = [r for r in store.receipts if r.kind is PlanKind.UNDO]
        assert [(r.by, r.at) for r in undone] == [("ben", later)] * 3
        wrong, chosen = UndoReason.WRONG_CHOICE, UndoReason.NOT_THE_SAME
        assert [r.because for r in undone] == [wrong, wrong, chosen]

    def test_a_card_that_was_kept_twice_is_undone_twice(self, store: MemoryStore) -> None:
        """The later undo names the earlier master again, and drains the card of nothing."""
        cards = settled(store)
        first = keep(store, "1", "2")
        keep(store, "3", "2")
        undo(first, store, by="ben", at=AT, with_later=True)
        assert settled(store) == cards

    def test_a_failure_among_later_merges_takes_all_back(self, store: MemoryStore) -> None:
        """All in one transaction."""
        first = merge(store, "1", "2")
        merge(store, "4", "1")
        after = settled(store)
        calls = FailsAt(store, 0)
        with suppress(Crash), store.transaction():
            undo(first, calls, by="ben", at=AT, with_later=True)
            raise Crash
        for call in range(1, calls.calls + 1):
            with pytest.raises(Crash):
                undo(first, FailsAt(store, call), by="ben", at=AT, with_later=True)
            assert settled(store) == after

    def test_a_user_name_taken_meanwhile_leaves_the_profile_deleted(self) -> None:
        """The store is asked who holds it."""
        profile = WebProfile(id="w2", username="anna")
        cards = (CARDS[0], evolve(CARDS[1], web_profile=profile), CARDS[2])
        store = MemoryStore(cards, relations=["orders"])
        receipt = merge(store, "1", "2", MoveWebProfile(profile, "2", None))
        taken = WebProfile(id="w3", username="anna")
        step = MoveWebProfile(taken, None, "3")
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(CARDS[2])], steps=[step])
        execute(plan, store, by="anna", at=AT)
        preview = preview_undo(receipt, store)
        assert [notice.code for notice in preview.notices] == ["username_taken"]
        done = undo(receipt, store, by="ben", at=AT)
        assert done.plan_id == preview.id
        assert store.customers["2"].web_profile is None
        assert store.customers["2"].is_active

    def test_a_preview_writes_nothing_and_shows_what_stands_in_the_way(
        self, store: MemoryStore
    ) -> None:
        """Of what was undone, the newest receipt counts."""
        first, later = merge(store, "1", "2"), merge(store, "1", "3")
        before = settled(store)
        codes = [blocker.code for blocker in preview_undo(first, store).blockers]
        assert (codes, settled(store)) == (["later_merge"], before)
        undo(later, store, by="ben", at=AT)
        assert preview_undo(first, store).is_applicable
        (blocker,) = preview_undo(later, store).blockers
        assert blocker.code == "already_undone"

    def test_a_number_taken_meanwhile_stays_away(self) -> None:
        """Where the store holds numbers to be unique."""
        cards = (evolve(CARDS[0], number="10"), CARDS[1])
        store = MemoryStore(cards, unique=["number"])
        step = SetField("1", "number", "10", None)
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(cards[0])], steps=[step])
        receipt = execute(plan, store, by="anna", at=AT)
        step = SetField("2", "number", None, "10")
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(cards[1])], steps=[step])
        execute(plan, store, by="anna", at=AT)
        undo(receipt, store, by="ben", at=AT)
        assert store.customers["1"].number is None

    def test_without_versions_a_merge_is_made_and_undone_again(self) -> None:
        """The same plan, the same undo, and each time they count."""
        host = dict(zip("12", CARDS, strict=False))

        class Journal(dict[str, Receipt]):
            """The newest receipt of every plan."""

            def remember(self, receipt: Receipt) -> None:
                self[receipt.plan_id] = receipt

            def receipt(self, plan_id: str) -> Receipt | None:
                return self.get(plan_id)

        def save(changes: object) -> None:
            plain = [evolve(after, updated_at=None) for _, after in changes]  # type: ignore[attr-defined]  # pairs
            host.update((card.id, card) for card in plain)

        store = CallbackStore(
            lambda _: host, save, None, MemoryStore().transaction, journal=Journal()
        )
        plan = MergePlan(
            master_id="1",
            duplicates=[DuplicateCard("2", Disposition.DELETE)],
            expects=map(Expectation.of, CARDS[:2]),
            steps=[Retire("2", "1")],
        )
        for _ in range(2):
            receipt = execute(plan, store, by="anna", at=AT)
            assert not host["2"].is_active
            undo(receipt, store, by="ben", at=AT)
            assert host == dict(zip("12", CARDS, strict=False))

    def test_a_receipt_that_the_caller_kept_will_do(self, store: MemoryStore) -> None:
        """A store that never heard of it undoes it all the same."""
        receipt = merge(store, "1", "2")
        other = MemoryStore(store.customers, dict(store.rows))
        undone = undo(receipt, other, by="ben", at=AT)
        assert undone.undoes == receipt.plan_id
        assert other.rows == {"orders": {"o1": "1", "o2": "2"}}
        assert isinstance(other.customers, Mapping)

    def test_a_receipt_of_another_register_brings_nobody_back(self, store: MemoryStore) -> None:
        """The wrong database was opened, above all."""
        receipt = merge(store, "1", "2")
        other = MemoryStore([Customer(id="7")])
        for call in (preview_undo, lambda r, s: undo(r, s, by="ben", at=AT)):
            with pytest.raises(ExecutionError, match="nor has any of its customers"):
                call(receipt, other)
        assert list(other.customers) == ["7"]


def test_a_plan_made_without_the_rows_drops_none_either() -> None:
    """A row that would go back meets one of its key, which only the store knows."""
    clubs = Relation("clubs", collision="keep_master", unique=["club"])
    columns = {"m1": {"customer": "2", "club": "go"}, "m2": {"customer": "2", "club": "chess"}}
    store = MemoryStore(CARDS, rows={"clubs": columns}, relations=[clubs])
    stored = [store.customers[i] for i in ("1", "2")]
    plan = plan_merge(stored[0], stored[1:], relations=[clubs])
    receipt = execute(plan, store, by="anna", at=AT)
    store.add_rows("clubs", {"late": {"customer": "2", "club": "go"}})
    before = settled(store)
    undoing = plan_undo(receipt, store.get(receipt.ids))
    with pytest.raises(StoreError, match="m1 of 'clubs'; solve them first"):
        execute(undoing, store, by="ben", at=AT)
    assert settled(store) == before


def test_a_row_whose_id_was_given_to_another_is_not_overwritten() -> None:
    """The undo is refused as a whole, and the row stays who it is."""
    clubs = Relation("clubs", collision="keep_master", unique=["club"])
    columns = {n: {"customer": n, "club": "go"} for n in "12"}
    store = MemoryStore(CARDS, rows={"clubs": columns}, relations=[clubs])
    stored = [store.customers[i] for i in ("1", "2")]
    receipt = execute(plan_merge(stored[0], stored[1:], relations=[clubs]), store, by="anna", at=AT)
    store.add_rows("clubs", {"2": {"customer": "3", "club": "chess"}})
    with pytest.raises(StoreError, match="'clubs' has other rows 2 by now"):
        undo(receipt, store, by="ben", at=AT)
    assert [row["club"] for row in store.rows("clubs", "3")] == ["chess"]


def test_what_is_no_receipt_and_no_reason_is_told() -> None:
    """Before anything is opened."""
    store = MemoryStore(CARDS, rows={"orders": {}})
    receipt = merge(store, "1", "2")
    with pytest.raises(ConfigurationError, match="must be a Receipt"):
        undo(receipt.to_json(), store, by="anna", at=AT)  # type: ignore[arg-type]  # what is told
    with pytest.raises(ConfigurationError, match="must be a Receipt"):
        preview_undo(receipt.to_json(), store)  # type: ignore[arg-type]  # as above
    with pytest.raises(ConfigurationError, match="because must be UndoReason"):
        undo(receipt, store, by="anna", at=AT, because="wrong")  # type: ignore[arg-type]  # as above


def folded(store: MemoryStore | SqlStore, master: str, card: str) -> Receipt:
    """Plan and execute the merge of one card into another."""
    held = store.get([master, card])
    plan = plan_merge(held[master], [held[card]], relations=store.relations)
    return execute(plan, store, by="anna", at=AT)


def edit(store: MemoryStore | SqlStore, card: str, **values: Any) -> None:  # noqa: ANN401  # fields have many types
    """Give a card other values, as a clerk does."""
    with store.transaction() as tx:
        before = tx.load([card])[card]
        tx.save([(before, evolve(before, **values))])


def take_the_card_s(field: str, _: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take what the duplicate has."""
    return Resolution(read_path(duplicates[0], field), duplicates[0].id)


class TestLaterFacts:
    """What came since stays, with a notice, and the rest goes back; in both stores."""

    @staticmethod
    def opened(kind: str, *cards: Customer) -> MemoryStore | SqlStore:
        """A register of cards."""
        if kind == "memory":
            return MemoryStore(cards, relations=["orders"])
        store = SqlStore.create("sqlite://", relations=["orders"])
        with store.transaction() as tx:
            tx.save([(None, card) for card in cards])
        return store

    @pytest.mark.parametrize("kind", ["memory", "sql"])
    def test_a_created_card_that_has_an_order_stays(self, kind: str) -> None:
        """The other one is deleted, and the edit taken back."""
        store = self.opened(kind, Customer(id="1", city="Oslo"))
        new = [Create(Customer(id="new-1")), Create(Customer(id="new-2"))]
        plan = Plan(
            kind=PlanKind.IMPORT,
            expects=[Expectation.of(store.get("1")["1"])],
            steps=[SetField("1", "city", "Oslo", "Bergen"), *new],
            request="r1",
        )
        receipt = execute(plan, store, by="anna", at=AT)
        _, used, unused = receipt.ids
        store.add_rows("orders", {"late": used})
        (notice,) = preview_undo(receipt, store).notices
        assert (notice.code, notice.customers) == ("card_in_use", (used,))
        assert notice.data == {"relation": "orders"}
        undo(receipt, store, by="ben", at=AT)
        assert [*store.get(["1", used, unused])] == ["1", used]
        assert store.get("1")["1"].city == "Oslo"
        assert store.counts("orders", [used]) == {used: 1}

    @pytest.mark.parametrize("kind", ["memory", "sql"])
    def test_an_id_that_another_card_has_by_now_does_not_come_back(self, kind: str) -> None:
        """Nobody knows what became of it on the master."""
        loyal = Customer(id="2", external_ids={"app": ["7", "8"]})
        store = self.opened(kind, Customer(id="1"), loyal, Customer(id="3"))
        receipt = folded(store, "1", "2")
        edit(store, "1", external_ids={"app": ["8"]})
        edit(store, "3", external_ids={"app": ["7"]})
        (notice,) = preview_undo(receipt, store).notices
        assert (notice.code, notice.customers) == ("field_changed_since", ("2",))
        assert notice.data == {"field": "external_ids.app"}
        undo(receipt, store, by="ben", at=AT)
        held = {i: card.external_ids.get("app") for i, card in store.get("123").items()}
        assert held == {"1": None, "2": {"8"}, "3": {"7"}}

    def test_a_unique_value_that_another_card_has_by_now_stays_away(self) -> None:
        """The rest goes back; the master's old one is its own again."""
        cards = [Customer(id="1"), Customer(id="2", email="b@x.example", city="Moss")]
        store = MemoryStore([*cards, Customer(id="3")], unique=["email"])
        policy = MergePolicy(default=fill_blank, unique=["email"])
        receipt = execute(plan_merge(cards[0], cards[1:], policy=policy), store, by="a", at=AT)
        edit(store, "1", email="new@x.example")
        edit(store, "3", email="b@x.example")
        notices = preview_undo(receipt, store).notices
        codes = [(n.code, n.customers) for n in notices]
        assert codes == [("field_changed_since", ("1",)), ("value_taken", ("2",))]
        assert notices[1].data == {"field": "email"}
        undo(receipt, store, by="ben", at=AT)
        assert {i: card.email for i, card in store.customers.items()} == {
            "1": "new@x.example",
            "2": None,
            "3": "b@x.example",
        }
        assert store.customers["1"].city is None

    @pytest.mark.parametrize("kind", ["memory", "sql"])
    def test_a_unique_value_goes_back_where_it_is_free(self, kind: str) -> None:
        """The master lets go of it first."""
        cards = [Customer(id="1", email="a@x.example"), Customer(id="2", email="b@x.example")]
        store = self.opened(kind, *cards)
        if kind == "memory":
            store = MemoryStore(cards, unique=["email"])
        held = store.get("12")
        policy = MergePolicy(fields={"email": take_the_card_s}, unique=["email"])
        plan = plan_merge(held["1"], [held["2"]], policy=policy, relations=store.relations)
        receipt = execute(plan, store, by="anna", at=AT)
        assert store.get("1")["1"].email == "b@x.example"
        assert undo(receipt, store, by="ben", at=AT).changes
        assert [card.email for card in store.get("12").values()] == ["a@x.example", "b@x.example"]

    def test_what_a_deleted_card_had_comes_back_as_far_as_it_is_free(self) -> None:
        """The number and the user name are others' by now."""
        profile = WebProfile(id="w1", username="anna")
        card = Customer(id="1", number="5", city="Oslo", web_profile=profile)
        store = MemoryStore([card], unique=["number", "web_profile.username"])
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)], steps=[Delete(card)])
        receipt = execute(plan, store, by="anna", at=AT)
        other = Customer(id="9", number="5", web_profile=evolve(profile, id="w9"))
        with store.transaction() as tx:
            tx.save([(None, other)])
        told = [(n.code, n.customers, dict(n.data)) for n in preview_undo(receipt, store).notices]
        assert told == [
            ("username_taken", ("1",), {"profile": "w1"}),
            ("value_taken", ("1",), {"field": "number"}),
        ]
        undo(receipt, store, by="ben", at=AT)
        back = store.customers["1"]
        assert (back.number, back.city, back.web_profile) == (None, "Oslo", None)

    def test_what_concerns_no_customer_has_nothing_later(self) -> None:
        """A group that was created stays."""
        store = MemoryStore()
        plan = Plan(kind=PlanKind.EDIT, steps=[CreateGroup("members")])
        receipt = execute(plan, store, by="anna", at=AT)
        assert [n.code for n in preview_undo(receipt, store).notices] == ["group_stays"]

    def test_the_same_cards_may_have_been_merged_and_parted_meanwhile(self) -> None:
        """That changes nothing of what is undone now."""
        store = MemoryStore(CARDS, rows={"orders": {"o2": "2"}})
        first = keep(store, "1", "2")
        undo(folded(store, "1", "2"), store, by="ben", at=AT)
        undo(first, store, by="ben", at=AT)
        assert store.customers["2"].kept_for is None
        assert store.rows["orders"] == {"o2": "2"}

    def test_a_refusal_holds_for_nobody_who_was_not_part_of_it(self) -> None:
        """The card had come back before, so what its master says is no word of its."""
        granted = Consent("newsletter", "email", ConsentState.GRANTED)
        objected = Consent("newsletter", "email", ConsentState.OBJECTED, at=AT)
        cards = [Customer(id="1"), Customer(id="2", consents=[granted]), *CARDS[2:]]
        store = MemoryStore(cards, relations=["orders"])
        first = folded(store, "1", "2")
        undo(folded(store, "3", "1"), store, by="ben", at=AT)
        last = folded(store, "4", "3")
        edit(store, "4", consents=[objected])
        undo(last, store, by="ben", at=AT)
        undo(first, store, by="ben", at=AT)
        assert store.customers["1"].consents == ()
        assert store.customers["3"].consents == (objected,)

    def test_an_undo_asks_no_more_of_a_database_for_many_created_cards(self) -> None:
        """Rows are counted in one question for all of them."""

        def statements(created: int) -> int:
            engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
            store = SqlStore.create(engine, relations=["orders"])
            steps = [Create(Customer(id=f"new-{n}")) for n in range(created)]
            plan = Plan(kind=PlanKind.IMPORT, steps=steps, request="r1")
            receipt = execute(plan, store, by="anna", at=AT)
            seen: list[str] = []
            listen = sa.event.listens_for(engine, "before_cursor_execute")
            listen(lambda *given: seen.append(given[2]))
            undo(receipt, store, by="ben", at=AT)
            engine.dispose()
            return len(seen)

        assert statements(2) == statements(40)

    @pytest.mark.parametrize("depth", [2, 3])
    def test_a_refusal_outlasts_the_undo_of_all_merges(self, depth: int) -> None:
        """It went under an older, stricter one, which another merge had brought."""
        word = partial(Consent, "newsletter", "email")
        granted = word(ConsentState.GRANTED, at=AT)
        objected = word(ConsentState.OBJECTED, at=AT)
        withdrawn = word(ConsentState.WITHDRAWN, at=AT + timedelta(days=2))
        card = Customer(id="1", email="a@x.example", consents=[granted])
        others = [Customer(id="2", consents=[objected]), Customer(id="3"), Customer(id="4")]
        store = MemoryStore([card, *others], relations=["orders"])
        pairs = [("1", "2"), ("3", "1"), ("4", "3")][:depth]
        receipts = [folded(store, *pair) for pair in pairs]
        edit(store, pairs[-1][0], consents=[withdrawn])
        for receipt in reversed(receipts):
            undo(receipt, store, by="ben", at=AT)
        assert store.customers["1"].consents == (withdrawn,)
        assert store.customers["2"].consents == (objected,)
