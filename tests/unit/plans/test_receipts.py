"""Receipts: what an execution has done."""

from datetime import UTC, datetime

from dedupkit.customers import Customer
from dedupkit.plans import CustomerChange, MovedRows, PlanKind, Receipt, RemovedRow, UndoReason

AT = datetime(2026, 5, 4, tzinfo=UTC)

ANNA = Customer(id="1", first_name="Anna")


def test_ids_are_those_of_the_changes() -> None:
    """Created ones by the id that the store chose, deleted ones by the one they had."""
    changes = [CustomerChange(None, ANNA), CustomerChange(Customer(id="2"), None)]
    receipt = Receipt(plan_id="p", kind=PlanKind.EDIT, by="anna", at=AT, changes=changes)
    assert receipt.ids == ("1", "2")


def test_a_change_of_nothing_has_no_id() -> None:
    """It cannot arise, and is no exception."""
    assert CustomerChange(None, None).id == ""


def test_json_round_trip() -> None:
    """A receipt is read back with customers, rows and reasons."""
    receipt = Receipt(
        plan_id="p",
        kind=PlanKind.UNDO,
        by="anna",
        at=AT,
        changes=[CustomerChange(ANNA, ANNA)],
        moved=[MovedRows("orders", "2", "1", ["o1"])],
        removed=[RemovedRow("cards", "2", "1", "c1", {"n": 1})],
        undoes="q",
        because=UndoReason.NOT_THE_SAME,
        undone_by="r",
    )
    assert Receipt.from_json(receipt.to_json()) == receipt
    assert receipt.to_dict()["because"] == "not_the_same"
