"""What is not chosen and not lost, under the policy that keeps all contacts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from attrs import evolve

from dedupkit.customers import CONTACT_FIELDS, Address, Customer, read_path
from dedupkit.merging import MergePolicy, Resolution, concatenate, plan_merge
from dedupkit.plans import AddValue, SetField, replay

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
    assert merged().notes == "vegetarian\nregular\nlast name: Hansen\ntier: 2"


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


def test_lines_of_a_form_are_lines_too() -> None:
    """A browser ends them in its own way."""
    noted = Customer(id="1", language="no", notes="called\r\nlanguage: nb\r\nthanks")
    plan = plan_merge(
        noted, [Customer(id="2", language="nb")], policy=MergePolicy.keep_all_contacts()
    )
    assert replay(plan.steps, [noted, Customer(id="2", language="nb")])["1"].notes == noted.notes


def test_a_field_of_the_host_of_the_same_name_says_nothing_new() -> None:
    """One line is enough for both."""
    cards = [
        Customer(id="1", language="no", extra={"language": "no"}),
        Customer(id="2", language="nb", extra={"language": "nb"}),
    ]
    plan = plan_merge(cards[0], cards[1:], policy=MergePolicy.keep_all_contacts())
    assert replay(plan.steps, cards)["1"].notes == "language: nb"


def test_notes_come_from_every_card_that_they_repeat() -> None:
    """By a note of its own, or by a value that was not chosen."""
    cards = [
        Customer(id="1", last_name="Larsen"),
        Customer(id="2", notes="regular"),
        Customer(id="3", last_name="Hansen"),
        Customer(id="4", last_name="Larsen"),
        Customer(id="5", extra={"tier": 2}),
    ]
    policy = evolve(MergePolicy.keep_all_contacts(), fields={"notes": concatenate})
    plan = plan_merge(cards[0], cards[1:], policy=policy)
    (step,) = (s for s in plan.steps if isinstance(s, SetField) and s.field == "notes")
    assert step.after == "regular\nlast name: Hansen\ntier: 2"
    assert step.origin == ("2", "3", "5")


def test_a_line_within_another_is_not_there() -> None:
    """Ann is not noted already where Anna is."""
    master, other = Customer(id="1", notes="first name: Anna"), Customer(id="2", first_name="Ann")
    named = evolve(master, first_name="Bo")
    plan = plan_merge(named, [other], policy=MergePolicy.keep_all_contacts())
    after = replay(plan.steps, [named, other])["1"]
    assert after.notes == "first name: Anna\nfirst name: Ann"


def test_merging_again_adds_nothing() -> None:
    """Lines and contacts that are there already are not repeated."""
    after = merged()
    plan = plan_merge(after, [OTHER], policy=MergePolicy.keep_all_contacts())
    assert replay(plan.steps, [after, OTHER])["1"] == after


def test_a_value_of_the_master_that_is_not_chosen_is_noted_too() -> None:
    """Whoever's it was."""
    policy = MergePolicy(default=latest_of_two, keep_not_chosen=True)
    plan = plan_merge(
        Customer(id="1", language="nb"), [Customer(id="2", language="en")], policy=policy
    )
    master = replay(plan.steps, [Customer(id="1", language="nb"), Customer(id="2", language="en")])
    assert (master["1"].language, master["1"].notes) == ("en", "language: nb")


def latest_of_two(field: str, _: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take the duplicate's value."""
    return Resolution(read_path(duplicates[0], field), duplicates[0].id)


def test_a_decision_names_the_rule_that_kept_a_value_only_where_it_did() -> None:
    """What stays as the resolver chose bears the resolver's name, and notes lose no line."""
    plan = plan_merge(MASTER, [OTHER], policy=MergePolicy.keep_all_contacts())
    rules = {decision.field: decision.rule for decision in plan.decisions}
    kept = {field for field, rule in rules.items() if rule == "keep_not_chosen"}
    assert kept == {"other_emails", "other_addresses", "notes"}
    [notes] = [decision for decision in plan.decisions if decision.field == "notes"]
    assert notes.not_chosen == ()


def test_decisions_come_in_the_order_of_the_fields() -> None:
    """Those that are made for what was not chosen stand among the others."""
    other = Customer(id="2", mobile="+47 40 00 00 01", language="en", extra={"tier": 2})
    plan = plan_merge(MASTER, [other], policy=MergePolicy.keep_all_contacts())
    fields = [d.field for d in plan.decisions if d.field in CONTACT_FIELDS]
    assert fields == [field for field in CONTACT_FIELDS if field in fields]
    assert {"other_phones", "notes"} <= set(fields)


def test_a_further_contact_comes_from_the_cards_that_had_it() -> None:
    """In whatever field."""
    others = [
        Customer(id="2", mobile="+47 40 00 00 01"),
        Customer(id="3", home_phone="+47 40 00 00 01"),
        Customer(id="4", email="d@shop.example"),
    ]
    master = evolve(MASTER, home_phone="+47 22 00 00 00")
    plan = plan_merge(master, others, policy=MergePolicy.keep_all_contacts())
    added = {(step.value, step.origin) for step in plan.steps if isinstance(step, AddValue)}
    assert ("d@shop.example", ("4",)) in added
    assert ("+47 40 00 00 01", ("2", "3")) in added
