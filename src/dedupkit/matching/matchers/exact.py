"""Equal or not: any field, case and surrounding blanks aside."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final, final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from dedupkit.customers import check_path
from dedupkit.matching.lift import key_rows
from dedupkit.matching.matchers.columns import (
    Parts,
    best_of_all,
    best_pair,
    narrowed,
    shared_values,
)
from dedupkit.matching.protocols import Compared

__all__ = ["ExactMatcher"]

#: Strongest first.
_LEVELS: Final = ("equal", "differs")
_EQUAL, _DIFFERS = range(2)
_AGREEING: Final = 1


@final
@frozen
class ExactMatcher:
    """Compares one field, whichever: texts without case and surrounding blanks, all else as it is.

    Where a field holds several values (``"external_ids.loyalty_app"``, ``"groups"``), one in
    common is enough.

    Attributes:
        path: Field path, which is also the name.

    Raises:
        ConfigurationError: *path* names no field.

    >>> matcher = ExactMatcher("extra.vat_no")
    >>> matcher.levels[matcher.compare(matcher.prepare(" no123 "), matcher.prepare("NO123"))]
    'equal'
    """

    path: str = field(converter=check_path)

    @property
    def name(self) -> str:
        """The field path."""
        return self.path

    @property
    def fields(self) -> tuple[str, ...]:
        """The field path alone."""
        return (self.path,)

    @property
    def levels(self) -> tuple[str, ...]:
        """``equal`` and ``differs``."""
        return _LEVELS

    def prepare(self, value: Any, /) -> tuple[str, ...] | None:  # noqa: ANN401  # any field's type
        """Return the canonical texts of one value or of several, sorted; None without any.

        >>> ExactMatcher("groups").prepare(frozenset({"VIP", "press "}))
        ('press', 'vip')
        """
        several = value if isinstance(value, frozenset | tuple | set | list) else (value,)
        return tuple(sorted({text for text in map(_canonical, several) if text})) or None

    def compare(self, left: tuple[str, ...], right: tuple[str, ...], /) -> int:
        """Return whether the two have a value in common."""
        return best_pair(_grade, left, right)

    def agreed(self, left: tuple[str, ...], right: tuple[str, ...], /) -> Hashable | None:
        """Return the value in common, a frozenset where there are several of which one counts."""
        return shared_values(_grade, _agreed, left, right, agreeing=_AGREEING)

    def keys(self, prepared: tuple[str, ...], /) -> Iterable[str]:
        """Return a key for each value, of the kind that the path names.

        >>> ExactMatcher("number").keys(("k10",))
        ('number:k10',)
        """
        return tuple(f"{self.path}:{text}" for text in prepared)

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[tuple[str, ...] | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Compare by the numbers of the values."""
        values, left, right = narrowed(values, left, right)
        return best_of_all(
            Parts.of(values),
            left,
            right,
            grades=lambda one, other: (one != other).astype(np.uint8),
            agreed=_agreed,
            agreeing=_AGREEING,
        )

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _canonical(value: object) -> str:
    """Return a text that equal values share, blank where there is no value."""
    if value is None:
        return ""
    return " ".join(str(value).casefold().split())


def _grade(left: str, right: str) -> int:
    return _EQUAL if left == right else _DIFFERS


def _agreed(left: str, right: str) -> tuple[str]:
    return (min(left, right),)
