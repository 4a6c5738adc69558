"""Person names: given name and surname, graded apart and compared as one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, ClassVar, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from dedupkit.matching.lift import Agreements, key_rows
from dedupkit.matching.matchers.columns import Parts, codes_of, grade_pairs, narrowed, share_any
from dedupkit.matching.matchers.name_grades import (
    DIFFERS,
    EQUAL,
    GRADES,
    LEVEL_OF,
    LEVELS,
    MAX_ERRORS,
    NOT_COMPARED,
    PARTS,
    SIMILAR_FAMILY,
    SIMILAR_GIVEN,
    Name,
    Words,
    compare_names,
    grade_family,
    grade_given,
)
from dedupkit.matching.matchers.persons import (
    is_initial,
    name_keys,
    read_person,
    roots_of,
    sound,
    spelled_keys,
    word_key,
)
from dedupkit.matching.protocols import Compared

__all__ = ["GRADES", "LEVELS", "PARTS", "Name", "NameMatcher"]


@final
@frozen
class NameMatcher:
    """Compares person names; given name and surname in one, so that their order counts once.

    Each of the two parts gets a grade, and the level is made of both. *Equal* looks past case,
    accents, transliterations (Bjørn, Bjoern), hyphens, titles and particles. *In part* means that
    one side says less: a middle name or second surname dropped, an initial, a nickname. Parts of
    several words are compared as wholes: María José is not María Carmen. Names that meet crosswise
    are *swapped*; junior and senior of one name are another generation.

    >>> matcher = NameMatcher()
    >>> one, other = matcher.prepare("Bob", "Smith", None), matcher.prepare(None, None, "R. Smyth")
    >>> matcher.levels[matcher.compare(one, other)]
    'given name in part, surname typing error'
    """

    name: ClassVar[str] = "name"
    fields: ClassVar[tuple[str, ...]] = ("first_name", "last_name", "name")
    levels: ClassVar[tuple[str, ...]] = LEVELS

    def prepare(
        self, first_name: str | None, last_name: str | None, name: str | None, /
    ) -> Name | None:
        """Return the name by its parts; None for a blank or a stopgap (Walk-in, Ukjent)."""
        person = read_person(first_name, last_name, name)
        if person is None:
            return None
        given = tuple(filter(None, map(word_key, person.given)))
        family = tuple(filter(None, map(word_key, person.family)))
        return Name(given, family, person.suffix) if given or family else None

    def compare(self, left: Name, right: Name, /) -> int:
        """Return the level of two names."""
        return compare_names(left, right)[0]

    def agreed(self, left: Name, right: Name, /) -> Hashable | None:
        """Return the parts that are equal, each a value of its own; None without any.

        >>> matcher = NameMatcher()
        >>> anna = matcher.prepare("Anna", "Larsen", None)
        >>> matcher.agreed(anna, anna)
        (('given', 'anna'), ('surname', 'larsen'))
        """
        return compare_names(left, right)[1]

    def keys(self, prepared: Name, /) -> Iterable[str]:
        """Return the blocking keys.

        ``name:`` a whole part with three letters of the other, both ways around; ``spelled:`` both
        parts in one word; ``sound:`` both by sound, sorted. A name of one part has none: it is no
        reason to compare anybody. What pairs a part of a name with something else (a postcode, a
        birth date) is made from ``surname:`` and ``given:``, which alone are shared by many.
        """
        return _keys(prepared)

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[Name | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Grade both parts over all pairs at once; what is swapped, alone or special one by one."""
        met, left, right = narrowed(values, left, right)
        return _Columns(met).compare(left, right)

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _keys(name: Name) -> tuple[str, ...]:
    surnames = tuple(dict.fromkeys(name.family[:1] + name.family[-1:]))
    parts = [f"surname:{sound(word)}" for word in surnames if not is_initial(word)]
    if name.given:
        parts += [f"given:{root}" for root in roots_of(name.given[0])]
    if not name.given or not name.family:
        words = name.given or name.family
        is_whole = len(words) > 1 or not words[0].isascii()
        return tuple(dict.fromkeys([f"spelled:{''.join(words)}", *parts] if is_whole else parts))
    first, last = name.given[0], surnames[-1]
    keys = [*spelled_keys("".join(name.given), "".join(name.family)), *spelled_keys(first, last)]
    for family in surnames:
        keys += name_keys(first, family)
        one, other = sorted((sound(first), sound(family)))
        keys.append(f"sound:{one} {other}")
    return tuple(dict.fromkeys(keys + parts))


class _Columns:
    """The parts of many names by number."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = names
        both, words = codes_of([part for name in names for part in (name.given, name.family)])
        self.given, self.family = both[0::2], both[1::2]
        self.words: list[Words] = words
        self.texts = ["".join(part) for part in words]
        self.text_codes = codes_of(self.texts)[0]
        self.empty = np.array([not part for part in words] or [True], dtype=np.bool_)
        self.initial = np.array([any(map(is_initial, part)) for part in words], dtype=np.bool_)
        self.generation = codes_of([None, *(name.generation for name in names)])[0][1:]
        self.lone = self.empty[self.given] | self.empty[self.family]
        self.marks: Parts[str] = Parts.of(
            [tuple({mark for word in part for mark in (word, *roots_of(word))}) for part in words]
        )

    def _texts(self, codes: NDArray[np.int32]) -> list[str]:
        return [self.texts[code] for code in codes.tolist()]

    def compare(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> Compared:
        given = self._grades(self.given[left], self.given[right], grade_given, SIMILAR_GIVEN)
        family = self._grades(self.family[left], self.family[right], grade_family, SIMILAR_FAMILY)
        levels = LEVEL_OF[given, family]
        codes, values = self._agreed(left, given, family)
        agreements = Agreements()
        known = np.array([agreements.code(value) for value in values] or [0], dtype=np.int32)
        codes = np.where(codes < 0, -1, known[codes])
        for position in np.flatnonzero(self._special(left, right)).tolist():
            level, value = compare_names(self.names[left[position]], self.names[right[position]])
            levels[position], codes[position] = level, agreements.code(value)
        return Compared(levels, codes, agreements.values)

    def _grades(
        self,
        one: NDArray[np.int32],
        other: NDArray[np.int32],
        grade: Callable[[Words, Words], int],
        likeness: float,
    ) -> NDArray[np.uint8]:
        grades = np.full(len(one), NOT_COMPARED, dtype=np.uint8)
        there = np.flatnonzero(~(self.empty[one] | self.empty[other]))

        def likely(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
            texts = self._texts(a), self._texts(b)
            alike = cpdist(*texts, scorer=JaroWinkler.similarity, dtype=np.float64)
            errors = cpdist(*texts, scorer=OSA.distance, score_cutoff=MAX_ERRORS, dtype=np.uint8)
            found: NDArray[np.bool_] = (alike >= likeness) | (errors <= MAX_ERRORS)
            found |= self.initial[a] | self.initial[b] | share_any(self.marks, a, b)
            return found

        grades[there] = grade_pairs(
            grade, self.words, one[there], other[there], likely=likely, otherwise=DIFFERS
        )
        return grades

    def _special(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell for which pairs the level may not be made of the two grades alone."""
        one, other = self.text_codes[self.given[left]], self.text_codes[self.family[right]]
        its, back = self.text_codes[self.given[right]], self.text_codes[self.family[left]]
        crosswise = (one == other) | (its == back)
        a, b = self.generation[left], self.generation[right]
        generations = (a > 0) & (b > 0) & (a != b)
        found: NDArray[np.bool_] = crosswise | generations
        found |= self.lone[left] != self.lone[right]
        return found

    def _agreed(
        self, left: NDArray[np.int32], given: NDArray[np.uint8], family: NDArray[np.uint8]
    ) -> tuple[NDArray[np.int32], list[tuple[tuple[str, str], ...]]]:
        """Number the equal parts of every pair, -1 where none is equal."""
        size = len(self.texts) + 1
        one = np.where(given == EQUAL, self.text_codes[self.given[left]] + 1, 0).astype(np.int64)
        two = np.where(family == EQUAL, self.text_codes[self.family[left]] + 1, 0)
        distinct, inverse = np.unique(one * size + two, return_inverse=True)
        texts = list(dict.fromkeys(self.texts))
        values: list[tuple[tuple[str, str], ...]] = []
        for code in distinct.tolist():
            first, second = divmod(code, size)
            values.append(
                (
                    *((("given", texts[first - 1]),) if first else ()),
                    *((("surname", texts[second - 1]),) if second else ()),
                )
            )
        codes = inverse.astype(np.int32)
        if values and not values[0]:
            return codes - 1, values[1:]
        return codes, values
