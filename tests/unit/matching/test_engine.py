"""The engine: what it asks of a matcher that works on columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dedupkit.customers import Customer
from dedupkit.matching import MatchModel, find_duplicates
from dedupkit.matching.engine import Encoded, encode, kinds_of
from dedupkit.matching.intake import read_register
from dedupkit.matching.lift import lift
from dedupkit.matching.matchers import EmailMatcher, ExactMatcher
from dedupkit.matching.protocols import Compared


class Clubs:
    """A host's matcher on columns that names no values agreed on."""

    name: ClassVar[str] = "club"
    fields: ClassVar[tuple[str, ...]] = ("notes",)
    levels: ClassVar[tuple[str, ...]] = ("same", "other")

    def prepare(self, notes: str | None, /) -> str | None:
        """Take the notes."""
        return notes

    def compare(self, left: str, right: str, /) -> int:
        """Tell equal notes from others."""
        return int(left != right)

    def prepare_columns(self, *columns: Sequence[str | None]) -> Sequence[str | None]:
        """Take the notes of all."""
        return columns[0]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Tell equal codes from others."""
        return Compared((left != right).astype(np.uint8), np.full(len(left), -1, np.int32), ())

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Meet by the notes."""
        return np.arange(len(values), dtype=np.int32), [f"club:{value}" for value in values]


def test_a_matcher_on_columns_needs_no_values_agreed_on() -> None:
    """It weighs by its levels alone, and no value of it is counted."""
    model = MatchModel.default().with_matchers(Clubs())
    cards = [Customer(id=i, last_name="Dahl", notes="chess" if i < "3" else "go") for i in "1234"]
    report = find_duplicates(cards, model=model)
    assert ("1", "2") in {pair.ids for pair in report.pairs}
    assert report.profile.holders.get("club", 0) == 0


CARDS = [
    Customer(id="1", email="rosa@x.no", number="7"),
    Customer(id="2", email="rosa@x.no"),
    Customer(id="3", email="info@y.no", number="7"),
    Customer(id="4"),
]


def encoded() -> list[Encoded]:
    """Return the cards in the columns of two matchers."""
    matchers = [lift(EmailMatcher()), lift(ExactMatcher("number"))]
    paths = [path for matcher in matchers for path in matcher.fields]
    register = read_register(CARDS, paths)
    return [encode(matcher, register) for matcher in matchers]


def test_keys_that_nobody_shares_may_be_left_out() -> None:
    """With two holders asked for, each kind stays, with the keys of two rows or more."""
    everyone = np.ones(4, dtype=np.bool_)
    every = kinds_of(encoded(), everyone)
    shared = kinds_of(encoded(), everyone, holders=2)
    assert list(shared) == list(every)
    assert every["email"][0].rows.tolist() == [0, 1, 2]
    assert shared["email"][0].rows.tolist() == [0, 1]
    assert (shared["number"][0].rows.tolist(), shared["number"][1]) == ([0, 2], 0b10)


def test_rows_that_do_not_take_part_have_no_keys() -> None:
    """Nor do they count as holders."""
    eligible = np.array([True, False, True, True])
    shared = kinds_of(encoded(), eligible, holders=2)
    assert not len(shared["email"][0].rows)


def test_who_holds_which_value() -> None:
    """Rows that hold one value bear one number; a missing value has no row."""
    held = encoded()[1].value_rows
    assert (held.rows.tolist(), held.codes.tolist()) == ([0, 2], [0, 0])
    assert (held.kinds, len(held.hashes)) == (("number",), 1)


def test_values_that_recur_and_those_that_do_not_compare_alike() -> None:
    """Whether pairs of values are looked for twice or not, the levels are those of the pairs."""
    email, number = encoded()
    left, right = np.array([0, 0, 1, 0], np.int32), np.array([1, 2, 2, 3], np.int32)
    assert number.compare(left, right).levels.tolist() == [255, 0, 255, 255]
    assert email.compare(left, right).levels.tolist() == [0, 6, 6, 255]
