"""Plans as text that a clerk can read."""

from typing import Any

import pytest
from attrs import evolve

from dedupkit.customers import (
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    Judgement,
    Verdict,
    WebProfile,
)
from dedupkit.merging import FlagRules, MergePolicy, ask_person, keep_master, plan_merge
from dedupkit.plans import (
    AddValue,
    Blocker,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    Disposition,
    Expectation,
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
    Total,
    TransferBalance,
    UndoPlan,
    redact_plan,
)
from dedupkit.plans.describe import REDACTED, card_names, describe_step, headline, total_text

PROFILE = WebProfile(id="w2", username="anna")
GRANT = Consent("newsletter", "email", ConsentState.GRANTED, endpoint="a@b.no")

ANNA = Customer(id="1", first_name="Anna", last_name="Larsen", email="a@b.no", flags=["vip"])
ANN = Customer(id="2", name="Larsen, Ann", email="ann@b.no", consents=[GRANT], web_profile=PROFILE)
FIRM = Customer(id="3", company="Fjord AS", consents=[GRANT])
NAMELESS = Customer(id="4")
FIRM_DELETED = (
    "customer 3 is deleted: company Fjord AS; consents newsletter by email granted (a@b.no)"
)


def expecting(count: int) -> list[Expectation]:
    """Name the customers 1, 2, …."""
    return [Expectation(str(number), None, "") for number in range(1, count + 1)]


def test_a_merge_reads_from_top_to_bottom() -> None:
    """Who, what becomes of each, every field with what is not chosen, what moves, the warning."""
    plan = plan_merge(
        ANNA, [ANN, NAMELESS], relations=["orders"], dispositions={"4": Disposition.SKIP}
    )
    assert (
        plan.describe()
        == """\
Merge into Anna Larsen (1)
  Larsen, Ann (2): merged; its id redirects to the master
  customer 4: left out

Fields
  name: (blank)   [keep_master]
      not chosen: Larsen, Ann (2)
  first name: Anna   [keep_master from 1]
  last name: Larsen   [keep_master from 1]
  email: a@b.no   [keep_master from 1]
      not chosen: ann@b.no (2)
  flags: vip   [union]
  consents: newsletter by email granted (a@b.no)   [refusal_wins, with 2]
  web profile: anna   [verified_first from 2]

What moves
  web profile anna: 2 -> 1
  orders: 2 -> 1

Notices
  the web profile of 2 is not verified and would gain rows or balances of another card

Customer 1 takes over orders of customer 2; customer 2 disappears from the register."""
    )


def test_questions_show_how_they_are_answered() -> None:
    """The keys are those that ``resolutions`` takes."""
    text = plan_merge(ANNA, [ANN], policy=MergePolicy(fields={"email": ask_person})).describe()
    assert "answer '2' to 'email': ann@b.no" in text
    assert "email: a@b.no   [needs an answer]\n      or: ann@b.no (2)" in text


def test_a_value_that_is_no_answer_is_not_offered() -> None:
    """What a kept card has stays on it."""
    kept = Customer(id="3", email="kept@b.no")
    plan = plan_merge(
        ANNA,
        [ANN, kept],
        policy=MergePolicy(fields={"email": ask_person}),
        dispositions={"3": Disposition.KEEP},
    )
    lines = "      or: ann@b.no (2)\n      not chosen: kept@b.no (3)\n"
    assert f"email: a@b.no   [needs an answer]\n{lines}" in plan.describe()


def test_ids_of_other_systems_are_offered_with_their_card() -> None:
    """A choice is all that a card has there; each of them is one answer's."""
    cards = [Customer(id=i, external_ids={"app": [f"a{i}", f"b{i}"]}) for i in "12"]
    text = plan_merge(cards[0], cards[1:], policy=MergePolicy(single_systems=["app"])).describe()
    assert "app: a1, b1   [needs an answer]\n      or: a1 (1); b1 (1)" not in text
    assert "app: a1, b1   [needs an answer]\n      or: a2 (2); b2 (2)\n" in text


def test_further_contacts_name_every_card_that_gave_one() -> None:
    """Those that had them in this field and those that had them in another."""
    others = [
        Customer(id="2", other_phones=["+47 2"]),
        Customer(id="3", mobile="+47 3", home_phone="+47 4"),
    ]
    policy = MergePolicy.keep_all_contacts()
    text = plan_merge(Customer(id="1", mobile="+47 1"), others, policy=policy).describe()
    assert "with 2 and 3]" in text


def test_answers_that_are_words_stand_alone() -> None:
    """What would be written behind them is no more than yes or no."""
    policy = MergePolicy(flags=FlagRules(permissive=["vip"]))
    text = plan_merge(ANN, [ANNA], policy=policy).describe()
    assert "answer 'leave' to 'flags.vip'\n" in text


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (MergePolicy(), "flags: press, vip   [union, with 3 and 4]"),
        (MergePolicy.fill_blanks(), "mobile: +47 1   [fill_blank from 3, blank on the master]"),
        (MergePolicy(), "email: a@b.no   [keep_master from 1]"),
        (
            MergePolicy(default=keep_master, keep_not_chosen=True),
            "other phones: +47 1   [keep_not_chosen, nothing is lost, with 3 and 4]",
        ),
    ],
)
def test_every_value_says_where_it_comes_from(policy: MergePolicy, expected: str) -> None:
    """One card, or all that added something."""
    others = [Customer(id=i, mobile="+47 1", flags=["press"]) for i in ("3", "4")]
    assert f"  {expected}\n" in plan_merge(ANNA, others, policy=policy).describe()


def test_a_correction_comes_from_no_card() -> None:
    """Though another card may hold the same value."""
    others = [Customer(id="2", city="Oslo", flags=["vip"])]
    typed = {"address": Address(city="Oslo"), "flags": ["vip"]}
    text = plan_merge(Customer(id="1"), others, corrections=typed).describe()
    assert "  address: Oslo   [correction]\n" in text
    assert "  flags: vip   [correction]\n" in text


def test_questions_about_own_fields_and_flags_stand_at_their_field() -> None:
    """Whatever dots their names have."""
    policy = MergePolicy(fields={"extra": ask_person}, flags=FlagRules(permissive=["a.b"]))
    other = Customer(id="2", extra={"tier": "gold"}, flags=["a.b"])
    text = plan_merge(Customer(id="1", extra={"tier": "tin"}), [other], policy=policy).describe()
    assert "  tier: tin   [needs an answer]\n      or: gold (2)\n" in text
    assert "  flags: (blank)   [needs an answer]\n      or: a.b (2)\n" in text


def test_no_value_can_begin_a_line_of_its_own() -> None:
    """Lines of a note are indented below their field."""
    note = Customer(id="2", notes="first\nForbidden\n  nothing")
    text = plan_merge(note, [NAMELESS]).describe()
    assert "\n  notes: first\n        Forbidden\n          nothing   [keep_master" in text


def test_a_redacted_plan_says_so() -> None:
    """Nobody wonders where the values are; of what was found, code and customers are left."""
    integration = Blocker(code="connected_integration")
    plan = plan_merge(ANNA, [ANN], relations=["orders"], blockers=[integration])
    text = redact_plan(plan).describe()
    assert REDACTED in text
    assert "Notices\n  unverified profile gains: 2\n" in text
    assert "Forbidden\n  connected integration: the register\n" in text


def test_what_forbids_the_merge_is_named() -> None:
    """With the answer that needs no value."""
    said = [Judgement("1", "3", Verdict.DIFFERENT)]
    text = plan_merge(ANNA, [FIRM], judgements=said).describe()
    assert "1 and 3 were judged to be different customers" in text
    assert "answer 'merge' to 'person_and_organization'\n" in text


def test_names_of_cards() -> None:
    """One name field, two, or the company; a card without any is not in it."""
    plan = plan_merge(ANNA, [ANN, FIRM, NAMELESS])
    assert card_names(plan) == {"1": "Anna Larsen", "2": "Larsen, Ann", "3": "Fjord AS"}


def test_refusals_copied_to_a_kept_card_are_told() -> None:
    """They change another card than the master."""
    refused = Customer(id="1", consents=[Consent("offers", "sms", ConsentState.OBJECTED)])
    plan = plan_merge(refused, [ANN], dispositions={"2": Disposition.KEEP})
    assert "  2: offers by sms none -> objected" in plan.describe()


def test_other_plans_list_their_steps() -> None:
    """An edit, an import, an undo."""
    plan = Plan(kind=PlanKind.EDIT, steps=(SetField("1", "city", None, "Oslo"),))
    assert plan.describe() == "Edit of no customer\n\nChanges\n  1: city (blank) -> Oslo"


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Plan(kind=PlanKind.EDIT, expects=expecting(1)), "Edit of customer 1"),
        (Plan(kind=PlanKind.EDIT, expects=expecting(5)), "Edit of customers 1, 2, 3, 4, 5"),
        (
            Plan(kind=PlanKind.EDIT, expects=expecting(7)),
            "Edit of customers 1, 2, 3, 4, 5 and 2 more",
        ),
        (Plan(kind=PlanKind.IMPORT, steps=[Create(ANNA)]), "Import of 1 new customer"),
        (
            Plan(kind=PlanKind.IMPORT, expects=expecting(2), steps=[Create(ANN), Create(FIRM)]),
            "Import of customers 1, 2 and 2 new customers",
        ),
        (
            UndoPlan(undoes="0" * 64, expects=expecting(2)),
            "Undo of what was done to customers 1, 2",
        ),
        (plan_merge(ANNA, [ANN]), "Merge into 1"),
    ],
)
def test_headlines(plan: Plan, expected: str) -> None:
    """What happens to whom, in a line."""
    assert headline(plan) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (AddValue("1", "flags", "vip"), "1: flags gets vip"),
        (RemoveValue("1", "external_ids.app", "a1"), "1: app loses a1"),
        (SetConsent("1", GRANT, None), "1: newsletter by email at a@b.no granted -> none"),
        (SetConsent("1", None, None), "1: no consent"),
        (MoveWebProfile(PROFILE, "1", None), "web profile anna: deleted from 1"),
        (MoveWebProfile(PROFILE, None, "1"), "web profile anna: attached to 1"),
        (
            SetWebProfile("1", PROFILE, WebProfile(id="w2", username="anne", active=False)),
            "web profile anne: username anna -> anne, active True -> False",
        ),
        (
            TransferBalance(
                kind="loyalty",
                unit="points",
                programme="club",
                amount="5.0",
                source="2",
                target="1",
                settled_by="lots",
            ),
            "5 points of loyalty (club): 2 -> 1, with the rows of lots",
        ),
        (SetField("1", "city", "Moss", "Oslo"), "1: city Moss -> Oslo"),
        (
            TransferBalance(kind="store_credit", unit="NOK", amount=7, source="2", target="1"),
            "7 NOK of store_credit: 2 -> 1",
        ),
        (Repoint("orders", "2", "1", only=("o1", "o2")), "orders (2 rows): 2 -> 1"),
        (Repoint("orders", "2", "1", only=("o1",)), "orders (1 row): 2 -> 1"),
        (Repoint("orders", "2", "1", only=()), "orders: those of 2 stay"),
        (Retire("2", "1"), "2 retires into 1"),
        (Restore("2", "1"), "2 comes back from 1"),
        (Create(NAMELESS), "customer 4 is created"),
        (Delete(FIRM), FIRM_DELETED),
        (CreateGroup("choir"), "group choir is created"),
        (DeleteGroup("choir"), "group choir is deleted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_steps_in_words(step: Step, expected: str) -> None:
    """One line a step."""
    assert describe_step(step) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"after": 5}, "loyalty: 5 points, all cards together"),
        ({"after": 7, "programme": "club"}, "loyalty (club): 5 -> 7 points, all cards together"),
    ],
)
def test_totals_in_words(parts: dict[str, Any], expected: str) -> None:
    """A change is shown where there is one."""
    assert total_text(Total(kind="loyalty", unit="points", before=5, **parts)) == expected


def test_sections_come_in_one_order_after_a_blank_line() -> None:
    """What is decided, what moves, what is held together, what to know, what stands in the way."""
    cards = [
        Customer(id="1", email="a@b.no", balances=[Balance("loyalty", "points", 5)]),
        Customer(id="2", email="ann@b.no", web_profile=PROFILE),
    ]
    plan = plan_merge(
        cards[0],
        cards[1:],
        policy=MergePolicy(fields={"email": ask_person}),
        relations=["orders"],
        blockers=[Blocker(code="connected_integration")],
    )
    text = evolve(plan, original_id=plan.id).describe()
    lines = text.splitlines()
    titles = ["Fields", "What moves", REDACTED, "Totals", "Notices", "Needs an answer", "Forbidden"]
    assert [line for line in lines[1:] if line and not line.startswith(" ")] == [
        *titles,
        plan.warning,
    ]
    assert all(lines[lines.index(title) - 1] == "" for title in [*titles, plan.warning])
    assert "Totals\n  loyalty: 5 points, all cards together\n" in text


def test_cards_and_values_that_are_not_chosen_are_listed() -> None:
    """Each value once, with every card that holds it."""
    others = [
        Customer(id="3", city="Moss"),
        Customer(id="4", city="Moss"),
        Customer(id="5", city="Bergen"),
    ]
    text = plan_merge(Customer(id="1", city="Oslo"), others).describe()
    assert "      not chosen: Moss (3, 4); Bergen (5)\n" in text
