"""What stands in one cell of a host's row, read as a value of a customer.

Each reader is total: what it cannot read is missing. Only amounts are strict, since a missing
amount would count as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import Enum

from dedupkit.customers.consents import ConsentState
from dedupkit.customers.customer import ExtraValue
from dedupkit.customers.shapes import as_amount
from dedupkit.errors import ConfigurationError

__all__ = [
    "amount_of",
    "date_of",
    "extra_of",
    "is_true",
    "moment_of",
    "state_of",
    "text_of",
    "texts_of",
    "truth_of",
]

#: Yes and no in English, the Nordic languages, Dutch, Spanish, German and French.
_YES = "true t yes y 1 x on ja j sant sand sann waar si sí s verdadero oui wahr"
_NO = "false f no n 0 off nei nej nein nee usant falsk falskt falso falsch onwaar non"
_TRUTHS = {word: truth for words, truth in ((_YES, True), (_NO, False)) for word in words.split()}
_STATES = {state.value: state for state in ConsentState}


def text_of(cell: object) -> str | None:
    """Read a cell as text; whole numbers lose their ``.0``, blanks and NaN are missing.

    >>> text_of(4791234567.0), text_of("  "), text_of(float("nan"))
    ('4791234567', None, None)
    """
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, Enum):
        return text_of(cell.value)
    if isinstance(cell, float):
        if cell != cell:  # noqa: PLR0124  # only NaN differs from itself
            return None
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return None if cell is None else str(cell).strip() or None


def texts_of(cell: object, separator: str | None = None) -> tuple[str, ...]:
    """Read a collection, or a text joined by *separator*, as texts without blanks."""
    if isinstance(cell, str):
        parts: Iterable[object] = cell.split(separator) if separator else (cell,)
    elif isinstance(cell, Iterable) and not isinstance(cell, bytes | Mapping):
        parts = cell
    else:
        parts = (cell,)
    return tuple(text for text in map(text_of, parts) if text is not None)


def date_of(cell: object) -> date | None:
    """Read a date, or an ISO text of one; a time is left out."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    moment = _iso(cell)
    return moment and moment.date()


def moment_of(cell: object, zone: tzinfo = UTC) -> datetime | None:
    """Read a moment, or an ISO text of one; *zone* is that of moments which tell none."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime(cell.year, cell.month, cell.day, tzinfo=zone)
    moment = cell if isinstance(cell, datetime) else _iso(cell)
    return moment.replace(tzinfo=zone) if moment and moment.utcoffset() is None else moment


def truth_of(cell: object) -> bool | None:
    """Read a boolean: a number, or a word for yes or no; None where it is neither.

    >>> truth_of("Ja"), truth_of(0), truth_of("")
    (True, False, None)
    """
    if isinstance(cell, bool):
        return cell
    return _TRUTHS.get((text_of(cell) or "").casefold())


def is_true(cell: object) -> bool:
    """Tell whether a cell says yes; whatever is neither yes nor no but not blank counts as yes."""
    truth = truth_of(cell)
    return text_of(cell) is not None if truth is None else truth


def state_of(cell: object, false_means: ConsentState) -> ConsentState | None:
    """Read a consent: the name of a state, or a boolean of which *false_means* explains False."""
    if isinstance(cell, ConsentState):
        return cell
    truth = truth_of(cell)
    if truth is None:
        return _STATES.get((text_of(cell) or "").casefold())
    return ConsentState.GRANTED if truth else false_means


def amount_of(cell: object) -> Decimal:
    """Read an amount; a blank cell is zero, a float counts as it prints.

    Raises:
        ConfigurationError: the cell holds no decimal number.

    >>> amount_of(0.1), amount_of("")
    (Decimal('0.1'), Decimal('0'))
    """
    if isinstance(cell, Decimal | int) and not isinstance(cell, bool):
        return as_amount(cell)
    text = str(cell) if isinstance(cell, float) and cell == cell else text_of(cell)  # noqa: PLR0124  # not NaN
    return as_amount(text or 0)


def extra_of(cell: object) -> ExtraValue:
    """Read a value of an own field: as it is where `ExtraValue` allows its type, else as text."""
    if isinstance(cell, float) and cell == cell:  # noqa: PLR0124  # not NaN
        try:
            return as_amount(str(cell))
        except ConfigurationError:  # beyond what amounts hold
            return str(cell)
    return cell if isinstance(cell, bool | int | Decimal | date) else text_of(cell)


def _iso(cell: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text_of(cell) or "")
    except ValueError:
        return None
