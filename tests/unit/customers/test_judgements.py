"""Judgements and what follows from them."""

from datetime import UTC, datetime

import pytest

from dedupkit.customers import Judgement, JudgementSet, Verdict
from dedupkit.errors import ConfigurationError, ContradictionError

SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT


def test_the_sides_are_put_in_order() -> None:
    """A judgement is about a pair, whichever side comes first."""
    assert Judgement("2", "1", SAME) == Judgement("1", "2", SAME)


@pytest.mark.parametrize(
    "arguments",
    [
        ("1", "1", SAME),
        ("", "1", SAME),
        ("1", "2", "same"),
    ],
)
def test_nonsense_is_refused(arguments: tuple[str, str, Verdict]) -> None:
    """Two customers and a verdict are needed."""
    with pytest.raises(ConfigurationError):
        Judgement(*arguments)


def test_a_moment_needs_its_time_zone() -> None:
    """A moment without a time zone is refused."""
    with pytest.raises(ConfigurationError, match="time zone"):
        Judgement("1", "2", SAME, at=datetime(2020, 1, 1))  # noqa: DTZ001  # what is tested


def test_the_latest_of_a_pair_stands() -> None:
    """A later word replaces an earlier one, dated ones replace undated ones."""
    early = Judgement("1", "2", SAME, at=datetime(2020, 1, 1, tzinfo=UTC))
    late = Judgement("1", "2", DIFFERENT, at=datetime(2021, 1, 1, tzinfo=UTC))

    assert JudgementSet([late, early]).verdict("2", "1") is DIFFERENT
    assert JudgementSet([early, Judgement("1", "2", DIFFERENT)]).verdict("1", "2") is SAME


def test_nothing_said_is_none() -> None:
    """About unrelated cards, or a card and itself, nothing is said."""
    said = JudgementSet([Judgement("1", "2", SAME)])

    assert said.verdict("1", "3") is None
    assert said.verdict("1", "1") is None


def test_judgements_are_read_through_redirects() -> None:
    """A word about a retired card counts for the card that stands for it."""
    said = JudgementSet([Judgement("1", "2", DIFFERENT)], redirects={"2": "3"})

    assert said.verdict("1", "3") is DIFFERENT
    assert (
        JudgementSet([Judgement("1", "2", DIFFERENT)], redirects={"2": "1"}).different_pairs == ()
    )


def test_groups_and_pairs() -> None:
    """Groups are the closure of same, pairs are those judged different."""
    said = JudgementSet(
        [Judgement("1", "2", SAME), Judgement("2", "3", SAME), Judgement("5", "4", DIFFERENT)]
    )

    assert said.groups == (("1", "2", "3"),)
    assert said.different_pairs == (("4", "5"),)
    assert len(said) == len(list(said)) == 3


class TestContradictions:
    """A contradiction is refused when added, and shown with its chain when found."""

    CHAIN = (Judgement("1", "2", SAME), Judgement("2", "3", SAME))

    def test_adding_one_is_refused_with_the_chain(self) -> None:
        """The error shows by which way both are said."""
        with pytest.raises(ContradictionError) as caught:
            JudgementSet(self.CHAIN).with_judgement(Judgement("3", "1", DIFFERENT))

        assert caught.value.chain == ("1", "2", "3")
        assert "1 = 2 = 3" in str(caught.value)

    def test_found_ones_are_shown(self) -> None:
        """Contradictory judgements are not an error, they are a finding."""
        said = JudgementSet([*self.CHAIN, Judgement("1", "3", DIFFERENT)])

        assert said.contradictions == (("1", "2", "3"),)
        assert said.verdict("1", "2") is DIFFERENT

    def test_another_judgement_can_still_be_added(self) -> None:
        """What contradicts already does not stand in the way of others."""
        said = JudgementSet([*self.CHAIN, Judgement("1", "3", DIFFERENT)])

        assert len(said.with_judgement(Judgement("8", "9", SAME))) == 4


def test_only_judgements_are_judgements() -> None:
    """Neither pairs of ids nor one judgement alone."""
    for wrong in (["1"], [("1", "2")], Judgement("1", "2", SAME)):
        with pytest.raises(ConfigurationError, match="must be Judgement objects"):
            JudgementSet(wrong)  # type: ignore[arg-type]  # what is told
