"""How two person names agree: grades of given name and surname, and the levels made of them."""

from __future__ import annotations

from itertools import product
from typing import Final, NamedTuple, final

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler

from dedupkit.matching.matchers.persons import is_initial, roots_of

__all__ = [
    "GRADES",
    "LEVELS",
    "PARTS",
    "Name",
    "Words",
    "compare_names",
    "grade_family",
    "grade_given",
]

#: How well two given names, or two surnames, agree; strongest first.
GRADES: Final = ("equal", "in part", "typing error", "similar", "differs")
EQUAL, _IN_PART, _TYPING_ERROR, _SIMILAR, DIFFERS = range(5)

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

NOT_COMPARED: Final = len(GRADES)
#: Level by given grade and surname grade; the last row and column: not compared.
LEVEL_OF: Final = np.full((NOT_COMPARED + 1, NOT_COMPARED + 1), _NEUTRAL, dtype=np.uint8)
for _position, (_given, _family) in enumerate(_POSITIONS):
    if _given is not None or _family is not None:
        LEVEL_OF[
            NOT_COMPARED if _given is None else _given,
            NOT_COMPARED if _family is None else _family,
        ] = _position

_ALONE: Final = (EQUAL, NOT_COMPARED)

# How much may differ: letters, Jaro-Winkler similarity.
_ONE_ERROR_FROM: Final = 4
_TWO_ERRORS_FROM: Final = 8
MAX_ERRORS: Final = 2
_TYPING_ERROR_LIKE: Final = 0.93
SIMILAR_GIVEN: Final = 0.85
SIMILAR_FAMILY: Final = 0.88

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


def compare_names(left: Name, right: Name) -> tuple[int, tuple[tuple[str, str], ...] | None]:
    """Return the level of two names, and the parts that are equal."""
    given = grade_given(left.given, right.given) if left.given and right.given else None
    family = grade_family(left.family, right.family) if left.family and right.family else None
    level = int(
        LEVEL_OF[
            NOT_COMPARED if given is None else given, NOT_COMPARED if family is None else family
        ]
    )
    if given is None or family is None:
        if _is_written_in_one(left, right) or _is_written_in_one(right, left):
            lone = right if left.given and left.family else left
            return int(LEVEL_OF[_ALONE if lone.given else _ALONE[::-1]]), None
        word = _lone_word_as_surname(left, right) or _lone_word_as_surname(right, left)
        if word is not None and level != LEVEL_OF[_ALONE]:
            return int(LEVEL_OF[_ALONE[::-1]]), (("surname", word),)
    elif _is_other_generation(left, right) and max(given, family) <= _TYPING_ERROR:
        return _GENERATION, None
    elif level > _SWAPPED and _is_swapped(left, right):
        return _SWAPPED, None
    equal = (
        *((("given", "".join(left.given)),) if given == EQUAL else ()),
        *((("surname", "".join(left.family)),) if family == EQUAL else ()),
    )
    return level, equal or None


def grade_given(left: Words, right: Words) -> int:
    """Return the grade of two given names, nicknames and initials seen; symmetric.

    >>> GRADES[grade_given(("anna", "maria"), ("anna",))]
    'in part'
    """
    return _grade(left, right, likeness=SIMILAR_GIVEN, nicknames=True)


def grade_family(left: Words, right: Words) -> int:
    """Return the grade of two surnames; symmetric.

    >>> GRADES[grade_family(("larsen",), ("larson",))]
    'typing error'
    """
    return _grade(left, right, likeness=SIMILAR_FAMILY, nicknames=False)


def _grade(left: Words, right: Words, *, likeness: float, nicknames: bool) -> int:
    one, other = "".join(left), "".join(right)
    if one == other:
        return _IN_PART if _is_initials(left) or _is_initials(right) else EQUAL
    if _covers(left, right, nicknames=nicknames):
        return _IN_PART
    if _branches_off(left, right, likeness):
        return DIFFERS
    alike = JaroWinkler.similarity(one, other)
    shortest = min(len(one), len(other))
    if shortest >= _ONE_ERROR_FROM:
        allowed = MAX_ERRORS if shortest >= _TWO_ERRORS_FROM else 1
        if OSA.distance(one, other) <= allowed or alike >= _TYPING_ERROR_LIKE:
            return _TYPING_ERROR
    if alike >= likeness or _share_word(left, right):
        return _SIMILAR
    return DIFFERS


def _branches_off(left: Words, right: Words, likeness: float) -> bool:
    """Tell whether both sides have a word in common and, beside it, words that are not alike.

    Father and son may share the first of two surnames, and bear another second one.
    """
    beside = sorted(set(left) - set(right)), sorted(set(right) - set(left))
    if (
        not all(beside)
        or not _share_word(left, right)
        or any(map(is_initial, (*beside[0], *beside[1])))
    ):
        return False
    one, other = map("".join, beside)
    unlike = JaroWinkler.similarity(one, other) < likeness
    return unlike and OSA.distance(one, other) > MAX_ERRORS


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
    there = grade_family(left.given, right.family)
    back = grade_family(left.family, right.given)
    return min(there, back) == EQUAL and max(there, back) <= _TYPING_ERROR


def _is_written_in_one(lone: Name, other: Name) -> bool:
    """Tell whether the one part of *lone* is the whole of *other*, in either order."""
    words = lone.given or lone.family
    if (lone.given and lone.family) or not (other.given and other.family) or _is_initials(words):
        return False
    given, family = "".join(other.given), "".join(other.family)
    return "".join(words) in (given + family, family + given)


def _lone_word_as_surname(lone: Name, other: Name) -> str | None:
    """Return the surname of *other* where it is all that stands as given name in *lone*."""
    word = "".join(lone.given)
    equal = not lone.family and other.family and word == "".join(other.family)
    return word if equal and not _is_initials(lone.given) else None
