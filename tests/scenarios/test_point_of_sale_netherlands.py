"""A point of sale in the Netherlands merges profiles: its manual through the public API."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dedupkit import (
    Balance,
    Customer,
    Disposition,
    ExecutionError,
    MergePlan,
    execute,
    find_field_duplicates,
    plan_merge,
)
from dedupkit.plans import Blocker, Plan
from dedupkit.ports import Guard
from dedupkit.stores.memory import MemoryStore

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def held(customer_id: str, credit: int, points: int, account: int) -> Customer:
    """Return a profile with balances of all three kinds."""
    return Customer(
        id=customer_id,
        last_name="de Vries",
        email="devries@winkel.example",
        balances=[
            Balance("store_credit", "EUR", Decimal(credit)),
            Balance("loyalty", "points", Decimal(points)),
            Balance("on_account", "EUR", Decimal(account)),
        ],
    )


PRIMARY, LEFT_OUT, KEPT, DELETED = (
    held("1", 5, 100, 0),
    held("2", 7, 20, 0),
    held("3", 10, 30, -25),
    held("4", 20, 50, -5),
)


@pytest.fixture
def store() -> MemoryStore:
    """Four profiles, each with one sale."""
    sales = {f"s{card.id}": card.id for card in (PRIMARY, LEFT_OUT, KEPT, DELETED)}
    return MemoryStore([PRIMARY, LEFT_OUT, KEPT, DELETED], rows={"sales": sales})


@pytest.fixture
def plan(store: MemoryStore) -> MergePlan:
    """One primary, and a disposition for each of the others."""
    return plan_merge(
        PRIMARY,
        [LEFT_OUT, KEPT, DELETED],
        dispositions={"2": Disposition.SKIP, "3": Disposition.KEEP},
        relations=store.relations,
    )


def amounts(card: Customer) -> dict[str, int]:
    """Return the balances of a profile by kind."""
    return {balance.kind: int(balance.amount) for balance in card.balances}


def test_each_profile_has_its_own_disposition(store: MemoryStore, plan: MergePlan) -> None:
    """Not merged, merged and kept, merged and deleted."""
    execute(plan, store, by="kees", at=NOW)
    cards = store.customers
    assert (cards["2"].is_active, cards["2"].kept_for) == (True, None)
    assert (cards["3"].is_active, cards["3"].kept_for) == (True, "1")
    assert cards["4"].merged_into == "1"


def test_sales_move_to_the_primary(store: MemoryStore, plan: MergePlan) -> None:
    """Those of kept and of deleted profiles; not of one that is not merged."""
    execute(plan, store, by="kees", at=NOW)
    assert store.rows["sales"] == {"s1": "1", "s2": "2", "s3": "1", "s4": "1"}


def test_balances_move_to_the_primary(store: MemoryStore, plan: MergePlan) -> None:
    """Store credit, loyalty points, and what is owed on account; the sum stays what it was."""
    execute(plan, store, by="kees", at=NOW)
    cards = store.customers
    assert amounts(cards["1"]) == {"store_credit": 35, "loyalty": 180, "on_account": -30}
    assert amounts(cards["2"]) == amounts(LEFT_OUT)
    assert amounts(cards["3"]) == amounts(cards["4"]) == {}


def test_duplicated_addresses_are_counted_and_opened() -> None:
    """How many customers share an e-mail address with others, and which."""
    alone = Customer(id="9", email="alone@winkel.example")
    groups = find_field_duplicates([PRIMARY, LEFT_OUT, alone], "email")
    assert (sum(map(len, groups)), [card.id for card in groups[0]]) == (2, ["1", "2"])


def whole_register(_plan: Plan, _customers: Mapping[str, Customer], /) -> Iterable[Blocker]:
    """Forbid every merge: the shop has an integration on its customer interface."""
    return [Blocker(code="connected_integration")]


def single_customers(_plan: Plan, customers: Mapping[str, Customer], /) -> Iterable[Blocker]:
    """Forbid the merges of customers who are known elsewhere."""
    known = [customer_id for customer_id in customers if customer_id == "4"]
    return [Blocker(code="connected_integration", customers=known)] if known else []


@pytest.mark.parametrize("guard", [whole_register, single_customers])
def test_an_integration_forbids_merging(store: MemoryStore, plan: MergePlan, guard: Guard) -> None:
    """A guard of the register, or of single customers, refuses, and nothing is written."""
    with pytest.raises(ExecutionError, match="integration"):
        execute(plan, store, by="kees", at=NOW, guards=[guard])
    assert store.customers["4"] == DELETED
