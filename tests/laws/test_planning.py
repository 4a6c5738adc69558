"""The laws of planning, P1 to P10, over arbitrary registers."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import product
from random import Random
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import (
    CONTACT_FIELDS,
    FIELDS,
    Address,
    Consent,
    ConsentState,
    Customer,
    canonical_json,
    is_permitted,
    read_path,
    same_endpoint,
    value_text,
)
from dedupkit.merging import (
    BalanceRule,
    ConsentRule,
    FlagRules,
    MergePolicy,
    ask_person,
    concatenate,
    keep_master,
    latest_explicit,
    longest,
    most_frequent,
    most_recent,
    plan_merge,
    refusal_wins,
)
from dedupkit.plans import Disposition, MergePlan, MoveWebProfile, Relation, replay
from dedupkit.plans.describe import field_label
from dedupkit.testing.strategies import consents, customers, registers, web_profiles

Register = tuple[Customer, ...]

RESOLVERS = (keep_master, most_recent, most_frequent, longest, ask_person)

POLICIES = st.one_of(
    st.just(MergePolicy()),
    st.just(MergePolicy.fill_blanks()),
    st.just(MergePolicy.keep_all_contacts()),
    st.just(MergePolicy.web_shop()),
    st.builds(
        MergePolicy,
        default=st.sampled_from(RESOLVERS),
        fields=st.sampled_from([{}, {"notes": concatenate}, {"email": most_recent}]),
        flags=st.sampled_from(
            [FlagRules(), FlagRules(permissive={"vip"}), FlagRules(protected={"wheelchair"})]
        ),
        consents=st.sampled_from([refusal_wins, latest_explicit]),
        consents_follow_person=st.booleans(),
        balances=st.sampled_from([{}, {"loyalty": BalanceRule(derived_from="orders")}]),
        single_systems=st.sampled_from([frozenset(), frozenset({"loyalty_app"})]),
        unique=st.sampled_from([frozenset(), frozenset({"email"})]),
    ),
)

CORRECTIONS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"email": "new@shop.example"},
        {"email": None},
        {"mobile": "+47 400 00 002", "other_emails": ["new@shop.example"]},
        {"city": "Tromsø", "last_name": "Ås"},
        {"address": Address(street="Nygata 3"), "birth_date": date(1970, 1, 1)},
        {"number": "4711", "notes": "typed"},
        {"flags": {"typed"}, "groups": None, "extra.vat_no": "NO9"},
    ]
)

RELATIONS = st.sampled_from(
    [(), ("orders", "tickets"), (Relation("orders"), Relation("invoices", rows="leave"))]
)


@frozen
class Merge:
    """A register, and the merge of its other cards into the first one."""

    cards: Register
    policy: MergePolicy
    options: dict[str, Any]

    @property
    def plan(self) -> MergePlan:
        """Plan it."""
        return self.of(self.cards[0], self.cards[1:])

    def of(self, master: Customer, duplicates: Iterable[Customer]) -> MergePlan:
        """Plan it with these cards."""
        return plan_merge(master, duplicates, policy=self.policy, **self.options)


@st.composite
def merges(draw: st.DrawFn, cards: st.SearchStrategy[Register] | None = None) -> Merge:
    """Draw a merge under any policy, with any dispositions, corrections and answers."""
    register = draw(registers(min_size=2, max_size=4) if cards is None else cards)
    fates = draw(st.lists(st.sampled_from(Disposition), max_size=len(register) - 1))
    options: dict[str, Any] = {
        "dispositions": {c.id: fate for c, fate in zip(register[1:], fates, strict=False)},
        "corrections": draw(CORRECTIONS),
        "relations": draw(RELATIONS),
    }
    merge = Merge(register, draw(POLICIES), options)
    asked = draw(st.sets(st.sampled_from(merge.plan.conflicts))) if merge.plan.conflicts else ()
    answers = {conflict.key: draw(st.sampled_from(conflict.choices)).key for conflict in asked}
    return evolve(merge, options={**options, "resolutions": answers})


@st.composite
def outspoken(draw: st.DrawFn) -> Register:
    """Registers of cards that say much about few things, and share contacts."""
    size = draw(st.integers(2, 4))
    said = st.lists(consents(), min_size=1, max_size=5, unique_by=lambda consent: consent.key)
    return tuple(
        Customer(
            id=str(number),
            email=draw(st.sampled_from([None, "anna@shop.example", "b@shop.example"])),
            mobile=draw(st.sampled_from([None, "+4791234567", "912 34 567"])),
            country="NO",
            consents=draw(said),
        )
        for number in range(1, size + 1)
    )


@st.composite
def with_logins(draw: st.DrawFn) -> Register:
    """Registers in which nearly everybody has a login."""
    size = draw(st.integers(2, 5))
    numbers = range(1, size + 1)
    found = (draw(st.one_of(st.none(), *[web_profiles(f"w{n}")] * 3)) for n in numbers)
    return tuple(
        Customer(id=str(n), web_profile=login) for n, login in zip(numbers, found, strict=True)
    )


def acting(cards: Register, plan: MergePlan) -> Register:
    """Leave out the cards that are skipped."""
    return tuple(card for card in cards if card.id in plan.ids)


def retired(plan: MergePlan) -> set[str]:
    """Name the cards that disappear."""
    return {d.customer for d in plan.duplicates if d.disposition is Disposition.DELETE}


def said(cards: Iterable[Customer]) -> tuple[Consent, ...]:
    """Collect what all cards say about consents."""
    return tuple(consent for card in cards for consent in card.consents)


class TestReproducible:
    """P1: the same input gives the same plan with the same id."""

    @given(merges())
    def test_planning_again_gives_the_same_id(self, merge: Merge) -> None:
        """A plan made again from equal values is equal, down to its id."""
        once = merge.plan
        copies = [evolve(card) for card in merge.cards]
        again = merge.of(copies[0], copies[1:])
        assert (again, again.id) == (once, once.id)
        assert once.id == evolve(once).id


class TestOrder:
    """P2: the order of the duplicates never matters."""

    @given(merges(registers(min_size=3, max_size=5)), st.randoms())
    def test_shuffled_duplicates_give_the_same_plan(self, merge: Merge, dice: Random) -> None:
        """Any order of the duplicates gives the same plan, whatever else is asked for."""
        shuffled = list(merge.cards[1:])
        dice.shuffle(shuffled)
        assert merge.of(merge.cards[0], shuffled).id == merge.plan.id


class TestOneByOne:
    """P3: merging b and c into a gives the master the state of merging b, then c."""

    @pytest.mark.parametrize("rule", [refusal_wins, latest_explicit])
    @given(registers(min_size=3, max_size=4) | outspoken() | with_logins())
    def test_one_by_one_ends_as_all_at_once(self, rule: ConsentRule, cards: Register) -> None:
        """With `keep_master` and no corrections the master ends the same."""
        policy = MergePolicy(consents=rule)
        together = replay(plan_merge(cards[0], cards[1:], policy=policy).steps, cards)[cards[0].id]
        master = cards[0]
        for duplicate in cards[1:]:
            steps = plan_merge(master, [duplicate], policy=policy).steps
            master = replay(steps, [master, duplicate])[master.id]
        if cards[0].web_profile is None:  # which of several stays depends on what is offered
            master, together = evolve(master, web_profile=None), evolve(together, web_profile=None)
        assert master == together


class TestNothingInvented:
    """P4: every value was some member's, a concatenation of members', or a correction."""

    @given(merges())
    def test_every_contact_detail_comes_from_a_card(self, merge: Merge) -> None:
        """No contact field of the master holds what no card held."""
        cards, plan = merge.cards, merge.plan
        master = replay(plan.steps, cards)[cards[0].id]
        corrected = {d.field for d in plan.decisions if d.rule == "correction"}
        held = {
            (type(part), part)
            for card in acting(cards, plan)
            for path in CONTACT_FIELDS
            for value in [read_path(card, path)]
            for part in (value if isinstance(value, tuple) else (value,))
        }
        for path in CONTACT_FIELDS:
            value = read_path(master, path)
            if path not in corrected | {"notes"}:
                parts = value if isinstance(value, tuple) else (value,)
                assert all((type(part), part) in held for part in parts), path

    @given(merges())
    def test_a_correction_is_what_stands_there(self, merge: Merge) -> None:
        """What the clerk typed is the value, unless nothing is merged."""
        master = replay(merge.plan.steps, merge.cards)[merge.cards[0].id]
        for path, value in merge.options["corrections"].items():
            if len(acting(merge.cards, merge.plan)) > 1:
                found = read_path(master, path)
                assert (found or None) == (type(found)(value) if isinstance(value, list) else value)

    @given(merges())
    def test_notes_are_made_of_notes_and_of_values_that_lost(self, merge: Merge) -> None:
        """Every line is one of a card's notes, or names a field and a value of a card."""
        cards, plan = merge.cards, merge.plan
        notes = replay(plan.steps, cards)[cards[0].id].notes
        lines = {str(merge.options["corrections"].get("notes"))}
        for card in acting(cards, plan):
            for path in (*CONTACT_FIELDS, *(f"extra.{key}" for key in card.extra)):
                value = read_path(card, path)
                text = (
                    card.notes if path == "notes" else f"{field_label(path)}: {value_text(value)}"
                )
                lines |= set((text or "").split("\n"))
        assert set((notes or "").split("\n")) <= lines | {""}

    @given(merges())
    def test_all_else_comes_from_a_card_too(self, merge: Merge) -> None:
        """Groups, flags, ids of other systems, own fields; consents, but for their endpoint."""
        cards, plan = merge.cards, merge.plan
        members = acting(cards, plan)
        master = replay(plan.steps, cards)[cards[0].id]
        typed = merge.options["corrections"]
        for path in ("groups", "flags"):
            held = frozenset[str]().union(*(read_path(card, path) for card in members))
            assert read_path(master, path) <= held | set(typed.get(path) or ())
        for system, ids in master.external_ids.items():
            assert ids <= {one for card in members for one in card.external_ids.get(system, ())}
        for key, value in master.extra.items():
            held_there = [(type(c.extra.get(key)), c.extra.get(key)) for c in members]
            assert (type(value), value) in [*held_there, (str, typed.get(f"extra.{key}"))]
        spoken = {evolve(entry, endpoint=None) for entry in said(members)}
        contacts = {None, *(entry.endpoint for entry in said(members))}
        contacts |= {card.email for card in members} | {card.mobile for card in members}
        for consent in master.consents:
            assert evolve(consent, endpoint=None) in spoken
            assert consent.endpoint in contacts


class TestBlankStaysBlank:
    """P5: with `keep_master` a blank stays blank."""

    @given(registers(min_size=2))
    def test_contact_fields_of_the_master_stay(self, cards: Register) -> None:
        """No contact field and no own field of the host changes."""
        master = replay(plan_merge(cards[0], cards[1:]).steps, cards)[cards[0].id]
        for path in (*CONTACT_FIELDS, "extra"):
            assert read_path(master, path) == read_path(cards[0], path)


class TestNothingUnsaid:
    """P6: every value not chosen stands in a decision."""

    @given(merges())
    def test_every_value_stands_in_a_decision(self, merge: Merge) -> None:
        """Each value of each card is part of the result or listed as not chosen."""
        cards, plan = merge.cards, merge.plan
        if len(acting(cards, plan)) == 1:
            return
        seen: dict[str, list[tuple[str, object]]] = {}
        for decision in plan.decisions:
            for candidate in decision.candidates:
                for card in candidate.customers:
                    seen.setdefault(decision.field, []).append((card, candidate.value))
        for member in acting(cards, plan):
            for path, value in plain_values(member):
                assert (member.id, value) in seen[path]

    @given(merges())
    def test_not_chosen_are_candidates_outside_the_value(self, merge: Merge) -> None:
        """Candidates part into those that the value holds and those not chosen."""
        cards, plan = merge.cards, merge.plan
        master = replay(plan.steps, cards)[cards[0].id]
        for decision in plan.decisions:
            value = read_path(master, decision.field)
            assert (decision.value or None) == (value or None) or decision.value == value
            for candidate in decision.candidates:
                if decision.field in {"balances", "web_profile"} or decision.rule in JOINING:
                    continue
                members = value if isinstance(value, tuple | frozenset) else (value,)
                types = {(type(member), member) for member in members}
                is_chosen = (type(candidate.value), candidate.value) in types
                assert (candidate in decision.not_chosen) != is_chosen


JOINING = {"concatenate", "keep_not_chosen"}


def plain_values(card: Customer) -> Iterable[tuple[str, object]]:
    """Yield every value of a card under the path that decides it; collections taken apart."""
    for name in card.filled():
        path = FIELDS[name].unit
        value = read_path(card, path)
        if name == "extra":
            yield from ((f"extra.{key}", part) for key, part in card.extra.items())
        elif name == "external_ids":
            for system, ids in card.external_ids.items():
                yield from ((f"external_ids.{system}", one) for one in ids)
        elif isinstance(value, tuple | frozenset):
            yield from ((path, member) for member in value)
        elif name not in {"id", "version"}:
            yield path, value


class TestConserved:
    """P7: balances are conserved, per kind, unit and programme."""

    @given(merges())
    def test_sums_stay_and_duplicates_are_drained(self, merge: Merge) -> None:
        """The sum of every balance is as before, and no duplicate holds one."""
        cards, plan = merge.cards, merge.plan
        after = replay(plan.steps, cards)
        assert sums(after.values()) == sums(cards)
        assert all(not after[card.id].balances for card in acting(cards, plan)[1:])
        for total in plan.totals:
            key = (total.kind, total.unit, total.programme)
            expected = sums(acting(cards, plan)).get(key, Decimal(0))
            assert (total.before, total.after) == (expected, expected)


def sums(cards: Iterable[Customer]) -> dict[tuple[str, str, str | None], Decimal]:
    """Add up balances, the obvious way; sums of nothing are left out."""
    added: dict[tuple[str, str, str | None], Decimal] = {}
    for card in cards:
        for balance in card.balances:
            added[balance.key] = added.get(balance.key, Decimal(0)) + balance.amount
    return {key: amount for key, amount in added.items() if amount}


class TestConsentsAreSafe:
    """P8: what is permitted afterwards is permitted by the policy's reading of the union.

    A refusal is lifted only under `latest_explicit`, by a strictly later dated grant that covers
    the same endpoint.
    """

    @given(merges() | merges(outspoken()))
    def test_nothing_is_loosened(self, merge: Merge) -> None:
        """On the master and every kept card, in both halves of the law."""
        cards, plan, policy = merge.cards, merge.plan, merge.policy
        after = replay(plan.steps, cards)
        members = acting(cards, plan)
        entries = said(members)
        by_key: dict[tuple[str, str, str | None], list[Consent]] = {}
        for entry in entries:
            by_key.setdefault(entry.key, []).append(entry)
        reading = [policy.consents(group) for group in by_key.values()]
        endpoints = {entry.endpoint for entry in entries} | {"other@shop.example"}
        endpoints |= {card.email for card in members} | {card.mobile for card in members}
        staying = [card.id for card in members if card.id not in retired(plan)]
        for card_id, endpoint in product(staying, endpoints - {None}):
            for purpose, channel in {(entry.purpose, entry.channel) for entry in entries}:
                if not after[card_id].permits(purpose, channel, endpoint):
                    continue
                if len(members) > 1:
                    assert is_permitted(reading, purpose, channel, endpoint)
                assert all(
                    is_lifted(refusal, entries, policy, endpoint)
                    for refusal in entries
                    if refusal.state.is_refusal
                    and (refusal.purpose, refusal.channel) == (purpose, channel)
                    and covers(refusal, endpoint)
                )


def covers(consent: Consent, endpoint: str | None) -> bool:
    """Tell whether a consent is about an endpoint."""
    return consent.endpoint is None or same_endpoint(consent.endpoint, endpoint)


def is_lifted(
    refusal: Consent, entries: Iterable[Consent], policy: MergePolicy, endpoint: str | None
) -> bool:
    """Tell whether a later dated grant takes a refusal back."""
    return (
        policy.consents is latest_explicit
        and refusal.at is not None
        and any(
            entry.state is ConsentState.GRANTED
            and (entry.purpose, entry.channel) == (refusal.purpose, refusal.channel)
            and entry.at is not None
            and entry.at > refusal.at
            and covers(entry, endpoint)
            for entry in entries
        )
    )


class TestProfilesAreAccountedFor:
    """P9: every member's web profile is afterwards on exactly one card, or deleted."""

    @given(merges() | merges(with_logins()))
    def test_each_profile_is_somewhere_once(self, merge: Merge) -> None:
        """No profile is on two cards, and none vanishes without a step that says so."""
        cards, plan = merge.cards, merge.plan
        after = replay(plan.steps, cards)
        deleted = {
            step.profile.id
            for step in plan.steps
            if isinstance(step, MoveWebProfile) and step.target is None
        }
        for card in cards:
            if card.web_profile is not None:
                profile = card.web_profile.id
                homes = [c for c in after.values() if c.web_profile and c.web_profile.id == profile]
                assert len(homes) + (profile in deleted) == 1
        assert all(after[card].web_profile is None for card in retired(plan))


class TestJsonRoundTrip:
    """P10: writing a plan as JSON and reading it back is the identity."""

    @given(merges())
    def test_round_trip(self, merge: Merge) -> None:
        """A plan read back is equal, and so is its id."""
        plan = merge.plan
        read = MergePlan.from_json(plan.to_json())
        assert (read, read.id) == (plan, plan.id)


class TestIds:
    """P1: the id is a hash of the canonical form, although that is never made as a whole."""

    @given(merges())
    def test_id_is_the_hash_of_the_json(self, merge: Merge) -> None:
        """The id is the SHA-256 of the plan's JSON without the id, keys sorted, no spaces."""
        data = merge.plan.to_dict()
        assert data.pop("id") == sha256(canonical_json(data).encode()).hexdigest()


class TestRetiring:
    """Retired cards redirect to the master; skipped cards take no part at all."""

    @given(merges())
    def test_dispositions(self, merge: Merge) -> None:
        """Each card ends as its disposition says."""
        cards, plan = merge.cards, merge.plan
        after = replay(plan.steps, cards)
        before = {card.id: card for card in cards}
        for duplicate in plan.duplicates:
            card = after[duplicate.customer]
            match duplicate.disposition:
                case Disposition.SKIP:
                    assert card == before[card.id]
                case Disposition.KEEP:
                    assert (card.merged_into, card.kept_for) == (None, plan.master_id)
                case Disposition.DELETE:
                    assert card.merged_into == plan.master_id

    @given(customers(), POLICIES)
    def test_all_skipped_changes_nothing(self, card: Customer, policy: MergePolicy) -> None:
        """With every duplicate skipped the plan is applicable and has no steps."""
        other = evolve(card, id="2", allow_merge=False)
        plan = plan_merge(card, [other], policy=policy, dispositions={"2": Disposition.SKIP})
        assert (plan.steps, plan.is_applicable, plan.ids) == ((), True, ("1",))
