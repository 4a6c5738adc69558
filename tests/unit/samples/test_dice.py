"""The draws: repeatable, in range, as frequent as their weights say."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from dedupkit.samples.dice import Dice, Weighted


class TestDice:
    def test_a_seed_gives_the_same_draws(self) -> None:
        """Two dice of one seed agree, those of another do not."""
        draws = [[Dice(seed).below(1000) for _ in range(1)] for seed in (3, 3, 4)]
        assert draws[0] == draws[1] != draws[2]

    def test_the_sequence_is_fixed_for_ever(self) -> None:
        """A register drawn years ago can be drawn again: the first numbers of a seed stay."""
        dice = Dice(2026)
        assert [dice.below(1000) for _ in range(5)] == [119, 502, 511, 860, 102]

    @given(st.integers(), st.integers(-50, 50), st.integers(0, 50))
    def test_between_includes_both_ends(self, seed: int, low: int, width: int) -> None:
        """A number between two is never outside them."""
        assert low <= Dice(seed).between(low, low + width) <= low + width

    @given(st.integers(), st.lists(st.integers()))
    def test_shuffled_keeps_everything(self, seed: int, items: list[int]) -> None:
        """Shuffling neither adds nor loses."""
        assert sorted(Dice(seed).shuffled(items)) == sorted(items)

    @given(st.integers(), st.integers(1, 9))
    def test_digits_have_their_length(self, seed: int, count: int) -> None:
        """Leading zeros are kept."""
        digits = Dice(seed).digits(count)
        assert len(digits) == count
        assert digits.isdigit()


class TestWeighted:
    @given(st.lists(st.integers(0, 5), min_size=1).filter(any), st.integers())
    def test_draws_as_a_repeated_list_would(self, weights: list[int], seed: int) -> None:
        """Drawing by weight is picking from a list that repeats each thing by its weight."""
        repeated = [at for at, weight in enumerate(weights) for _ in range(weight)]
        expected = repeated[int(Random(seed).random() * len(repeated))]
        assert expected == Dice(seed).draw(Weighted.of(enumerate(weights)))

    def test_zipf_falls_with_the_rank(self) -> None:
        """The first is drawn most often, every one sometimes."""
        dice, table = Dice(1), Weighted.zipf("abc", flat=0)
        counts = Counter(dice.draw(table) for _ in range(2000))
        assert counts["a"] > counts["b"] > counts["c"] > 0
