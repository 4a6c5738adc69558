"""Draws that come out the same on every machine and every Python.

Only ``random.Random.random`` is used, the one method whose sequence Python guarantees for a seed,
and only whole numbers are summed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, Self, TypeVar, final

from attrs import frozen

T = TypeVar("T")

_ZIPF_UNIT = 1_000_000


@final
@frozen
class Weighted(Generic[T]):
    """Things to draw from, each with a weight.

    Attributes:
        items: The things.
        cumulative: The sums of the weights up to and with each of them.

    >>> Weighted.of([("red", 3), ("blue", 1)])
    Weighted(items=('red', 'blue'), cumulative=(3, 4))
    """

    items: tuple[T, ...]
    cumulative: tuple[int, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[T, int]]) -> Self:
        """Return the things of (thing, weight) pairs."""
        listed = tuple(pairs)
        return cls(
            tuple(item for item, _ in listed), tuple(accumulate(weight for _, weight in listed))
        )

    @classmethod
    def zipf(cls, items: Iterable[T], *, flat: int) -> Self:
        """Return the things with weights that fall with their rank: the n-th has 1 / (n + flat).

        >>> Weighted.zipf("abc", flat=1).cumulative
        (500000, 833333, 1083333)
        """
        return cls.of(
            (item, _ZIPF_UNIT // (rank + flat)) for rank, item in enumerate(items, start=1)
        )


@final
class Dice:
    """A seeded source of draws.

    >>> dice = Dice(7)
    >>> [dice.below(6) for _ in range(5)]
    [1, 0, 3, 0, 3]
    """

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        """Start the sequence of draws that belongs to a seed."""
        self._random = Random(seed).random

    def chance(self, rate: float) -> bool:
        """Return true in a share of *rate* of all draws."""
        return self._random() < rate

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to *limit* - 1."""
        return int(self._random() * limit)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from *low* to *high*, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the things, each as often as the others."""
        return items[int(self._random() * len(items))]

    def draw(self, table: Weighted[T]) -> T:
        """Return one of the things, as often as its weight says."""
        position = int(self._random() * table.cumulative[-1])
        return table.items[bisect_right(table.cumulative, position)]

    def digits(self, count: int) -> str:
        """Return a text of *count* digits."""
        return f"{int(self._random() * 10**count):0{count}}"

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Return the things in a random order.

        >>> Dice(1).shuffled("abcd")
        ['d', 'b', 'c', 'a']
        """
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = int(self._random() * (last + 1))
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
