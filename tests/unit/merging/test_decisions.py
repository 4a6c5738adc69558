"""Why each field of a merge is what it is: every decision with its rule, source and candidates."""

from collections.abc import Callable
from typing import Any

import pytest

from dedupkit.customers import Balance, Customer, WebProfile
from dedupkit.merging import MergePolicy, plan_merge, union
from dedupkit.plans import (
    Candidate,
    Decision,
    Disposition,
    MergePlan,
    MoveWebProfile,
    Repoint,
    Retire,
    SetField,
    SetWebProfile,
)

BARE = Customer(id="1")
KEPT = {"2": Disposition.KEEP}


def merge(*cards: Customer, **arguments: Any) -> MergePlan:  # noqa: ANN401  # of plan_merge
    """Plan the merge of cards into the first."""
    return plan_merge(cards[0], cards[1:], **arguments)


def card(ident: int, /, **fields: Any) -> Customer:  # noqa: ANN401  # of a customer
    """Make a card."""
    return Customer(id=str(ident), **fields)


def of(value: object, *cards: str) -> Candidate:
    """Make a candidate that is chosen."""
    return Candidate(value, cards)


def no(value: object, *cards: str) -> Candidate:
    """Make a candidate that is not."""
    return Candidate(value, cards, is_chosen=False)


LOGINS = [WebProfile(id=f"w{number}", verified=True) for number in range(4)]
POINTS = [Balance("loyalty", "points", amount) for amount in range(6)]

DECISIONS: list[tuple[Callable[[], MergePlan], Decision]] = [
    (
        lambda: merge(card(1, balances=[POINTS[2]]), card(2, balances=[POINTS[3]])),
        Decision(
            field="balances",
            rule="transfer",
            value=(POINTS[5],),
            candidates=[of(POINTS[2], "1"), of(POINTS[3], "2")],
        ),
    ),
    (
        lambda: merge(BARE, card(2, web_profile=LOGINS[2]), dispositions=KEPT),
        Decision(
            field="web_profile",
            rule="kept",
            candidates=[no(LOGINS[2], "2")],
        ),
    ),
    (
        lambda: merge(BARE, card(2, web_profile=LOGINS[2]), card(3, web_profile=LOGINS[3])),
        Decision(
            field="web_profile",
            rule="verified_first",
            value=LOGINS[2],
            source="2",
            candidates=[of(LOGINS[2], "2"), no(LOGINS[3], "3")],
        ),
    ),
    (
        lambda: merge(card(1, web_profile=LOGINS[1]), card(2, web_profile=LOGINS[2])),
        Decision(
            field="web_profile",
            rule="master_first",
            value=LOGINS[1],
            source="1",
            candidates=[of(LOGINS[1], "1"), no(LOGINS[2], "2")],
        ),
    ),
    (
        lambda: merge(card(1, external_ids={"app": ["a"]}), card(2, external_ids={"app": ["b"]})),
        Decision(
            field="external_ids.app",
            rule="union",
            value=frozenset("ab"),
            candidates=[of("a", "1"), of("b", "2")],
        ),
    ),
    (
        lambda: merge(BARE, card(2, external_ids={"app": ["b"]}), dispositions=KEPT),
        Decision(
            field="external_ids.app",
            rule="union",
            candidates=[no("b", "2")],
        ),
    ),
    (
        lambda: merge(
            card(1, external_ids={"app": ["a"]}),
            card(2, external_ids={"app": ["b"]}),
            policy=MergePolicy(single_systems=["app"]),
        ),
        Decision(
            field="external_ids.app",
            rule="single_system",
            value=frozenset("a"),
            candidates=[of("a", "1"), no("b", "2")],
        ),
    ),
    (
        lambda: merge(
            card(1, external_ids={"app": ["a"]}),
            card(2),
            policy=MergePolicy(single_systems=["app"]),
        ),
        Decision(
            field="external_ids.app", rule="union", value=frozenset("a"), candidates=[of("a", "1")]
        ),
    ),
    (
        lambda: merge(card(1, groups=["a"]), card(2, groups=["b"])),
        Decision(
            field="groups",
            rule="union",
            value=frozenset("ab"),
            candidates=[of("a", "1"), of("b", "2")],
        ),
    ),
    (
        lambda: merge(card(1, groups=["a"]), card(2), corrections={"groups": ["c"]}),
        Decision(
            field="groups",
            rule="correction",
            value=frozenset("c"),
            candidates=[no("a", "1")],
        ),
    ),
    (
        lambda: merge(card(1, groups=list("hgfedcba")), card(2)),
        Decision(
            field="groups",
            rule="union",
            value=frozenset("abcdefgh"),
            candidates=[of(letter, "1") for letter in "abcdefgh"],
        ),
    ),
    (
        lambda: merge(card(1, extra={"x": 1}), card(2, extra={"x": True})),
        Decision(
            field="extra.x",
            rule="keep_master",
            value=1,
            source="1",
            candidates=[of(1, "1"), no(True, "2")],
        ),
    ),
    (
        lambda: merge(card(1, number="7"), card(2, number="8")),
        Decision(
            field="number",
            rule="keep_master",
            value="7",
            source="1",
            candidates=[of("7", "1"), no("8", "2")],
        ),
    ),
    (
        lambda: merge(BARE, card(2, number="8")),
        Decision(
            field="number",
            rule="keep_master",
            candidates=[no("8", "2")],
        ),
    ),
    (
        lambda: merge(card(1, number="7"), card(2), corrections={"number": "9"}),
        Decision(
            field="number",
            rule="correction",
            value="9",
            candidates=[no("7", "1")],
        ),
    ),
    (
        lambda: merge(card(1, kept_for="2"), card(2)),
        Decision(
            field="kept_for",
            rule="no_longer_kept",
            candidates=[no("2", "1")],
        ),
    ),
    (
        lambda: merge(
            card(1, other_emails=["a@x.example"]),
            card(2, other_emails=["b@x.example"]),
            policy=MergePolicy(fields={"other_emails": union}),
        ),
        Decision(
            field="other_emails",
            rule="union",
            value=("a@x.example", "b@x.example"),
            reason="all cards together",
            candidates=[of("a@x.example", "1"), of("b@x.example", "2")],
        ),
    ),
]


@pytest.mark.parametrize(
    ("plan", "decision"), DECISIONS, ids=[f"{i}-{d.field}" for i, (_, d) in enumerate(DECISIONS)]
)
def test_decisions(plan: Callable[[], MergePlan], decision: Decision) -> None:
    """Each alone, with the cards that hold each value."""
    found = [one for one in plan().decisions if one.field == decision.field]
    assert found == [decision]


def test_where_no_card_has_anything_nothing_is_decided() -> None:
    """Not even that there is nothing."""
    assert merge(BARE, card(2)).decisions == ()


def test_steps_of_profiles_come_from_the_card_that_bears_them() -> None:
    """Deleted before another moves, changed where it is."""
    idle = WebProfile(id="w1", active=False, verified=True)
    attached = merge(BARE, card(2, web_profile=LOGINS[2]), card(3, web_profile=LOGINS[3]))
    assert attached.steps[:2] == (
        MoveWebProfile(LOGINS[3], "3", None, origin=("3",)),
        MoveWebProfile(LOGINS[2], "2", "1", origin=("2",)),
    )
    activated = merge(card(1, web_profile=idle), card(2, web_profile=LOGINS[2]))
    assert SetWebProfile("1", idle, WebProfile(id="w1", verified=True), origin=("1",)) in (
        activated.steps
    )


def test_what_is_unique_is_let_go_of_before_anything_moves() -> None:
    """A number first, then logins, rows, the master's own fields, and the farewell."""
    steps = merge(
        BARE,
        card(2, number="8", web_profile=LOGINS[2]),
        corrections={"number": "8"},
        relations=["orders"],
    ).steps
    assert steps == (
        SetField("2", "number", "8", None, origin=("2",)),
        MoveWebProfile(LOGINS[2], "2", "1", origin=("2",)),
        Repoint("orders", "2", "1", origin=("2",)),
        SetField("1", "number", None, "8"),
        Retire("2", "1", origin=("2",)),
    )


def test_a_card_that_is_kept_anew_names_whom_it_was_kept_for() -> None:
    """So that an undo sets the mark back."""
    plan = merge(BARE, card(2, kept_for="9"), dispositions=KEPT)
    assert plan.steps == (SetField("2", "kept_for", "9", "1", origin=("2",)),)


def test_the_warning_adds_up_what_moves() -> None:
    """Of all cards together."""
    plan = merge(BARE, card(2, balances=[POINTS[2]]), card(3, balances=[POINTS[3]]))
    assert "takes over 5 points of loyalty of customers 2 and 3" in plan.warning
