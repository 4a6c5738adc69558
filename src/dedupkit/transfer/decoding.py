"""Bytes of a file to text: the encoding is recognized, and what does not fit it is found."""

from __future__ import annotations

import codecs
import re
from typing import Final

from dedupkit.errors import FileFault, InvalidFileError

__all__ = ["decode", "has_broken_byte"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: A byte that could not be decoded, as ``surrogateescape`` keeps it.
_BROKEN: Final = re.compile("[\udc80-\udcff]")
#: Bytes that mean nothing in cp1252, or a letter that no name begins a file's trouble with (ÿ).
_NOT_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d\xff]")
_ABOVE_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def decode(content: bytes, encoding: str | None, file: str) -> tuple[str, str]:
    """Return the text of a file and the encoding that it is in.

    Without *encoding*: a byte order mark decides; else UTF-8 where the bytes are UTF-8; else
    cp1252, but only where nothing speaks for UTF-8. A file that is UTF-8 but for some bytes is
    broken UTF-8. Bytes that do not fit are kept, so that the reader can name their places
    (`has_broken_byte`).

    Raises:
        InvalidFileError: the encoding is unknown, or the file is cut off in the middle of it.

    >>> decode("Åse".encode("cp1252"), None, "a.csv")
    ('Åse', 'cp1252')
    """
    chosen = encoding or next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if chosen is None:
        text = content.decode("utf-8", "surrogateescape")
        broken = len(_BROKEN.findall(text))
        if not broken:
            return text, "utf-8"
        fits = len(_ABOVE_ASCII.findall(text)) - broken
        chosen = "utf-8" if fits or _NOT_1252.search(content) else "cp1252"
    try:
        return content.decode(chosen, "surrogateescape"), chosen
    except LookupError:
        problem = f"unknown encoding {chosen!r}; try utf-8, utf-8-sig, utf-16 or cp1252"
    except UnicodeError:
        problem = f"is not {chosen}; name its encoding, or save it as UTF-8"
    raise InvalidFileError(file, [FileFault(problem=problem)])


def has_broken_byte(text: str) -> bool:
    """Tell whether *text* holds a byte that could not be decoded."""
    return not text.isascii() and _BROKEN.search(text) is not None
