"""How texts go wrong: each function takes a text and gives it back otherwise spelled.

Where a text leaves nothing to get wrong in that way it comes back as it was.
"""

import unicodedata
from functools import lru_cache

from dedupkit.samples.country import Country
from dedupkit.samples.dice import Dice

_NEIGHBORS = {
    "a": "sqwz",
    "b": "vngh",
    "c": "xvdf",
    "d": "sfer",
    "e": "wrsd",
    "f": "dgrt",
    "g": "fhty",
    "h": "gjyu",
    "i": "uojk",
    "j": "hkui",
    "k": "jlio",
    "l": "kop",
    "m": "njk",
    "n": "bmhj",
    "o": "ipkl",
    "p": "ol",
    "q": "wa",
    "r": "etdf",
    "s": "adwe",
    "t": "ryfg",
    "u": "yihj",
    "v": "cbfg",
    "w": "qesa",
    "x": "zcsd",
    "y": "tugh",
    "z": "xas",
}
_LOOKALIKES = (
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("I", "l"),
    ("i", "l"),
    ("o", "0"),
    ("O", "0"),
    ("S", "5"),
    ("B", "8"),
    ("cl", "d"),
    ("e", "c"),
    ("u", "ii"),
    ("vv", "w"),
    ("g", "q"),
    ("t", "f"),
    ("h", "b"),
)
_WITHOUT_DIACRITICS = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "a", "Æ": "A", "ð": "d", "ß": "s", "ł": "l", "º": "o"}
)
_SHORTEST_MISTYPED = 3


def mistyped(text: str, dice: Dice) -> str:
    """Return *text* with a letter left out, doubled, replaced, added, or two exchanged.

    The first letter stays. Texts of fewer than three characters come back as they were.
    """
    if len(text) < _SHORTEST_MISTYPED:
        return text
    at = dice.between(1, len(text) - 1)
    letter = text[at]
    wrong = dice.pick(_NEIGHBORS.get(letter.lower(), "e"))
    match dice.below(5):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + letter + text[at:]
        case 2:
            return text[:at] + wrong + text[at + 1 :]
        case 3:
            return text[:at] + wrong + text[at:]
        case _:
            at = max(at, 2)
            return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def miscopied(text: str, dice: Dice) -> str:
    """Return *text* with one digit replaced by another, or two neighbors exchanged."""
    places = [at for at, character in enumerate(text) if character.isdigit()][2:]
    if not places:
        return text
    at = dice.pick(places)
    if text[at - 1].isdigit() and text[at - 1] != text[at] and dice.chance(0.5):
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    other = (int(text[at]) + dice.between(1, 9)) % 10
    return f"{text[:at]}{other}{text[at + 1 :]}"


def misread(text: str, dice: Dice) -> str:
    """Return *text* as character recognition misreads it: ``rn`` for ``m``, ``1`` for ``l``, ….

    >>> misread("Emma", Dice(3))
    'Ernma'
    """
    return _replaced(text, _LOOKALIKES, dice)


def misheard(text: str, country: Country, dice: Dice) -> str:
    """Return *text* as somebody writes it who only heard it."""
    return _replaced(text, country.spellings, dice)


@lru_cache(maxsize=20_000)
def without_diacritics(text: str) -> str:
    """Return *text* with bare letters only.

    >>> without_diacritics("Bjørn Åse Muñoz")
    'Bjorn Ase Munoz'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_WITHOUT_DIACRITICS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def transliterated(text: str, country: Country) -> str:
    """Return *text* as a keyboard without the letters of *country* writes it.

    >>> from dedupkit.samples.tables import COUNTRIES
    >>> transliterated("Bjørn Åse", COUNTRIES["NO"])
    'Bjoern Aase'
    """
    for letter, ascii_letters in country.transliterations:
        text = text.replace(letter, ascii_letters)
    return text


def initials(text: str) -> str:
    """Return the initials of *text*.

    >>> initials("Anne-Marie Louise")
    'A.M.L.'
    """
    return "".join(f"{part[0]}." for part in text.replace("-", " ").split())


def _replaced(text: str, table: tuple[tuple[str, str], ...], dice: Dice) -> str:
    """Replace one part of *text*, not its first letter, by what stands for it in the table."""
    low = text.lower() if text.istitle() else text
    fitting = [(part, at) for part in table if (at := low.find(part[0], 1)) > 0]
    if not fitting:
        return text
    (left, right), at = dice.pick(fitting)
    return text[:at] + right + text[at + len(left) :]
