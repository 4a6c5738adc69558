"""Street addresses: a comparable street name, house number, letter and unit."""

import re
from functools import lru_cache
from typing import Final, final

from attrs import field, frozen

from dedupkit.normalize import wordlists
from dedupkit.normalize.places import normalize_postal_code
from dedupkit.normalize.street_words import (
    BOXES,
    ENDINGS,
    ENGLISH_KINDS,
    LEFT_OUT,
    LEFT_OUT_IN_FRONT,
    UNITS,
    WORDS,
)
from dedupkit.normalize.text import fold, spelling_key

__all__ = ["AddressLine", "Street", "normalize_address_line", "normalize_street"]


@final
@frozen(kw_only=True)
class Street:
    """A street address, taken apart.

    Its repr shows nothing of the address.

    >>> street = normalize_street("Øvre Kirkeveien 12 B, H0203")
    >>> street.name, street.number, street.letter, street.unit
    ('ovre kirkevei', '12', 'b', 'h0203')
    """

    name: str = field(repr=False, default="")
    """Folded words, kinds of street in one short form; ``box`` for a box at the post office."""

    number: str | None = field(repr=False, default=None)
    """House number without leading zeros, the first one of a range."""

    letter: str | None = field(repr=False, default=None)
    """The letter behind the house number."""

    unit: str | None = field(repr=False, default=None)
    """Flat, floor, staircase or door: folded words."""

    @property
    def key(self) -> str:
        """The `spelling_key` of the name without spaces: *Karl Johansgate* too."""
        return spelling_key(self.name.replace(" ", ""))

    @property
    def text(self) -> str:
        """The address in one line; `normalize_street` reads it as the same address."""
        parts = (self.name, self.number, self.letter, self.unit)
        return " ".join(part for part in parts if part)


@final
@frozen(kw_only=True)
class AddressLine:
    """A whole address from one field.

    Its repr shows nothing of the address.
    """

    street: Street = field(repr=False)
    """The street, and whatever stands with it that is not known to be something else."""

    postal_code: str | None = field(repr=False, default=None)
    """As `normalize_postal_code` writes it."""

    city: str | None = field(repr=False, default=None)
    """Folded; ``None`` where no comma and no postal code sets it apart from the street."""


_ORDINAL_MARKS: Final = re.compile(r"(?<=\d)\s*[ºª°]")
_RANGE: Final = re.compile(r"(?<=\d)\s*[-\u2010-\u2015]\s*\d+(?=\s*[a-zA-Z]?(?:[\s,]|$))")
_DOTTED: Final = (
    (re.compile(r"(?<=[^\W\d_]{3})v\.", re.IGNORECASE), "vei "),
    (re.compile(r"(?<=[^\W\d_]{3})g\.", re.IGNORECASE), "gate "),
)
_NUMBERED: Final = re.compile(
    r"(?P<name>\D*[^\W\d_]\D*?|\d+[a-z]{0,2} \D*?[^\W\d_]{2}\D*?)"
    r" (?P<number>\d{1,5})(?: ?(?P<letter>[a-z])(?= |$))?(?: (?P<unit>.+))?"
)
_NUMBER_FIRST: Final = re.compile(
    r"(?P<number>\d{1,5})(?: ?(?P<letter>[a-z])(?= ))?"
    r" (?P<name>(?:\d+(?:st|nd|rd|th) )?[^\W\d_]\D*?)(?: (?P<unit>\d.*))?"
)
_PLAIN: Final = re.compile(r"[a-z]{3,}(?: [a-z]{3,})* [1-9]\d{0,4}(?: [a-z])?")
_ENDING_FORMS: Final = tuple(ENDINGS)
_ENDING: Final = re.compile(f"(?:{'|'.join(_ENDING_FORMS)})$")
_MAX_WORDS: Final = 24


def normalize_street(text: str) -> Street:
    """Read a street with its house number.

    The number may stand behind the name or before it. Kinds of street become one short form
    (*veien*, *vegen*, *v.*; *gata*, *gatan*, *gade*, *gt.*; *straat*, *str.*; *Street*, *St*;
    *calle* and *C/* go). Letters, ranges, flats, floors and Norwegian dwelling numbers are set
    apart.

    Law N: total, deterministic, and `Street.text` is read as the same address. Where that cannot
    be kept, the whole text is the name. Cost: about 15 µs.

    >>> normalize_street("Storgt. 5").text == normalize_street("STORGATEN 5").text
    True
    >>> normalize_street("Flat 3, 12 High Street").text
    'high st 12 flat 3'
    """
    words = _words(text)
    street = _taken_apart(words)
    if _PLAIN.fullmatch(street.text) or _taken_apart(_words(street.text)) == street:
        return street
    return Street(name=" ".join(words))


def normalize_address_line(text: str, country: str | None = None) -> AddressLine:
    """Read a whole address that stands in one field.

    A postal code divides it: behind it stands the city (``0150 Oslo``), or, where nothing does,
    the city stands before it behind a comma. Without commas (``27 Washington Oak Park IL 60302``)
    street and city cannot be told apart, and stay together as the street.

    Args:
        text: What stands in the cell.
        country: ISO 3166 alpha-2 in either case; it decides what a postal code looks like.

    Law N: total and deterministic. Cost: about 20 µs.

    >>> line = normalize_address_line("Storgata 5B, NO-0150 Oslo", "NO")
    >>> line.street.text, line.postal_code, line.city
    ('storgate 5 b', '0150', 'oslo')
    >>> normalize_address_line("27 Washington Oak Park IL 60302", "US").postal_code
    '60302'
    """
    found = _last_postal_code(text, country.upper() if country else "")
    before, after = (text[: found.start()], text[found.end() :]) if found else (text, "")
    city = fold(after)
    parts = [part for part in before.split(",") if fold(part)]
    if parts and fold(parts[-1]) in _STATES:
        del parts[-1]
    if not city and len(parts) > 1 and not _ANY_DIGIT.search(parts[-1]):
        city = fold(parts.pop())
    words = fold(" ".join(parts)).split()
    if found and len(words) > 1 and words[-1] in _STATES:
        parts = [" ".join(words[:-1])]
    return AddressLine(
        street=normalize_street(", ".join(parts)),
        postal_code=normalize_postal_code(found["code"], country) if found else None,
        city=city or None,
    )


def _last_postal_code(text: str, country: str) -> re.Match[str] | None:
    """Find the last postal code that does not begin *text*, where a house number would stand."""
    pattern = _POSTAL_CODES.get(country, _ANY_POSTAL_CODE)
    codes = [found for found in pattern.finditer(text) if fold(text[: found.start()])]
    return codes[-1] if codes else None


_BEFORE_CODE: Final = r"\b(?:[A-Z]{1,3}-\s?)?"
_BRITISH: Final = r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}"
_DUTCH: Final = r"[1-9]\d{3}\s?[A-Za-z]{2}"


def _postal_code(form: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE_CODE}(?P<code>{form})\b", re.ASCII)


_POSTAL_CODES: Final = {
    "GB": _postal_code(_BRITISH),
    "NL": _postal_code(rf"{_DUTCH}|[1-9]\d{{3}}"),
    **dict.fromkeys(("AT", "BE", "CH", "DK", "NO"), _postal_code(r"\d{4}")),
    **dict.fromkeys(("DE", "ES", "FI", "FR", "IT"), _postal_code(r"\d{5}")),
    "SE": _postal_code(r"\d{3}\s?\d{2}"),
    "US": _postal_code(r"\d{5}(?:-\d{4})?"),
}
_ANY_POSTAL_CODE: Final = _postal_code(
    rf"{_BRITISH}|{_DUTCH}|\d{{5}}(?:-\d{{4}})?|\d{{3}} \d{{2}}|\d{{4}}"
)
_ANY_DIGIT: Final = re.compile(r"\d")
_STATES: Final = wordlists.words(
    """
    al ak az ar ca co ct dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny
    nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy
    """
)


def _words(text: str) -> tuple[str, ...]:
    """Fold *text* to words in their short forms, without those that people leave out."""
    if "-" in text or not text.isascii():
        text = _RANGE.sub("", _ORDINAL_MARKS.sub(" ", text))
    if "." in text:
        for dotted, kind in _DOTTED:
            text = dotted.sub(kind, text)
    words = tuple(_short(word) for word in fold(text).split()[:_MAX_WORDS])
    return tuple(word for word in words if word not in LEFT_OUT) or words


@lru_cache(maxsize=1 << 14)
def _short(word: str) -> str:
    if word in WORDS:
        return WORDS[word]
    if not word.endswith(_ENDING_FORMS):
        return word
    return _ENDING.sub(lambda found: ENDINGS[found[0]], word)


def _taken_apart(words: tuple[str, ...]) -> Street:
    if box := _box(words):
        return box
    words, before = _unit_in_front(words)
    words, behind = _unit_behind(words)
    line = " ".join(words)
    found = _NUMBERED.fullmatch(line)
    if found is None or (line[:1].isdigit() and found["name"].split()[-1] in ENGLISH_KINDS):
        found = _NUMBER_FIRST.fullmatch(line) or found
    if found is None:
        return Street(name=_name(line), unit=" ".join((*before, *behind)) or None)
    inside = (found["unit"], *before, *behind)
    return Street(
        name=_name(found["name"]),
        number=found["number"].lstrip("0") or "0",
        letter=found["letter"],
        unit=" ".join(word for word in inside if word) or None,
    )


def _box(words: tuple[str, ...]) -> Street | None:
    while len(words) > 2 and words[0] in {"p", "o", "po"}:  # noqa: PLR2004 -- P O box 1
        words = words[1:]
    if len(words) > 1 and words[0] in BOXES and words[1].isdigit():
        return Street(name="box", number=words[1], unit=" ".join(words[2:]) or None)
    return None


def _unit_in_front(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take *flat 3* off the front, where a street follows."""
    if len(words) > 3 and words[0] in UNITS and _ANY_DIGIT.search(words[1]):  # noqa: PLR2004 -- a unit has two words, a street with its number two more
        return words[2:], words[:2]
    return words, ()


def _unit_behind(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take *flat 3* or *etg* off the end, where a house number stands before it."""
    for place, word in enumerate(words):
        if word in UNITS and any(map(str.isdigit, words[:place])):
            return words[:place], words[place:]
    return words, ()


def _name(line: str) -> str:
    words = line.split()
    while len(words) > 1 and words[0] in LEFT_OUT_IN_FRONT:
        del words[0]
    return " ".join(words)
