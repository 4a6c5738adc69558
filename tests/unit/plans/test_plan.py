"""Plans: ids, expectations, applicability."""

from decimal import Decimal

import pytest
from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.errors import PlanFormatError
from dedupkit.merging import plan_merge
from dedupkit.plans import (
    Blocker,
    Conflict,
    Expectation,
    MergePlan,
    Notice,
    Plan,
    PlanKind,
    Total,
    UndoPlan,
)

ANNA = Customer(id="1", email="anna@shop.example", version="7")
ANN = Customer(id="2", email="ann@shop.example")


class TestExpectation:
    def test_met_by_the_same_customer(self) -> None:
        """Version and every field."""
        assert Expectation.of(ANNA).is_met_by(evolve(ANNA))

    @pytest.mark.parametrize(
        "now", [None, evolve(ANNA, version="8"), evolve(ANNA, email="other@shop.example"), ANN]
    )
    def test_not_met_by_any_other(self, now: Customer | None) -> None:
        """Gone, another version, another value, another customer."""
        assert not Expectation.of(ANNA).is_met_by(now)


class TestId:
    def test_every_part_of_a_plan_counts(self) -> None:
        """A plan with another notice, request or step is another plan."""
        plan = plan_merge(ANNA, [ANN])
        others = (
            evolve(plan, notices=(Notice(code="x"),)),
            evolve(plan, request="r"),
            evolve(plan, steps=()),
            evolve(plan, master_id="2"),
        )
        assert len({plan.id, *(other.id for other in others)}) == len(others) + 1

    def test_is_a_sha_256(self) -> None:
        """64 hexadecimal digits."""
        assert len(bytes.fromhex(Plan(kind=PlanKind.EDIT).id)) == 32


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"notices": (Notice(code="x"),)}, True),
        ({"conflicts": (Conflict(code="x", key="x"),)}, False),
        ({"blockers": (Blocker(code="x"),)}, False),
    ],
)
def test_applicable(changes: dict[str, tuple[object, ...]], expected: bool) -> None:
    """A notice only tells; a conflict and a blocker stop."""
    plan = Plan(kind=PlanKind.EDIT, **changes)  # type: ignore[arg-type]  # one of several
    assert plan.is_applicable is expected


def test_ids_are_those_expected() -> None:
    """The master first."""
    assert plan_merge(ANNA, [ANN]).ids == ("1", "2")


def test_kinds_are_fixed_for_merges_and_undos() -> None:
    """Their class says what they do."""
    assert plan_merge(ANNA, [ANN]).kind is PlanKind.MERGE
    assert UndoPlan(undoes="x").kind is PlanKind.UNDO


def test_totals_read_amounts_exactly() -> None:
    """Text, never floats."""
    assert Total(kind="loyalty", unit="points", before="1.5", after=2).before == Decimal("1.5")


def test_a_plan_draws_itself() -> None:
    """As text, as JSON data, as a card."""
    plan = plan_merge(ANNA, [ANN])
    assert "Merge into" in plan.describe()
    assert plan.to_dict()["id"] == plan.id
    assert "<table" in plan._repr_html_()
    assert isinstance(Plan.from_json(plan.to_json()), MergePlan)
    with pytest.raises(PlanFormatError, match="kind 'merge' is no UndoPlan"):
        UndoPlan.from_json(plan.to_json())
