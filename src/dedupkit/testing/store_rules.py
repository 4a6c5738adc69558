"""What every store must do by itself, one function a rule."""

from __future__ import annotations

from contextlib import suppress

from attrs import evolve

from dedupkit.customers import Customer, Judgement, Verdict, WebProfile
from dedupkit.errors import StaleWriteError
from dedupkit.plans import MovedRows, PlanKind, Receipt
from dedupkit.ports import JudgementStore
from dedupkit.testing.failing import Crash
from dedupkit.testing.harness import (
    CARDS,
    FULL_CARD,
    MOMENT,
    State,
    StoreHarness,
    moving_relation,
    needed,
    seeded,
)
from dedupkit.testing.rules import ContractViolation, expect

__all__ = [
    "delete_removes",
    "failure_rolls_back",
    "fields_are_exact",
    "judgements_are_kept",
    "load_is_whole",
    "move_moves_all",
    "move_moves_some",
    "receipts_are_remembered",
    "redirects_resolve",
    "save_writes_all",
    "saving_gives_versions",
    "scan_yields_all",
    "stale_writes_are_refused",
    "store_chooses_ids",
    "unique_values_swap",
]


def load_is_whole(harness: StoreHarness) -> None:
    """Load and get cards, known and unknown."""
    with seeded(harness).transaction() as tx:
        found = tx.load(["3", "1", "9"])
        expect(["1", "3"], list(found), "the ids of load(['3', '1', '9']), in their order")
        expect("Anna", found["1"].first_name, "first name of customer 1")
    expect(["3", "1"], sorted(harness.store.get(["3", "1", "9"]), reverse=True), "ids of get()")


def save_writes_all(harness: StoreHarness) -> None:
    """Save two of three cards."""
    store = seeded(harness)
    with store.transaction() as tx:
        now = tx.load(["1", "2"])
        changes = [(now[i], evolve(now[i], first_name=f"{now[i].first_name}e")) for i in ("1", "2")]
        expect(("1", "2"), tuple(tx.save(changes)), "the ids that save() returns")
    wanted = {"1": ("Annae", "Larsen"), "2": ("Bene", "Larsen"), "3": ("Carl", "Larsen")}
    expect(wanted, _names(harness.peek()), "names after saving customers 1 and 2")


def failure_rolls_back(harness: StoreHarness) -> None:
    """Write in a transaction that fails."""
    store = seeded(harness)
    before = harness.peek()
    relation = moving_relation(harness)
    with suppress(Crash), store.transaction() as tx:
        card = tx.load(["1"])["1"]
        tx.save([(card, evolve(card, first_name="Lost"))])
        if relation is not None:
            tx.move(relation, [("2", "1")])
        raise Crash
    expect(before, harness.peek(), "the database after a transaction that failed")


def saving_gives_versions(harness: StoreHarness) -> None:
    """Save cards as they are."""
    store = seeded(harness)
    with store.transaction() as tx:
        before = tx.load(["1", "2"])
        tx.save([(card, card) for card in before.values()])
        after = tx.load(["1", "2"])
    for customer_id, card in before.items():
        if card.version == after[customer_id].version:
            raise ContractViolation(f"customer {customer_id} was saved and kept its version")


def stale_writes_are_refused(harness: StoreHarness) -> None:
    """Save a card that another writer has changed."""
    store = seeded(harness)
    with store.transaction() as tx:
        old = tx.load(["1"])["1"]
        tx.save([(old, evolve(old, first_name="Newer"))])
    before = harness.peek()
    try:
        with store.transaction() as tx:
            tx.save([(old, evolve(old, last_name="Stale"))])
    except StaleWriteError as error:
        expect(("1",), error.ids, "the ids of the StaleWriteError")
    else:
        raise ContractViolation("saving over another writer's change raised no StaleWriteError")
    expect(before, harness.peek(), "the database after a stale write")


def store_chooses_ids(harness: StoreHarness) -> None:
    """Create two cards with provisional ids."""
    store = seeded(harness)
    new = [Customer(id=f"new-{n}", first_name="Eva", last_name=str(n)) for n in (1, 2)]
    with store.transaction() as tx:
        ids = tx.save([(None, card) for card in new])
    taken = {"1", "2", "3", "new-1", "new-2"}
    if len(set(ids) - taken) != len(new):
        raise ContractViolation(f"two customers were created and got the ids {ids!r}")
    found = harness.peek().customers
    expect(["1", "2"], [found[i].last_name for i in ids if i in found], "the created customers")


def delete_removes(harness: StoreHarness) -> None:
    """Delete a card."""
    store = seeded(harness)
    with store.transaction() as tx:
        tx.save([(tx.load(["3"])["3"], None)])
    expect({"1", "2"}, set(harness.peek().customers), "ids after deleting customer 3")


def move_moves_all(harness: StoreHarness) -> None:
    """Move all rows of a card."""
    store, relation = seeded(harness), needed(moving_relation(harness))
    with store.transaction() as tx:
        changes = tx.move(relation, [("2", "1")])
    wanted = (MovedRows(relation, "2", "1", ("r2", "r3")),)
    expect({"r1": "1", "r2": "1", "r3": "1"}, dict(harness.peek().rows[relation]), "the rows")
    expect((wanted, ()), (changes.moved, changes.removed), "what move() says")


def move_moves_some(harness: StoreHarness) -> None:
    """Move rows by id, of which some refer to another card or are not there."""
    store, relation = seeded(harness), needed(moving_relation(harness))
    with store.transaction() as tx:
        changes = tx.move(relation, [MovedRows(relation, "2", "3", ("r1", "r2", "r9"))])
    expect({"r1": "1", "r2": "3", "r3": "2"}, dict(harness.peek().rows[relation]), "the rows")
    expect((MovedRows(relation, "2", "3", ("r2",)),), changes.moved, "what move() says")


def receipts_are_remembered(harness: StoreHarness) -> None:
    """Remember receipts, one of them in a transaction that fails."""
    store = seeded(harness)
    receipt = Receipt(plan_id="p1", kind=PlanKind.EDIT, by="kit", at=MOMENT)
    with store.transaction() as tx:
        expect(None, tx.receipt("p1"), "the receipt of a plan that was never executed")
        tx.remember(receipt)
    with store.transaction() as tx:
        expect(receipt, tx.receipt("p1"), "the receipt")
        tx.remember(evolve(receipt, undone_by="p2"))
    with suppress(Crash), store.transaction() as tx:
        tx.remember(evolve(receipt, plan_id="p3"))
        raise Crash
    with store.transaction() as tx:
        expect(evolve(receipt, undone_by="p2"), tx.receipt("p1"), "the newest receipt")
        expect(None, tx.receipt("p3"), "a receipt of a transaction that failed")


def redirects_resolve(harness: StoreHarness) -> None:
    """Retire cards in a chain, and bring one back."""
    store = seeded(harness)
    for gone, into in (("3", "2"), ("2", "1")):
        with store.transaction() as tx:
            card = tx.load([gone])[gone]
            tx.save([(card, evolve(card, merged_into=into))])
    with store.transaction() as tx:
        wanted = {"1": "1", "2": "1", "3": "1"}
        expect(wanted, dict(tx.resolve(["1", "2", "3", "9"])), "resolve() of a chain")
        card = tx.load(["2"])["2"]
        tx.save([(card, evolve(card, merged_into=None))])
        expect({"2": "2", "3": "2"}, dict(tx.resolve(["2", "3"])), "resolve() after a return")


def unique_values_swap(harness: StoreHarness) -> None:
    """Let two cards exchange their user names."""
    profiles = [WebProfile(id=f"w{n}", username=f"user{n}") for n in (1, 2)]
    cards = [evolve(c, web_profile=p) for c, p in zip(CARDS, profiles, strict=False)]
    store = seeded(harness, *cards)
    with store.transaction() as tx:
        now = tx.load(["1", "2"])
        swapped = zip((now["1"], now["2"]), reversed(profiles), strict=True)
        tx.save([(card, evolve(card, web_profile=profile)) for card, profile in swapped])
    found = harness.peek().customers
    names = [p.username for i in ("1", "2") if (p := found[i].web_profile) is not None]
    expect(["user2", "user1"], names, "user names after they were exchanged")


def fields_are_exact(harness: StoreHarness) -> None:
    """Keep a card with every field, then clear them."""
    store = seeded(harness)
    with store.transaction() as tx:
        tx.save([(None, FULL_CARD)])
    with store.transaction() as tx:
        loaded = tx.load(["4"])["4"]
    for name in FULL_CARD.filled():
        expect(getattr(FULL_CARD, name), getattr(loaded, name), f"{name} as loaded")
    with store.transaction() as tx:
        bare = Customer(id="4", first_name="Dina", version=loaded.version)
        tx.save([(loaded, bare)])
        expect(
            ["id", "first_name"],
            [n for n in tx.load(["4"])["4"].filled() if n != "version"],
            "fields left after all others were cleared",
        )


def scan_yields_all(harness: StoreHarness) -> None:
    """Go through all cards, and on from the first."""
    store = seeded(harness)
    ids = [card.id for card in store.scan()]
    expect(["1", "2", "3"], sorted(ids), "the ids of scan()")
    expect(ids[1:], [card.id for card in store.scan(ids[0])], "the ids of scan() behind the first")


def judgements_are_kept(harness: StoreHarness) -> None:
    """Judge in and outside of a transaction that fails."""
    store = seeded(harness)
    if not isinstance(store, JudgementStore):
        raise ContractViolation("no JudgementStore; declare lacks=['judgements']")
    one, other = (Judgement("1", i, Verdict.DIFFERENT, by="kit", at=MOMENT) for i in ("2", "3"))
    store.judge([one])
    with suppress(Crash), store.transaction():
        store.judge([other])
        raise Crash
    expect([one], list(store.judgements()), "the judgements")


def _names(state: State) -> dict[str, tuple[str | None, str | None]]:
    return {i: (card.first_name, card.last_name) for i, card in state.customers.items()}
