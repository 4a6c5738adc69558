"""The laws of planning, P1 to P10, over arbitrary registers. DESIGN numbers them in laws.md."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import (
    CONTACT_FIELDS,
    FIELDS,
    Consent,
    ConsentState,
    Customer,
    is_permitted,
    read_path,
    same_endpoint,
)
from dedupkit.merging import (
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
from dedupkit.plans import Disposition, MergePlan, MoveWebProfile, replay
from dedupkit.testing.strategies import customers, registers

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
        single_systems=st.sampled_from([frozenset(), frozenset({"loyalty_app"})]),
        unique=st.sampled_from([frozenset(), frozenset({"email"})]),
    ),
)

CORRECTIONS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"email": "new@shop.example"}, {"email": None}, {"city": "Tromsø", "last_name": "Ås"}]
)


@st.composite
def merges(draw: st.DrawFn) -> tuple[Register, MergePlan, MergePolicy]:
    """Draw a register and a plan that merges it into its first card."""
    cards = draw(registers(min_size=2, max_size=4))
    policy = draw(POLICIES)
    fates = draw(st.lists(st.sampled_from(Disposition), max_size=len(cards) - 1))
    dispositions = {card.id: fate for card, fate in zip(cards[1:], fates, strict=False)}
    plan = plan_merge(
        cards[0],
        cards[1:],
        policy=policy,
        dispositions=dispositions,
        corrections=draw(CORRECTIONS),
        relations=draw(st.sampled_from([(), ("orders", "tickets")])),
    )
    return cards, plan, policy


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
    def test_planning_again_gives_the_same_id(
        self, merge: tuple[Register, MergePlan, MergePolicy]
    ) -> None:
        """A plan made again from equal values is equal, down to its id."""
        cards, plan, policy = merge
        copies = [evolve(card) for card in cards]
        again = plan_merge(copies[0], copies[1:], policy=policy)
        once = plan_merge(cards[0], cards[1:], policy=policy)
        assert (again, again.id) == (once, once.id)
        assert plan.id == evolve(plan).id


class TestOrder:
    """P2: the order of the duplicates never matters."""

    @given(registers(min_size=3, max_size=5), POLICIES, st.integers())
    def test_shuffled_duplicates_give_the_same_plan(
        self, cards: Register, policy: MergePolicy, seed: int
    ) -> None:
        """Any order of the duplicates gives the same plan."""
        shuffled = list(cards[1:])
        Random(seed).shuffle(shuffled)
        orders = (cards[1:], shuffled)
        one, other = (plan_merge(cards[0], order, policy=policy) for order in orders)
        assert one.id == other.id


class TestOneByOne:
    """P3: merging b and c into a gives the master the state of merging b, then c."""

    @given(registers(min_size=3, max_size=4))
    def test_one_by_one_ends_as_all_at_once(self, cards: Register) -> None:
        """With `keep_master` and no corrections the master ends the same."""
        together = replay(plan_merge(cards[0], cards[1:]).steps, cards)[cards[0].id]
        master = cards[0]
        for duplicate in cards[1:]:
            steps = plan_merge(master, [duplicate]).steps
            master = replay(steps, [master, duplicate])[master.id]
        if cards[0].web_profile is None:  # which of several stays depends on what is offered
            master, together = evolve(master, web_profile=None), evolve(together, web_profile=None)
        assert master == together


class TestNothingInvented:
    """P4: every value was some member's, a concatenation of members', or a correction."""

    @given(merges())
    def test_every_value_comes_from_a_card(
        self, merge: tuple[Register, MergePlan, MergePolicy]
    ) -> None:
        """No contact field of the master holds what no card held."""
        cards, plan, _ = merge
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
    def test_every_value_stands_in_a_decision(
        self, merge: tuple[Register, MergePlan, MergePolicy]
    ) -> None:
        """Each value of each card is part of the result or listed as not chosen."""
        cards, plan, _ = merge
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
    def test_not_chosen_are_candidates_outside_the_value(
        self, merge: tuple[Register, MergePlan, MergePolicy]
    ) -> None:
        """Candidates part into those that the value holds and those not chosen."""
        cards, plan, _ = merge
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
    def test_sums_stay_and_duplicates_are_drained(
        self, merge: tuple[Register, MergePlan, MergePolicy]
    ) -> None:
        """The sum of every balance is as before, and no duplicate holds one."""
        cards, plan, _ = merge
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

    @given(merges())
    def test_nothing_is_loosened(self, merge: tuple[Register, MergePlan, MergePolicy]) -> None:
        """On the master and every kept card, in both halves of the law."""
        cards, plan, policy = merge
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

    @given(merges())
    def test_each_profile_is_somewhere_once(
        self, merge: tuple[Register, MergePlan, MergePolicy]
    ) -> None:
        """No profile is on two cards, and none vanishes without a step that says so."""
        cards, plan, _ = merge
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
    def test_round_trip(self, merge: tuple[Register, MergePlan, MergePolicy]) -> None:
        """A plan read back is equal, and so is its id."""
        _, plan, _ = merge
        read = MergePlan.from_json(plan.to_json())
        assert (read, read.id) == (plan, plan.id)


class TestRetiring:
    """Retired cards redirect to the master; skipped cards take no part at all."""

    @given(merges())
    def test_dispositions(self, merge: tuple[Register, MergePlan, MergePolicy]) -> None:
        """Each card ends as its disposition says."""
        cards, plan, _ = merge
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
