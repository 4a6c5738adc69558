"""Laws of the values: their JSON brings them back, judgements close over themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise, permutations

from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from dedupkit.customers import (
    FIELDS,
    Address,
    Customer,
    Judgement,
    JudgementSet,
    Verdict,
    canonical_json,
    customer_from_dict,
    customer_to_dict,
    fingerprint,
    judgement_from_dict,
    judgement_to_dict,
)
from dedupkit.customers.codec import state_texts
from dedupkit.plans import (
    CustomerChange,
    MergePlan,
    MovedRows,
    Receipt,
    RemovedRow,
    replay,
)
from dedupkit.plans.codec import receipt_texts
from dedupkit.testing.strategies import customers, judgements, merge_plans

IDS = ("1", "2", "3", "4")


class TestRoundTrip:
    """P10: JSON round trip is the identity."""

    @given(customers())
    def test_customers(self, card: Customer) -> None:
        """A customer comes back as it was, and with the same fingerprint."""
        data = customer_to_dict(card)

        assert customer_from_dict(data) == card
        assert fingerprint(customer_from_dict(data)) == fingerprint(card)
        assert canonical_json(data).isascii()

    @given(judgements())
    def test_judgements(self, said: tuple[Judgement, ...]) -> None:
        """A judgement comes back as it was."""
        assert tuple(judgement_from_dict(judgement_to_dict(one)) for one in said) == said


@given(customers(), customers(), st.sets(st.sampled_from(sorted(FIELDS))), st.booleans())
@example(
    Customer(id="1", extra={"naïve": datetime(2024, 1, 1)}),  # noqa: DTZ001  # hosts hold such
    Customer(id="1", extra={"naïve": datetime(2024, 1, 1, tzinfo=UTC)}),
    {"extra"},
    True,
)
@example(
    Customer(id="1", extra={"size": "5"}), Customer(id="1", extra={"size": 5}), {"extra"}, False
)
@example(
    Customer(id="1", other_addresses=[Address(city="Oslo")]),
    Customer(id="1", other_addresses=[Address(region="Oslo")]),
    {"other_addresses"},
    True,
)
def test_fingerprints(one: Customer, other: Customer, fields: set[str], may_merge: bool) -> None:
    """Two customers have one fingerprint where their JSON is one, without the version."""
    values = {name: getattr(other, name) for name in fields - {"merged_into"}}
    changed = evolve(one, **{**values, "allow_merge": may_merge, "version": "7"})
    texts = {
        canonical_json(customer_to_dict(evolve(card, version=None))) for card in (one, changed)
    }

    assert (fingerprint(one) == fingerprint(changed)) == (len(texts) == 1)


class TestCanonical:
    """What is hashed is the canonical form, although it is never made as a whole."""

    @given(customers(), customers(), st.sets(st.sampled_from(sorted(FIELDS))))
    @example(
        Customer(id="1", allow_merge=False, updated_at=datetime(2024, 1, 1, tzinfo=UTC)),
        Customer(id="1"),
        {"allow_merge"},
    )
    def test_texts(self, before: Customer, other: Customer, fields: set[str]) -> None:
        """The texts of two states of a card are those of their JSON, whatever they share."""
        values = {name: getattr(other, name) for name in fields - {"merged_into"}}
        states = (before, evolve(before, **values))

        assert state_texts(*states) == tuple(
            canonical_json(customer_to_dict(state)) for state in states
        )

    @given(merge_plans())
    def test_receipts(self, planned: tuple[MergePlan, tuple[Customer, ...]]) -> None:
        """The texts of a receipt are those of its JSON, whose changes stand by themselves."""
        plan, (first, *others) = planned
        after = replay(plan.steps, (first, *others)) if plan.is_applicable else {}
        moved_at = first.created_at or datetime(2024, 1, 1, tzinfo=UTC)
        receipt = Receipt(
            plan_id=plan.id,
            kind=plan.kind,
            by="anna",
            at=moved_at,
            steps=plan.steps,
            changes=[
                CustomerChange(None, first),
                *(CustomerChange(card, after.get(card.id)) for card in others),
            ],
            moved=[MovedRows("orders", "2", "1", ["o1"])],
            removed=[RemovedRow("cards", "2", "1", "c1", {"day": moved_at})],
        )
        data = receipt.to_dict()

        assert receipt_texts(receipt)[1] == tuple(map(canonical_json, data.pop("changes")))
        assert receipt_texts(receipt)[0] == canonical_json(data)


def closure(said: Iterable[Judgement]) -> set[tuple[str, str]]:
    """Say which pairs are the same, by trying every chain: the slow and obvious way."""
    latest: dict[tuple[str, str], Judgement] = {}
    for one in said:
        before = latest.get(one.pair)
        if before is None or before.at is None or (one.at is not None and one.at >= before.at):
            latest[one.pair] = one
    same = {pair for pair, one in latest.items() if one.verdict is Verdict.SAME}
    linked = same | {(right, left) for left, right in same}
    chains = (chain for size in (2, 3, 4) for chain in permutations(IDS, size))
    return {
        (chain[0], chain[-1]) for chain in chains if all(step in linked for step in pairwise(chain))
    }


class TestJudgements:
    """Same and same make same; same and different make different."""

    @given(judgements(IDS))
    def test_same_is_closed(self, said: tuple[Judgement, ...]) -> None:
        """The groups are those that chains of same lead through."""
        groups = JudgementSet(said).groups

        together = {(a, b) for group in groups for a in group for b in group if a != b}
        assert together == closure(said)

    @given(judgements(IDS))
    def test_different_is_closed(self, said: tuple[Judgement, ...]) -> None:
        """Whoever is the same as a different one is different."""
        known = JudgementSet(said)
        same = closure(said) | {(one, one) for one in IDS}

        for left, right in known.different_pairs:
            for one in IDS:
                for other in IDS:
                    if (left, one) in same and (right, other) in same and one != other:
                        assert known.verdict(one, other) is Verdict.DIFFERENT
