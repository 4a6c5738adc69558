"""Any plain matcher works on columns."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import ClassVar

import numpy as np

from dedupkit.matching.lift import Agreements, Lifted, key_rows, lift
from dedupkit.matching.matchers import EmailMatcher


class SameLength:
    """The least that a host writes."""

    name: ClassVar[str] = "length"
    fields: ClassVar[tuple[str, ...]] = ("notes",)
    levels: ClassVar[tuple[str, ...]] = ("equal", "differs")

    def prepare(self, notes: str | None, /) -> int | None:
        """Measure."""
        return len(notes) if notes else None

    def compare(self, left: int, right: int, /) -> int:
        """Compare lengths."""
        return int(left != right)


class SameLengthTold(SameLength):
    """The same with all that is optional."""

    def agreed(self, left: int, right: int, /) -> Hashable | None:
        """Name the length."""
        return left if left == right else None

    def keys(self, prepared: int, /) -> Iterable[str]:
        """Meet by length."""
        return (f"length:{prepared}", "any:length")


PAIRS = np.array([0, 0], dtype=np.int32), np.array([0, 1], dtype=np.int32)


class TestLift:
    def test_column_matcher_is_kept(self) -> None:
        """What works on columns already is returned as it is."""
        matcher = EmailMatcher()
        assert lift(matcher) is matcher

    def test_plain_matcher_is_wrapped(self) -> None:
        """Name, fields and levels are the plain matcher's."""
        lifted = lift(SameLength())
        assert isinstance(lifted, Lifted)
        assert (lifted.name, lifted.fields, lifted.levels) == (
            "length",
            ("notes",),
            ("equal", "differs"),
        )

    def test_value_by_value(self) -> None:
        """A lifted matcher still answers for single values."""
        lifted = lift(SameLength())
        assert lifted.prepare("abc") == 3
        assert lifted.compare(3, 4) == 1

    def test_prepare_columns(self) -> None:
        """Each row is prepared, in order."""
        assert lift(SameLength()).prepare_columns(["a", None, "ccc"]) == [1, None, 3]

    def test_without_agreed_no_value_is_agreed(self) -> None:
        """A matcher that names no value agrees on none."""
        found = lift(SameLength()).compare_columns([3, 4], *PAIRS)
        assert (found.levels.tolist(), found.agreed.tolist(), found.values) == (
            [0, 1],
            [-1, -1],
            (),
        )

    def test_agreed(self) -> None:
        """Values agreed on are numbered."""
        found = lift(SameLengthTold()).compare_columns([3, 4], *PAIRS)
        assert (found.levels.tolist(), found.agreed.tolist(), found.values) == (
            [0, 1],
            [0, -1],
            (3,),
        )

    def test_without_keys_there_is_none(self) -> None:
        """A matcher that offers no keys has none."""
        owners, keys = lift(SameLength()).key_columns([3, 4])
        assert (owners.tolist(), keys) == ([], [])

    def test_keys(self) -> None:
        """Keys come with the position of their value."""
        owners, keys = lift(SameLengthTold()).key_columns([3, 4])
        assert owners.tolist() == [0, 0, 1, 1]
        assert keys == ["length:3", "any:length", "length:4", "any:length"]


class TestAgreements:
    def test_numbers_in_order_of_appearance(self) -> None:
        """Equal values get one number, None gets -1."""
        agreements = Agreements()
        assert [agreements.code(value) for value in ("b", None, "a", "b")] == [0, -1, 1, 0]
        assert agreements.values == ("b", "a")


class TestKeyRows:
    def test_value_without_keys(self) -> None:
        """A value without a key leaves a gap in the positions."""
        owners, keys = key_rows(lambda value: (value,) if value else (), ["a", "", "c"])
        assert (owners.tolist(), keys) == ([0, 2], ["a", "c"])
