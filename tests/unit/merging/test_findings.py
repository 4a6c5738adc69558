"""What planning a merge has to say: each finding with its cards, its data and its choices.

Hosts translate findings by code and data, so both are part of what a plan promises.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dedupkit.customers import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    Judgement,
    Verdict,
    WebProfile,
)
from dedupkit.merging import (
    BalanceRule,
    FlagRules,
    MergePolicy,
    WebProfileRules,
    ask_person,
    fill_blank,
    plan_merge,
)
from dedupkit.plans import (
    BLOCKER_TEXTS,
    CONFLICT_TEXTS,
    NOTICE_TEXTS,
    Blocker,
    Choice,
    Conflict,
    Disposition,
    MergePlan,
    Notice,
    Relation,
    RowBalance,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
BARE = Customer(id="1")
SAID = {"purpose": "newsletter", "channel": "email"}
UNBOUND = MergePolicy(consents_follow_person=False)


def said(state: ConsentState, **parts: Any) -> Consent:  # noqa: ANN401  # of a consent
    """Say something about the newsletter."""
    return Consent("newsletter", "email", state, **parts)


def merge(*cards: Customer, **arguments: Any) -> MergePlan:  # noqa: ANN401  # of plan_merge
    """Plan the merge of cards into the first."""
    return plan_merge(cards[0], cards[1:], **arguments)


def card(number: int, **fields: Any) -> Customer:  # noqa: ANN401  # of a customer
    """Make a card."""
    return Customer(id=str(number), **fields)


def login(number: int, **parts: Any) -> WebProfile:  # noqa: ANN401  # of a web profile
    """Make a web profile of a card."""
    return WebProfile(id=f"w{number}", **{"verified": True, **parts})


GRANT = said(ConsentState.GRANTED)

BLOCKERS: list[tuple[Callable[[], MergePlan], Blocker]] = [
    (lambda: merge(BARE, card(2), card(2)), Blocker(code="same_customer_twice", customers=["2"])),
    (
        lambda: merge(BARE, card(2, merged_into="9")),
        Blocker(code="already_retired", customers=["2"]),
    ),
    (
        lambda: merge(BARE, card(2, allow_merge=False)),
        Blocker(code="merge_not_allowed", customers=["2"]),
    ),
    (
        lambda: merge(BARE, card(2, tenant="b")),
        Blocker(code="other_tenant", customers=["1", "2"]),
    ),
    (
        lambda: merge(card(1, web_profile=login(1)), card(2, web_profile=login(1))),
        Blocker(code="same_web_profile", customers=["1", "2"], data={"profile": "w1"}),
    ),
    (
        lambda: merge(BARE, card(2), judgements=[Judgement("2", "1", Verdict.DIFFERENT)]),
        Blocker(code="judged_different", customers=["1", "2"]),
    ),
    (
        lambda: merge(BARE, card(2, balances=[Balance("miles", "km", 5)])),
        Blocker(code="undeclared_balance_kind", customers=["2"], data={"kind": "miles"}),
    ),
    (
        lambda: merge(
            BARE,
            card(2, balances=[Balance("loyalty", "points", 5)]),
            policy=MergePolicy(balances={"loyalty": BalanceRule(derived_from="lots")}),
        ),
        Blocker(code="undeclared_relation", customers=["2"], data={"relation": "lots"}),
    ),
]

CONFLICTS: list[tuple[Callable[[], MergePlan], Conflict]] = [
    (
        lambda: merge(
            card(1, email="a@shop.example"),
            card(2, email="b@shop.example"),
            card(3, email="b@shop.example"),
            policy=MergePolicy(fields={"email": ask_person}),
        ),
        Conflict(
            code="field_open",
            key="email",
            customers=["1", "2", "3"],
            choices=[
                Choice(key="1", value="a@shop.example", customers=["1"]),
                Choice(key="2", value="b@shop.example", customers=["2", "3"]),
            ],
            data={"field": "email"},
        ),
    ),
    (
        lambda: merge(
            BARE,
            card(2, flags=["vip"]),
            card(3, flags=["vip"]),
            policy=MergePolicy(flags=FlagRules(permissive=["vip"])),
        ),
        Conflict(
            code="permissive_flag",
            key="flags.vip",
            customers=["2", "3"],
            choices=[
                Choice(key="set", value=True, customers=["2", "3"]),
                Choice(key="leave", value=False, customers=["2", "3"]),
            ],
            data={"flag": "vip", "master": "1"},
        ),
    ),
    (
        lambda: merge(
            card(1, external_ids={"app": ["a1"]}),
            card(2, external_ids={"app": ["a2"]}),
            card(3, external_ids={"app": ["a2"]}),
            card(4),
            policy=MergePolicy(single_systems=["app"]),
        ),
        Conflict(
            code="several_external_ids",
            key="external_ids.app",
            customers=["1", "2", "3"],
            choices=[
                Choice(key="1", value=frozenset({"a1"}), customers=["1"]),
                Choice(key="2", value=frozenset({"a2"}), customers=["2", "3"]),
            ],
            data={"system": "app"},
        ),
    ),
    (
        lambda: merge(
            BARE,
            card(2, web_profile=login(2, approved_buyer=True)),
            policy=MergePolicy(web_profile=WebProfileRules(approval_needs_answer=True)),
        ),
        Conflict(
            code="approval_gained",
            key="web_profile.approved_buyer",
            customers=["2"],
            choices=[
                Choice(key="approve", value=True, customers=["2"]),
                Choice(key="attach_unapproved", value=False, customers=["2"]),
            ],
            data={"master": "1"},
        ),
    ),
    (
        lambda: merge(card(1, last_name="Larsen"), card(2, company="Fjord AS"), card(3)),
        Conflict(
            code="person_and_organization",
            key="person_and_organization",
            customers=["1", "2"],
            choices=[Choice(key="merge")],
            data={"people": ("1",), "organizations": ("2",)},
        ),
    ),
    (
        lambda: merge(
            BARE,
            card(2, balances=[Balance("loyalty", "points", 5)]),
            relations=[
                Relation("lots", rows="leave", balance=RowBalance("loyalty", "points")),
            ],
        ),
        Conflict(
            code="derived_balance_left",
            key="relations.lots.2",
            customers=["2"],
            choices=[Choice(key="move", customers=["2"])],
            data={"relation": "lots", "kind": "loyalty"},
        ),
    ),
    (
        lambda: merge(
            BARE,
            card(2),
            dispositions={"2": Disposition.KEEP},
            relations=[Relation("invoices", rows="leave")],
        ),
        Conflict(
            code="rows_left_with_kept",
            key="relations.invoices.2",
            customers=["2"],
            choices=[Choice(key="move", customers=["2"]), Choice(key="leave", customers=["2"])],
            data={"relation": "invoices"},
        ),
    ),
]

NOTICES: list[tuple[Callable[[], MergePlan], Notice]] = [
    (
        lambda: merge(BARE, card(2), dispositions={"2": Disposition.SKIP}),
        Notice(code="nothing_to_merge"),
    ),
    (
        lambda: merge(
            card(1, birth_date=date(2005, 6, 1)),
            card(2, birth_date=date(1990, 6, 1)),
            card(3, birth_date=date(2000, 1, 1)),
        ),
        Notice(code="child_beside_adult", customers=["2", "1"], data={"years": 15}),
    ),
    (
        lambda: merge(
            BARE,
            card(2, email="b@shop.example", flags=["secret"]),
            card(3, notes="x"),
            policy=MergePolicy(default=fill_blank, flags=FlagRules(protected=["secret"])),
        ),
        Notice(
            code="protected", customers=["2"], data={"flag": "secret", "fields": "email, notes"}
        ),
    ),
    (
        lambda: merge(BARE, card(2), card(3), relations=[Relation("invoices", rows="leave")]),
        Notice(code="rows_left", customers=["2", "3"], data={"relation": "invoices"}),
    ),
    (
        lambda: merge(
            card(1, extra={"limit": 100}),
            card(2, balances=[Balance("on_account", "NOK", -101)]),
            policy=MergePolicy(balances={"on_account": BalanceRule(credit_limit="extra.limit")}),
        ),
        Notice(
            code="debt_above_credit_limit",
            customers=["1"],
            data={
                "kind": "on_account",
                "unit": "NOK",
                "debt": 101,
                "limit": 100,
                "field": "extra.limit",
            },
        ),
    ),
    (
        lambda: merge(
            card(1, consents=[GRANT], email="a@shop.example"),
            card(2, consents=[said(ConsentState.WITHDRAWN)]),
            card(3),
        ),
        Notice(
            code="consents_disagree",
            customers=["1", "2"],
            data={
                **SAID,
                "states": "withdrawn, granted",
                "rule": "refusal_wins",
                "state": "withdrawn",
            },
        ),
    ),
    (
        lambda: merge(
            card(1, email="a@shop.example"), card(2, email="b@shop.example", consents=[GRANT])
        ),
        Notice(code="consent_follows", customers=["2"], data=SAID),
    ),
    (
        lambda: merge(
            card(1, email="a@shop.example"),
            card(2, email="b@shop.example", consents=[GRANT]),
            policy=UNBOUND,
        ),
        Notice(code="consent_bound", customers=["2"], data=SAID),
    ),
    (
        lambda: merge(card(1, email="a@shop.example"), card(2, consents=[GRANT]), policy=UNBOUND),
        Notice(code="consent_dropped", customers=["2"], data=SAID),
    ),
    (
        lambda: merge(BARE, card(2, web_profile=login(2, approved_buyer=True))),
        Notice(code="approval_gained", customers=["2"], data={"master": "1"}),
    ),
    (
        lambda: merge(
            card(1, web_profile=login(1)),
            card(2, web_profile=login(2, approved_buyer=True)),
            card(3, web_profile=login(3)),
        ),
        Notice(code="approval_dropped", customers=["2"]),
    ),
    (
        lambda: merge(card(1, web_profile=login(1, active=False)), card(2, web_profile=login(2))),
        Notice(code="web_profile_activated", customers=["1"]),
    ),
    (
        lambda: merge(BARE, card(2, web_profile=login(2)), card(3, web_profile=login(3)), card(4)),
        Notice(code="web_profile_chosen", customers=["2", "3"], data={"profile": "w2"}),
    ),
    (
        lambda: merge(
            BARE,
            card(2, web_profile=login(2, verified=False)),
            card(3, balances=[Balance("loyalty", "points", 5)]),
        ),
        Notice(code="unverified_profile_gains", customers=["2"]),
    ),
]


def _code(value: object) -> str:
    return value.code if isinstance(value, Blocker | Conflict | Notice) else ""


@pytest.mark.parametrize(("plan", "blocker"), BLOCKERS, ids=_code)
def test_blockers(plan: Callable[[], MergePlan], blocker: Blocker) -> None:
    """Who is concerned, and what a text about it needs."""
    assert plan().blockers == (blocker,)


@pytest.mark.parametrize(("plan", "conflict"), CONFLICTS, ids=_code)
def test_conflicts(plan: Callable[[], MergePlan], conflict: Conflict) -> None:
    """What may be answered, and which cards each answer comes from, too."""
    assert plan().conflicts == (conflict,)


@pytest.mark.parametrize(("plan", "notice"), NOTICES, ids=_code)
def test_notices(plan: Callable[[], MergePlan], notice: Notice) -> None:
    """What a rule has settled, for whom."""
    assert plan().notices == (notice,)


@pytest.mark.parametrize("found", [*BLOCKERS, *CONFLICTS, *NOTICES], ids=lambda one: repr(one[1]))
def test_every_sentence_is_whole(
    found: tuple[Callable[[], MergePlan], Blocker | Conflict | Notice],
) -> None:
    """The data holds all that its text needs."""
    _, finding = found
    text = {Blocker: BLOCKER_TEXTS, Conflict: CONFLICT_TEXTS, Notice: NOTICE_TEXTS}[type(finding)]
    assert finding.code in text
    assert "not given" not in finding.describe()
