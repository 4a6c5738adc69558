"""What the matchers of names and of e-mail addresses read from a person's name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dedupkit.normalize.nicknames import name_roots
from dedupkit.normalize.person import PersonName, normalize_full_name, normalize_person_name
from dedupkit.normalize.text import spelling_key

__all__ = [
    "is_initial",
    "name_keys",
    "read_person",
    "roots_of",
    "sound",
    "spelled_keys",
    "word_key",
    "words_of",
]

_PREFIX: Final = 3  # letters

#: Words of names recur: some ten thousand make up nearly all names of a country.
_CACHED: Final = 1 << 16

word_key: Final = lru_cache(maxsize=_CACHED)(spelling_key)
"""`spelling_key` of a single word."""


@lru_cache(maxsize=_CACHED)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a field as spelling keys.

    >>> words_of("Anne-Sophie")
    ('anne', 'sophie')
    """
    return tuple(spelling_key(text).split())


roots_of: Final = lru_cache(maxsize=_CACHED)(name_roots)
"""`name_roots` of a single word."""

#: Spellings of one sound, in the languages of the shipped tables; applied in order.
_SOUNDS: Final = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"ch(?=[rl])"), "k"),
    (re.compile(r"sch|sj|sh|ch|kj|tj"), "s"),
    (re.compile(r"th|dt|d"), "t"),
    (re.compile(r"ck|[cqg]"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"[wb]"), "v"),
    (re.compile(r"z"), "s"),
    (re.compile(r"(?<!^)[aeiouyhj]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def read_person(
    first_name: str | None, last_name: str | None, name: str | None
) -> PersonName | None:
    """Read a name from two fields, or from one where both are blank; None without a name."""
    if first_name or last_name:
        person = normalize_person_name(first_name, last_name)
    elif name:
        person = normalize_full_name(name)
    else:
        return None
    return None if person.is_placeholder or not person.tokens else person


def is_initial(word: str) -> bool:
    """Tell whether *word* is a single Latin letter; a single ideograph is a name.

    >>> is_initial("j"), is_initial("jo"), is_initial("王")
    (True, False, False)
    """
    return len(word) == 1 and word.isascii()


def name_keys(given: str, family: str) -> tuple[str, ...]:
    """Return the keys under which a given name and a surname meet their like, in either order.

    One part whole, as the root of its nicknames, with the first letters of the other: swapped
    names meet, and so do typing errors behind the first letters of one part.

    >>> name_keys("bob", "smith")
    ('name:robert smi', 'name:smith rob')
    """
    return tuple(
        [
            key
            for first in roots_of(given)
            for second in roots_of(family)
            for key in (f"name:{first} {second[:_PREFIX]}", f"name:{second} {first[:_PREFIX]}")
        ]
    )


def spelled_keys(given: str, family: str) -> tuple[str, str]:
    """Return the keys under which a name meets an e-mail address that spells it without a dot.

    >>> spelled_keys("anna", "larsen")
    ('spelled:annalarsen', 'spelled:larsenanna')
    """
    return f"spelled:{given}{family}", f"spelled:{family}{given}"


@lru_cache(maxsize=_CACHED)
def sound(word: str) -> str:
    """Return the skeleton of a folded word: its consonants by sound, and how it begins."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word
