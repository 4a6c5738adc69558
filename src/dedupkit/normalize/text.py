"""Folding: the text primitives that every other normalizer is built on."""

import re
import unicodedata
from typing import Final

from dedupkit.normalize.wordlists import words

__all__ = ["fold", "spelling_key"]

#: Letters that Unicode does not decompose, Greek and Cyrillic; lower case only.
_LETTERS: Final = dict(
    pair.split(":")
    for pair in words(
        """
        ø:o æ:ae œ:oe ß:ss ð:d đ:d þ:th ł:l ħ:h ı:i ŋ:ng ŧ:t ĸ:k ə:e ſ:s ȷ:j
        α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f
        χ:ch ψ:ps ω:o
        а:a б:b в:v г:g д:d е:e ж:zh з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts
        ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya і:i є:ye ґ:g ђ:dj ј:j љ:lj њ:nj ћ:c џ:dz ѕ:dz
        """
    )
)

#: Combining marks that change how a letter is spelled, not which one it is: the general blocks
#: of diacritics, Hebrew points and Arabic vowel signs. Marks of other scripts stay.
_DROPPED_MARKS: Final = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x064B, 0x065F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)

_NOT_ALNUM: Final = re.compile(r"[^0-9a-z]+")
_PLAIN: Final = re.compile(r"[a-z0-9]*")


def _fold_character(character: str) -> str:
    """Fold one decomposed character: to letters and digits, to nothing, or to a space."""
    point = ord(character)
    if any(first <= point <= last for first, last in _DROPPED_MARKS):
        return ""
    lowered = character.casefold()
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    if lowered != character:
        return "".join(map(_fold_character, unicodedata.normalize("NFKD", lowered)))
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Cf" | "Cc" if not character.isspace():
            return ""
        case category if category[0] in "LNM":
            return character
        case _:
            return " "


class _FoldTable(dict[int, str]):
    """A translation table that learns each character when it first meets it."""

    def __missing__(self, point: int) -> str:
        return self.setdefault(point, _fold_character(chr(point)))


_TABLE: Final = _FoldTable()


def fold(text: str) -> str:
    """Fold *text* to lower-case words of plain letters and digits.

    Case, diacritics, ligatures, width and punctuation go; ø, å, ö, æ, ß, ł, þ and the like become
    Latin base letters; Greek and Cyrillic are transliterated; other scripts stay as they are.

    Returns:
        Words separated by single spaces, without a space at either end; ``""`` where no letter
        or digit is left.

    Law N: total, deterministic, idempotent. Cost: about 0.5 µs for ASCII, 2 µs otherwise.

    >>> fold("  Bjørn-Erik ÅSMUNDSEN ")
    'bjorn erik asmundsen'
    >>> fold("Straße № 5"), fold("Юлия"), fold("王 小明")
    ('strasse no 5', 'yuliya', '王 小明')
    """
    if text.isascii():
        lowered = text.lower()
        if _PLAIN.fullmatch(lowered):
            return lowered
        return _NOT_ALNUM.sub(" ", lowered).strip()
    decomposed = unicodedata.normalize("NFKD", text).translate(_TABLE)
    return " ".join(unicodedata.normalize("NFC", decomposed).split())


_DIGRAPHS: Final = re.compile(r"a[ae]+|([ou])e+|ij")
_HAS_DIGRAPH: Final = re.compile(r"a[ae]|[ou]e|ij")


def _shorten(found: re.Match[str]) -> str:
    if found[0] == "ij":
        return "y"
    return found[1] or "a"


def spelling_key(text: str) -> str:
    """Give one key to all transliterations of a word: Bjørn, Bjorn and Bjoern are *bjorn*.

    On top of `fold`, *ae* and *aa* are read as *a*, *oe* as *o*, *ue* as *u* and *ij* as *y*, so
    that Åse is Aase, Sæther is Sather, Müller is Mueller, and Dijk is Dyk. The key is for
    comparing, not for showing.

    Law N: total, deterministic, idempotent.

    >>> {spelling_key(name) for name in ("Bjørn", "Bjorn", "BJOERN", "Björn")}
    {'bjorn'}
    """
    folded = fold(text)
    if _HAS_DIGRAPH.search(folded) is None:
        return folded
    return _DIGRAPHS.sub(_shorten, folded)
