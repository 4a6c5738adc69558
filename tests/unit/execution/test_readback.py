"""Reading back: what is compared with the replay, and what is the store's own."""

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Customer
from dedupkit.errors import StoreError
from dedupkit.execution.readback import check_kept, check_totals
from dedupkit.plans import MergePlan, Plan, TransferBalance, UndoPlan

ANNA = Customer(id="1", city="Oslo", balances=[Balance("loyalty", "points", 5)])
FEWER = evolve(ANNA, balances=[Balance("loyalty", "points", 3)])


def undo(settled_by: str | None) -> UndoPlan:
    """An undo that moves points back."""
    back = TransferBalance(
        kind="loyalty", unit="points", amount=2, source="1", target="2", settled_by=settled_by
    )
    return UndoPlan(undoes="0" * 64, steps=[back])


def kept(plan: Plan, found: Customer) -> bool:
    """Whether a store that should hold Anna may hold another state."""
    try:
        check_kept(plan, {"1": ANNA}, {"1": found})
    except StoreError:
        return False
    return True


def test_what_rows_add_up_to_after_an_undo_is_the_store_s_to_say() -> None:
    """The rows may have changed since."""
    assert kept(undo("lots"), FEWER)


def test_a_stored_amount_is_compared_after_an_undo_too() -> None:
    """Nobody but the plan writes it."""
    assert not kept(undo(None), FEWER)


def test_all_other_fields_are_compared_after_an_undo() -> None:
    """Whatever rows add up to."""
    assert not kept(undo("lots"), evolve(ANNA, city="Moss"))


def test_amounts_that_cancel_out_may_be_gone() -> None:
    """Nothing is as good as zero."""
    debt = Customer(id="2", balances=[Balance("loyalty", "points", -5)])
    plan = MergePlan(master_id="1", duplicates=())
    check_totals(plan, {"1": ANNA, "2": debt}, {"1": evolve(ANNA, balances=())})
    with pytest.raises(StoreError, match="loyalty in points"):
        check_totals(plan, {"1": ANNA}, {"1": FEWER})


def test_all_that_the_store_did_not_keep_is_named() -> None:
    """Fields, customers that are gone, and those that are still there."""
    expected = {"1": ANNA, "2": None, "3": Customer(id="3"), "4": None}
    found = {"1": evolve(ANNA, city="Moss"), "2": Customer(id="2"), "4": Customer(id="4")}
    with pytest.raises(StoreError, match=r"city of customer 1\b.* 2 is .* 3 is not .* 4 is still"):
        check_kept(MergePlan(master_id="1", duplicates=()), expected, found)
