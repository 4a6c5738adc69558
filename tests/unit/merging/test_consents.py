"""The algebra of consents: two semilattices."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import Consent, ConsentState
from dedupkit.merging import ConsentRule, latest_explicit, refusal_wins
from dedupkit.testing.strategies import moments

RULES: tuple[ConsentRule, ...] = (refusal_wins, latest_explicit)

OBJECTED, WITHDRAWN, GRANTED, PENDING, NEVER = ConsentState

EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)


def said(state: ConsentState, at: datetime | None = None, source: str | None = None) -> Consent:
    """Make an entry of one key."""
    return Consent("newsletter", "email", state, at=at, source=source)


ENTRIES = st.builds(
    said,
    st.sampled_from(ConsentState),
    st.none() | st.sampled_from([EARLY, LATE]) | moments(),
    st.none() | st.sampled_from(["checkout", "desk"]),
)


@pytest.mark.parametrize("rule", RULES)
class TestSemilattice:
    """Any order and any grouping gives the same answer, which P3 leans on."""

    @given(one=ENTRIES, other=ENTRIES)
    def test_commutative(self, rule: ConsentRule, one: Consent, other: Consent) -> None:
        """The order does not matter."""
        assert rule([one, other]) == rule([other, one])

    @given(a=ENTRIES, b=ENTRIES, c=ENTRIES)
    def test_associative(self, rule: ConsentRule, a: Consent, b: Consent, c: Consent) -> None:
        """The grouping does not matter."""
        assert rule([rule([a, b]), c]) == rule([a, rule([b, c])]) == rule([a, b, c])

    @given(entry=ENTRIES)
    def test_idempotent(self, rule: ConsentRule, entry: Consent) -> None:
        """An entry agrees with itself."""
        assert rule([entry, entry]) == entry

    @given(entry=ENTRIES)
    def test_never_asked_is_the_identity(self, rule: ConsentRule, entry: Consent) -> None:
        """Never asked changes nothing that was said."""
        if entry.state is not NEVER:
            assert rule([entry, said(NEVER, LATE)]) == entry

    @given(entries=st.lists(ENTRIES, min_size=1))
    def test_equals_its_oracle(self, rule: ConsentRule, entries: list[Consent]) -> None:
        """The state is that of the obvious reading in words."""
        assert rule(entries).state is ORACLES[rule](entries)


def strictest(entries: Iterable[Consent]) -> ConsentState:
    """Look for the states from the strictest on."""
    states = {entry.state for entry in entries}
    return next(state for state in ConsentState if state in states)


def last_word(entries: Iterable[Consent]) -> ConsentState:
    """Look for undated refusals, the last moment, undated grants, then the rest."""
    explicit = [e for e in entries if e.state in {OBJECTED, WITHDRAWN, GRANTED}]
    undated_refusals = [e for e in explicit if e.at is None and e.state is not GRANTED]
    moments = [e.at for e in explicit if e.at is not None]
    last = [e for e in explicit if moments and e.at == max(moments)]
    return strictest(undated_refusals or last or explicit or entries)


ORACLES: dict[ConsentRule, Callable[[list[Consent]], ConsentState]] = {
    refusal_wins: strictest,
    latest_explicit: last_word,
}


def test_undated_refusal_counts_as_newest() -> None:
    """Nobody knows when the person refused, so it stands."""
    assert latest_explicit([said(WITHDRAWN), said(GRANTED, LATE)]).state is WITHDRAWN


def test_undated_grant_counts_as_oldest() -> None:
    """Nobody knows when the person granted, so an older refusal stands."""
    assert latest_explicit([said(GRANTED), said(WITHDRAWN, EARLY)]).state is WITHDRAWN


def test_of_one_moment_the_refusal_stands() -> None:
    """What cannot be told apart refuses."""
    assert latest_explicit([said(GRANTED, LATE), said(WITHDRAWN, LATE)]).state is WITHDRAWN


def test_pending_holds_only_where_nothing_else_is() -> None:
    """A pending sign-up never outweighs a grant, however late it is."""
    assert latest_explicit([said(PENDING, LATE), said(GRANTED)]).state is GRANTED


def test_refusal_wins_keeps_the_latest_evidence() -> None:
    """Of equal states the latest entry stays, with its source."""
    kept = refusal_wins([said(GRANTED, EARLY, "desk"), said(GRANTED, LATE, "checkout")])
    assert (kept.at, kept.source) == (LATE, "checkout")


@pytest.mark.parametrize("rule", RULES)
def test_of_equals_the_last_by_source_stands(rule: ConsentRule) -> None:
    """So that the order of the cards never matters; no source comes first."""
    desk, checkout, nobody = (said(GRANTED, LATE, source) for source in ("desk", "checkout", None))
    assert rule([desk, checkout]) == rule([checkout, desk]) == desk
    assert rule([nobody, checkout]) == rule([checkout, nobody]) == checkout
    assert rule([said(GRANTED, LATE, "TV"), nobody]).source == "TV"


def test_undated_entries_are_beyond_every_moment() -> None:
    """Even beyond the first and the last one that there is."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert latest_explicit([said(WITHDRAWN), said(GRANTED, last)]).state is WITHDRAWN
    assert latest_explicit([said(OBJECTED, last), said(WITHDRAWN)]).state is WITHDRAWN
    assert latest_explicit([said(GRANTED, first, "desk"), said(GRANTED, None, "web")]).at == first


def test_of_equal_refusals_a_dated_one_is_better_evidence() -> None:
    """Wherever it was said."""
    assert refusal_wins([said(WITHDRAWN, None, "desk"), said(WITHDRAWN, EARLY)]).at == EARLY
