"""Balances that add up from rows: merged, undone, swept, and set by no plan."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa
from attrs import evolve

from dedupkit.customers import Balance, Customer, amount_text
from dedupkit.errors import ExecutionError, StalePlanError, StoreError
from dedupkit.execution import execute, execute_many, sweep, undo
from dedupkit.merging import plan_merge
from dedupkit.plans import (
    Create,
    Delete,
    Disposition,
    Expectation,
    Plan,
    PlanKind,
    Receipt,
    Relation,
    RowBalance,
    SetField,
    Step,
    TransferBalance,
    plan_undo,
)
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore, schema
from dedupkit.testing.faults import StoreFault

AT = datetime(2026, 1, 1, tzinfo=UTC)
LOTS = Relation("lots", balance=RowBalance("loyalty", "points", amount="left"))
CREDIT = Balance("store_credit", "NOK", 9)
CARDS = (
    Customer(id="1", first_name="Anna"),
    Customer(id="2", first_name="Ann", balances=[CREDIT]),
    Customer(id="3", first_name="Anne"),
)

Store: TypeAlias = MemoryStore | SqlStore


def lot(customer: str, left: int | str) -> dict[str, Any]:
    """A lot of points."""
    return {"customer": customer, "left": left, "expires": "2027-06-30"}


ROWS = {"l1": lot("1", 5), "l2": lot("2", 4), "l3": lot("2", "3.5")}


@pytest.fixture(params=["memory", "database"])
def store(request: pytest.FixtureRequest) -> Store:
    """Three customers, of whom two have lots."""
    made: Store = MemoryStore(relations=[LOTS])
    if request.param == "database":
        made = SqlStore.create("sqlite://", relations=[LOTS])
    with made.transaction() as tx:
        tx.save([(None, card) for card in CARDS])
    made.add_rows("lots", ROWS)
    return made


def points(store: Store, *ids: str) -> list[str]:
    """The points of customers."""
    cards = store.get(ids or ("1", "2", "3")).values()
    held = [[b.amount for b in card.balances if b.kind == "loyalty"] for card in cards]
    return [amount_text(sum(amounts, Decimal(0))) for amounts in held]


def drop(store: Store, row: str) -> None:
    """Delete a row, as a host does."""
    if isinstance(store, MemoryStore):
        with store.transaction():
            store._tables.drop_row("lots", row)
        return
    with store._writing() as connection:
        connection.execute(sa.delete(schema.rows).where(schema.rows.c.id == row))


def merge(store: Store, **more: Any) -> Receipt:  # noqa: ANN401  # of plan_merge
    """Merge the second customer into the first."""
    cards = store.get(["1", "2"])
    plan = plan_merge(cards["1"], [cards["2"]], relations=store.relations, **more)
    return execute(plan, store, by="anna", at=AT)


def edit(store: Store, *steps: Step) -> Plan:
    """A plan of steps on all customers."""
    expects = map(Expectation.of, store.get(["1", "2", "3"]).values())
    return Plan(kind=PlanKind.EDIT, expects=expects, steps=steps)


class TestMerging:
    @pytest.mark.parametrize("fate", [Disposition.DELETE, Disposition.KEEP])
    def test_the_master_has_all_of_it_once(self, store: Store, fate: Disposition) -> None:
        """And stored balances beside it; undone, everybody has their own."""
        receipt = merge(store, dispositions={"2": fate})
        assert points(store) == ["12.5", "0", "0"]
        assert CREDIT in store.get(["1"])["1"].balances
        undo(receipt, store, by="ben", at=AT)
        assert points(store) == ["5", "7.5", "0"]
        assert store.get(["2"])["2"].balances[1] == CREDIT

    def test_a_new_lot_makes_an_older_plan_stale(self, store: Store) -> None:
        """It would move another amount than it says."""
        cards = store.get(["1", "2"])
        plan = plan_merge(cards["1"], [cards["2"]], relations=store.relations)
        store.add_rows("lots", {"l4": lot("2", 1)})
        with pytest.raises(StalePlanError) as caught:
            execute(plan, store, by="anna", at=AT)
        assert caught.value.changed == ("2",)

    def test_the_name_of_the_relation_will_do(self, store: Store) -> None:
        """The store knows what its rows add up to, there and back."""
        cards = store.get(["1", "2"])
        plan = plan_merge(cards["1"], [cards["2"]], relations=["lots"])
        receipt = execute(plan, store, by="anna", at=AT)
        assert points(store) == ["12.5", "0", "0"]
        undo(receipt, store, by="ben", at=AT)
        assert points(store) == ["5", "7.5", "0"]

    def test_many_plans_in_one_batch(self, store: Store) -> None:
        """As one by one."""
        with store.transaction() as tx:
            tx.save([(None, Customer(id="4"))])
        store.add_rows("lots", {"l4": lot("4", 100)})
        cards = store.get(["1", "2", "3", "4"])
        plans = [
            plan_merge(cards[one], [cards[other]], relations=store.relations)
            for one, other in (("1", "2"), ("3", "4"))
        ]
        assert len(execute_many(plans, store, by="anna", at=AT).receipts) == 2
        assert points(store) == ["12.5", "0", "100"]

    def test_rows_that_a_store_drops_take_all_back(self) -> None:
        """The master has less than the plan says, and nothing is written."""

        def drops(tx: Any, relation: str, moves: Any) -> Any:  # noqa: ANN401  # stands in for move
            tx._tables.drop_row(relation, "l3")
            return tx.move(relation, moves)

        fault = StoreFault(name="drops rows", trips=(), transaction={"move": drops})
        harness = fault.harness()
        harness._sound.store = store = MemoryStore(CARDS, {"lots": ROWS}, [LOTS])
        cards = store.get(["1", "2"])
        plan = plan_merge(cards["1"], [cards["2"]], relations=store.relations)
        with pytest.raises(StoreError, match=r"rolled back, .* balances of customer 1"):
            execute(plan, harness.store, by="anna", at=AT)
        assert points(store) == ["5", "7.5", "0"]


class TestUndoAfterLifeWentOn:
    """Whatever became of the lots, the undo works, and nothing is counted twice or lost."""

    def undone(self, store: Store, receipt: Receipt) -> list[str]:
        """Undo, and return the points."""
        undo(receipt, store, by="ben", at=AT)
        return points(store)

    def test_points_earned_since_stay_with_the_master(self, store: Store) -> None:
        """They are later facts."""
        receipt = merge(store)
        store.add_rows("lots", {"l4": lot("1", 100)})
        assert self.undone(store, receipt) == ["105", "7.5", "0"]

    def test_points_spent_since_stay_spent(self, store: Store) -> None:
        """The lots go back whole; the master is left with less than nothing, and that is told."""
        receipt = merge(store)
        store.add_rows("lots", {"spent": lot("1", -10)})
        assert self.undone(store, receipt) == ["-5", "7.5", "0"]

    def test_lots_that_are_gone_do_not_come_back(self, store: Store) -> None:
        """They have expired."""
        receipt = merge(store)
        drop(store, "l2")
        assert self.undone(store, receipt) == ["5", "3.5", "0"]

    def test_lots_that_were_used_in_part_go_back_as_they_are(self, store: Store) -> None:
        """With what is left of them."""
        receipt = merge(store)
        drop(store, "l3")
        store.add_rows("lots", {"l3": lot("1", "0.5")})
        assert self.undone(store, receipt) == ["5", "4.5", "0"]

    def test_the_receipt_says_what_went_back(self, store: Store) -> None:
        """What the lots hold now, not what they brought."""
        receipt = merge(store)
        drop(store, "l3")
        store.add_rows("lots", {"l3": lot("1", "0.5")})
        steps = undo(receipt, store, by="ben", at=AT).steps
        carried = [s for s in steps if isinstance(s, TransferBalance) and s.kind == "loyalty"]
        assert [step.amount for step in carried] == [Decimal("4.5")]

    def test_lots_that_were_given_to_somebody_else_stay_there(self, store: Store) -> None:
        """They no longer refer to the master."""
        receipt = merge(store)
        drop(store, "l3")
        store.add_rows("lots", {"l3": lot("3", "3.5")})
        assert self.undone(store, receipt) == ["5", "4", "3.5"]

    def test_a_lot_that_came_late_stays_with_its_card(self, store: Store) -> None:
        """It was booked under the retired id."""
        receipt = merge(store)
        store.add_rows("lots", {"late": lot("2", 2)})
        assert self.undone(store, receipt) == ["5", "9.5", "0"]

    def test_lots_that_added_up_to_nothing_can_be_worth_something_later(self, store: Store) -> None:
        """What was spent expired before what it was spent of."""
        store.add_rows("lots", {"spent": lot("2", "-7.5")})
        receipt = merge(store)
        assert points(store) == ["5", "0", "0"]
        drop(store, "spent")
        assert self.undone(store, receipt) == ["5", "7.5", "0"]

    def test_the_undo_of_a_later_merge_comes_first(self, store: Store) -> None:
        """Both in one transaction; every lot finds its first customer."""
        receipt = merge(store)
        cards = store.get(["1", "3"])
        later = plan_merge(cards["3"], [cards["1"]], relations=store.relations)
        execute(later, store, by="anna", at=AT)
        assert points(store) == ["0", "0", "12.5"]
        undo(receipt, store, by="ben", at=AT, with_later=True)
        assert points(store) == ["5", "7.5", "0"]

    def test_a_plan_made_without_a_look_at_the_rows_is_executed_all_the_same(
        self, store: Store
    ) -> None:
        """What its rows hold counts, whatever the plan took them to hold."""
        receipt = merge(store)
        drop(store, "l2")
        plan = plan_undo(receipt, store.get(receipt.ids))
        assert [notice.code for notice in plan.notices] == ["amount_with_rows"]
        execute(plan, store, by="ben", at=AT)
        assert points(store) == ["5", "3.5", "0"]

    def test_a_store_that_deletes_retired_cards_gets_them_back(self) -> None:
        """Inserted first, so that its lots can refer to it."""

        def deletes(tx: Any, changes: Iterable[tuple[Any, Any]]) -> Any:  # noqa: ANN401  # stands in for save
            kept = [(b, None if a is not None and a.merged_into else a) for b, a in changes]
            return tx.save(kept)

        fault = StoreFault(name="deletes", trips=(), transaction={"save": deletes})
        harness = fault.harness()
        harness._sound.store = sound = MemoryStore(CARDS, {"lots": ROWS}, [LOTS])
        receipt = merge(harness.store)
        assert set(sound.customers) == {"1", "3"}
        undo(receipt, harness.store, by="ben", at=AT)
        assert points(sound) == ["5", "7.5", "0"]


class TestSweeping:
    def test_late_lots_come_home_with_what_they_hold(self, store: Store) -> None:
        """And go back when the sweep is undone."""
        merge(store)
        store.add_rows("lots", {"late": lot("2", 2), "spent": lot("2", -1)})
        assert points(store) == ["12.5", "1", "0"]
        [receipt] = sweep(store, by="ben", at=AT).receipts
        assert points(store) == ["13.5", "0", "0"]
        undo(receipt, store, by="ben", at=AT)
        assert points(store) == ["12.5", "1", "0"]

    def test_other_rows_and_stored_amounts_stay_out_of_it(self) -> None:
        """A retired card with credit that somebody booked late."""
        cards = (CARDS[0], evolve(CARDS[1], merged_into="1"))
        rows: Mapping[str, Any] = {"orders": {"o1": "2"}, "lots": {}}
        store = MemoryStore(cards, rows, [Relation("orders"), LOTS])
        assert len(sweep(store, by="ben", at=AT).receipts) == 1
        assert store.customers["2"].balances == (CREDIT,)


class TestPlansThatSetThem:
    def test_an_edit_is_refused_with_the_relation(self, store: Store) -> None:
        """The rows are the place to change."""
        held = store.get(["2"])["2"].balances
        more = (*held[1:], Balance("loyalty", "points", 100))
        plan = edit(store, SetField("2", "balances", held, more))
        with pytest.raises(ExecutionError, match=r"loyalty in points \(rows of lots\)"):
            execute(plan, store, by="anna", at=AT)
        assert points(store) == ["5", "7.5", "0"]

    def test_a_new_customer_has_none(self, store: Store) -> None:
        """Their rows come later."""
        rich = Customer(id="new-1", balances=[Balance("loyalty", "points", 100)])
        with pytest.raises(ExecutionError, match="change the rows instead"):
            execute(edit(store, Create(rich)), store, by="anna", at=AT)

    def test_a_customer_who_has_some_is_deleted_and_comes_back(self) -> None:
        """Whoever deletes customers with rows: the amount follows the rows."""
        store = MemoryStore(CARDS, {"lots": ROWS}, [LOTS])
        receipt = execute(edit(store, Delete(store.customers["2"])), store, by="anna", at=AT)
        undo(receipt, store, by="anna", at=AT)
        assert points(store) == ["5", "7.5", "0"]

    def test_stored_balances_are_set_as_ever(self, store: Store) -> None:
        """Beside those that add up."""
        held = store.get(["2"])["2"].balances
        less = (*held[:1], Balance("store_credit", "NOK", 1))
        execute(edit(store, SetField("2", "balances", held, less)), store, by="anna", at=AT)
        assert store.get(["2"])["2"].balances[1].amount == Decimal(1)
