"""Plans and receipts as JSON: what is refused, and why."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from dedupkit.customers import Customer, FieldMap
from dedupkit.errors import PlanFormatError
from dedupkit.merging import plan_merge
from dedupkit.plans import CustomerChange, MergePlan, Plan, PlanKind, Receipt, RemovedRow
from dedupkit.plans.codec import receipt_texts

PLAN = plan_merge(Customer(id="1"), [Customer(id="2", flags=["vip"], first_name="Åse")])


#: A step as it is written.
STEP = {"step": "set_field", "customer": "1", "field": "notes", "after": None}


def changed(**members: Any) -> str:  # noqa: ANN401  # JSON has many types
    """Write the plan with other members; None takes one out."""
    data = {**json.loads(PLAN.to_json()), **members}
    return json.dumps({name: value for name, value in data.items() if value is not None})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (PLAN.to_json()[:-9], "cut off"),
        (None, "cut off"),
        ("[" * 100_000, "cut off"),
        ("[]", "no JSON object of the format"),
        (changed(format="other"), "no JSON object of the format"),
        (
            changed(version=2),
            "version 2 of 'customer-plan' was written by a newer dedupkit: upgrade",
        ),
        (changed(version=0), "version 0 of 'customer-plan' is too old"),
        (changed(version=None), "names no version"),
        (changed(version=True), "names no version"),
        (changed(version="anna"), "names no version"),
        (changed(id=None), "unknown or missing member 'id'"),
        (changed(kind="melt"), "a wrong member"),
        (changed(colour="blue"), "a wrong member"),
        (changed(steps=[{"step": "explode"}]), "unknown or missing member 'explode'"),
        (changed(master_id="2"), "altered"),
        (changed(warning="Harmless."), "altered"),
        (changed(warning=1.5), "was altered"),
        (changed(steps=[{**STEP, "before": json.loads("[" * 900 + "]" * 900)}]), "a wrong member"),
    ],
)
def test_what_is_no_whole_and_true_plan_is_refused(text: str, problem: str) -> None:
    """Cut off, of another format or version, incomplete, altered."""
    with pytest.raises(PlanFormatError, match=problem):
        Plan.from_json(text)


@pytest.mark.parametrize("text", ["{}", '{"format": "customer-receipt", "version": 1}'])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    """A plan is none either."""
    for wrong in (text, PLAN.to_json()):
        with pytest.raises(PlanFormatError):
            Receipt.from_json(wrong)


def test_members_at_their_default_are_left_out() -> None:
    """What is empty takes no room, and new members do not change old ids."""
    assert not {"conflicts", "blockers", "request"} & set(PLAN.to_dict())


def test_text_is_written_as_it_is_and_hashed_in_one_form() -> None:
    """Letters stay readable; the id does not depend on how JSON was written."""
    assert "Åse" in PLAN.to_json()
    spaced = json.dumps(json.loads(PLAN.to_json()), indent=2, sort_keys=True)
    assert MergePlan.from_json(spaced).id == PLAN.id


def test_what_is_wrong_with_a_receipt_is_told() -> None:
    """Which member, and what to do."""
    with pytest.raises(PlanFormatError, match=r"^not a receipt: .*'melt'.*write it anew"):
        Receipt.from_json(
            json.dumps({"format": "customer-receipt", "version": 1, "steps": [{"step": "melt"}]})
        )


def test_messages_repeat_no_value() -> None:
    """A plan that cannot be read does not leak what it holds."""
    text = changed(decisions=[{"field": "email", "secret": "anna@shop.example"}])
    with pytest.raises(PlanFormatError) as caught:
        Plan.from_json(text)
    assert "anna" not in str(caught.value)


def test_a_journal_holds_a_receipt_and_its_changes_apart() -> None:
    """A card that was created has nothing before, one that was deleted nothing after."""
    anna, moved = Customer(id="1", city="Oslo"), Customer(id="1", city="Bergen")
    receipt = Receipt(
        plan_id="p",
        kind=PlanKind.EDIT,
        by="anna",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        changes=[
            CustomerChange(None, anna),
            CustomerChange(anna, moved),
            CustomerChange(moved, None),
        ],
    )

    header, changes = receipt_texts(receipt)

    assert header == (
        '{"at":{"moment":"2026-01-01T00:00:00+00:00"},"by":"anna","format":"customer-receipt",'
        '"kind":"edit","plan_id":"p","version":1}'
    )
    oslo, bergen = (f'{{"customer":{{"city":"{city}","id":"1"}}}}' for city in ("Oslo", "Bergen"))
    assert changes == (
        f'{{"after":{oslo},"before":null}}',
        f'{{"after":{bergen},"before":{oslo}}}',
        f'{{"after":null,"before":{bergen}}}',
    )


def test_what_equals_a_default_is_left_out() -> None:
    """Equal receipts read alike, whoever made the map without entries that both hold."""
    one, other = (
        Receipt(
            plan_id="p",
            kind=PlanKind.MERGE,
            by="anna",
            at=datetime(2026, 1, 1, tzinfo=UTC),
            removed=[row],
        )
        for row in (
            RemovedRow("clubs", "2", "1", "r"),
            RemovedRow("clubs", "2", "1", "r", FieldMap()),
        )
    )

    assert one == other
    assert one.to_json() == other.to_json()
