"""Redacting a person, and ending retention."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Customer, Judgement, Verdict, WebProfile
from dedupkit.errors import ConfigurationError, ExecutionError, StoreError
from dedupkit.execution import execute, execute_many, preview_undo, purge, redact, undo
from dedupkit.merging import plan_merge
from dedupkit.plans import (
    Disposition,
    Expectation,
    Plan,
    PlanKind,
    Receipt,
    SetField,
    emptied,
    redact_plan,
)
from dedupkit.ports import Change
from dedupkit.stores.callbacks import CallbackStore
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore

Load: TypeAlias = Callable[[Sequence[str]], Mapping[str, Customer]]
Scan: TypeAlias = Callable[[str | None], Iterable[Customer]]

AT = datetime(2026, 1, 1, tzinfo=UTC)
LATER = AT + timedelta(days=30)
CARDS = (
    Customer(id="3", last_name="secret", balances=[Balance("loyalty", "points", 10)]),
    Customer(
        id="17",
        last_name="secret",
        balances=[Balance("loyalty", "points", 70)],
        web_profile=WebProfile(id="w17", username="secret"),
    ),
    Customer(id="21", last_name="Berg"),
)


def merged(store: MemoryStore | SqlStore) -> Receipt:
    """The receipt of merging 17 into 3."""
    cards = store.get(["3", "17"])
    plan = plan_merge(cards["3"], [cards["17"]], relations=store.relations)
    return execute(plan, store, by="anna", at=AT)


@pytest.fixture
def store() -> MemoryStore:
    """A register in which 17 was merged into 3."""
    store = MemoryStore(CARDS, {"orders": {"o1": "17"}})
    merged(store)
    return store


class TestRedact:
    def test_the_active_card_stays_unless_it_is_asked_for(self, store: MemoryStore) -> None:
        """It is the host's to delete or to edit."""
        receipt = redact(store, "17", by="carl", at=LATER)
        assert receipt.redacted == ("17", "3")
        assert store.customers["3"].last_name == "secret"
        assert store.customers["17"] == Customer(
            id="17", merged_into="3", updated_at=LATER, allow_merge=False, version="3"
        )

    def test_the_active_card_keeps_its_balances_and_rows(self, store: MemoryStore) -> None:
        """An emptied card still owns what was bought, and is not merged any more."""
        redact(store, "3", by="carl", at=LATER, active_too=True)
        card = store.customers["3"]
        assert (card.last_name, card.web_profile, card.allow_merge) == (None, None, False)
        assert card.balances == (Balance("loyalty", "points", 80),)
        assert store.rows == {"orders": {"o1": "3"}}

    def test_a_user_name_is_free_again(self, store: MemoryStore) -> None:
        """The emptied card lets go of what is unique."""
        redact(store, "3", by="carl", at=LATER, active_too=True)
        assert store.holders("web_profile.username", ["secret"]) == {}

    def test_it_is_in_the_journal(self, store: MemoryStore) -> None:
        """By whom and when, without a value."""
        receipt = redact(store, "3", by="carl", at=LATER)
        assert store.receipts[-1] == receipt
        assert (receipt.by, receipt.at, receipt.steps) == ("carl", LATER, ())
        assert "secret" not in receipt.to_json()

    def test_what_it_remembers_holds_the_emptied_cards(self, store: MemoryStore) -> None:
        """As they are now, the active one bare too; nothing was changed of what anybody bought."""
        receipt = redact(store, "3", by="carl", at=LATER)
        assert (receipt.kind, receipt.ids) == (PlanKind.EDIT, ("17", "3"))
        gone, active = receipt.changes
        assert gone.before == gone.after == evolve(store.customers["17"], version="2")
        assert active.before == active.after == emptied(store.customers["3"])

    def test_each_redaction_is_one_of_its_own(self, store: MemoryStore) -> None:
        """Of other customers at one moment, and of one at another moment."""
        days = [("3", 0), ("21", 0), ("3", 1), ("3", 2)]
        moments = [(card, LATER + timedelta(days=day)) for card, day in days]
        ids = {redact(store, card, by="carl", at=at).plan_id for card, at in moments}
        assert len(ids) == 4

    def test_others_in_a_receipt_keep_their_values(self, store: MemoryStore) -> None:
        """An import of many customers is redacted for one of them."""
        cards = store.get(["3", "21"])
        steps = [SetField("3", "city", None, "secret town"), SetField("21", "city", None, "Moss")]
        expects = [Expectation.of(card) for card in cards.values()]
        plan = Plan(kind=PlanKind.IMPORT, expects=expects, steps=steps)
        execute(plan, store, by="anna", at=AT)
        redact(store, "3", by="carl", at=LATER)
        kept = next(receipt for receipt in store.receipts if receipt.plan_id == plan.id)
        assert kept.steps == (steps[1],)

    def test_judgements_lose_who_gave_them(self, store: MemoryStore) -> None:
        """Ids and verdict stay, those on others as they are."""
        mine = Judgement("17", "21", Verdict.DIFFERENT, by="herself", at=AT)
        other = Judgement("21", "40", Verdict.DIFFERENT, by="desk", at=AT)
        store.judge([mine, other])
        redact(store, "3", by="carl", at=LATER)
        assert list(store.judgements()) == [evolve(mine, by=None), other]

    def test_twice_changes_no_card_again(self, store: MemoryStore) -> None:
        """What is empty stays as it is."""
        redact(store, "3", by="carl", at=LATER)
        before = store.customers
        redact(store, "3", by="carl", at=LATER + timedelta(days=1))
        assert store.customers == before

    def test_a_deleted_customer_is_still_known_to_the_journal(self) -> None:
        """Its receipts are redacted though no card is left."""
        store = SqlStore.create("sqlite://")
        with store.transaction() as tx:
            tx.save([(None, CARDS[2])])
            card = tx.load(["21"])["21"]
        step = SetField("21", "city", None, "secret")
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)], steps=[step])
        execute(plan, store, by="anna", at=AT)
        with store.transaction() as tx:
            tx.save([(tx.load(["21"])["21"], None)])
        redact(store, "21", by="carl", at=LATER)
        (receipt,) = store.history(["21"])
        assert (receipt.redacted, receipt.steps) == (("21",), ())

    def test_an_unknown_id_is_refused(self, store: MemoryStore) -> None:
        """A mistyped id must not look like a person who was erased."""
        with pytest.raises(ConfigurationError, match="nothing is known of customer '99'"):
            redact(store, "99", by="carl", at=LATER)

    def test_a_merge_is_not_undone_any_more(self, store: MemoryStore) -> None:
        """And the message says why, without a name."""
        receipt = store.receipts[0]
        redact(store, "3", by="carl", at=LATER)
        with pytest.raises(ExecutionError, match="the data of 17 and 3 was taken out"):
            undo(receipt, store, by="anna", at=LATER)

    @pytest.mark.parametrize("end", ["redact", "purge"])
    def test_a_stored_undo_brings_nobody_back(self, end: str) -> None:
        """It was planned while the receipt still held the data."""
        store = MemoryStore([Customer(id="1", notes="secret"), Customer(id="2")])
        cards = store.get(["1", "2"])
        plan = plan_merge(
            cards["1"],
            [cards["2"]],
            corrections={"notes": None},
            dispositions={"2": Disposition.KEEP},
        )
        receipt = execute(plan, store, by="anna", at=AT)
        stored = preview_undo(receipt, store)
        if end == "redact":
            redact(store, "1", by="anna", at=LATER)
        else:
            purge(store, before=LATER, by="anna", at=LATER)
        with pytest.raises(ExecutionError, match="the data of 1, 2 was taken out of the receipt"):
            execute(stored, store, by="anna", at=LATER)
        assert store.customers["1"].notes is None

    def test_a_redacted_plan_is_refused(self, store: MemoryStore) -> None:
        """Whether it was executed before or not."""
        cards = store.get(["3", "21"])
        plan = redact_plan(plan_merge(cards["3"], [cards["21"]], relations=["orders"]))
        before = store.customers
        with pytest.raises(ExecutionError, match="redacted"):
            execute(plan, store, by="anna", at=LATER)
        assert execute_many([plan], store, by="anna", at=LATER).refused[0].plan_id == plan.id
        assert store.customers == before

    def test_a_redacted_plan_that_was_executed_is_refused(self) -> None:
        """It never counts as done."""
        store = MemoryStore(CARDS[:2])
        plan = plan_merge(CARDS[0], [CARDS[1]])
        execute(plan, store, by="anna", at=AT)
        with pytest.raises(ExecutionError, match="redacted"):
            execute(redact_plan(plan), store, by="anna", at=AT)

    def test_nothing_is_readable_in_the_file(self, tmp_path: Path) -> None:
        """What SQLite frees is overwritten."""
        path = tmp_path / "register.db"
        store = SqlStore.create(f"sqlite:///{path}", relations=["orders"])
        with store.transaction() as tx:
            tx.save([(None, card) for card in CARDS])
        merged(store)
        assert b"secret" in path.read_bytes()
        redact(store, "3", by="carl", at=LATER, active_too=True)
        store.close()
        assert b"secret" not in path.read_bytes()

    def test_the_store_must_be_able_to(self) -> None:
        """One whose transactions cannot redact says so."""

        class Plain:
            def transaction(self) -> object:
                return nullcontext(object())

        with pytest.raises(ConfigurationError, match="RedactionTransaction"):
            redact(Plain(), "3", by="carl", at=LATER)  # type: ignore[arg-type]  # that is the point

    def test_what_the_store_did_not_keep_is_told(self) -> None:
        """The emptied cards are read back."""
        cards = {"3": CARDS[0], "17": evolve(CARDS[1], merged_into="3")}
        load, scan = functions_of(cards)
        store = CallbackStore(load, lambda _: None, None, nullcontext, scan=scan)
        with pytest.raises(StoreError, match="did not keep"):
            redact(store, "3", by="carl", at=LATER)


def functions_of(cards: Mapping[str, Customer]) -> tuple[Load, Scan]:
    """How a host loads and scans."""
    return (lambda _: cards), (lambda _: list(cards.values()))


class TestCallbacks:
    class Journal:
        """A host's journal that can be rewritten."""

        def __init__(self) -> None:
            self.receipts: list[Receipt] = []

        def remember(self, receipt: Receipt, /) -> None:
            """Keep a receipt."""
            self.receipts.append(receipt)

        def receipt(self, plan_id: str, /) -> Receipt | None:
            """Find none."""
            return None

        def rewrite_receipts(
            self, ids: Iterable[str] | None, change: Callable[[Receipt], Receipt], /
        ) -> frozenset[str]:
            """Rewrite all of them."""
            self.receipts = [change(receipt) for receipt in self.receipts]
            return frozenset(receipt.plan_id for receipt in self.receipts)

    class PlainJournal:
        """A host's journal that cannot."""

        def remember(self, receipt: Receipt, /) -> None:
            """Keep nothing."""

        def receipt(self, plan_id: str, /) -> Receipt | None:
            """Find none."""

    def host(self, journal: Journal | PlainJournal | None) -> CallbackStore:
        """A host in which 17 was merged into 3."""
        cards = {"3": CARDS[0], "17": evolve(CARDS[1], merged_into="3", balances=())}

        def save(changes: Iterable[Change]) -> None:
            cards.update((after.id, after) for _, after in changes if after is not None)

        load, scan = functions_of(cards)
        return CallbackStore(load, save, None, nullcontext, journal=journal, scan=scan)

    def test_a_host_without_a_journal(self) -> None:
        """The retired card is emptied."""
        store = self.host(None)
        redact(store, "3", by="carl", at=LATER)
        assert store.get(["17"])["17"].last_name is None

    def test_a_journal_that_can_be_rewritten(self) -> None:
        """Its receipts are redacted, and it hears of the redaction."""
        journal = self.Journal()
        store = self.host(journal)
        card = store.get(["3"])["3"]
        step = SetField("3", "city", None, "secret")
        plan = Plan(kind=PlanKind.EDIT, expects=[Expectation.of(card)], steps=[step])
        execute(plan, store, by="anna", at=AT)
        redact(store, "3", by="carl", at=LATER)
        assert [receipt.redacted for receipt in journal.receipts] == [("3",), ("17", "3")]

    def test_a_journal_that_cannot(self) -> None:
        """Nothing is redacted by halves."""
        store = self.host(self.PlainJournal())
        with pytest.raises(ConfigurationError, match="rewrite_receipts"):
            redact(store, "3", by="carl", at=LATER)
        assert store.get(["17"])["17"].last_name == "secret"


class TestPurge:
    def test_what_was_merged_before_is_gone(self, store: MemoryStore) -> None:
        """Of the retired card and the receipt; the master stays."""
        (plan,) = store.receipts
        purged = purge(store, before=LATER, by="carl", at=LATER)
        assert (purged.customers, purged.plans) == (("17",), (plan.plan_id,))
        assert store.customers["17"].last_name is None
        assert store.customers["3"].last_name == "secret"
        assert "secret" not in store.receipts[0].to_json()

    def test_what_was_merged_since_can_still_be_undone(self, store: MemoryStore) -> None:
        """The moment itself stays."""
        (receipt,) = store.receipts
        purged = purge(store, before=AT, by="carl", at=LATER)
        assert (purged.customers, purged.plans) == ((), ())
        undo(receipt, store, by="anna", at=LATER)
        assert store.customers["17"].last_name == "secret"

    def test_a_card_that_was_merged_again_counts_from_then(self) -> None:
        """An undone merge of long ago says nothing of how long a card is retired."""
        store = MemoryStore(CARDS)
        undo(merged(store), store, by="anna", at=AT)
        cards = store.get(["3", "17"])
        again = plan_merge(cards["3"], [cards["17"]])
        execute(again, store, by="anna", at=LATER)
        purged = purge(store, before=LATER, by="carl", at=LATER)
        assert purged.customers == ()
        assert len(purged.plans) == 2

    def test_a_card_counts_from_when_it_was_merged(self, store: MemoryStore) -> None:
        """However lately its host has touched it."""
        card = store.customers["17"]
        with store.transaction() as tx:
            tx.save([(card, evolve(card, updated_at=LATER))])
        assert purge(store, before=LATER, by="carl", at=LATER).customers == ("17",)

    def test_it_is_in_the_journal(self, store: MemoryStore) -> None:
        """By whom and when, and whose cards were emptied."""
        purge(store, before=LATER, by="carl", at=LATER)
        receipt = store.receipts[-1]
        assert (receipt.by, receipt.at, receipt.redacted) == ("carl", LATER, ("17",))

    def test_a_card_of_which_no_receipt_tells_counts_from_its_last_update(self) -> None:
        """One without any moment stays."""
        old = Customer(id="17", last_name="secret", merged_into="3", updated_at=AT)
        store = MemoryStore([CARDS[0], old, evolve(old, id="18", updated_at=None)])
        assert purge(store, before=LATER, by="carl", at=LATER).customers == ("17",)
        assert store.customers["18"].last_name == "secret"

    def test_the_moment_has_a_time_zone(self, store: MemoryStore) -> None:
        """It is named as the caller named it."""
        naive = datetime(2026, 1, 1)  # noqa: DTZ001  # that is the point
        with pytest.raises(ConfigurationError, match="before must be a datetime with a time zone"):
            purge(store, before=naive, by="carl", at=LATER)
