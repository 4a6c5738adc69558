"""Person names: given name and surname, graded apart and compared as one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import product
from typing import Any, ClassVar, Final, NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from dedupkit.matching.lift import Agreements, key_rows
from dedupkit.matching.matchers.columns import Parts, codes_of, grade_pairs, share_any
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

#: How well two given names, or two surnames, agree; strongest first.
GRADES: Final = ("equal", "in part", "typing error", "similar", "differs")
_EQUAL, _IN_PART, _TYPING_ERROR, _SIMILAR, _DIFFERS = range(5)

_SWAPPED_WORDS: Final = "given name and surname swapped"
_GENERATION_WORDS: Final = "same name, other generation"
_NEUTRAL_WORDS: Final = "no part in common"


def _ordered() -> tuple[tuple[str, tuple[int | None, int | None]], ...]:
    """Order all levels, strongest first, each with its two grades."""
    grid = sorted(product(range(5), repeat=2), key=lambda pair: (sum(pair), max(pair), pair))
    both = [
        (f"given name {GRADES[given]}, surname {GRADES[family]}", (given, family))
        for given, family in grid
    ]
    single: list[tuple[str, tuple[int | None, int | None]]] = []
    for grade, words in enumerate(GRADES):
        single.append((f"given name {words}, no surname", (grade, None)))
        single.append((f"surname {words}, no given name", (None, grade)))
    strong = [level for level in both if sum(level[1]) <= _TYPING_ERROR]
    return (
        *strong,
        (_SWAPPED_WORDS, (None, None)),
        *both[len(strong) : -1],
        *single[:-2],
        (_NEUTRAL_WORDS, (None, None)),
        (_GENERATION_WORDS, (None, None)),
        *single[-2:],
        both[-1],
    )


#: The levels of `NameMatcher`, strongest first.
LEVELS: Final = tuple(words for words, _ in _ordered())

_POSITIONS: Final = tuple(grades for _, grades in _ordered())

#: The grades of given name and surname at each level, in the words of `GRADES`; None: that part
#: is not compared. Both None: the level has words of its own.
PARTS: Final = tuple(
    (
        None if given is None else GRADES[given],
        None if family is None else GRADES[family],
    )
    for given, family in _POSITIONS
)

_SWAPPED: Final = LEVELS.index(_SWAPPED_WORDS)
_GENERATION: Final = LEVELS.index(_GENERATION_WORDS)
_NEUTRAL: Final = LEVELS.index(_NEUTRAL_WORDS)

_NOT_COMPARED: Final = len(GRADES)
#: Level by given grade and surname grade; the last row and column: not compared.
_LEVEL_OF: Final = np.full((_NOT_COMPARED + 1, _NOT_COMPARED + 1), _NEUTRAL, dtype=np.uint8)
for _position, (_given, _family) in enumerate(_POSITIONS):
    if _given is not None or _family is not None:
        _LEVEL_OF[
            _NOT_COMPARED if _given is None else _given,
            _NOT_COMPARED if _family is None else _family,
        ] = _position

# How much may differ: letters, Jaro-Winkler similarity.
_ONE_ERROR_FROM: Final = 4
_TWO_ERRORS_FROM: Final = 8
_MAX_ERRORS: Final = 2
_TYPING_ERROR_LIKE: Final = 0.93
_SIMILAR_GIVEN: Final = 0.85
_SIMILAR_FAMILY: Final = 0.88

#: Words of a part of a name, as spelling keys, in their order.
Words = tuple[str, ...]


@final
class Name(NamedTuple):
    """A name prepared for comparing: spelling keys, without titles and particles.

    Attributes:
        given: Given names and initials; empty where there are none.
        family: Surnames; empty where there are none.
        generation: ``jr``, ``sr``, ``ii`` …, or None.
    """

    given: Words
    family: Words
    generation: str | None = None


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
        return _compare(left, right)[0]

    def agreed(self, left: Name, right: Name, /) -> Hashable | None:
        """Return the parts that are equal, each a value of its own; None without any.

        >>> matcher = NameMatcher()
        >>> anna = matcher.prepare("Anna", "Larsen", None)
        >>> matcher.agreed(anna, anna)
        (('given', 'anna'), ('surname', 'larsen'))
        """
        return _compare(left, right)[1]

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
        return _Columns(values).compare(left, right)

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


def _compare(left: Name, right: Name) -> tuple[int, tuple[tuple[str, str], ...] | None]:
    """Return the level of two names, and the parts that are equal."""
    given = _grade_given(left.given, right.given) if left.given and right.given else None
    family = _grade_family(left.family, right.family) if left.family and right.family else None
    level = int(
        _LEVEL_OF[
            _NOT_COMPARED if given is None else given, _NOT_COMPARED if family is None else family
        ]
    )
    if given is None or family is None:
        lone = _lone_word_as_surname(left, right) or _lone_word_as_surname(right, left)
        if lone is not None and level != _LEVEL_OF[_EQUAL, _NOT_COMPARED]:
            return int(_LEVEL_OF[_NOT_COMPARED, _EQUAL]), (("surname", lone),)
    elif _is_other_generation(left, right) and max(given, family) <= _TYPING_ERROR:
        return _GENERATION, None
    elif level > _SWAPPED and _is_swapped(left, right):
        return _SWAPPED, None
    equal = (
        *((("given", "".join(left.given)),) if given == _EQUAL else ()),
        *((("surname", "".join(left.family)),) if family == _EQUAL else ()),
    )
    return level, equal or None


def _grade_given(left: Words, right: Words) -> int:
    return _grade(left, right, likeness=_SIMILAR_GIVEN, nicknames=True)


def _grade_family(left: Words, right: Words) -> int:
    return _grade(left, right, likeness=_SIMILAR_FAMILY, nicknames=False)


def _grade(left: Words, right: Words, *, likeness: float, nicknames: bool) -> int:
    one, other = "".join(left), "".join(right)
    if one == other:
        return _IN_PART if _is_initials(left) or _is_initials(right) else _EQUAL
    if _covers(left, right, nicknames=nicknames):
        return _IN_PART
    alike = JaroWinkler.similarity(one, other)
    shortest = min(len(one), len(other))
    if shortest >= _ONE_ERROR_FROM:
        allowed = _MAX_ERRORS if shortest >= _TWO_ERRORS_FROM else 1
        if OSA.distance(one, other) <= allowed or alike >= _TYPING_ERROR_LIKE:
            return _TYPING_ERROR
    if alike >= likeness or _share_word(left, right):
        return _SIMILAR
    return _DIFFERS


def _share_word(left: Words, right: Words) -> bool:
    return any(word in right and not is_initial(word) for word in left)


def _is_initials(words: Words) -> bool:
    return all(map(is_initial, words))


def _covers(left: Words, right: Words, *, nicknames: bool) -> bool:
    """Tell whether each word of the side with fewer stands for another one of the other side."""
    fewer, more = (left, right) if len(left) <= len(right) else (right, left)
    if len(fewer) == len(more) and fewer > more:
        fewer, more = more, fewer  # the same walk in either order
    free = list(more)
    for word in sorted(fewer, key=len, reverse=True):
        match = next((rest for rest in free if rest == word), None) or next(
            (rest for rest in free if _stands_for(word, rest, nicknames=nicknames)), None
        )
        if match is None:
            return False
        free.remove(match)
    return True


def _stands_for(one: str, other: str, *, nicknames: bool) -> bool:
    if is_initial(one) or is_initial(other):
        initial, whole = sorted((one, other), key=len)
        return whole[0] == initial or (
            nicknames and any(root[0] == initial for root in roots_of(whole))
        )
    return nicknames and not set(roots_of(one)).isdisjoint(roots_of(other))


def _is_other_generation(left: Name, right: Name) -> bool:
    return None not in (left.generation, right.generation) and left.generation != right.generation


def _is_swapped(left: Name, right: Name) -> bool:
    """Tell whether the parts agree crosswise, at least one of them wholly."""
    there = _grade_family(left.given, right.family)
    back = _grade_family(left.family, right.given)
    return min(there, back) == _EQUAL and max(there, back) <= _TYPING_ERROR


def _lone_word_as_surname(lone: Name, other: Name) -> str | None:
    """Return the surname of *other* where it is all that stands as given name in *lone*."""
    word = "".join(lone.given)
    equal = not lone.family and other.family and word == "".join(other.family)
    return word if equal and not _is_initials(lone.given) else None


def _keys(name: Name) -> tuple[str, ...]:
    surnames = tuple(dict.fromkeys(name.family[:1] + name.family[-1:]))
    parts = [f"surname:{sound(word)}" for word in surnames if not is_initial(word)]
    if name.given:
        parts += [f"given:{root}" for root in roots_of(name.given[0])]
    if not name.given or not name.family:
        return tuple(dict.fromkeys(parts))
    first, whole = name.given[0], ("".join(name.given), "".join(name.family))
    keys = (
        *(key for family in surnames for key in name_keys(first, family)),
        *spelled_keys(*whole),
        *spelled_keys(first, surnames[-1]),
        *(f"sound:{' '.join(sorted((sound(first), sound(family))))}" for family in surnames),
        *parts,
    )
    return tuple(dict.fromkeys(keys))


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
        self.marks: Parts[str] = Parts.of(
            [tuple({mark for word in part for mark in (word, *roots_of(word))}) for part in words]
        )

    def compare(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> Compared:
        given = self._grades(self.given[left], self.given[right], _grade_given, _SIMILAR_GIVEN)
        family = self._grades(self.family[left], self.family[right], _grade_family, _SIMILAR_FAMILY)
        levels = _LEVEL_OF[given, family]
        codes, values = self._agreed(left, given, family)
        agreements = Agreements()
        known = np.array([agreements.code(value) for value in values] or [0], dtype=np.int32)
        codes = np.where(codes < 0, -1, known[codes])
        for position in np.flatnonzero(self._special(left, right, given, family)).tolist():
            level, value = _compare(self.names[left[position]], self.names[right[position]])
            levels[position], codes[position] = level, agreements.code(value)
        return Compared(levels, codes, agreements.values)

    def _grades(
        self,
        one: NDArray[np.int32],
        other: NDArray[np.int32],
        grade: Callable[[Words, Words], int],
        likeness: float,
    ) -> NDArray[np.uint8]:
        grades = np.full(len(one), _NOT_COMPARED, dtype=np.uint8)
        there = np.flatnonzero(~(self.empty[one] | self.empty[other]))

        def likely(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.bool_]:
            texts = (
                [self.texts[code] for code in a.tolist()],
                [self.texts[code] for code in b.tolist()],
            )
            alike = cpdist(*texts, scorer=JaroWinkler.similarity, dtype=np.float64)
            errors = cpdist(*texts, scorer=OSA.distance, score_cutoff=_MAX_ERRORS, dtype=np.uint8)
            found: NDArray[np.bool_] = (alike >= likeness) | (errors <= _MAX_ERRORS)
            found |= self.initial[a] | self.initial[b] | share_any(self.marks, a, b)
            return found

        grades[there] = grade_pairs(
            grade, self.words, one[there], other[there], likely=likely, otherwise=_DIFFERS
        )
        return grades

    def _special(
        self,
        left: NDArray[np.int32],
        right: NDArray[np.int32],
        given: NDArray[np.uint8],
        family: NDArray[np.uint8],
    ) -> NDArray[np.bool_]:
        """Tell for which pairs the level may not be made of the two grades alone."""
        one, other = self.text_codes[self.given[left]], self.text_codes[self.family[right]]
        its, back = self.text_codes[self.given[right]], self.text_codes[self.family[left]]
        crosswise = (one == other) | (its == back)
        a, b = self.generation[left], self.generation[right]
        generations = (a > 0) & (b > 0) & (a != b)
        found: NDArray[np.bool_] = crosswise | generations
        return found

    def _agreed(
        self, left: NDArray[np.int32], given: NDArray[np.uint8], family: NDArray[np.uint8]
    ) -> tuple[NDArray[np.int32], list[tuple[tuple[str, str], ...]]]:
        """Number the equal parts of every pair, -1 where none is equal."""
        size = len(self.texts) + 1
        one = np.where(given == _EQUAL, self.text_codes[self.given[left]] + 1, 0).astype(np.int64)
        two = np.where(family == _EQUAL, self.text_codes[self.family[left]] + 1, 0)
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
