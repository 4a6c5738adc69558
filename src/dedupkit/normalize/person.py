"""Person names: folded, ordered, freed of what is no name."""

import re
from functools import lru_cache
from typing import Final, final

from attrs import field, frozen

from dedupkit.normalize.person_words import (
    DEGREES,
    GENERATIONS,
    PARTICLES,
    PLACEHOLDER_NOUNS,
    PLACEHOLDER_PHRASES,
    PLACEHOLDERS,
    TITLES,
    TITLES_OR_NAMES,
)
from dedupkit.normalize.text import fold, spelling_key

__all__ = ["PersonName", "normalize_full_name", "normalize_person_name"]


@final
@frozen(kw_only=True)
class PersonName:
    """The words of a person's name, folded by `fold` and sorted into their parts.

    Its repr shows nothing of the name.

    >>> name = normalize_person_name("Drs. Kees-Jan", "van der Bérg Jr.")
    >>> name.given, name.particles, name.family, name.suffix
    (('kees', 'jan'), ('van', 'der'), ('berg',), 'jr')
    """

    given: tuple[str, ...] = field(repr=False, default=())
    """Given names and initials in their order; a hyphen divides."""

    family: tuple[str, ...] = field(repr=False, default=())
    """Family names in their order, without particles; a hyphen divides."""

    particles: tuple[str, ...] = field(repr=False, default=())
    """*van*, *von*, *de la* and the like, in their order."""

    suffix: str | None = field(repr=False, default=None)
    """``jr``, ``sr``, ``ii``, ``iii``, ``iv``, or ``None``: it tells father from son."""

    is_placeholder: bool = False
    """Whether the words are a stopgap: Walk-in, Guest, Test, Ukjent, Cash customer."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """Given and family names together; empty where no name is known."""
        return self.given + self.family

    @property
    def keys(self) -> tuple[str, ...]:
        """The `spelling_key` of each token, so that Bjørn is Bjoern."""
        return tuple(map(spelling_key, self.tokens))

    @property
    def first(self) -> str:
        """What a first-name field would hold; `normalize_person_name` reads it as the same name."""
        words = self.given if self.family else (*self.given, *self._suffixes)
        return " ".join(words)

    @property
    def last(self) -> str:
        """What a last-name field would hold, particles in front, suffix behind."""
        words = (*self.particles, *self.family, *self._suffixes) if self.family else ()
        return " ".join(words)

    @property
    def _suffixes(self) -> tuple[str, ...]:
        return () if self.suffix is None else (self.suffix,)


_APOSTROPHES: Final = re.compile(r"(?<=\w)['’‘`´ʼʹ′](?=\w)")
_BRACKETED: Final = re.compile(r"\([^()]*\)|\"[^\"]*\"")
_ONE_LETTER: Final = re.compile(r"(.)\1{2,}")
_PREFIXES: Final = frozenset(("o", "mc", "mac", "d"))
_SHORTEST_STEM: Final = 3  # letters behind a prefix: O'Dea
_JOINERS: Final = frozenset(("y", "i"))
_LINKS: Final = frozenset(("de", "del", "la", "las", "los"))
_BEHIND: Final = DEGREES | GENERATIONS.keys()
_SPECIAL: Final = _BEHIND | PARTICLES | TITLES
#: Every word that may be something else than a name; nearly all names hold none of them.
_MARKED: Final = (
    _SPECIAL
    | TITLES_OR_NAMES
    | _LINKS
    | _PREFIXES
    | PLACEHOLDERS
    | PLACEHOLDER_NOUNS
    | frozenset(("x",)).union(*PLACEHOLDER_PHRASES)
)
_MAX_WORDS: Final = 16  # a field; what is longer is no name, and comparing it would cost


def normalize_person_name(first: str | None, last: str | None) -> PersonName:
    """Read a name that stands in two fields.

    Folds case, accents and apostrophes (*O'Brien*, *Mc Donald*), divides at hyphens, drops titles,
    degrees and bracketed remarks, and sets particles and generational suffixes apart. Which field
    is which is believed: people who swap them are a matcher's business. Where only one field is
    filled and it holds ``Hansen, Bjørn``, the comma decides.

    Law N: total, deterministic, and `PersonName.first` with `PersonName.last` is read as the same
    name. Cost: about 10 µs.

    >>> normalize_person_name("Bjørn", "O'Neill").tokens
    ('bjorn', 'oneill')
    """
    if not (first and last) and "," in (only := first or last or ""):
        return normalize_full_name(only)
    return _name(_words(first or ""), _words(last or ""))


def normalize_full_name(text: str) -> PersonName:
    """Read a name that stands in one field.

    ``Hansen, Bjørn`` is turned around. Without a comma the last word is the family name, with
    the particles before it; a single word is a given name.

    Law N: total and deterministic. Cost: about 11 µs.

    >>> normalize_full_name("Hansen, Bjørn") == normalize_full_name("Mr. BJØRN HANSEN")
    True
    >>> normalize_full_name("María de la Cruz").particles
    ('de', 'la')
    """
    before, comma, after = text.partition(",")
    words, given = _words(before), _words(after)
    if not words or not comma:
        return _divided(words or given)
    if _BEHIND.issuperset(given):
        return _divided(words + given) if len(words) > 1 else _name((), words + given)
    return _name(given, words)


@lru_cache(maxsize=1 << 16)  # given names recur, and so do most surnames
def _words(text: str) -> tuple[str, ...]:
    if not text.isalpha():
        plain = _BRACKETED.sub(" ", text)
        text = _APOSTROPHES.sub("", plain if fold(plain) else text)
    return tuple(fold(text).split()[:_MAX_WORDS])


def _divided(words: tuple[str, ...]) -> PersonName:
    """Find where the family name begins in the words of one field."""
    behind = len(words)
    while behind > 1 and words[behind - 1] in _BEHIND:
        behind -= 1
    start = behind - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 2 if words[start - 1] in _JOINERS and start > 2 else 1  # noqa: PLR2004 -- A y B
    if start < 1:
        return _name(words, ())
    return _name(words[:start], words[start:])


def _name(given: tuple[str, ...], family: tuple[str, ...]) -> PersonName:
    """Sort the words of two fields into the parts of a name."""
    if _MARKED.isdisjoint(given) and _MARKED.isdisjoint(family):
        letters = "".join(given + family)
        one_letter = letters == letters[:1] * len(letters)
        stopgap = one_letter and _is_placeholder(given + family, ())
        return PersonName(given=given, family=family, is_placeholder=stopgap)
    given = tuple(word for word in given if word not in _LINKS) or given
    given, family = _without_titles(given, alone=True), _without_titles(family, alone=False)
    names, particles = _without_particles(family)
    names, suffix = _without_suffix(names, None)
    given, suffix = _without_suffix(given, suffix)
    return PersonName(
        given=given,
        family=_joined(names),
        particles=particles,
        suffix=suffix,
        is_placeholder=_is_placeholder(given + names, particles),
    )


def _without_titles(words: tuple[str, ...], *, alone: bool) -> tuple[str, ...]:
    """Drop titles in front; one that stands *alone* may go too."""
    while words:
        has_more = len(words) > 1
        is_title = words[0] in TITLES and (has_more or alone)
        if not is_title and not (
            has_more and words[0] in TITLES_OR_NAMES and words[1] not in GENERATIONS
        ):
            break
        words = words[1:]
    return words


def _without_particles(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Set particles apart, unless the words are nothing but particles and suffixes."""
    if all(word in PARTICLES or word in _BEHIND for word in words):
        return words, ()
    names = tuple(word for word in words if word not in PARTICLES)
    return names, tuple(word for word in words if word in PARTICLES)


def _without_suffix(
    words: tuple[str, ...], suffix: str | None
) -> tuple[tuple[str, ...], str | None]:
    """Drop degrees behind a name, and take its generation where none is known yet."""
    while len(words) > 1:
        if suffix is None and words[-1] in GENERATIONS:
            suffix = GENERATIONS[words[-1]]
        elif words[-1] not in DEGREES:
            break
        words = words[:-1]
    return words, suffix


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Write *o brien* and *mc donald* as one word; from behind, so that nothing is left to join."""
    joined: tuple[str, ...] = ()
    for word in reversed(words):
        stem = joined[0] if joined else ""
        joins = word in _PREFIXES and len(stem) >= _SHORTEST_STEM and word + stem not in _SPECIAL
        joined = (word + stem, *joined[1:]) if joins else (word, *joined)
    return joined


def _is_placeholder(words: tuple[str, ...], particles: tuple[str, ...]) -> bool:
    said = frozenset(word for word in words if not word.isdigit())
    core = said - PLACEHOLDER_NOUNS - _LINKS
    if not core:
        return not said.isdisjoint(PLACEHOLDER_NOUNS)
    if core <= PLACEHOLDERS or core.union(particles) in PLACEHOLDER_PHRASES:
        return True
    return _ONE_LETTER.fullmatch("".join(words)) is not None or core == {"x"}
