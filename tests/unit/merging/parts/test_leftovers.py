"""What is not chosen and not lost, under the policy that keeps all contacts."""

from datetime import date
from typing import Any

from dedupkit.customers import Address, Customer
from dedupkit.merging import MergePolicy, plan_merge
from dedupkit.plans import replay

MASTER = Customer(
    id="1",
    last_name="Larsen",
    email="a@shop.example",
    mobile="+47 912 34 567",
    city="Oslo",
    notes="vegetarian",
    extra={"tier": 1},
)
OTHER = Customer(
    id="2",
    last_name="Hansen",
    email="b@shop.example",
    mobile="+4791234567",
    home_phone="22 33 44 55",
    city="Bergen",
    birth_date=date(1980, 2, 29),
    other_emails=["A@shop.example", "c@shop.example"],
    notes="regular",
    extra={"tier": 2, "vat_no": "NO1"},
)


def merged(**corrections: Any) -> Customer:  # noqa: ANN401  # fields have many types
    """Merge the other card into the master."""
    policy = MergePolicy.keep_all_contacts()
    plan = plan_merge(MASTER, [OTHER], policy=policy, corrections=corrections)
    return replay(plan.steps, [MASTER, OTHER])["1"]


def test_contacts_that_are_not_chosen_become_further_ones() -> None:
    """Once each, and not in another spelling of one that is there."""
    after = merged()
    assert after.other_emails == ("A@shop.example", "c@shop.example", "b@shop.example")
    assert after.other_phones == ()
    assert after.other_addresses == (Address(city="Bergen"),)


def test_blanks_are_filled() -> None:
    """Of the host's own fields too."""
    after = merged()
    assert (after.home_phone, after.birth_date) == ("22 33 44 55", date(1980, 2, 29))
    assert after.extra == {"tier": 1, "vat_no": "NO1"}


def test_other_values_are_appended_to_the_notes_by_name() -> None:
    """A clerk reads what the other card said."""
    assert merged().notes == "vegetarian\nregular\nlast_name: Hansen\nextra.tier: 2"


def test_what_was_corrected_away_goes_nowhere() -> None:
    """The clerk knows that the master's old values are wrong."""
    after = merged(email="new@shop.example", last_name="Ås")
    assert "a@shop.example" not in {email.lower() for email in after.other_emails}
    assert after.notes is not None
    assert "Larsen" not in after.notes


def test_collections_and_notes_that_were_typed_stay_as_typed() -> None:
    """The last word is the clerk's."""
    after = merged(other_emails=["only@shop.example"], notes=None)
    assert (after.other_emails, after.notes) == (("only@shop.example",), None)


def test_merging_again_adds_nothing() -> None:
    """Lines and contacts that are there already are not repeated."""
    after = merged()
    plan = plan_merge(after, [OTHER], policy=MergePolicy.keep_all_contacts())
    assert replay(plan.steps, [after, OTHER])["1"] == after
