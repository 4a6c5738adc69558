"""An events office in Spain merges accounts: its manual, step by step, through the public API."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dedupkit import (
    Balance,
    Customer,
    MergePolicy,
    PlanningError,
    execute,
    find_duplicates,
    plan_merges,
    replay,
)
from dedupkit.stores.memory import MemoryStore

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

MAIN = Customer(
    id="500",
    number="17",
    first_name="Lucía",
    last_name="Romero Gil",
    email="lucia@romero.example",
    birth_date=date(1988, 4, 2),
    balances=[Balance("loyalty", "points", Decimal(30))],
)
OTHER = Customer(
    id="731",
    number="96",
    first_name="Lucia",
    last_name="Romero",
    email="lucia.romero@work.example",
    mobile="+34 612 345 678",
    street="Calle Mayor 3",
    postal_code="28013",
    city="Madrid",
    country="ES",
    notes="Aisle seat",
)
SIGNED_UP = Customer(id="802", first_name="Lucía", email="lucia@romero.example")


@pytest.fixture
def store() -> MemoryStore:
    """Three accounts of one person, with transactions and activities."""
    return MemoryStore(
        [MAIN, OTHER, SIGNED_UP],
        rows={"transactions": {"t1": "500", "t2": "731"}, "activities": {"a1": "731"}},
    )


def merge(store: MemoryStore, *ids: str) -> Customer:
    """Merge accounts into the first, as the office does: nothing that one of them holds is lost."""
    (plan,) = plan_merges(
        [ids],
        store,
        MergePolicy.keep_all_contacts(),
        relations=store.relations,
        choose_master=lambda cards: next(card for card in cards if card.id == ids[0]),
    )
    execute(plan, store, by="pilar", at=NOW)
    return store.customers[ids[0]]


def test_unknown_accounts_are_named_all_at_once(store: MemoryStore) -> None:
    """Ids that nobody has are refused together, before anything is planned."""
    with pytest.raises(PlanningError, match=r"'999'.*'1000'"):
        plan_merges([("500", "999", "1000")], store)


def test_a_warning_says_what_will_happen(store: MemoryStore) -> None:
    """One sentence names what moves and which accounts disappear, and nothing is written yet."""
    (plan,) = plan_merges([("500", "731")], store, relations=store.relations)
    assert plan.warning == (
        "Customer 500 takes over activities and transactions of customer 731; "
        "customer 731 disappears from the register."
    )
    assert store.customers == {"500": MAIN, "731": OTHER, "802": SIGNED_UP}


def test_the_chosen_account_is_the_main_one(store: MemoryStore) -> None:
    """The main account is the clerk's choice, whatever its number."""
    assert merge(store, "731", "500").is_active
    assert store.customers["500"].merged_into == "731"


def test_transactions_and_activities_stay_with_the_main_account(store: MemoryStore) -> None:
    """Whatever referred to a merged account refers to the main one."""
    merge(store, "500", "731", "802")
    assert store.rows["transactions"] == {"t1": "500", "t2": "500"}
    assert store.rows["activities"] == {"a1": "500"}


def test_contact_details_stay_with_the_main_account(store: MemoryStore) -> None:
    """Blank fields are filled, and addresses that are not chosen become further ones."""
    card = merge(store, "500", "731")
    assert (card.email, card.mobile, card.city) == (MAIN.email, OTHER.mobile, "Madrid")
    assert card.other_emails == (OTHER.email,)
    assert "Aisle seat" in (card.notes or "")


def test_merged_accounts_disappear(store: MemoryStore) -> None:
    """No search and no search for duplicates shows a merged account."""
    merge(store, "500", "731", "802")
    assert [card.id for card in store.search("lucia")] == ["500"]
    assert len(find_duplicates(store.scan(), region="ES").clusters) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "l.romero@work.example"},
        {"first_name": "Lucai"},
        {"mobile": "698 765 432"},
        {"mobile": None, "street": None, "postal_code": None, "city": None, "birth_date": None},
    ],
    ids=["another e-mail address", "a typing error", "another phone", "a mere web registration"],
)
def test_causes_of_duplicates_are_found(changes: dict[str, object]) -> None:
    """A second account is found whatever made it: found, or shown to a person."""
    details = {
        "first_name": "Lucía",
        "last_name": "Romero Gil",
        "email": "lucia@romero.example",
        "mobile": "612 345 678",
        "street": "Calle Mayor 3",
        "postal_code": "28013",
        "city": "Madrid",
        "birth_date": date(1988, 4, 2),
    }
    strangers = [
        Customer(id=str(n), first_name=name, last_name=f"{name}ez", email=f"{name}@{n}.example")
        for n, name in enumerate(["Pedro", "Ana", "Iker", "Noa", "Hugo", "Vega"], start=10)
    ]
    first = Customer(id="1", country="ES", **details)  # type: ignore[arg-type]  # read as they are
    second = Customer(id="2", country="ES", **details | changes)  # type: ignore[arg-type]  # as above
    report = find_duplicates([first, second, *strangers], region="ES")
    assert [item.ids for item in (*report.clusters, *report.review)] == [("1", "2")]


def test_balances_are_conserved() -> None:
    """Points of a merged account are added to those of the main one."""
    other = Customer(id="2", balances=[Balance("loyalty", "points", Decimal(12))])
    (plan,) = plan_merges([("500", "2")], {"500": MAIN, "2": other})
    after = replay(plan.steps, {"500": MAIN, "2": other})
    assert [balance.amount for balance in after["500"].balances] == [Decimal(42)]
