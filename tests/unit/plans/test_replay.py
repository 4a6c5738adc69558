"""Replay: the one interpreter of steps."""

from decimal import Decimal

import pytest

from dedupkit.customers import Address, Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.errors import ConfigurationError, InvalidCustomerError, PlanningError
from dedupkit.plans import (
    AddValue,
    Create,
    Delete,
    MoveWebProfile,
    Plan,
    PlanKind,
    RemoveValue,
    Restore,
    Retire,
    SetConsent,
    SetField,
    Step,
    TransferBalance,
    replay,
)

ANNA = Customer(id="1", city="Oslo", flags=["vip"], balances=[Balance("loyalty", "points", 5)])
BERIT = Customer(id="2", web_profile=WebProfile(id="w2"))

GRANT = Consent("newsletter", "email", ConsentState.GRANTED)


def test_given_customers_come_back_in_order_created_ones_last() -> None:
    """Whatever no step touches is handed on as it is."""
    after = replay([Create(Customer(id="new-1"))], {"2": BERIT, "1": ANNA})
    assert list(after) == ["2", "1", "new-1"]
    assert after["2"] is BERIT


def test_a_created_customer_can_be_changed_and_deleted() -> None:
    """Later steps see what earlier ones did."""
    created = Customer(id="new-1")
    named = Customer(id="new-1", city="Moss")
    steps: list[Step] = [Create(created), SetField("new-1", "city", None, "Moss"), Delete(named)]
    assert replay(steps, []) == {}


def test_balances_add_exactly_and_vanish_at_zero() -> None:
    """A transfer of all that there is leaves no balance behind."""
    step = TransferBalance(kind="loyalty", unit="points", amount=Decimal(5), source="1", target="2")
    after = replay([step], [ANNA, BERIT])
    assert (after["1"].balances, after["2"].balances) == ((), ANNA.balances)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (SetField("9", "city", None, "Oslo"), "customer '9' is not there"),
        (SetField("1", "city", "Moss", "Oslo"), "city of customer '1' is not as the step says"),
        (AddValue("1", "flags", "vip"), "has the value already"),
        (RemoveValue("1", "flags", "press"), "lacks the value"),
        (SetConsent("1", GRANT, None), "consents of customer '1'"),
        (MoveWebProfile(WebProfile(id="w2"), "1", None), "web_profile of customer '1'"),
        (MoveWebProfile(WebProfile(id="w1"), None, "2"), "web_profile of customer '2'"),
        (Restore("1", "2"), "merged_into of customer '1'"),
        (Create(ANNA), "is there already"),
        (Delete(Customer(id="1")), "customer '1' is not as the step says"),
        (Delete(Customer(id="8")), "customer '8' is not as the step says"),
        (SetField("1", "colour", None, "red"), "does not suit its field"),
        (SetField("1", "email.home", None, "a@x.example"), "does not suit its field"),
        (SetField("1", "address", ANNA.address, "Storgata 1"), "does not suit its field"),
        (AddValue("2", "city", "Oslo"), "does not suit its field"),
        (SetConsent("1", None, None), "does not suit its field"),
        (
            TransferBalance(
                kind="loyalty",
                unit="points",
                amount=Decimal("9" * 30),
                source="2",
                target="1",
            ),
            "does not suit its field",
        ),
    ],
)
def test_a_step_that_does_not_fit_is_named_with_its_place(step: Step, problem: str) -> None:
    """The message tells which step and why, without a value."""
    harmless = SetField("2", "city", None, "Bergen")
    with pytest.raises(PlanningError, match=r"^step 1 ") as caught:
        replay([harmless, step], [ANNA, BERIT])
    assert problem in str(caught.value)
    assert "Oslo" not in str(caught.value)


def test_a_plan_is_no_collection_of_steps() -> None:
    """Its steps are meant."""
    with pytest.raises(ConfigurationError, match=r"replay\(plan\.steps, customers\)"):
        replay(Plan(kind=PlanKind.EDIT), [ANNA])  # type: ignore[arg-type]  # what is told


def test_retiring_twice_does_not_fit() -> None:
    """A card redirects to one customer."""
    with pytest.raises(PlanningError, match="step 1"):
        replay([Retire("2", "1"), Retire("2", "1")], [ANNA, BERIT])


def test_a_value_of_the_wrong_shape_is_refused() -> None:
    """Whatever comes out is a valid customer."""
    with pytest.raises(InvalidCustomerError, match="birth_date"):
        replay([SetField("1", "birth_date", None, "yesterday")], [ANNA])


def test_an_address_is_set_twice() -> None:
    """The second step finds what the first has written."""
    home, other = Address(city="Oslo"), Address(street="Storgata 1", city="Bergen")
    steps = (SetField("1", "address", None, home), SetField("1", "address", home, other))
    assert replay(steps, [Customer(id="1")])["1"].address == other
