"""Phone numbers: all of one card against all of the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar, Final, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from dedupkit.matching.lift import key_rows
from dedupkit.matching.matchers.columns import (
    Parts,
    best_of_all,
    best_pair,
    grade_pairs,
    narrowed,
    shared_values,
)
from dedupkit.matching.matchers.spellings import Spellings
from dedupkit.matching.protocols import Compared
from dedupkit.normalize.phone import normalize_phone, split_phones

__all__ = ["PhoneMatcher"]

#: Strongest first.
_LEVELS: Final = (
    "equal",
    "equal, each with another as well",
    "equal, other extension",
    "same digits, country unknown",
    "nearly equal",
    "differs",
)
_EQUAL, _BESIDE, _EXTENSION, _DIGITS, _NEARLY, _DIFFERS = range(6)
_AGREEING: Final = 4

_EXT: Final = ";ext="
_SHORTEST: Final = 7  # digits: a shorter number without a country is no number of its own
_TAIL: Final = 8  # digits of the key under which numbers with and without a country meet


@final
@frozen
class PhoneMatcher:
    """Compares phone numbers as people dial them, in whatever spelling and whichever field.

    A number is read with the customer's country, then with the register's region. One that is not
    possible there, and a stopgap (``00000000``), counts as missing. Where neither country nor
    region is known its digits are compared, which is a level of its own. One number with two
    extensions is a switchboard's. Cards that share one number, and each
    have another that the other lacks, may be a household's: one landline, two mobiles.

    Attributes:
        region: The register's region, ISO 3166 alpha-2, or None.

    >>> matcher = PhoneMatcher(region="NO")
    >>> one = matcher.prepare("912 34 567", None, (), None)
    >>> other = matcher.prepare(None, "0047 91234567", (), "SE")
    >>> matcher.levels[matcher.compare(one, other)], matcher.agreed(one, other)
    ('equal', '+4791234567')
    """

    region: str | None = None

    name: ClassVar[str] = "phone"
    fields: ClassVar[tuple[str, ...]] = ("mobile", "home_phone", "other_phones", "country")
    levels: ClassVar[tuple[str, ...]] = _LEVELS

    def prepare(
        self,
        mobile: str | None,
        home_phone: str | None,
        other_phones: Sequence[str] | None,
        country: str | None,
        /,
    ) -> tuple[str, ...] | None:
        """Return the numbers, sorted: E.164 with ``;ext=``, or digits where no country is known.

        >>> PhoneMatcher().prepare("020 7946 0018 ext. 4", None, (), "GB")
        ('+442079460018;ext=4',)
        """
        cells = (mobile, home_phone, *(other_phones or ()))
        numbers = {
            number
            for cell in cells
            if cell
            for text in split_phones(cell)
            if (number := self._number(text, country))
        }
        return tuple(sorted(numbers)) or None

    def _number(self, text: str, country: str | None) -> str | None:
        phone = normalize_phone(text, country, self.region)
        if phone.is_placeholder:
            return None
        if phone.e164 is not None:
            return phone.text
        if country or self.region:
            return None
        digits = phone.national.lstrip("0")
        return digits if len(digits) >= _SHORTEST else None

    def compare(self, left: tuple[str, ...], right: tuple[str, ...], /) -> int:
        """Return the strongest level of any number with any other."""
        level = best_pair(_grade, left, right)
        return _BESIDE if level == _EQUAL and _each_has_another(left, right) else level

    def agreed(self, left: tuple[str, ...], right: tuple[str, ...], /) -> Hashable | None:
        """Return the number shared, a frozenset where there are several of which one counts."""
        return shared_values(_grade, _agreed, left, right, agreeing=_AGREEING)

    def keys(self, prepared: tuple[str, ...], /) -> Iterable[str]:
        """Return the numbers as keys, and their last digits for numbers without a country.

        >>> PhoneMatcher().keys(("+4791234567",))
        ('phone:+4791234567', 'digits:91234567')
        """
        return tuple(dict.fromkeys(key for number in prepared for key in _keys(number)))

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[tuple[str, ...] | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Measure all pairs of numbers at once, look at those alike one by one."""
        values, left, right = narrowed(values, left, right)
        parts: Parts[str] = Parts.of(values)
        numbers = [part.partition(_EXT)[0] for part in parts.distinct]
        bare = np.array([not number.startswith("+") for number in numbers], dtype=np.bool_)
        spellings = Spellings(numbers)

        def likely(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
            return spellings.within(one, other, 1) | bare[one] | bare[other]

        compared = best_of_all(
            parts,
            left,
            right,
            grades=lambda one, other: grade_pairs(
                _grade, parts.distinct, one, other, likely=likely, otherwise=_DIFFERS
            ),
            agreed=_agreed,
            agreeing=_AGREEING,
        )
        several = np.array([len(value) > 1 for value in values] or [False], dtype=np.bool_)
        for at in np.flatnonzero(
            (compared.levels == _EQUAL) & several[left] & several[right]
        ).tolist():
            if _each_has_another(values[left[at]], values[right[at]]):
                compared.levels[at] = _BESIDE
        return compared

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _grade(left: str, right: str) -> int:
    one, _, extension = left.partition(_EXT)
    other, _, its_extension = right.partition(_EXT)
    known = one.startswith("+"), other.startswith("+")
    match known:
        case True, True:
            if one == other:
                return _EQUAL if extension == its_extension else _EXTENSION
        case False, False:
            if one == other:
                return _DIGITS
        case _:
            whole, digits = (one, other) if known[0] else (other, one)
            return _DIGITS if whole.endswith(digits) else _DIFFERS
    is_near = len(one) == len(other) and OSA.distance(one, other, score_cutoff=1) == 1
    return _NEARLY if is_near else _DIFFERS


def _each_has_another(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell whether each side has a number that is no spelling of one of the other side."""
    return _has_another(left, right) and _has_another(right, left)


def _has_another(these: Sequence[str], those: Sequence[str]) -> bool:
    return any(best_pair(_grade, (number,), those) == _DIFFERS for number in these)


def _agreed(left: str, right: str) -> tuple[str, ...]:
    """Return the number, and the number with its extension where that is the same."""
    one, other = left.partition(_EXT)[0], right.partition(_EXT)[0]
    number = max(one, other, key=len)  # the one that begins with its country
    return (number,) if left != right or left == number else (number, left)


def _keys(number: str) -> tuple[str, ...]:
    whole = number.partition(_EXT)[0]
    tail = f"digits:{whole.lstrip('+')[-_TAIL:]}"
    return (f"phone:{whole}", tail) if whole.startswith("+") else (tail,)
