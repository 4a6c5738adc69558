"""Company names, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from dedupkit.matching.lift import Agreements, key_rows
from dedupkit.matching.matchers.columns import Parts, grade_pairs, narrowed, share_any
from dedupkit.matching.matchers.spellings import Spellings
from dedupkit.matching.protocols import Compared
from dedupkit.normalize.company import normalize_company
from dedupkit.normalize.text import spelling_key

__all__ = ["CompanyMatcher"]

#: Strongest first.
_LEVELS: Final = ("equal", "nearly equal", "one within the other", "in part", "differs")
_EQUAL, _NEARLY, _WITHIN, _IN_PART, _DIFFERS = range(5)

_ONE_ERROR_FROM: Final = 4  # letters
_TWO_ERRORS_FROM: Final = 8
_MAX_ERRORS: Final = 2
_COMMON: Final = 0.6  # of the words of both
_SHORTEST_KEY: Final = 3  # letters

#: The words of a company's name, as spelling keys, in their order.
Words = tuple[str, ...]


@final
@frozen
class CompanyMatcher:
    """Compares names of companies without their legal form, word order kept.

    >>> matcher = CompanyMatcher()
    >>> one, other = matcher.prepare("Hansen & Sønn A/S"), matcher.prepare("HANSEN OG SØNN")
    >>> matcher.levels[matcher.compare(one, other)]
    'equal'
    """

    name: ClassVar[str] = "company"
    fields: ClassVar[tuple[str, ...]] = ("company",)
    levels: ClassVar[tuple[str, ...]] = _LEVELS

    def prepare(self, company: str | None, /) -> Words | None:
        """Return the words of the name; None for a blank or a stopgap (Privat, Unknown)."""
        if not company:
            return None
        read = normalize_company(company)
        words = () if read.is_placeholder else tuple(filter(None, map(spelling_key, read.tokens)))
        return words or None

    def compare(self, left: Words, right: Words, /) -> int:
        """Return the level of two names."""
        return _grade(left, right)

    def agreed(self, left: Words, right: Words, /) -> str | None:
        """Return the name written without spaces, where it is equal."""
        name = "".join(left)
        return name if name == "".join(right) else None

    def keys(self, prepared: Words, /) -> Iterable[str]:
        """Return a key for every word; the profile keeps the rare ones open.

        >>> CompanyMatcher().keys(("oslo", "zonnebloem"))
        ('company:oslo', 'company:zonnebloem')
        """
        words = [word for word in prepared if len(word) >= _SHORTEST_KEY] or ["".join(prepared)]
        return tuple(dict.fromkeys(f"company:{word}" for word in words))

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[Words | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Look for common words and near spellings over all pairs, at those found one by one."""
        values, left, right = narrowed(values, left, right)
        parts: Parts[str] = Parts.of(values)
        names = ["".join(words) for words in values]
        spellings = Spellings(names)

        def likely(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
            return spellings.within(one, other, _MAX_ERRORS) | share_any(parts, one, other)

        levels = grade_pairs(_grade, values, left, right, likely=likely, otherwise=_DIFFERS)
        agreements = Agreements()
        codes = np.full(len(left), -1, dtype=np.int32)
        for position in np.flatnonzero(levels == _EQUAL).tolist():
            codes[position] = agreements.code(names[left[position]])
        return Compared(levels, codes, agreements.values)

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _grade(left: Words, right: Words) -> int:
    one, other = "".join(left), "".join(right)
    if one == other:
        return _EQUAL
    shortest = min(len(one), len(other))
    allowed = (shortest >= _ONE_ERROR_FROM) + (shortest >= _TWO_ERRORS_FROM)
    if OSA.distance(one, other, score_cutoff=_MAX_ERRORS) <= allowed:
        return _NEARLY
    words, its = set(left), set(right)
    common = len(words & its)
    if common and common == min(len(words), len(its)):
        return _WITHIN
    return _IN_PART if 2 * common >= _COMMON * (len(words) + len(its)) else _DIFFERS
