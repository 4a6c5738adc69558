"""A register lives on in memory and in a database: edits, merges, undos, late orders, crashes."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from dedupkit.customers import Customer
from dedupkit.errors import ExecutionError
from dedupkit.execution import execute, undo
from dedupkit.merging import MergePolicy, plan_merge
from dedupkit.plans import Disposition, Expectation, Plan, PlanKind, Receipt, SetField, UndoReason
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing import Crash, FailsAt
from dedupkit.testing.strategies import registers

IDS = ("1", "2", "3", "4", "5")
AT = datetime(2026, 1, 1, tzinfo=UTC)

#: The receipts of one merge in both stores; none where the plan was not applicable.
Both: TypeAlias = tuple[Receipt, ...]


class Register(RuleBasedStateMachine):
    """X1, X5, X6, X7 and P7 over whole lives; the database does what the reference does."""

    receipts: Bundle[Both] = Bundle("receipts")

    @initialize(cards=registers(min_size=5, max_size=5))
    def open_register(self, cards: tuple[Customer, ...]) -> None:
        """Start with five cards, an order each, in both stores."""
        orders = {f"o{card.id}": card.id for card in cards}
        self.database = SqlStore.create("sqlite://", relations=["orders"])
        with self.database.transaction() as tx:
            tx.save([(None, card) for card in cards])
        self.database.add_rows("orders", orders)
        self.memory = MemoryStore(self.database.get(IDS), {"orders": orders})
        self.orders = dict(orders)
        self.late: set[str] = set()
        self.now = AT
        self.amounts = self._amounts()

    @rule(
        target=receipts,
        ids=st.lists(st.sampled_from(IDS), min_size=2, max_size=3, unique=True),
        keep=st.booleans(),
        fills=st.booleans(),
    )
    def merge(self, ids: list[str], keep: bool, fills: bool) -> Both:
        """Merge cards in both stores, where a plan may."""
        dispositions = {ids[1]: Disposition.KEEP} if keep else {}
        policy = MergePolicy.fill_blanks() if fills else MergePolicy()
        done = []
        for store in (self.memory, self.database):
            master, *duplicates = store.get(ids).values()
            plan = plan_merge(
                master,
                duplicates,
                policy=policy,
                dispositions=dispositions,
                relations=store.relations,
            )
            if plan.is_applicable:
                done.append(execute(plan, store, by="anna", at=self._tick()))
        assert len(done) in (0, 2)
        self.late = {row for row in self.late if not self._moved(row, done)}
        return tuple(done)

    @rule(both=consumes(receipts), because=st.sampled_from(UndoReason), with_later=st.booleans())
    def undo_merge(self, both: Both, because: UndoReason, with_later: bool) -> None:
        """Undo a merge in both stores, or be refused by both for a later one."""
        outcomes = []
        stores: tuple[MemoryStore | SqlStore, ...] = (self.memory, self.database)
        for store, receipt in zip(stores, both, strict=bool(both)):
            try:
                undone = undo(
                    receipt,
                    store,
                    by="ben",
                    at=self._tick(),
                    because=because,
                    with_later=with_later,
                )
                outcomes.append(undone.undoes == receipt.plan_id)
            except ExecutionError:
                outcomes.append(False)
        assert len(set(outcomes)) <= 1
        assert not with_later or False not in outcomes

    @rule(customer=st.sampled_from(IDS), city=st.sampled_from(["Oslo", "Bergen", None]))
    def edit(self, customer: str, city: str | None) -> None:
        """Change a field of a card in both stores."""
        for store in (self.memory, self.database):
            card = store.get([customer])[customer]
            step = SetField(customer, "city", card.city, city)
            plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)], steps=[step])
            execute(plan, store, by="carl", at=self._tick())

    @rule(customer=st.sampled_from(IDS))
    def order(self, customer: str) -> None:
        """Insert an order, which may come late for a retired card."""
        row = f"o{len(self.orders) + 1}-{customer}"
        for store in (self.memory, self.database):
            store.add_rows("orders", {row: customer})
        self.orders[row] = customer
        if not self.memory.customers[customer].is_active:
            self.late.add(row)

    @rule(
        ids=st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True),
        call=st.integers(1, 8),
    )
    def crash(self, ids: list[str], call: int) -> None:
        """Let a call of the store fail inside a merge: nothing changes."""
        for store in (self.memory, self.database):
            before = self._state(store)
            cards = store.get(ids)
            plan = plan_merge(cards[ids[0]], [cards[ids[1]]], relations=store.relations)
            if plan.is_applicable:
                with suppress(Crash), store.transaction():
                    execute(plan, FailsAt(store, call), by="dina", at=self._tick())
                    raise Crash
            assert before == self._state(store)

    @invariant()
    def both_stores_agree(self) -> None:
        """The database holds what the reference holds."""
        assert self._state(self.memory) == self._state(self.database)

    @invariant()
    def balances_are_conserved(self) -> None:
        """P7 over all customers, and a retired one holds nothing."""
        assert self.amounts == self._amounts()

    @invariant()
    def redirects_end_on_active_cards(self) -> None:
        """X6: no circle, and one step resolves every id."""
        for store in (self.memory, self.database):
            cards = store.get(IDS)
            with store.transaction() as tx:
                for customer_id, end in tx.resolve(IDS).items():
                    assert cards[end].is_active
                    assert (customer_id == end) == cards[customer_id].is_active

    @invariant()
    def no_order_is_lost(self) -> None:
        """X7: every order is there, and only late ones refer to retired cards."""
        held = self.memory.rows["orders"]
        assert self.orders.keys() == held.keys()
        retired = {row for row, owner in held.items() if not self._is_active(str(owner))}
        assert retired <= self.late

    def _is_active(self, customer_id: str) -> bool:
        return self.memory.customers[customer_id].is_active

    def _moved(self, row: str, done: list[Receipt]) -> bool:
        return any(row in moved.rows for receipt in done for moved in receipt.moved)

    def _amounts(self) -> dict[object, object]:
        sums: dict[object, object] = {}
        for card in self.memory.customers.values():
            for balance in card.balances:
                sums[balance.key] = sums.get(balance.key, 0) + balance.amount  # type: ignore[operator]  # amounts add up
        return {key: amount for key, amount in sums.items() if amount}

    def _state(self, store: MemoryStore | SqlStore) -> object:
        cards = store.get(IDS)
        plain = {i: evolve(c, version=None, updated_at=None) for i, c in cards.items()}
        return plain, {i: store.rows("orders", i) for i in IDS}

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


TestRegister = Register.TestCase
TestRegister.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
