"""The engine: what it asks of a matcher that works on columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dedupkit.customers import Customer
from dedupkit.matching import MatchModel, find_duplicates
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
