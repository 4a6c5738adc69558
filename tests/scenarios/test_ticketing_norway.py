"""Ticketing, Norway: a clerk merges the cards of one customer.

Each test is named after a sentence of the back office's manual, and plays it through the public
API: a register in memory, a plan, its execution.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from dedupkit import (
    Consent,
    ConsentState,
    Customer,
    ExecutionError,
    InvalidCustomerError,
    MergePlan,
    WebProfile,
    execute,
    find_field_duplicates,
    plan_merge,
    undo,
)
from dedupkit.stores.memory import MemoryStore

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

GRANTED, WITHDRAWN = ConsentState.GRANTED, ConsentState.WITHDRAWN

#: The card that the clerk chooses as master: no mobile, no web profile.
BJORN = Customer(
    id="1001",
    number="1001",
    first_name="Bjørn",
    last_name="Hansen",
    email="bjorn@fjord.example",
    street="Storgata 1",
    postal_code="0155",
    city="Oslo",
    country="NO",
    flags=["friend of the house"],
)
#: The same person at the counter, with a telephone.
COUNTER = Customer(
    id="1017",
    number="1017",
    first_name="Bjorn",
    last_name="Hansen",
    email="bjorn@fjord.example",
    mobile="+47 912 34 567",
    birth_date=NOW.date().replace(year=1980),
    country="NO",
    flags=["wheelchair"],
    consents=[Consent("newsletter", "email", GRANTED)],
)
#: The same person on the web.
WEB = Customer(
    id="1042",
    number="1042",
    first_name="Bjørn",
    last_name="Hanssen",
    email="bjorn@fjord.example",
    country="NO",
    web_profile=WebProfile(id="w1042", username="bjorn", has_password=True, verified=True),
)
#: Another card that nobody may merge.
BARRED = Customer(
    id="1050",
    number="1050",
    first_name="Bjørn",
    last_name="Hansen",
    email="bjorn@fjord.example",
    allow_merge=False,
)


@pytest.fixture
def store() -> MemoryStore:
    """Make the theatre's register, with the orders of three cards."""
    return MemoryStore(
        [BJORN, COUNTER, WEB, BARRED],
        rows={"orders": {"o1": "1001", "o2": "1017", "o3": "1042", "o4": "1042", "o5": "1050"}},
    )


def planned(store: MemoryStore, *ids: str, **corrections: Any) -> MergePlan:  # noqa: ANN401  # fields
    """Plan the merge of cards into the first, as the register holds them."""
    cards = store.get(ids)
    master, *duplicates = (cards[card] for card in ids)
    return plan_merge(master, duplicates, corrections=corrections, relations=store.relations)


def merged(store: MemoryStore, *ids: str, **corrections: Any) -> Customer:  # noqa: ANN401  # as above
    """Merge, and return the master as the register holds it."""
    execute(planned(store, *ids, **corrections), store, by="anna", at=NOW)
    return store.customers[ids[0]]


@pytest.mark.parametrize("words", ["hansen bjørn", "bjorn@fjord", "912 34 567", "storgata", "1017"])
def test_customers_are_searched_by_name_email_mobile_address_and_number(
    store: MemoryStore, words: str
) -> None:
    """The clerk finds the cards by what is at hand."""
    assert {"1001", "1017"} & {card.id for card in store.search(words)}


def test_all_orders_end_on_the_master(store: MemoryStore) -> None:
    """Whoever bought on one of the cards finds the order on the master."""
    merged(store, "1001", "1017", "1042")
    assert store.rows["orders"] == {
        "o1": "1001",
        "o2": "1001",
        "o3": "1001",
        "o4": "1001",
        "o5": "1050",
    }


def test_the_other_cards_disappear_and_lead_to_the_master(store: MemoryStore) -> None:
    """Their ids redirect to it for ever."""
    merged(store, "1001", "1017", "1042")
    assert {store.customers[card].merged_into for card in ("1017", "1042")} == {"1001"}
    with store.transaction() as transaction:
        assert transaction.resolve(["1017", "1042"]) == {"1017": "1001", "1042": "1001"}


def test_a_field_that_is_blank_on_the_master_stays_blank(store: MemoryStore) -> None:
    """The counter knows a mobile and a birth date; the master has neither, and keeps neither."""
    master = merged(store, "1001", "1017")
    assert (master.mobile, master.birth_date) == (None, None)


def test_the_master_s_own_fields_stay(store: MemoryStore) -> None:
    """Name, e-mail, address and number are the master's."""
    master = merged(store, "1001", "1017", "1042")
    fields = ("number", "first_name", "last_name", "email", "street", "postal_code", "city")
    assert all(getattr(master, field) == getattr(BJORN, field) for field in fields)


def test_correct_and_merge_edits_the_master_s_fields_first(store: MemoryStore) -> None:
    """The clerk types the mobile, clears the e-mail, and merges in one go."""
    master = merged(store, "1001", "1017", mobile="912 34 567", email=None)
    assert (master.mobile, master.email) == ("912 34 567", None)


def test_a_correction_is_checked_like_any_input(store: MemoryStore) -> None:
    """A bad e-mail and a bad mobile are refused together, and nothing is written."""
    with pytest.raises(InvalidCustomerError, match=r"email: .*mobile: "):
        merged(store, "1001", "1017", mobile="12", email="bjorn at fjord")
    assert store.customers["1001"] == BJORN


def test_flags_are_carried_over_to_the_master(store: MemoryStore) -> None:
    """Those of all cards."""
    assert merged(store, "1001", "1017").flags == {"friend of the house", "wheelchair"}


def test_consents_are_carried_over_to_the_master(store: MemoryStore) -> None:
    """Who said yes at the counter gets the newsletter."""
    assert merged(store, "1001", "1017").wants_newsletter


def test_a_refusal_on_any_card_is_carried_over_too() -> None:
    """Nobody who said no is written to after a merge."""
    refusing = Customer(id="9", consents=[Consent("newsletter", "email", WITHDRAWN)])
    theatre = MemoryStore([COUNTER, refusing])
    master = merged(theatre, "1017", "9")
    assert not master.wants_newsletter


def test_without_a_web_profile_the_master_gets_the_other_card_s(store: MemoryStore) -> None:
    """It is attached as it is: Bjørn logs in as before."""
    master = merged(store, "1001", "1042")
    assert master.web_profile == WEB.web_profile
    assert store.customers["1042"].web_profile is None


def test_the_master_s_web_profile_becomes_the_active_one_and_the_others_are_deleted() -> None:
    """One person, one login."""
    own = Customer(id="1", web_profile=WebProfile(id="w1", username="b", active=False))
    theatre = MemoryStore([own, WEB])
    master = merged(theatre, "1", "1042")
    assert master.web_profile == WebProfile(id="w1", username="b", active=True)
    assert theatre.customers["1042"].web_profile is None


def test_allow_merge_hides_a_card_from_the_search_for_duplicates(store: MemoryStore) -> None:
    """It never stands in the way of the other cards, lowest customer number first."""
    groups = find_field_duplicates(store.customers.values(), "email")
    assert [[card.id for card in group] for group in groups] == [["1001", "1017", "1042"]]


def test_a_card_that_does_not_allow_merging_is_not_merged(store: MemoryStore) -> None:
    """Whoever names it all the same is told why, and nothing is written."""
    plan = planned(store, "1001", "1050")
    assert [blocker.code for blocker in plan.blockers] == ["merge_not_allowed"]
    with pytest.raises(ExecutionError, match="merge_not_allowed"):
        execute(plan, store, by="anna", at=NOW)
    assert store.customers["1001"] == BJORN


def test_a_plain_merge_never_needs_an_answer(store: MemoryStore) -> None:
    """Rules settle all there is, and the clerk reads one sentence before confirming."""
    plan = planned(store, "1001", "1017", "1042")
    assert plan.is_applicable
    assert plan.warning == (
        "Customer 1001 takes over orders of customers 1017 and 1042; customers 1017 and 1042 "
        "disappear from the register."
    )


def test_a_merge_can_be_undone(store: MemoryStore) -> None:
    """The manual knows no way back; there is one."""
    before: Mapping[str, Customer] = dict(store.customers)
    rows = dict(store.rows["orders"])
    receipt = execute(planned(store, "1001", "1017", "1042"), store, by="anna", at=NOW)
    undo(receipt, store, by="anna", at=NOW)
    after = store.customers
    same = ("flags", "consents", "web_profile", "merged_into", "email")
    for card, customer in before.items():
        assert all(getattr(after[card], field) == getattr(customer, field) for field in same)
    assert store.rows["orders"] == rows
