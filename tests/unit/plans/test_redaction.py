"""Redaction: plans and receipts without the data of a person."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Consent, ConsentState, Customer, FieldMap, WebProfile
from dedupkit.errors import ConfigurationError
from dedupkit.merging import MergePolicy, ask_person, plan_merge
from dedupkit.plans import (
    AddValue,
    Blocker,
    Choice,
    Conflict,
    Create,
    CustomerChange,
    Delete,
    Disposition,
    Expectation,
    Notice,
    Plan,
    PlanKind,
    Receipt,
    RemovedRow,
    Repoint,
    Retire,
    SetField,
    TransferBalance,
    emptied,
    plan_undo,
    redact_plan,
    redact_receipt,
    replay,
)

AT = datetime(2026, 5, 4, tzinfo=UTC)
MASTER = Customer(
    id="3",
    first_name="secret",
    email="secret@shop.example",
    flags=["secret"],
    balances=[Balance("loyalty", "points", 10)],
)
CARD = Customer(
    id="17",
    number="secret",
    last_name="secret",
    email="secret17@shop.example",
    street="secret",
    birth_date=date(1980, 1, 2),
    notes="secret",
    groups=["secret"],
    flags=["secret17"],
    consents=[Consent("newsletter", "email", ConsentState.WITHDRAWN, endpoint="secret@x.example")],
    web_profile=WebProfile(id="w17", username="secret", has_password=True),
    balances=[Balance("loyalty", "points", 70)],
    external_ids={"app": ["secret"]},
    extra={"vat_no": "secret"},
)
PLAN = plan_merge(
    MASTER,
    [CARD],
    policy=MergePolicy(fields={"email": ask_person}),
    blockers=[Blocker(code="own", customers=["17"], data={"name": "secret"})],
    relations=["orders"],
)


def receipt_of(plan: Plan, *cards: Customer, removed: Iterable[RemovedRow] = ()) -> Receipt:
    """The receipt of executing a plan on cards."""
    before = {card.id: card for card in cards}
    after = replay(plan.steps, before)
    ids = dict.fromkeys((*before, *after))
    real = {i: evolve(card, id=i.replace("new-", "10")) for i, card in after.items()}
    return Receipt(
        plan_id=plan.id,
        kind=plan.kind,
        by="anna",
        at=AT,
        steps=plan.steps,
        changes=[CustomerChange(before.get(i), real.get(i)) for i in ids],
        removed=removed,
    )


class TestEmptied:
    def test_only_what_redirects_and_totals_hang_on_stays(self) -> None:
        """The id, the tenant, balances, moments and the redirect; it is not merged any more."""
        card = evolve(CARD, merged_into="3", tenant="north", created_at=AT, version="7")
        assert emptied(card) == Customer(
            id="17",
            tenant="north",
            balances=[Balance("loyalty", "points", 70)],
            created_at=AT,
            merged_into="3",
            version="7",
            allow_merge=False,
        )

    def test_an_empty_card_stays_as_it_is(self) -> None:
        """Emptying is idempotent."""
        assert emptied(emptied(CARD)) == emptied(CARD)


class TestPlans:
    def test_a_merge_loses_every_value_and_keeps_its_id(self) -> None:
        """No value of any card stands in it, and it says what it was."""
        redacted = redact_plan(PLAN, ["17"])
        assert "secret" in PLAN.to_json()
        assert "secret" not in redacted.to_json()
        assert (redacted.id, redacted.ids) == (PLAN.id, PLAN.ids)
        assert [type(step) for step in redacted.steps] == [Repoint, TransferBalance, Retire]
        assert redacted.totals == PLAN.totals

    def test_a_kept_card_is_still_known_to_be_kept(self) -> None:
        """The mark names a card and tells nothing of a person."""
        plan = plan_merge(MASTER, [CARD], dispositions={"17": Disposition.KEEP})
        assert SetField("17", "kept_for", None, "3", origin=("17",)) in redact_plan(plan).steps

    def test_findings_keep_their_codes(self) -> None:
        """Data and choices go, since they may hold values."""
        redacted = redact_plan(PLAN)
        assert [one.code for one in redacted.conflicts] == ["field_open"]
        assert redacted.conflicts[0].choices == ()
        assert [(one.code, one.data) for one in redacted.blockers] == [("own", FieldMap())]

    def test_findings_of_every_grade_lose_what_they_hold(self) -> None:
        """A notice, a conflict and a blocker alike; whom they concern stays."""
        cards, data = ["17"], {"name": "secret"}
        plan = evolve(
            PLAN,
            notices=[Notice(code="own", customers=cards, data=data)],
            conflicts=[Conflict(code="own", key="own", customers=cards, data=data)],
            blockers=[Blocker(code="own", customers=cards, data=data)],
        )
        redacted = redact_plan(plan)
        assert redacted.notices == (Notice(code="own", customers=cards),)
        assert redacted.conflicts == (Conflict(code="own", key="own", customers=cards),)
        assert redacted.blockers == (Blocker(code="own", customers=cards),)

    def test_what_names_nobody_may_be_of_anybody(self) -> None:
        """The choices of a host's own resolver need not say whose values they are."""
        conflict = Conflict(code="own", key="own", choices=[Choice(key="1", value="secret")])
        plan = evolve(PLAN, conflicts=[conflict])
        assert redact_plan(plan, ["17"]).conflicts == (Conflict(code="own", key="own"),)

    def test_one_id_is_no_collection(self) -> None:
        """It would be read letter by letter, and nothing redacted."""
        with pytest.raises(ConfigurationError, match="also where there is one"):
            redact_plan(PLAN, "17")
        with pytest.raises(ConfigurationError, match="also where there is one"):
            redact_receipt(receipt_of(plan_merge(MASTER, [CARD]), MASTER, CARD), "17")

    def test_it_is_never_applicable(self) -> None:
        """Even where nothing stood in its way."""
        plan = plan_merge(MASTER, [CARD])
        assert plan.is_applicable
        assert not redact_plan(plan).is_applicable

    def test_it_is_written_and_read_back(self) -> None:
        """P10, with the id that it had."""
        redacted = redact_plan(PLAN)
        assert Plan.from_json(redacted.to_json()) == redacted
        assert redact_plan(redacted).to_json() == redacted.to_json()

    def test_strangers_leave_a_plan_as_it_is(self) -> None:
        """Where none of the customers takes part."""
        assert redact_plan(PLAN, ["99"]) is PLAN

    def test_of_an_import_only_what_concerns_the_customers_goes(self) -> None:
        """The rows of the file that are about others stay."""
        other = Customer(id="4")
        plan = Plan(
            kind=PlanKind.IMPORT,
            expects=[Expectation.of(CARD), Expectation.of(other)],
            steps=[
                SetField("17", "city", None, "secret"),
                SetField("4", "city", None, "Oslo"),
                Create(Customer(id="new-1", last_name="Berg")),
            ],
            notices=(),
            request="token",
        )
        redacted = redact_plan(plan, ["17"])
        assert redacted.steps == plan.steps[1:]
        assert [e.fingerprint for e in redacted.expects] == ["", plan.expects[1].fingerprint]
        assert redacted.request == "token"

    def test_findings_about_others_stay(self) -> None:
        """In an import of which one customer is redacted."""
        blockers = [Blocker(code="own", customers=["4"], data={"why": "shown"})]
        expects = [Expectation.of(Customer(id=i)) for i in ("4", "17")]
        plan = Plan(kind=PlanKind.IMPORT, expects=expects, blockers=blockers)
        assert redact_plan(plan, ["17"]).blockers == tuple(blockers)


class TestReceipts:
    def test_a_merge_loses_every_value(self) -> None:
        """Both sides of every change, the steps and the copies of removed rows."""
        plan = plan_merge(MASTER, [CARD], relations=["orders"])
        row = RemovedRow("cards", "17", "3", "c1", {"name": "secret"})
        receipt = receipt_of(plan, MASTER, CARD, removed=[row])
        redacted = redact_receipt(receipt, ["17"])
        assert "secret" in receipt.to_json()
        assert "secret" not in redacted.to_json()
        assert redacted.redacted == ("17", "3")
        assert (redacted.plan_id, redacted.ids) == (receipt.plan_id, receipt.ids)
        assert [row.row for row in redacted.removed] == ["c1"]

    def test_balances_before_and_after_stay(self) -> None:
        """So that the books still add up."""
        redacted = redact_receipt(receipt_of(plan_merge(MASTER, [CARD]), MASTER, CARD))
        held = [
            (card.id, *(balance.amount for balance in card.balances))
            for change in redacted.changes
            for card in (change.before, change.after)
            if card is not None
        ]
        points = [("3", Decimal(10)), ("3", Decimal(80)), ("17", Decimal(70)), ("17",)]
        assert held == points

    def test_a_created_customer_is_known_by_the_id_of_the_store(self) -> None:
        """Steps name it by the provisional one."""
        plan = Plan(
            kind=PlanKind.IMPORT,
            steps=[
                Create(Customer(id="new-1", last_name="secret")),
                Create(Customer(id="new-2", last_name="Berg")),
                AddValue("new-1", "flags", "secret"),
            ],
        )
        redacted = redact_receipt(receipt_of(plan), ["101"])
        assert "secret" not in redacted.to_json()
        assert [step.customer.last_name for step in redacted.steps if isinstance(step, Create)] == [
            None,
            "Berg",
        ]

    def test_of_an_import_the_others_keep_their_states_and_rows(self) -> None:
        """Only what is about the customer goes."""
        other = Customer(id="4", city="Bergen")
        steps = [SetField("17", "city", None, "secret"), SetField("4", "city", "Bergen", "Oslo")]
        plan = Plan(kind=PlanKind.IMPORT, expects=[Expectation.of(CARD)], steps=steps)
        rows = [
            RemovedRow("cards", "4", "5", "c1", {"name": "shown"}),
            RemovedRow("cards", "4", "17", "c2", {"name": "secret"}),
        ]
        receipt = receipt_of(plan, CARD, other, removed=rows)
        redacted = redact_receipt(receipt, ["17"])
        assert redacted.changes[1] == receipt.changes[1]
        assert redacted.removed == (rows[0], evolve(rows[1], columns={}))

    def test_strangers_leave_a_receipt_as_it_is(self) -> None:
        """Where none of the customers takes part."""
        receipt = receipt_of(plan_merge(MASTER, [CARD]), MASTER, CARD)
        assert redact_receipt(receipt, ["99"]) is receipt

    def test_it_is_written_and_read_back(self) -> None:
        """P10."""
        redacted = redact_receipt(receipt_of(plan_merge(MASTER, [CARD]), MASTER, CARD))
        assert Receipt.from_json(redacted.to_json()) == redacted


class TestUndo:
    def test_a_redacted_merge_is_not_undone(self) -> None:
        """An erased person is never restored."""
        receipt = receipt_of(plan_merge(MASTER, [CARD]), MASTER, CARD)
        now = [change.after for change in receipt.changes if change.after is not None]
        undo = plan_undo(redact_receipt(receipt), now)
        assert [(one.code, one.customers) for one in undo.blockers] == [("redacted", ("17", "3"))]
        assert undo.steps == ()

    def test_a_deleted_customer_who_is_redacted_does_not_come_back(self) -> None:
        """What concerns the others is undone, with a notice for that one."""
        other = Customer(id="4", city="Bergen")
        plan = Plan(
            kind=PlanKind.EDIT,
            expects=[Expectation.of(CARD), Expectation.of(other)],
            steps=[Delete(CARD), SetField("4", "city", "Bergen", "Oslo")],
        )
        redacted = redact_receipt(receipt_of(plan, CARD, other), ["17"])
        undo = plan_undo(redacted, [evolve(other, city="Oslo")])
        assert undo.steps == (SetField("4", "city", "Oslo", "Bergen"),)
        assert [(n.code, n.customers) for n in undo.notices] == [("customer_redacted", ("17",))]
