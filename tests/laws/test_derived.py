"""The laws P7, P11 and X5 where balances add up from rows: loyalty lots with their own expiry."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from dedupkit.customers import Customer, exact_sum
from dedupkit.execution import execute, undo
from dedupkit.merging import plan_merge
from dedupkit.plans import Disposition, Receipt, Relation, RowBalance, plan_undo, replay
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing.strategies import registers

AT = datetime(2026, 1, 1, tzinfo=UTC)
LOTS = Relation("lots", balance=RowBalance("loyalty", "points", amount="left"))
KEY = ("loyalty", "points", None)

Store: TypeAlias = MemoryStore | SqlStore
Rows: TypeAlias = Mapping[str, Mapping[str, Any]]


@st.composite
def lots(draw: st.DrawFn, ids: tuple[str, ...], prefix: str = "l") -> Rows:
    """Lots of customers, some below zero, each with an expiry."""
    lot = st.fixed_dictionaries(
        {
            "customer": st.sampled_from(ids),
            "left": st.decimals(-100, 100, places=2) | st.integers(-100, 100),
            "expires": st.sampled_from(["2026-12-31", "2027-06-30"]),
        }
    )
    return {f"{prefix}{n}": row for n, row in enumerate(draw(st.lists(lot, max_size=6)))}


@st.composite
def stocked(draw: st.DrawFn) -> tuple[Store, Rows]:
    """A register with lots, in memory or in a database."""
    cards = draw(registers(min_size=2, max_size=4))
    rows = draw(lots(tuple(card.id for card in cards)))
    store: Store = MemoryStore(relations=[LOTS])
    if draw(st.booleans()):
        store = SqlStore.create("sqlite://", relations=[LOTS])
    with store.transaction() as tx:
        tx.save([(None, card) for card in cards])
    store.add_rows("lots", rows)
    return store, rows


def sums(rows: Rows) -> dict[str, Decimal]:
    """The oracle: customer → what the lots of that customer add up to."""
    owners = {row["customer"] for row in rows.values()}
    return {
        owner: exact_sum(*(Decimal(r["left"]) for r in rows.values() if r["customer"] == owner))
        for owner in owners
    }


def held(store: Store) -> dict[str, Decimal]:
    """What the store shows of it, where there is any."""
    return points(store.scan())


def points(cards: Iterable[Customer]) -> dict[str, Decimal]:
    """What cards say of it, where there is any."""
    balances = ((card.id, b) for card in cards for b in card.balances if b.key == KEY)
    return {customer: balance.amount for customer, balance in balances}


def nonzero(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Amounts without those of zero."""
    return {customer: amount for customer, amount in amounts.items() if amount}


def shown(store: Store) -> dict[str, Mapping[str, Any]]:
    """The lots as the store holds them."""
    ids = [card.id for card in store.scan()]
    return {row["id"]: row for i in ids for row in store.rows("lots", i)}


def worth(rows: Mapping[str, Mapping[str, Any]]) -> Counter[tuple[Decimal, str]]:
    """What lots are worth and until when, whosever they are."""
    return Counter((Decimal(row["left"]), row["expires"]) for row in rows.values())


def settled(store: Store) -> dict[str, Customer]:
    """Customers without what every write changes."""
    return {card.id: evolve(card, version=None, updated_at=None) for card in store.scan()}


def merge(store: Store, data: st.DataObject) -> Receipt:
    """Merge all cards into the first, some of them kept."""
    master, *duplicates = store.scan()
    fates = {card.id: data.draw(st.sampled_from(Disposition)) for card in duplicates}
    plan = plan_merge(master, duplicates, dispositions=fates, relations=store.relations)
    assume(plan.is_applicable)
    before = settled(store)
    receipt = execute(plan, store, by="anna", at=AT)
    expected = {**before, **replay(plan.steps, {i: before[i] for i in plan.ids})}
    assert expected == settled(store)
    return receipt


class TestConserved:
    """P7 and X5: what lots add up to is shown, moved and counted once."""

    @given(stocked(), st.data())
    def test_a_merge_moves_lots_and_what_they_add_up_to(
        self, made: tuple[Store, Rows], data: st.DataObject
    ) -> None:
        """The store shows the sum of the lots before and after, and each lot is as it was."""
        store, rows = made
        assert nonzero(sums(rows)) == held(store)
        merge(store, data)
        after = shown(store)
        assert worth(rows) == worth(after)
        assert nonzero(sums(after)) == held(store)


class TestUndo:
    """P11, also after life went on."""

    @given(stocked(), st.data())
    def test_lots_and_customers_are_as_they_were(
        self, made: tuple[Store, Rows], data: st.DataObject
    ) -> None:
        """Every lot is with its customer, with its amount and its expiry."""
        store, _ = made
        before = settled(store), shown(store)
        undo(merge(store, data), store, by="ben", at=AT)
        assert before == (settled(store), shown(store))

    @given(stocked(), st.data())
    def test_lots_earned_and_spent_since_stay_where_they_were_booked(
        self, made: tuple[Store, Rows], data: st.DataObject
    ) -> None:
        """Older lots go home; nothing is lost, and the plan says what the store then shows."""
        store, rows = made
        receipt = merge(store, data)
        later = data.draw(lots(receipt.ids, "later"))
        store.add_rows("lots", later)
        ids = [card.id for card in store.scan()]
        looked = {LOTS: [row for i in ids for row in store.rows("lots", i)]}
        now = {card.id: card for card in store.scan()}
        plan = plan_undo(receipt, now, rows=looked)
        undo(receipt, store, by="ben", at=AT)
        assert held(store) == points(replay(plan.steps, now).values())
        wanted = {**rows, **later}
        assert {i: row["customer"] for i, row in wanted.items()} == {
            i: row["customer"] for i, row in shown(store).items()
        }
        assert nonzero(sums(wanted)) == held(store)
        assert all(total.before == total.after for total in plan.totals)
