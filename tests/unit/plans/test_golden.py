"""Plans and receipts as they were once written: read for ever, written back letter for letter.

A file is never changed; `golden/write.py` adds one for a value that is new here.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from dedupkit.customers import Address, Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.plans import (
    STEP_TYPES,
    AddValue,
    Blocker,
    Candidate,
    Choice,
    Conflict,
    Create,
    CreateGroup,
    CustomerChange,
    Decision,
    Delete,
    DeleteGroup,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    MovedRows,
    MoveWebProfile,
    Notice,
    Plan,
    PlanKind,
    Receipt,
    RemovedRow,
    RemoveValue,
    Repoint,
    Restore,
    Retire,
    SetConsent,
    SetField,
    SetWebProfile,
    Total,
    TransferBalance,
    UndoPlan,
    UndoReason,
)

FOLDER = Path(__file__).with_name("golden") / "v1"

MARCH = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 17, 12, 30, 15, 250_000, tzinfo=UTC)
GRANTED = Consent("newsletter", "email", ConsentState.GRANTED, at=MARCH, source="checkout")
WITHDRAWN = Consent("newsletter", "email", ConsentState.WITHDRAWN, at=MAY)
PENDING = Consent("offers", "sms", ConsentState.PENDING, endpoint="+47 912 34 567")
OBJECTED = Consent("offers", "phone", ConsentState.OBJECTED)
UNASKED = Consent("offers", "post", ConsentState.NEVER_ASKED)
OLD_HOME = Address(street="Storgata 1", postal_code="5003", city="Bergen", country="NO")
NEW_HOME = evolve(OLD_HOME, street="Lillegata 2", street2="H0101", region="Vestland")
LOGIN = WebProfile(id="w1", username="bjorn", has_password=True, verified=True, last_login_at=MAY)
NEVER_USED = WebProfile(id="w2", active=False, approved_buyer=True)

FULL = Customer(
    id="1001",
    number="7",
    name="Bjørn Hansen",
    first_name="Bjørn",
    last_name="Hansen",
    company="Fjord AS",
    email="bjorn@fjord.example",
    other_emails=["bjorn@shop.example"],
    mobile="+47 912 34 567",
    home_phone="+47 22 33 44 55",
    other_phones=["+47 400 00 001"],
    street="Lillegata 2",
    street2="H0101",
    postal_code="5003",
    city="Bergen",
    region="Vestland",
    country="NO",
    other_addresses=[OLD_HOME],
    birth_date=date(1971, 3, 9),
    language="nb",
    notes='Prefers the balcony.\nSays "hei".',
    groups=["members", "press"],
    flags=["vip", "wheelchair"],
    consents=[GRANTED, PENDING, OBJECTED, UNASKED],
    web_profile=LOGIN,
    balances=[
        Balance("loyalty", "points", 120, programme="club"),
        Balance("on_account", "NOK", "-12.50"),
    ],
    external_ids={"loyalty_app": ["a-1", "a-2"]},
    allow_merge=False,
    tenant="north",
    created_at=MARCH,
    updated_at=MAY,
    merged_into="1000",
    kept_for="999",
    version="4",
    extra={
        "vat_no": "NO123",
        "is_member": True,
        "visits": 3,
        "limit": Decimal("1000.5"),
        "since": date(2020, 2, 29),
        "seen": MAY,
        "opened": datetime(2026, 3, 1, 9, 0),  # noqa: DTZ001  # hosts have such columns
    },
)

MERGE = MergePlan(
    master_id="1001",
    duplicates=[
        DuplicateCard("1017", Disposition.DELETE),
        DuplicateCard("1020", Disposition.KEEP),
        DuplicateCard("1030", Disposition.SKIP),
    ],
    expects=[
        Expectation("1001", "4", "a1" * 32),
        Expectation("1017", None, "b2" * 32),
        Expectation("1020", "9", "c3" * 32),
    ],
    steps=[
        RemoveValue("1017", "external_ids.loyalty_app", "a-2", origin=("1017",)),
        MoveWebProfile(NEVER_USED, "1020", None, origin=("1020",)),
        MoveWebProfile(LOGIN, "1017", "1001", origin=("1017",)),
        SetWebProfile("1001", LOGIN, evolve(LOGIN, username="hansen"), origin=("1001",)),
        Repoint("invoices", "1017", "1001", only=(), origin=("1017",)),
        Repoint("orders", "1017", "1001", origin=("1017",)),
        Repoint("orders", "1020", "1001", origin=("1020",)),
        TransferBalance(
            kind="loyalty",
            unit="points",
            programme="club",
            amount=120,
            source="1017",
            target="1001",
            settled_by="lots",
            origin=("1017",),
        ),
        TransferBalance(
            kind="on_account", unit="NOK", amount="-12.50", source="1020", target="1001"
        ),
        SetField("1001", "address", OLD_HOME, NEW_HOME, origin=("1017",)),
        SetField("1001", "birth_date", None, date(1971, 3, 9), origin=("1017",)),
        SetField("1001", "email", "bjorn@shop.example", "bjorn@fjord.example"),
        SetField("1001", "extra.limit", Decimal(500), Decimal("1000.5"), origin=("1017",)),
        SetField("1020", "kept_for", None, "1001", origin=("1020",)),
        AddValue("1001", "flags", "vip", origin=("1017", "1020")),
        AddValue("1001", "other_addresses", OLD_HOME, origin=("1001",)),
        SetConsent("1001", GRANTED, WITHDRAWN, origin=("1017",)),
        SetConsent("1001", None, PENDING, origin=("1020",)),
        Retire("1017", "1001", origin=("1017",)),
    ],
    notices=[
        Notice(
            code="consents_disagree",
            customers=["1001", "1017"],
            data={
                "purpose": "newsletter",
                "channel": "email",
                "states": "granted, withdrawn",
                "rule": "refusal_wins",
                "state": "withdrawn",
            },
        ),
        Notice(code="rows_left", customers=["1017"], data={"relation": "invoices"}),
        Notice(code="child_beside_adult", customers=["1001", "1020"], data={"years": 31}),
    ],
    totals=[
        Total(kind="loyalty", unit="points", programme="club", before=120, after=120),
        Total(kind="on_account", unit="NOK", before="-12.50", after="-12.50"),
    ],
    warning="Customer 1001 takes over orders of customers 1017 and 1020.",
    decisions=[
        Decision(
            field="email",
            rule="correction",
            value="bjorn@fjord.example",
            candidates=[Candidate("bjorn@shop.example", ["1001"], is_chosen=False)],
        ),
        Decision(
            field="address",
            rule="most_recent",
            value=NEW_HOME,
            source="1017",
            reason="changed last",
            candidates=[
                Candidate(OLD_HOME, ["1001", "1020"], is_chosen=False),
                Candidate(NEW_HOME, ["1017"]),
            ],
        ),
        Decision(
            field="mobile",
            rule="keep_master",
            candidates=[Candidate("+47 912 34 567", ["1017"], is_chosen=False)],
        ),
        Decision(
            field="flags",
            rule="union",
            value=frozenset({"vip", "wheelchair"}),
            candidates=[Candidate("vip", ["1017", "1020"]), Candidate("wheelchair", ["1001"])],
        ),
        Decision(
            field="consents",
            rule="refusal_wins",
            value=(WITHDRAWN, PENDING),
            candidates=[
                Candidate(GRANTED, ["1001"], is_chosen=False),
                Candidate(WITHDRAWN, ["1017"]),
                Candidate(PENDING, ["1020"]),
            ],
        ),
        Decision(
            field="balances",
            rule="transfer",
            value=FULL.balances,
            candidates=[Candidate(balance, ["1017"]) for balance in FULL.balances],
        ),
        Decision(
            field="web_profile",
            rule="verified_first",
            value=LOGIN,
            source="1017",
            candidates=[
                Candidate(LOGIN, ["1017"]),
                Candidate(NEVER_USED, ["1020"], is_chosen=False),
            ],
        ),
    ],
)

OPEN_MERGE = MergePlan(
    master_id="1001",
    duplicates=[DuplicateCard("1017", Disposition.DELETE)],
    expects=[Expectation("1001", None, "a1" * 32), Expectation("1017", None, "b2" * 32)],
    conflicts=[
        Conflict(
            code="field_open",
            key="email",
            customers=["1001", "1017"],
            choices=[
                Choice(key="1001", value="bjorn@fjord.example", customers=["1001"]),
                Choice(key="1017", value="bjorn@shop.example", customers=["1017"]),
            ],
            data={"field": "email"},
        ),
        Conflict(
            code="permissive_flag",
            key="flags.vip",
            customers=["1017"],
            choices=[Choice(key="set", value=True), Choice(key="leave", value=False)],
            data={"flag": "vip"},
        ),
        Conflict(
            code="person_and_organization",
            key="person_and_organization",
            customers=["1001", "1017"],
            choices=[Choice(key="merge")],
        ),
        Conflict(
            code="rows_left_with_kept",
            key="relations.invoices.1017",
            customers=["1017"],
            data={"relation": "invoices"},
        ),
    ],
    blockers=[
        Blocker(code="judged_different", customers=["1001", "1017"]),
        Blocker(code="connected_integration"),
        Blocker(
            code="undeclared_balance_kind", customers=["1017"], data={"kind": "gift_card_points"}
        ),
    ],
    warning="Customer 1001 stands for customer 1017 from now on.",
)

REDACTED_MERGE = MergePlan(
    master_id="1001",
    duplicates=[DuplicateCard("1017", Disposition.DELETE)],
    expects=[Expectation("1001", None, ""), Expectation("1017", None, "")],
    steps=[Repoint("orders", "1017", "1001"), Retire("1017", "1001")],
    notices=[Notice(code="consents_disagree", customers=["1001", "1017"])],
    warning="Customer 1001 takes over orders of customer 1017.",
    original_id="f6" * 32,
)

IMPORT = Plan(
    kind=PlanKind.IMPORT,
    steps=[Create(evolve(FULL, id="new-1", version=None)), Create(Customer(id="new-2"))],
    request="guests-2026-03-01",
)

EDIT = Plan(
    kind=PlanKind.EDIT,
    expects=[Expectation("1001", "4", "a1" * 32), Expectation("1040", "1", "d4" * 32)],
    steps=[
        CreateGroup("choir"),
        SetField(
            "1001", "other_emails", ("bjorn@shop.example",), ("b@a.example", "bjorn@shop.example")
        ),
        SetField("1001", "allow_merge", True, False),
        AddValue("1001", "groups", "choir"),
        RemoveValue("1001", "groups", "press"),
        DeleteGroup("press"),
        Delete(Customer(id="1040", number="40", version="1")),
    ],
)

UNDO = UndoPlan(
    undoes=MERGE.id,
    expects=[Expectation("1001", "5", "e5" * 32)],
    steps=[
        Restore("1017", "1001", origin=("1017",)),
        Create(Customer(id="1018", last_name="Hansen"), origin=("1018",)),
        SetConsent("1001", PENDING, None, origin=("1020",)),
        Repoint("orders", "1001", "1017", only=("o1", "o2"), origin=("1017",)),
        MoveWebProfile(NEVER_USED, None, "1020", origin=("1020",)),
    ],
    notices=[
        Notice(code="field_changed_since", customers=["1001"], data={"field": "email"}),
        Notice(
            code="balance_spent",
            customers=["1017"],
            data={
                "amount": Decimal("120.00"),
                "kind": "loyalty",
                "master": "1001",
                "unit": "points",
            },
        ),
    ],
    totals=[Total(kind="loyalty", unit="points", before=3, after="3.0")],
    warning="Brings back customers 1017, 1018 and sets back what still shows the merge.",
)

MERGE_RECEIPT = Receipt(
    plan_id=MERGE.id,
    kind=PlanKind.MERGE,
    by="anna",
    at=MAY,
    steps=MERGE.steps,
    changes=[
        CustomerChange(Customer(id="1001", version="4"), FULL),
        CustomerChange(Customer(id="1017"), Customer(id="1017", merged_into="1001")),
    ],
    moved=[
        MovedRows("orders", "1017", "1001", ["o1", "o2"]),
        MovedRows("subscriptions", "1017", "1001", []),
    ],
    removed=[
        RemovedRow("subscriptions", "1017", "1001", "s7", {"customer": "1017", "fee": Decimal(40)}),
        RemovedRow("subscriptions", "1017", "1001", "s8"),
    ],
    undone_by=UNDO.id,
)

UNDO_RECEIPT = Receipt(
    plan_id=UNDO.id,
    kind=PlanKind.UNDO,
    by="anna",
    at=MAY,
    steps=UNDO.steps,
    changes=[CustomerChange(None, Customer(id="1018", last_name="Hansen", version="1"))],
    moved=[MovedRows("orders", "1001", "1017", ["o1", "o2"])],
    undoes=MERGE.id,
    because=UndoReason.NOT_THE_SAME,
)

EDIT_RECEIPT = Receipt(
    plan_id=EDIT.id,
    kind=PlanKind.EDIT,
    by="anna",
    at=MARCH,
    changes=[CustomerChange(Customer(id="1040", number="40", version="1"), None)],
)

REDACTED_RECEIPT = Receipt(
    plan_id=REDACTED_MERGE.id,
    kind=PlanKind.MERGE,
    by="anna",
    at=MAY,
    steps=REDACTED_MERGE.steps,
    changes=[CustomerChange(Customer(id="1001", allow_merge=False), Customer(id="1001"))],
    removed=[RemovedRow("subscriptions", "1017", "1001", "s7")],
    redacted=["1001", "1017"],
)

#: File → the plan that it must be read as, and the id that it has for ever.
PLANS: dict[str, tuple[Plan, str]] = {
    "merge": (MERGE, "178661a6fa4bcb8b63a0784bc7226aad1bf44e1b9ba85b2edeb6751de6fcb985"),
    "merge-open": (OPEN_MERGE, "da7046b88979cac5aa403a2190dab073a309a6abd0769218b2ab569cac2d479e"),
    "merge-redacted": (
        REDACTED_MERGE,
        "f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6",
    ),
    "import": (IMPORT, "e5ba823a178d4ae851cbd6d908670d7a2ebfa63ab5e4ed59cf667911be52e308"),
    "edit": (EDIT, "2a80c3bd92da51347e02e784151d07369cc75e1d3caecb03dacc047094778b33"),
    "undo": (UNDO, "838cd8521f11f201f3042c7ad51b7e993d417613e8c1e2b4f6809c3916b7f1b8"),
}

#: File → the receipt that it must be read as.
RECEIPTS: dict[str, Receipt] = {
    "receipt-merge": MERGE_RECEIPT,
    "receipt-merge-redacted": REDACTED_RECEIPT,
    "receipt-undo": UNDO_RECEIPT,
    "receipt-edit": EDIT_RECEIPT,
}


def text_of(name: str) -> str:
    """What a file holds, without the line's end."""
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8").rstrip("\n")


def test_every_file_has_its_test() -> None:
    """And every test its file."""
    assert {path.stem for path in FOLDER.glob("*.json")} == {*PLANS, *RECEIPTS}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_read_as_what_it_was_and_keeps_its_id(name: str) -> None:
    """Equal in every attribute, of the same class; stored ids still find their plan (P1)."""
    expected, plan_id = PLANS[name]
    plan = Plan.from_json(text_of(name))
    assert (type(plan), plan, plan.id) == (type(expected), expected, plan_id)


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_read_as_what_it_was(name: str) -> None:
    """Equal in every attribute."""
    assert Receipt.from_json(text_of(name)) == RECEIPTS[name]


@pytest.mark.parametrize("name", [*PLANS, *RECEIPTS])
def test_it_is_written_back_letter_for_letter(name: str) -> None:
    """While version 1 is the one that is written."""
    text = text_of(name)
    value = Plan.from_json(text) if name in PLANS else Receipt.from_json(text)
    assert value.to_json() == text


def test_they_hold_every_kind_and_every_step() -> None:
    """A new step comes with a file that has it."""
    plans = [plan for plan, _ in PLANS.values()]
    assert {plan.kind for plan in plans} == set(PlanKind)
    assert {type(step) for plan in plans for step in plan.steps} == set(STEP_TYPES.values())


def test_they_hold_every_member_of_a_customer() -> None:
    """A new field comes with a file that has it."""
    (created, _) = json.loads(text_of("import"))["steps"]
    assert set(created["customer"]["customer"]) == {*FULL.filled()} - {"version"}
