"""Dates as people and spreadsheets write them."""

import re
from datetime import date
from typing import Final

from dedupkit.normalize.text import fold

__all__ = ["parse_date"]

#: The first three folded letters tell the month in English, Norwegian, Danish, Swedish, Dutch,
#: German, Spanish and French; French June and July need a fourth.
_MONTHS: Final = {
    **dict.fromkeys(("jan", "ene"), 1),
    **dict.fromkeys(("feb", "fev"), 2),
    **dict.fromkeys(("mar", "mae", "mrz", "maa", "mrt"), 3),
    **dict.fromkeys(("apr", "abr", "avr"), 4),
    **dict.fromkeys(("may", "mai", "maj", "mei"), 5),
    **dict.fromkeys(("jun", "juin"), 6),
    **dict.fromkeys(("jul", "juil"), 7),
    **dict.fromkeys(("aug", "ago", "aou"), 8),
    **dict.fromkeys(("sep", "set"), 9),
    **dict.fromkeys(("oct", "okt"), 10),
    **dict.fromkeys(("nov",), 11),
    **dict.fromkeys(("dec", "des", "dez", "dic"), 12),
}

_TIME: Final = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-./]?)(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_YEAR_LAST: Final = re.compile(
    rf"(\d{{1,2}})\s*([-./ ])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}){_TIME}", re.ASCII
)
_DAY_MONTH: Final = re.compile(
    r"(\d{1,2}) (?:st |nd |rd |th |de )?([a-z]{3,10})(?: de| del)? (\d{4})"
)
_MONTH_DAY: Final = re.compile(r"([a-z]{3,10}) (\d{1,2})(?: ?(?:st|nd|rd|th))? (\d{4})")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


def parse_date(text: str, *, day_first: bool = True) -> date | None:
    """Read a date; ``None`` where *text* is no date, or an impossible one.

    Understood are ISO dates (``1980-05-03``, ``19800503``, ``1980/05/03``), also with a time that
    is ignored; ``03.05.1980``, ``3/5/1980``, ``3-5-1980``, ``3 5 1980``; and months by name in
    seven languages (``3. mai 1980``, ``May 3rd, 1980``, ``3 de mayo de 1980``). A year of two
    digits is refused: nothing tells which century it means.

    Args:
        text: What stands in the cell.
        day_first: How ``3/5/1980`` is read: the third of May, or else the fifth of March.
            Nothing is guessed: ``12/31/1980`` is impossible where the day stands first.

    Law N: total, deterministic, and ``parse_date(d.isoformat()) == d``. Cost: about 1 µs.

    >>> parse_date("3.5.1980"), parse_date("1980-05-03T00:00:00"), parse_date("31.02.1980")
    (datetime.date(1980, 5, 3), datetime.date(1980, 5, 3), None)
    """
    stripped = text.strip()
    if found := _YEAR_FIRST.fullmatch(stripped):
        if not found[2] and len(found[3] + found[4]) != 4:  # noqa: PLR2004 -- MMDD
            return None
        return _date(found[1], found[3], found[4])
    if found := _YEAR_LAST.fullmatch(stripped):
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
        return _date(found[4], month, day)
    return _named_month(stripped)


def _named_month(text: str) -> date | None:
    words = _ORDINAL.sub("", fold(text))
    if found := _DAY_MONTH.fullmatch(words):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(words):
        name, day, year = found.groups()
    else:
        return None
    month = _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])
    return _date(year, str(month), day) if month else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # no such day
        return None
