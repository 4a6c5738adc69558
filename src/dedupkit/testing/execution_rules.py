"""What must hold when plans are executed on a store, one function a rule."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from attrs import evolve

from dedupkit.customers import Customer, Judgement, Verdict
from dedupkit.errors import ExecutionError, StalePlanError
from dedupkit.execution import execute, redact, undo
from dedupkit.plans import (
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    Repoint,
    Retire,
    Rows,
    SetField,
)
from dedupkit.ports import CustomerStore, SupportsHistory
from dedupkit.testing.failing import Crash, FailsAt
from dedupkit.testing.harness import MOMENT, State, StoreHarness, seeded
from dedupkit.testing.rules import ContractViolation, expect

__all__ = [
    "execute_does_what_it_says",
    "execute_is_atomic",
    "execute_twice_is_once",
    "history_finds_receipts",
    "judged_cards_stay_apart",
    "redaction_leaves_nothing",
    "stale_plans_are_refused",
    "undo_restores",
]


def history_finds_receipts(harness: StoreHarness) -> None:
    """Look up a receipt by customer."""
    store = seeded(harness)
    if not isinstance(store, SupportsHistory):
        raise ContractViolation("no SupportsHistory; declare lacks=['history']")
    receipt = execute(_rename(store, "1", "Ada"), store, by="kit", at=MOMENT)
    expect([receipt], list(store.history(["1", "2"])), "the history of customer 1")
    expect([], list(store.history(["3"])), "the history of customer 3")
    expect([receipt], list(store.history()), "the history of all")


def execute_is_atomic(harness: StoreHarness) -> None:
    """Fail at every call in turn, before or after it did its work."""
    store = seeded(harness)
    before, call = harness.peek(), 0
    while True:
        call += 1
        crashing = FailsAt(store, call, after=call % 2 == 0)
        with suppress(Crash):
            execute(_merge(harness), crashing, by="kit", at=MOMENT)
            break
        expect(before, harness.peek(), f"the database after the failure of call {call}")


def execute_does_what_it_says(harness: StoreHarness) -> None:
    """Merge two cards and look at what is there."""
    store = seeded(harness)
    execute(_merge(harness), store, by="kit", at=MOMENT)
    found = harness.peek()
    expect("Ben", found.customers["1"].first_name, "first name of the master")
    gone = found.customers.get("2")
    if gone is not None:
        expect("1", gone.merged_into, "where the retired card redirects to")
    for relation, rows in found.rows.items():
        expect([], sorted(row for row, i in rows.items() if i == "2"), f"rows of {relation} left")


def execute_twice_is_once(harness: StoreHarness) -> None:
    """Execute one plan twice."""
    store = seeded(harness)
    plan = _merge(harness)
    first = execute(plan, store, by="kit", at=MOMENT)
    after = harness.peek()
    expect(first, execute(plan, store, by="kit", at=MOMENT), "the receipt of the second execution")
    expect(after, harness.peek(), "the database after the second execution")


def stale_plans_are_refused(harness: StoreHarness) -> None:
    """Change a card between planning and executing."""
    store = seeded(harness)
    plan = _merge(harness)
    execute(_rename(store, "2", "Bo"), store, by="kit", at=MOMENT)
    before = harness.peek()
    refused: tuple[str, ...] = ()
    try:
        execute(plan, store, by="kit", at=MOMENT)
    except StalePlanError as error:
        refused = error.changed
    expect(("2",), refused, "the customers of the StalePlanError")
    expect(before, harness.peek(), "the database after a stale plan")


def undo_restores(harness: StoreHarness) -> None:
    """Merge two cards, undo, and compare with the beginning."""
    store = seeded(harness)
    before = harness.peek()
    receipt = execute(_merge(harness), store, by="kit", at=MOMENT)
    undo(receipt, store, by="kit", at=MOMENT)
    after = harness.peek()
    expect(before.rows, after.rows, "the rows after execute and undo")
    expect(_settled(before), _settled(after), "the customers after execute and undo")


def judged_cards_stay_apart(harness: StoreHarness) -> None:
    """Judge two cards to be different, and merge them in the same transaction."""
    store: Any = seeded(harness)  # a JudgementStore, where the plain rules hold
    plan = _merge(harness)
    before = harness.peek()
    outcome = "executed"
    with suppress(Crash), store.transaction():
        store.judge([Judgement("1", "2", Verdict.DIFFERENT, by="kit", at=MOMENT)])
        try:
            execute(plan, store, by="kit", at=MOMENT)
        except ExecutionError:
            outcome = "refused"
        raise Crash
    expect("refused", outcome, "what becomes of a merge of cards that were judged different")
    expect(before, harness.peek(), "the database after the refusal")


def redaction_leaves_nothing(harness: StoreHarness) -> None:
    """Merge two cards and redact the person."""
    store = seeded(harness)
    plan = _merge(harness)
    execute(plan, store, by="kit", at=MOMENT)
    rows = harness.peek().rows
    redact(store, "1", by="kit", at=MOMENT, active_too=True)
    found = harness.peek()
    cards = [found.customers[i] for i in ("1", "2") if i in found.customers]
    expect([], [card.id for card in cards if card.first_name or card.last_name], "cards with names")
    expect(rows, found.rows, "the rows after a redaction")
    with store.transaction() as tx:
        receipt = tx.receipt(plan.id)
    text = "" if receipt is None else receipt.to_json()
    expect([], [n for n in ("Anna", "Ben", "Larsen") if n in text], "names in the receipt")


def _settled(state: State) -> dict[str, Customer]:
    return {i: evolve(c, version=None, updated_at=None) for i, c in state.customers.items()}


def _rename(store: CustomerStore, customer_id: str, first_name: str) -> MergePlan:
    card = store.get([customer_id])[customer_id]
    return MergePlan(
        master_id=customer_id,
        duplicates=(),
        expects=[Expectation.of(card)],
        steps=[SetField(customer_id, "first_name", card.first_name, first_name)],
    )


def _merge(harness: StoreHarness) -> MergePlan:
    """Plan by hand that customer 2 is merged into 1, which takes the first name."""
    cards = harness.store.get(["1", "2"])
    moving = [r.name for r in harness.store.relations if r.rows is Rows.MOVE]
    return MergePlan(
        master_id="1",
        duplicates=[DuplicateCard("2", Disposition.DELETE)],
        expects=[Expectation.of(cards[i]) for i in ("1", "2") if i in cards],
        steps=[
            SetField("1", "first_name", "Anna", "Ben", origin=("2",)),
            *(Repoint(name, "2", "1") for name in moving),
            Retire("2", "1"),
        ],
    )
