"""The laws of executing and undoing: X1 to X7, and P11."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TypedDict

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from dedupkit.customers import Customer, exact_sum
from dedupkit.errors import ExecutionError, StalePlanError
from dedupkit.execution import execute, execute_many, undo
from dedupkit.merging import MergePolicy, plan_merge
from dedupkit.plans import Disposition, Expectation, MergePlan, Plan, PlanKind, SetField, replay
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


def rows_for(cards: tuple[Customer, ...]) -> dict[str, dict[str, str]]:
    """Two orders for every card."""
    return {"orders": {f"o{card.id}-{n}": card.id for card in cards for n in (1, 2)}}


def stored(cards: tuple[Customer, ...]) -> MemoryStore:
    """A store of the cards and their orders."""
    return MemoryStore(cards, rows_for(cards))


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


@st.composite
def merges(draw: st.DrawFn) -> tuple[MergePlan, tuple[Customer, ...]]:
    """Applicable plans of any policy and dispositions, with the register."""
    cards = draw(registers(min_size=2, max_size=4))
    master, *duplicates = cards
    policy = draw(
        st.sampled_from([MergePolicy(), MergePolicy.fill_blanks(), MergePolicy.keep_all_contacts()])
    )
    dispositions = {card.id: draw(st.sampled_from(Disposition)) for card in duplicates}
    plan = plan_merge(
        master, duplicates, policy=policy, dispositions=dispositions, relations=["orders"]
    )
    assume(plan.is_applicable)
    return plan, cards


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

    @given(merges())
    def test_a_crash_at_any_call_of_an_undo_leaves_nothing(
        self, merge: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """Whichever call fails, the merge stands as it did."""
        plan, cards = merge
        for call in count(1):
            store = stored(cards)
            receipt = execute(plan, store, **SIGNED)
            before = store.customers, dict(store.rows)
            with suppress(Crash):
                undo(receipt, FailsAt(store, call), **SIGNED)
                break
            assert before == (store.customers, dict(store.rows))
            assert (receipt,) == store.receipts


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
        edit = Plan(
            kind=PlanKind.EDIT,
            expects=[Expectation.of(card)],
            steps=[SetField(changed, "city", card.city, "Elsewhere")],
        )
        execute(edit, store, **SIGNED)
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
            plan_merge(cards[0], [card], relations=["orders"]) for card in (cards[1], cards[2])
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
        plans = [plan_merge(cards[a], [cards[b]], relations=["orders"]) for a, b in pairs]
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


class TestRows:
    """X7: at commit, no live row of a moved relation refers to a retired customer."""

    @given(merges())
    def test_rows_refer_to_active_customers(
        self, merge: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """Every order is there and refers to a card that is active."""
        plan, cards = merge
        store = stored(cards)
        execute(plan, store, **SIGNED)
        assert rows_for(cards)["orders"].keys() == store.rows["orders"].keys()
        for owner in store.rows["orders"].values():
            assert store.customers[str(owner)].is_active


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

    @given(registers(min_size=2, max_size=3))
    def test_undo_restores_everything_in_a_database(self, cards: tuple[Customer, ...]) -> None:
        """The same on SQLite, as planned from what the database returns."""
        store = SqlStore.create("sqlite://", relations=["orders"])
        with store.transaction() as tx:
            tx.save([(None, card) for card in cards])
        store.add_rows("orders", rows_for(cards)["orders"])
        before = store.get([card.id for card in cards])
        assert settled({card.id: card for card in cards}) == settled(before)
        master, *duplicates = before.values()
        plan = plan_merge(master, duplicates, relations=store.relations)
        assume(plan.is_applicable)
        receipt = execute(plan, store, **SIGNED)
        assert receipt == next(store.history([master.id]))
        undo(receipt, store, **SIGNED)
        assert settled(before) == settled(store.get(before))
        assert [2] * len(before) == list(store.counts("orders", before).values())

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
