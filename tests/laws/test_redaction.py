"""The law of redaction: X8."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import Factory, define, evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupkit.customers import (
    FIELDS,
    Balance,
    Consent,
    Customer,
    FieldClass,
    Judgement,
    Kind,
    Verdict,
    WebProfile,
    customer_to_dict,
    judgement_to_dict,
)
from dedupkit.errors import ExecutionError
from dedupkit.execution import execute, purge, redact, undo
from dedupkit.merging import MergePolicy, plan_merge
from dedupkit.plans import Disposition, MergePlan, redact_plan
from dedupkit.stores.memory import MemoryStore
from dedupkit.stores.sql import SqlStore
from dedupkit.testing import Crash, FailsAt
from dedupkit.testing.strategies import balances, consents

AT = datetime(2030, 1, 1, tzinfo=UTC)
LATER = AT + timedelta(days=400)
IDS = ("1", "2", "3", "4")


def _few(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, max_size=2, unique_by=lambda value: value.key)


#: Merges into a master, one after the other: ids of the master and its duplicate.
MERGES = st.lists(
    st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True), min_size=1, max_size=4
)


#: Which store; a database takes longer to make.
KINDS = st.sampled_from(["memory", "memory", "memory", "sql"])

#: A text that names the card on which it stood first.
MARK = re.compile(r"secret-(\d)-\w+")


def marked(card_id: str, held: list[Balance], said: list[Consent]) -> Customer:
    """A card with texts that name it, so that each can be found again wherever it went."""
    tag = f"secret-{card_id}-"
    texts: dict[str, Any] = {
        row.name: f"{tag}{row.name}"
        for row in FIELDS.values()
        if row.kind is Kind.TEXT and row.field_class is FieldClass.CONTACT
    }
    return Customer(
        id=card_id,
        **{**texts, "country": "NO"},
        balances=held,
        consents=[evolve(consent, source=f"{tag}source") for consent in said],
        number=f"{tag}number",
        other_emails=[f"{tag}other"],
        groups=[f"{tag}group"],
        flags=[f"{tag}flag"],
        external_ids={"app": [f"{tag}app"]},
        extra={"vat_no": f"{tag}vat"},
        web_profile=WebProfile(id=f"w{card_id}", username=f"{tag}user"),
    )


#: Four people, each with a card.
PEOPLE = st.tuples(
    *(st.builds(marked, st.just(i), _few(balances()), _few(consents())) for i in IDS)
)


def kept_by(store: MemoryStore | SqlStore) -> str:
    """All that a store keeps, as one text."""
    cards = [customer_to_dict(card) for card in store.scan()]
    receipts = [receipt.to_dict() for receipt in store.history()]
    said = [judgement_to_dict(judgement) for judgement in store.judgements()]
    return json.dumps([cards, receipts, said], default=str)


def opened(kind: str, cards: Sequence[Customer]) -> MemoryStore | SqlStore:
    """A store that holds the cards and an order of each."""
    orders = {f"o{card.id}": card.id for card in cards}
    judgements = [Judgement("1", "4", Verdict.SAME, by="secret-1-herself", at=AT)]
    if kind == "memory":
        return MemoryStore(cards, {"orders": orders}, judgements=judgements)
    store = SqlStore.create("sqlite://", relations=["orders"])
    with store.transaction() as tx:
        tx.save([(None, card) for card in cards])
    store.add_rows("orders", orders)
    store.judge(judgements)
    return store


def marks_on(cards: Iterable[Customer]) -> set[str]:
    """The texts that name cards, of all that stands on *cards*."""
    text = json.dumps([customer_to_dict(card) for card in cards], default=str)
    return {mark.group() for mark in MARK.finditer(text)}


@define
class Life:
    """Plans that were executed, and on which card which texts have ever stood."""

    plans: list[MergePlan] = Factory(list)
    stood: dict[str, set[str]] = Factory(lambda: defaultdict(set))

    def look(self, store: MemoryStore | SqlStore) -> None:
        """See what stands on the cards."""
        for card in store.scan():
            self.stood[card.id] |= marks_on([card])


def live(
    store: MemoryStore | SqlStore, merges: Sequence[Sequence[str]], data: st.DataObject
) -> Life:
    """Merge cards, keep some, undo some."""
    life, moment = Life(), AT
    for master, duplicate in merges:
        moment += timedelta(days=100)
        cards = store.get([master, duplicate])
        fate = data.draw(st.sampled_from([Disposition.DELETE, Disposition.KEEP]))
        plan = plan_merge(
            cards[master],
            [cards[duplicate]],
            policy=data.draw(st.sampled_from([MergePolicy(), MergePolicy.keep_all_contacts()])),
            dispositions={duplicate: fate},
            relations=store.relations,
        )
        if plan.is_applicable:
            receipt = execute(plan, store, by="anna", at=moment)
            life.plans.append(plan)
            life.look(store)
            if data.draw(st.integers(0, 3)) == 0:
                undo(receipt, store, by="ben", at=moment)
                life.look(store)
    return life


@given(kind=KINDS, cards=PEOPLE, merges=MERGES, data=st.data())
@settings(deadline=None)
def test_x8_nothing_of_an_erased_person_is_left(
    kind: str, cards: tuple[Customer, ...], merges: list[list[str]], data: st.DataObject
) -> None:
    """X8: no value of any of their cards, wherever merges have carried it.

    What a merge has carried to somebody else's card, and left there, is that one's from then on.
    """
    store = opened(kind, cards)
    life = live(store, merges, data)
    asked = data.draw(st.sampled_from(IDS))
    with store.transaction() as tx:
        stands = tx.resolve(IDS)
    before = {card.id: card for card in store.scan()}
    receipt = redact(store, asked, by="carl", at=LATER, active_too=True)
    person = {i for i in IDS if stands[i] == stands[asked]}
    others = {card.id: card for card in store.scan() if card.id not in person}

    assert set(receipt.redacted) == person
    assert others == {i: card for i, card in before.items() if i not in person}
    left = {mark.group() for mark in MARK.finditer(kept_by(store)) if mark.group(1) in person}
    assert left <= set().union(*(life.stood[i] for i in others))
    assert not any("secret-" in receipt.to_json() for receipt in store.history(person))
    for plan in life.plans:
        if person & set(plan.ids):
            assert "secret-" not in redact_plan(plan, person).to_json()


@given(
    kind=KINDS,
    cards=PEOPLE,
    merges=MERGES,
    active_too=st.booleans(),
    data=st.data(),
)
@settings(deadline=None)
def test_x8_redirects_rows_and_balances_stay(
    kind: str,
    cards: tuple[Customer, ...],
    merges: list[list[str]],
    active_too: bool,
    data: st.DataObject,
) -> None:
    """X8: what others hang on is as before, and nothing brings the person back."""
    store = opened(kind, cards)
    live(store, merges, data)
    asked = data.draw(st.sampled_from(IDS))
    held = {card.id: card.balances for card in store.scan()}
    orders = {i: store.rows("orders", i) for i in IDS}
    with store.transaction() as tx:
        stands = tx.resolve(IDS)
    history = [receipt.plan_id for receipt in store.history()]
    redacted = redact(store, asked, by="carl", at=LATER, active_too=active_too)

    assert {card.id: card.balances for card in store.scan()} == held
    assert {i: store.rows("orders", i) for i in IDS} == orders
    with store.transaction() as tx:
        assert tx.resolve(IDS) == stands
    assert [receipt.plan_id for receipt in store.history()] == [*history, redacted.plan_id]
    after = {card.id: card for card in store.scan()}
    for receipt in store.history(redacted.redacted):
        if receipt.undone_by is None and set(receipt.ids) <= set(receipt.redacted):
            with pytest.raises(ExecutionError):
                undo(receipt, store, by="dina", at=LATER)
    assert {card.id: card for card in store.scan()} == after


@given(cards=PEOPLE, merges=MERGES, call=st.integers(1, 8), data=st.data())
@settings(deadline=None)
def test_x1_a_redaction_that_fails_changes_nothing(
    cards: tuple[Customer, ...], merges: list[list[str]], call: int, data: st.DataObject
) -> None:
    """X1: at whichever call of the store."""
    store = opened("memory", cards)
    live(store, merges, data)
    before = kept_by(store)
    failing = FailsAt(store, call, after=data.draw(st.booleans()))
    try:
        redact(failing, data.draw(st.sampled_from(IDS)), by="carl", at=LATER, active_too=True)
    except Crash:
        assert kept_by(store) == before
    else:
        assert failing.calls < call


@given(
    kind=KINDS,
    cards=PEOPLE,
    merges=MERGES,
    days=st.integers(0, 600),
    data=st.data(),
)
@settings(deadline=None)
def test_x8_what_is_purged_is_gone_and_what_is_younger_can_be_undone(
    kind: str, cards: tuple[Customer, ...], merges: list[list[str]], days: int, data: st.DataObject
) -> None:
    """X8: retention ends for what was executed before a moment, and only for that."""
    store = opened(kind, cards)
    live(store, merges, data)
    before = AT + timedelta(days=days)
    history = {receipt.plan_id: receipt for receipt in store.history()}
    active = {card.id: card for card in store.scan() if card.is_active}
    purged = purge(store, before=before, by="carl", at=LATER)

    assert {card.id: card for card in store.scan() if card.is_active} == active
    for receipt in store.history():
        was = history.get(receipt.plan_id)
        if was is None or receipt.at >= before:
            assert was in (None, receipt)
        else:
            assert "secret-" not in receipt.to_json()
    assert purge(store, before=before, by="carl", at=LATER) == type(purged)()
