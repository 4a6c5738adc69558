"""The steps: what they touch, how they replay, how they are taken back, and their JSON."""

import pytest
from attrs import evolve

from dedupkit.customers import Address, Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.plans import (
    STEP_TYPES,
    AddValue,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    MoveWebProfile,
    Plan,
    PlanKind,
    RemoveValue,
    Repoint,
    Restore,
    Retire,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    TransferBalance,
    replay,
    touched,
)
from dedupkit.plans.steps import renamed

PROFILE = WebProfile(id="w2", username="anna")
GRANT = Consent("newsletter", "email", ConsentState.GRANTED)

ONE = Customer(id="1", city="Oslo", flags=["vip"], other_emails=["a@b.no"], consents=[GRANT])
TWO = Customer(
    id="2",
    web_profile=PROFILE,
    balances=[Balance("loyalty", "points", 5)],
    extra={"tier": 1},
    external_ids={"app": ["a2"]},
)
GONE = Customer(id="3", merged_into="1")

REGISTER = (ONE, TWO, GONE)

#: At least one of every kind; each fits `REGISTER` by itself.
STEPS: tuple[Step, ...] = (
    SetField("1", "email", None, "anna@shop.example", origin=("2",)),
    SetField("1", "address", Address(city="Oslo"), Address(city="Moss")),
    SetField("1", "address", Address(city="Oslo"), None),
    SetField("2", "extra.tier", 1, None),
    AddValue("1", "flags", "press"),
    AddValue("1", "other_emails", "c@d.no"),
    AddValue("1", "external_ids.app", "a1"),
    RemoveValue("1", "flags", "vip"),
    RemoveValue("1", "other_emails", "a@b.no"),
    RemoveValue("2", "external_ids.app", "a2"),
    SetConsent("1", GRANT, None),
    SetConsent("2", None, GRANT),
    MoveWebProfile(PROFILE, "2", "1"),
    MoveWebProfile(PROFILE, "2", None),
    MoveWebProfile(WebProfile(id="w1"), None, "1"),
    SetWebProfile("2", PROFILE, WebProfile(id="w2", username="anne")),
    TransferBalance(kind="loyalty", unit="points", amount="2.5", source="2", target="1"),
    Repoint("orders", "2", "1"),
    Repoint("orders", "2", "1", only=("o1", "o2")),
    Repoint("invoices", "2", "1", only=()),
    Retire("2", "1"),
    Restore("3", "1"),
    Create(Customer(id="new-1", first_name="Åse")),
    Delete(TWO),
    CreateGroup("choir"),
    DeleteGroup("choir"),
)


def test_every_kind_is_among_the_samples() -> None:
    """So that no kind goes untested."""
    assert {type(step) for step in STEPS} == set(STEP_TYPES.values())


@pytest.mark.parametrize("position", range(len(STEPS)))
class TestEveryStep:
    def test_inverse_takes_it_back(self, position: int) -> None:
        """Replaying a step and its inverse changes nothing; so does inverting twice."""
        step = STEPS[position]
        assert step.inverse().inverse() == step
        after = replay([step], REGISTER)
        assert replay([step.inverse()], after) == {card.id: card for card in REGISTER}

    def test_inverse_comes_from_the_same_cards(self, position: int) -> None:
        """Whoever reads an undo sees which cards its steps are about."""
        step = evolve(STEPS[position], origin=("8", "9"))
        assert step.inverse().origin == ("8", "9")

    def test_only_the_touched_change(self, position: int) -> None:
        """Replay changes no customer that the step does not name."""
        step = STEPS[position]
        after = replay([step], REGISTER)
        for card in REGISTER:
            assert card.id in touched(step) or after[card.id] == card

    def test_json_round_trip(self, position: int) -> None:
        """A plan of this one step is read back as it was written."""
        plan = Plan(kind=PlanKind.EDIT, steps=(STEPS[position],))
        assert Plan.from_json(plan.to_json()) == plan

    def test_repr_shows_no_values(self, position: int) -> None:
        """Names, addresses and logins stay out of logs."""
        shown = repr(STEPS[position])
        assert not any(word in shown for word in ("anna", "Oslo", "Åse", "a@b"))

    def test_renaming_reaches_every_side(self, position: int) -> None:
        """Where the store chose other ids, every id of the step follows."""
        ids = {"1": "one", "2": "two", "3": "three", "new-1": "1001"}
        step = STEPS[position]
        other = renamed(step, ids)
        assert touched(other) == tuple(ids[card] for card in touched(step))
        assert renamed(step, {}) == step


@pytest.mark.parametrize("step", [Retire("new-2", "new-1"), Restore("new-2", "new-1")], ids=repr)
def test_renaming_reaches_the_redirect(step: Retire | Restore) -> None:
    """A card may be retired into one that the same plan creates."""
    other = renamed(step, {"new-1": "1001", "new-2": "1002"})
    assert isinstance(other, type(step))
    assert (other.customer, other.into) == ("1002", "1001")


def test_rows_are_taken_from_any_collection() -> None:
    """A list of rows is frozen, so that a plan which names them has an id."""
    step = Repoint("orders", "2", "1", only=["o1", "o2"])

    assert step.only == ("o1", "o2")
    assert Plan(kind=PlanKind.EDIT, steps=[step]).id


def test_origin_does_not_change_what_a_step_does() -> None:
    """It is told to people, nothing reads it."""
    step = STEPS[0]
    assert replay([step], REGISTER) == replay([evolve(step, origin=())], REGISTER)
