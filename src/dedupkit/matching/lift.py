"""Make any plain matcher work on whole columns, with the same answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, cast, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from dedupkit.matching.protocols import (
    ColumnMatcher,
    Compared,
    Matcher,
    SupportsAgreed,
    SupportsKeys,
)

__all__ = ["Agreements", "Lifted", "key_rows", "lift"]


@final
@frozen
class Lifted:
    """A plain matcher that works on columns by asking it value by value, pair by pair.

    What is optional in a matcher is here in any case: without `agreed` no level rests on a
    value, without `keys` no value has one.

    Attributes:
        matcher: The plain matcher.
    """

    matcher: Matcher

    @property
    def name(self) -> str:
        """The name of the plain matcher."""
        return self.matcher.name

    @property
    def fields(self) -> tuple[str, ...]:
        """The field paths that the plain matcher reads."""
        return self.matcher.fields

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of the plain matcher."""
        return self.matcher.levels

    def prepare(self, *values: Any) -> Hashable | None:  # noqa: ANN401  # fields have many types
        """Prepare as the plain matcher does."""
        return self.matcher.prepare(*values)

    def compare(self, left: Any, right: Any, /) -> int:  # noqa: ANN401  # the matcher's own values
        """Compare as the plain matcher does."""
        return self.matcher.compare(left, right)

    def agreed(self, left: Any, right: Any, /) -> Hashable | None:  # noqa: ANN401  # as above
        """Return the value agreed on, None where the plain matcher tells none."""
        matcher: object = self.matcher
        return matcher.agreed(left, right) if isinstance(matcher, SupportsAgreed) else None

    def keys(self, prepared: Any, /) -> Iterable[str]:  # noqa: ANN401  # as above
        """Return the blocking keys, none where the plain matcher offers none."""
        matcher: object = self.matcher
        return matcher.keys(prepared) if isinstance(matcher, SupportsKeys) else ()

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[Hashable | None]:
        """Prepare row by row."""
        return [self.matcher.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Compare pair by pair."""
        pairs = [
            (values[one], values[other])
            for one, other in zip(left.tolist(), right.tolist(), strict=True)
        ]
        agreements = Agreements()
        return Compared(
            np.array([self.matcher.compare(*pair) for pair in pairs], dtype=np.uint8),
            np.array([agreements.code(self.agreed(*pair)) for pair in pairs], dtype=np.int32),
            agreements.values,
        )

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Ask each value for its keys."""
        return key_rows(self.keys, values)


def lift(matcher: Matcher) -> ColumnMatcher:
    """Return *matcher* as a `ColumnMatcher`: itself where it is one already.

    The answers are the plain matcher's own. Cost: one call of Python per distinct value and per
    distinct pair of values.

    >>> from dedupkit.matching.matchers import EmailMatcher
    >>> lift(EmailMatcher()) is lift(lift(EmailMatcher()))
    False
    >>> matcher = EmailMatcher()
    >>> lift(matcher) is matcher
    True
    """
    if hasattr(matcher, "compare_columns"):
        return cast("ColumnMatcher", matcher)
    return Lifted(matcher)


@final
class Agreements:
    """Numbers the distinct values that pairs agree on, in order of appearance."""

    def __init__(self) -> None:
        self._codes: dict[Hashable, int] = {}

    def code(self, value: Hashable | None) -> int:
        """Return the number of *value*, -1 for None."""
        return -1 if value is None else self._codes.setdefault(value, len(self._codes))

    @property
    def values(self) -> tuple[Hashable, ...]:
        """The values by number."""
        return tuple(self._codes)


def key_rows(
    keys: Callable[[Any], Iterable[str]], values: Sequence[Any]
) -> tuple[NDArray[np.int32], Sequence[str]]:
    """Gather the keys of every value: the position of each key's value, and the keys."""
    counts: list[int] = []
    found: list[str] = []
    for value in values:
        before = len(found)
        found.extend(keys(value))
        counts.append(len(found) - before)
    positions = np.arange(len(counts), dtype=np.int32)
    return np.repeat(positions, np.array(counts, dtype=np.int64)), found
