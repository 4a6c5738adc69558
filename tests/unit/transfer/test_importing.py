"""Imports as plans."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.execution import execute
from dedupkit.merging import MergePolicy, fill_blank, plan_merge
from dedupkit.plans import PlanKind
from dedupkit.stores.memory import MemoryStore
from dedupkit.transfer import CustomerFile, ImportPreview, plan_import, read_customers
from dedupkit.transfer.importing import HELD_BACK

AT = datetime(2026, 1, 1, tzinfo=UTC)
GRANTED, WITHDRAWN = ConsentState.GRANTED, ConsentState.WITHDRAWN
OBJECTED, PENDING, NEVER_ASKED = (
    ConsentState.OBJECTED,
    ConsentState.PENDING,
    ConsentState.NEVER_ASKED,
)


def file_of(*lines: str) -> CustomerFile:
    """Read a file from its lines."""
    return read_customers("\n".join(lines).encode(), "a.csv", separator=";")


def run(store: MemoryStore, *lines: str, request: str = "1") -> ImportPreview:
    """Import lines into a store."""
    preview = plan_import(file_of(*lines), store, request=request)
    for plan in preview.plans:
        execute(plan, store, by="clerk", at=AT)
    return preview


def stamped(card: Customer) -> Customer:
    """Return a card as the register has it after a write."""
    return evolve(card, updated_at=AT, created_at=card.created_at or AT, version=None)


def now(store: MemoryStore, customer: str) -> Customer:
    """Return a customer without its version."""
    return evolve(store.customers[customer], version=None)


def test_new_rows_create() -> None:
    """Every row of an unknown id becomes a customer with that id; unticked boxes are nothing."""
    store = MemoryStore()

    preview = run(store, "id;navn;newsletter", "7;Anna;nei", "9;Bo;ja")

    assert preview.created == ("7", "9")
    assert {plan.kind for plan in preview.plans} == {PlanKind.IMPORT}
    consent = Consent("newsletter", "email", GRANTED)
    assert now(store, "7") == stamped(Customer(id="7", name="Anna"))
    assert now(store, "9") == stamped(Customer(id="9", name="Bo", consents=[consent]))


def test_importing_again_changes_nothing() -> None:
    """The same rows find the register as they left it."""
    store = MemoryStore()
    lines = ("id;navn;newsletter;flags.vip;color", "7;Anna;nei;x;red", "9;Bo;ja;;")
    run(store, *lines)

    preview = run(store, *lines, request="2")

    assert (preview.plans, preview.cells) == ((), ())
    assert dict(preview.counts) == {"updated": 2, "changed": 0, "unchanged": 2, "created": 0}


def test_large_files_are_cut_into_plans() -> None:
    """No plan, and so no receipt, grows with the file."""
    preview = plan_import(file_of("id", *map(str, range(120))), MemoryStore(), request="1")

    assert [len(plan.steps) for plan in preview.plans] == [50, 50, 20]
    assert len({plan.id for plan in preview.plans}) == 3


BEFORE = Customer(
    id="7",
    first_name="Ana",
    city="Oslo",
    groups=["a", "b"],
    flags=["vip", "old"],
    other_emails=["a@b.no"],
    balances=[Balance("loyalty", "points", 5), Balance("store_credit", "NOK", 100)],
    external_ids={"crm": ["1"]},
    web_profile=WebProfile(id="w1", username="ana"),
    created_at=AT,
    extra={"color": "red"},
)


def test_cells_that_differ_are_written() -> None:
    """Fields, sets, flags, balances, profiles, ids and own fields change; the rest stays."""
    store = MemoryStore([BEFORE])

    preview = run(
        store,
        "id;first_name;by;groups;flags.vip;flags.new;other_emails;balances.loyalty.points;"
        "balances.loyalty.points.club;external_ids.crm;web_profile.id;web_profile.username;color",
        "7;Anna;;b|c;;x;x@y.no;6;1;2;w1;anna;blue",
    )

    assert now(store, "7") == stamped(
        evolve(
            BEFORE,
            first_name="Anna",
            city=None,
            groups=["b", "c"],
            flags=["old", "new"],
            other_emails=["x@y.no"],
            balances=[
                Balance("loyalty", "points", 6),
                Balance("loyalty", "points", 1, programme="club"),
                Balance("store_credit", "NOK", 100),
            ],
            external_ids={"crm": ["2"]},
            web_profile=WebProfile(id="w1", username="anna"),
            extra={"color": "blue"},
        )
    )
    assert preview.changed == ("7",)
    assert preview.cells[0].path == "first_name"
    assert (preview.cells[0].before, preview.cells[0].after) == ("Ana", "Anna")
    assert len(preview.cells) == 12 - 1
    assert "Anna" not in repr(preview.cells[0])


def test_the_whole_flags_column_is_a_set() -> None:
    """A column of all flags takes out what it does not name."""
    store = MemoryStore([BEFORE])

    run(store, "id;flags", "7;vip|new")

    assert store.customers["7"].flags == {"vip", "new"}


@pytest.mark.parametrize(
    ("before", "cell", "after", "held_back"),
    [
        (None, "", None, None),
        (None, "no", None, None),
        (None, "yes", GRANTED, None),
        (GRANTED, "no", WITHDRAWN, None),
        (GRANTED, "", GRANTED, None),
        (GRANTED, "pending", GRANTED, None),
        (GRANTED, "objected", OBJECTED, None),
        (PENDING, "yes", GRANTED, None),
        (NEVER_ASKED, "no", NEVER_ASKED, None),
        (WITHDRAWN, "no", WITHDRAWN, None),
        (WITHDRAWN, "yes", WITHDRAWN, "refused"),
        (OBJECTED, "withdrawn", OBJECTED, None),
    ],
)
def test_consents_never_loosen(
    before: ConsentState | None, cell: str, after: ConsentState | None, held_back: str | None
) -> None:
    """Unticked withdraws a grant and nothing else; a tick lifts no refusal."""
    held = [] if before is None else [Consent("newsletter", "email", before)]
    store = MemoryStore([Customer(id="7", consents=held)])

    preview = run(store, "id;newsletter", f"7;{cell}")

    assert [c.state for c in store.customers["7"].consents] == [s for s in [after] if s]
    assert [c.held_back for c in preview.held_back] == [h for h in [held_back] if h]


@pytest.mark.parametrize("cells", ["w2;x", ";"])
def test_profiles_are_neither_attached_nor_deleted(cells: str) -> None:
    """Whoever may log in is not decided by a spreadsheet."""
    store = MemoryStore([Customer(id="7"), Customer(id="9", web_profile=WebProfile(id="w9"))])

    preview = run(store, "id;web_profile.id;web_profile.username", f"7;{cells}", "9;;")

    assert store.customers["9"].web_profile == WebProfile(id="w9")
    assert store.customers["7"].web_profile is None
    assert {cell.held_back for cell in preview.held_back} == {"profile"}


MERGED = (
    "id;first_name;city;newsletter;balances.loyalty.points;flags",
    "3;Anna;;no;5;",
    "17;Anna;Oslo;yes;7;vip",
)


def merged() -> MemoryStore:
    """Return a register into which two rows were imported, and then merged."""
    store = MemoryStore()
    run(store, *MERGED)
    policy = MergePolicy(default=fill_blank)
    plan = plan_merge(store.customers["3"], [store.customers["17"]], policy=policy)
    execute(plan, store, by="clerk", at=AT)
    return store


def test_importing_again_undoes_no_merge() -> None:
    """What a merge brought to the master stays, and the retired row is listed with its master."""
    store = merged()
    before = dict(store.customers)

    preview = run(store, *MERGED, request="2")

    assert store.customers == before
    assert preview.plans == ()
    assert [(r.customer, r.master, r.row) for r in preview.retired] == [("17", "3", 3)]
    paths = ("city", "consents.newsletter.email", "balances.loyalty.points", "flags")
    assert {cell.path: cell.held_back for cell in preview.cells} == dict.fromkeys(paths, "merged")
    assert set(HELD_BACK) >= {cell.held_back for cell in preview.held_back}


def test_real_news_of_a_master_is_written() -> None:
    """A cell that was edited in the file since the merge changes the master."""
    store = merged()

    preview = run(store, MERGED[0], "3;Anne;;no;5;", request="2")

    assert store.customers["3"].first_name == "Anne"
    assert store.customers["3"].city == "Oslo"
    assert store.customers["3"].balances[0].amount == Decimal(12)
    assert preview.changed == ("3",)


class Source:
    """A source that knows its customers and nothing of their history."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def scan(self, after: str | None = None, /) -> Iterator[Customer]:
        """Yield every customer."""
        return self._store.scan(after)

    def get(self, ids: Iterable[str], /) -> Mapping[str, Customer]:
        """Return the customers of *ids*."""
        return self._store.get(ids)


def test_without_a_history_a_master_stays_as_it_is() -> None:
    """Where nobody knows what a merge changed, no cell of the master is written."""
    preview = plan_import(file_of(MERGED[0], "3;Anne;;no;5;"), Source(merged()), request="2")

    assert preview.plans == ()
    assert "first_name" in {cell.path for cell in preview.held_back}


def test_chains_of_redirects_end_at_the_last_master() -> None:
    """A row that was merged twice is listed with the card that stands for it now."""
    store = MemoryStore(
        [Customer(id="1"), Customer(id="2", merged_into="1"), Customer(id="3", merged_into="2")]
    )

    preview = plan_import(file_of("id", "3"), store, request="1")

    assert preview.retired[0].master == "1"
