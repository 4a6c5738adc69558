"""The laws of executing and undoing: X1 to X7, and P11."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, product
from typing import Any, TypedDict

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dedupkit.customers import Balance, Customer, Judgement, Verdict, exact_sum
from dedupkit.errors import ExecutionError, StalePlanError
from dedupkit.execution import execute, execute_many, sweep, undo
from dedupkit.merging import MergePolicy, latest_explicit, most_recent, plan_merge
from dedupkit.plans import (
    Delete,
    Disposition,
    Expectation,
    MergePlan,
    Plan,
    PlanKind,
    Relation,
    Repoint,
    UndoReason,
    replay,
)
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing import Crash, FailsAt
from dedupkit.testing.strategies import registers

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Signature(TypedDict):
    """Who and when."""

    by: str
    at: datetime


SIGNED: Signature = {"by": "anna", "at": AT}
DIFFERENT = UndoReason.NOT_THE_SAME

#: For what executes some dozen plans in each example, or writes a database.
FEWER = settings(max_examples=settings().max_examples // 5)


RELATIONS = (
    Relation("orders"),
    Relation("memberships", collision="keep_master", unique=("club",)),
    Relation("invoices", rows="leave"),
)


def rows_for(cards: tuple[Customer, ...]) -> dict[str, dict[str, Any]]:
    """Two orders and an invoice for every card, and memberships of which some collide."""
    clubs = {
        f"m{c.id}": {"customer": c.id, "club": "choir", "since": n} for n, c in enumerate(cards)
    }
    own = {f"n{c.id}": {"customer": c.id, "club": f"club{n % 2}"} for n, c in enumerate(cards)}
    return {
        "orders": {f"o{card.id}-{n}": card.id for card in cards for n in (1, 2)},
        "memberships": {**clubs, **own},
        "invoices": {f"i{card.id}": card.id for card in cards},
    }


def stored(cards: tuple[Customer, ...]) -> MemoryStore:
    """A store of the cards and their rows."""
    return MemoryStore(cards, rows_for(cards), RELATIONS)


def in_database(cards: tuple[Customer, ...]) -> SqlStore:
    """The same in a database."""
    store = SqlStore.create("sqlite://", relations=RELATIONS)
    with store.transaction() as tx:
        tx.save([(None, card) for card in cards])
    for relation, rows in rows_for(cards).items():
        store.add_rows(relation, rows)
    return store


def owners(store: MemoryStore | SqlStore, cards: Iterable[str]) -> dict[tuple[str, str], str]:
    """Relation and row → whose it is."""
    pairs = product((relation.name for relation in RELATIONS), cards)
    return {(name, row["id"]): i for name, i in pairs for row in store.rows(name, i)}


def settled(customers: Mapping[str, Customer]) -> dict[str, Customer]:
    """Customers without what every write changes."""
    return {i: evolve(card, version=None, updated_at=None) for i, card in customers.items()}


def totals(customers: Mapping[str, Customer]) -> dict[object, Decimal]:
    """What all customers hold together, per kind, unit and programme."""
    sums: dict[object, Decimal] = {}
    for card in customers.values():
        for balance in card.balances:
            sums[balance.key] = exact_sum(sums.get(balance.key, Decimal(0)), balance.amount)
    return {key: amount for key, amount in sums.items() if amount}


POLICIES = st.sampled_from(
    [
        MergePolicy(),
        MergePolicy.fill_blanks(),
        MergePolicy.keep_all_contacts(),
        MergePolicy.web_shop(),
        MergePolicy(default=most_recent, consents=latest_explicit, unique=["email", "mobile"]),
        MergePolicy(consents_follow_person=False, single_systems=["loyalty_app"]),
    ]
)


def planned(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    cards: tuple[Customer, ...],
    relations: Iterable[Relation] = RELATIONS,
) -> MergePlan:
    """Draw an applicable plan of any policy, dispositions and answers."""
    master, *duplicates = cards
    numbers = [None, *(card.number for card in cards if card.number)]
    number = draw(st.sampled_from(numbers))
    options: dict[str, Any] = {
        "policy": draw(POLICIES),
        "dispositions": {card.id: draw(st.sampled_from(Disposition)) for card in duplicates},
        "corrections": {} if number is None else {"number": number, "email": None},
        "relations": relations,
    }
    asked = plan_merge(master, duplicates, **options).conflicts
    answers = {conflict.key: draw(st.sampled_from(conflict.choices)).key for conflict in asked}
    plan = plan_merge(master, duplicates, **options, resolutions=answers)
    assume(plan.is_applicable)
    return plan


@st.composite
def merges(draw: st.DrawFn) -> tuple[MergePlan, tuple[Customer, ...]]:
    """Applicable plans, with the register."""
    cards = draw(registers(min_size=2, max_size=4))
    return planned(draw, cards), cards


class TestAllOrNothing:
    """X1: all or nothing, at every call of the store."""

    @given(merges(), st.booleans())
    def test_a_crash_at_any_call_of_an_execution_leaves_nothing(
        self, merge: tuple[MergePlan, tuple[Customer, ...]], after: bool
    ) -> None:
        """Whichever call fails, customers and rows stay as they were, until none fails."""
        plan, cards = merge
        for call in count(1):
            store = stored(cards)
            before = store.customers, dict(store.rows)
            with suppress(Crash):
                execute(plan, FailsAt(store, call, after=after), **SIGNED)
                break
            assert before == (store.customers, dict(store.rows))
            assert store.receipts == ()

    @given(merges(), st.booleans())
    def test_a_crash_at_any_call_of_an_undo_leaves_nothing(
        self, merge: tuple[MergePlan, tuple[Customer, ...]], after: bool
    ) -> None:
        """Whichever call fails, the merge stands as it did."""
        plan, cards = merge
        for call in count(1):
            store = stored(cards)
            receipt = execute(plan, store, **SIGNED)
            before = store.customers, dict(store.rows)
            with suppress(Crash):
                undo(receipt, FailsAt(store, call, after=after), **SIGNED, because=DIFFERENT)
                break
            assert before == (store.customers, dict(store.rows))
            assert (receipt,) == store.receipts
            assert list(store.judgements()) == []

    @FEWER
    @given(registers(min_size=4, max_size=4), st.integers(1, 3), st.booleans())
    def test_a_crash_at_any_call_of_many_executions_leaves_a_prefix(
        self, cards: tuple[Customer, ...], batch: int, after: bool
    ) -> None:
        """Each plan is whole or has not been, and the same call again does the rest."""
        pairs = ((0, 1), (2, 3), (0, 2))
        plans = [plan_merge(cards[a], [cards[b]], relations=RELATIONS) for a, b in pairs]
        done, states = stored(cards), [settled(stored(cards).customers)]
        for plan in plans:
            with suppress(ExecutionError):
                execute(plan, done, **SIGNED)
                states.append(settled(done.customers))
        for call in count(1):
            store = stored(cards)
            with suppress(Crash):
                execute_many(plans, FailsAt(store, call, after=after), **SIGNED, batch=batch)
                break
            assert settled(store.customers) == states[len(store.receipts)]
            execute_many(plans, store, **SIGNED, batch=batch)
            assert settled(store.customers) == states[-1]
            assert store.rows == done.rows

    @given(merges(), st.booleans())
    def test_a_crash_at_any_call_of_a_sweep_leaves_nothing(
        self, merge: tuple[MergePlan, tuple[Customer, ...]], after: bool
    ) -> None:
        """Late rows are where they were, until none fails and all are home."""
        plan, cards = merge
        store = stored(cards)
        execute(plan, store, **SIGNED)
        late = {f"late{card.id}": card.id for card in cards}
        store.add_rows("orders", late)
        for call in count(1):
            before = store.customers, dict(store.rows)
            with suppress(Crash):
                sweep(FailsAt(store, call, after=after), **SIGNED)
                break
            assert before == (store.customers, dict(store.rows))
        homes = {row: store.customers[i].merged_into or i for row, i in late.items()}
        assert {row: store.rows["orders"][row] for row in late} == homes


#: What somebody else may write; the last one changes nothing but the version.
EDITS: tuple[dict[str, Any], ...] = (
    {"city": "Elsewhere"},
    {"flags": ["changed"]},
    {"consents": []},
    {"balances": [Balance("loyalty", "points", 1)]},
    {"web_profile": None},
    {"allow_merge": False},
    {},
)


class TestStale:
    """X2: stale refuses and writes nothing."""

    @given(merges(), st.data())
    def test_any_change_between_planning_and_executing_refuses(
        self, merge: tuple[MergePlan, tuple[Customer, ...]], data: st.DataObject
    ) -> None:
        """One edited card of the plan is named, and nothing is written."""
        plan, cards = merge
        store = stored(cards)
        changed = data.draw(st.sampled_from(plan.ids))
        card = store.customers[changed]
        edit = data.draw(st.sampled_from(EDITS))
        with store.transaction() as tx:
            tx.save([(card, evolve(card, **edit))])
        before = store.customers, dict(store.rows)
        with pytest.raises(StalePlanError) as caught:
            execute(plan, store, **SIGNED)
        assert (changed,) == caught.value.changed
        assert before == (store.customers, dict(store.rows))


class TestIdempotence:
    """X3: executing twice = once, while the receipt is not undone."""

    @given(merges())
    def test_executing_twice_is_once(self, merge: tuple[MergePlan, tuple[Customer, ...]]) -> None:
        """The second execution returns the first receipt and writes nothing."""
        plan, cards = merge
        store = stored(cards)
        receipt = execute(plan, store, **SIGNED)
        after = store.customers, dict(store.rows)
        assert receipt == execute(plan, store, by="ben", at=AT + timedelta(days=1))
        summary = execute_many([plan, plan], store, by="ben", at=AT + timedelta(days=1))
        assert summary.receipts == (receipt, receipt)
        assert after == (store.customers, dict(store.rows))

    @given(merges())
    def test_undoing_twice_is_once(self, merge: tuple[MergePlan, tuple[Customer, ...]]) -> None:
        """The second undo returns the first receipt and writes nothing."""
        plan, cards = merge
        store = stored(cards)
        receipt = execute(plan, store, **SIGNED)
        undone = undo(receipt, store, **SIGNED)
        after = store.customers, dict(store.rows)
        assert undone == undo(receipt, store, by="ben", at=AT + timedelta(days=1))
        assert after == (store.customers, dict(store.rows))


class TestRivals:
    """X4: two plans that share a customer: at most one wins."""

    @given(registers(min_size=3, max_size=3))
    def test_the_second_of_two_plans_is_stale(self, cards: tuple[Customer, ...]) -> None:
        """Two plans for one master, planned from the same state."""
        one, other = (
            plan_merge(cards[0], [card], relations=RELATIONS) for card in (cards[1], cards[2])
        )
        assume(one.is_applicable and other.is_applicable)
        store = stored(cards)
        execute(one, store, **SIGNED)
        with pytest.raises(StalePlanError):
            execute(other, store, **SIGNED)

    @given(registers(min_size=4, max_size=4), st.integers(1, 3))
    def test_many_plans_end_as_one_after_the_other(
        self, cards: tuple[Customer, ...], batch: int
    ) -> None:
        """Batches of any size come to the same as executing plan by plan."""
        pairs = ((0, 1), (2, 3), (0, 2))
        plans = [plan_merge(cards[a], [cards[b]], relations=RELATIONS) for a, b in pairs]
        store, oracle = stored(cards), stored(cards)
        summary = execute_many(plans, store, batch=batch, **SIGNED)
        done = []
        for plan in plans:
            with suppress(ExecutionError):
                done.append(execute(plan, oracle, **SIGNED).plan_id)
        assert done == [receipt.plan_id for receipt in summary.receipts]
        assert settled(oracle.customers) == settled(store.customers)
        assert oracle.rows == store.rows


class TestPreview:
    """X5: what execution changed = what the plan said."""

    @given(merges())
    def test_the_store_holds_what_replay_says(
        self, merge: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """Customers of the plan are as replayed, all others untouched."""
        plan, cards = merge
        store = stored(cards)
        receipt = execute(plan, store, **SIGNED)
        said = {**{card.id: card for card in cards}, **replay(plan.steps, cards)}
        assert settled(said) == settled(store.customers)
        assert plan.ids == receipt.ids
        assert totals({card.id: card for card in cards}) == totals(store.customers)
        moved = owners(stored(cards), (card.id for card in cards))
        for step in plan.steps:
            if isinstance(step, Repoint) and step.only is None:
                here = [row for row in moved if row[0] == step.relation]
                moved |= {row: step.target for row in here if moved[row] == step.source}
        gone = {(row.relation, row.row) for row in receipt.removed}
        assert {row: i for row, i in moved.items() if row not in gone} == owners(
            store, store.customers
        )


class TestRedirects:
    """X6: redirects never form a circle and always end on an active customer, or on *deleted*."""

    IDS = ("1", "2", "3", "4", "5")
    PAIRS = st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True)

    @FEWER
    @given(st.lists(PAIRS, max_size=8), st.booleans())
    def test_chains_end_though_cards_are_deleted(
        self, work: list[list[str]], in_a_database: bool
    ) -> None:
        """Pairs are merged and single cards deleted; every id leads where its links lead."""
        cards = tuple(Customer(id=i) for i in self.IDS)
        store = SqlStore.create("sqlite://") if in_a_database else MemoryStore()
        with store.transaction() as tx:
            tx.save([(None, card) for card in cards])
        into: dict[str, str] = {}
        for ids in work:
            there = store.get(ids)
            if len(there) < len(ids):
                continue
            if len(ids) == 2:
                plan: Plan = plan_merge(there[ids[0]], [there[ids[1]]])
                if not plan.is_applicable:
                    continue
                into[ids[1]] = ids[0]
            else:
                steps = [Delete(there[ids[0]])]
                expects = [Expectation.of(there[ids[0]])]
                plan = Plan(kind=PlanKind.EDIT, expects=expects, steps=steps)
            execute(plan, store, **SIGNED)
        left = store.get(self.IDS)
        with store.transaction() as tx:
            found = tx.resolve(self.IDS)
        assert found.keys() == left.keys() | into.keys()
        for customer_id, end in found.items():
            here = customer_id
            for _ in self.IDS:
                here = into.get(here, here)
            assert end == here
            assert end not in left or left[end].is_active


class TestRows:
    """X7: at commit, no live row of a moved relation refers to a retired customer."""

    @given(merges())
    def test_rows_refer_to_active_customers(
        self, merge: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """Every order is there, every membership is there or in the receipt, documents stay."""
        plan, cards = merge
        store = stored(cards)
        receipt = execute(plan, store, **SIGNED)
        found = owners(store, store.customers)
        gone = {(row.relation, row.row) for row in receipt.removed}
        assert found.keys() | gone == owners(stored(cards), (card.id for card in cards)).keys()
        assert {relation for relation, _ in gone} <= {"memberships"}
        for (relation, _), owner in found.items():
            assert relation == "invoices" or store.customers[owner].is_active

    @given(merges())
    def test_no_customer_has_two_rows_of_one_key(
        self, merge: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """Nor does one whose row met none lose it."""
        plan, cards = merge
        store = stored(cards)
        receipt = execute(plan, store, **SIGNED)
        for customer_id in store.customers:
            clubs = [row["club"] for row in store.rows("memberships", customer_id)]
            assert len(clubs) == len(set(clubs))
        for row in receipt.removed:
            held = [other["club"] for other in store.rows("memberships", row.target)]
            assert row.columns["club"] in held


class TestUndo:
    """P11: undo after execute = customers and rows as they were."""

    @given(merges())
    def test_undo_restores_everything(self, merge: tuple[MergePlan, tuple[Customer, ...]]) -> None:
        """All but version and updated_at is as before, and nothing stays behind."""
        plan, cards = merge
        store = stored(cards)
        undone = undo(execute(plan, store, **SIGNED), store, **SIGNED)
        assert settled({card.id: card for card in cards}) == settled(store.customers)
        assert rows_for(cards) == store.rows
        assert undone.undoes == plan.id
        assert len(store.receipts) == 2

    @given(merges(), st.sampled_from(UndoReason))
    def test_journal_and_judgements_only_grow(
        self, merge: tuple[MergePlan, tuple[Customer, ...]], because: UndoReason
    ) -> None:
        """The receipt is marked, that of the undo comes behind it, and judgements are added."""
        plan, cards = merge
        store = stored(cards)
        store.judge([Judgement("1", "2", Verdict.SAME)])
        receipt = execute(plan, store, **SIGNED)
        undone = undo(receipt, store, **SIGNED, because=because)
        assert store.receipts == (evolve(receipt, undone_by=undone.plan_id), undone)
        acting = [d.customer for d in plan.duplicates if d.disposition is not Disposition.SKIP]
        said = acting if because is DIFFERENT else []
        (first, *later) = store.judgements()
        assert first == Judgement("1", "2", Verdict.SAME)
        assert {one.pair for one in later} == {Judgement("1", i, Verdict.SAME).pair for i in said}

    @FEWER
    @given(registers(min_size=2, max_size=3), st.data())
    def test_undo_restores_everything_in_a_database(
        self, cards: tuple[Customer, ...], data: st.DataObject
    ) -> None:
        """The same on SQLite, as planned from what the database returns."""
        store = in_database(cards)
        before = store.get([card.id for card in cards])
        assert settled({card.id: card for card in cards}) == settled(before)
        plan = planned(data.draw, tuple(before.values()))
        receipt = execute(plan, store, **SIGNED)
        assert receipt == next(store.history([plan.master_id]))
        undo(receipt, store, **SIGNED)
        assert settled(before) == settled(store.get(before))
        assert owners(stored(cards), before) == owners(store, before)

    @given(merges())
    def test_merging_again_after_an_undo_works(
        self, merge: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """A plan made anew is executed, and the end is that of the first merge."""
        plan, cards = merge
        store = stored(cards)
        receipt = execute(plan, store, **SIGNED)
        merged = settled(store.customers)
        undo(receipt, store, **SIGNED)
        again = evolve(plan, expects=[Expectation.of(store.customers[i]) for i in plan.ids])
        execute(again, store, **SIGNED)
        assert merged == settled(store.customers)
