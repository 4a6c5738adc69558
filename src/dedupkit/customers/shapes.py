"""Converters and checks of shape that the values of this package share.

A converter never raises on a value of the wrong type: it hands it on, and the check that names
every fault at once finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from functools import reduce
from typing import Any, cast, overload

from dedupkit.customers.fieldmap import FieldMap
from dedupkit.errors import ConfigurationError

__all__ = [
    "amount_text",
    "as_amount",
    "as_distinct",
    "as_map",
    "as_moment",
    "as_set",
    "as_tuple",
    "blank_to_none",
    "exact_sum",
    "is_moment",
    "is_names",
    "is_word",
    "required",
]


def blank_to_none(value: str | None) -> str | None:
    """Read an empty or white string as a missing value; leave everything else as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    """Freeze an iterable in its order."""
    if type(values) is tuple:  # by far the most frequent
        return values
    if type(values) is list:
        return tuple(values)
    return tuple(values) if _is_collection(values) else cast("tuple[Any, ...]", values)


def as_distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    """Freeze an iterable: each value once, in order, without blank strings."""
    if type(values) is tuple and not values[1:] and not any(map(_is_blank, values)):
        return values  # by far the most frequent
    if _is_collection(values):
        return tuple(dict.fromkeys(value for value in values if not _is_blank(value)))
    return cast("tuple[Any, ...]", values)


def as_set(values: Iterable[str]) -> frozenset[str]:
    """Freeze an iterable of names, without blank ones."""
    if type(values) is frozenset and not any(map(_is_blank, values)):  # by far the most frequent
        return values
    if _is_collection(values):
        return frozenset(value for value in values if not _is_blank(value))
    return cast("frozenset[str]", values)


def as_map(values: Mapping[str, Any]) -> FieldMap[str, Any]:
    """Freeze a mapping."""
    given: object = values
    if type(given) is dict or (isinstance(given, Mapping) and not isinstance(given, FieldMap)):
        return FieldMap(given)
    return cast("FieldMap[str, Any]", given)


def as_amount(value: Decimal | int | str) -> Decimal:
    """Read an amount exactly.

    Raises:
        ConfigurationError: *value* is a float (it is not the amount that was meant), or no finite
            decimal number.
    """
    given: object = value
    if type(given) is Decimal:  # by far the most frequent
        if _fits(given):
            return given
    elif isinstance(given, (Decimal, int, str)) and not isinstance(given, bool):
        try:
            amount = Decimal(given)
        except ArithmeticError:
            amount = Decimal("NaN")
        if _fits(amount):
            return amount
    raise ConfigurationError(
        "an amount is a decimal number of at most 30 digits before and 12 after the point, "
        "given as Decimal, int or text, never as float"
    )


def exact_sum(*amounts: Decimal) -> Decimal:
    """Add amounts without rounding, whatever the decimal context of the thread is.

    >>> exact_sum(Decimal("0.10"), Decimal("0.20"))
    Decimal('0.30')
    """
    return reduce(_EXACT.add, amounts, Decimal(0))


def amount_text(amount: Decimal) -> str:
    """Write a number in plain digits without trailing zeros, so that equal ones read alike.

    >>> amount_text(Decimal("12.50")), amount_text(Decimal("1E+2"))
    ('12.5', '100')
    """
    return f"{_EXACT.normalize(amount):f}" if amount else "0"


def _fits(amount: Decimal) -> bool:
    """Tell whether an amount is finite and neither too great nor too fine."""
    try:  # a sum is as fine as both
        return amount.adjusted() < _DIGITS and _EXACT.add(amount, _FINEST).same_quantum(_FINEST)
    except InvalidOperation:  # a NaN that signals
        return False


#: More digits before the point than any currency needs, and the finest cut of any unit.
_DIGITS, _FINEST = 30, Decimal("0E-12")


#: No sum and no spelling of a number is ever rounded.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


@overload
def as_moment(value: datetime) -> datetime: ...
@overload
def as_moment(value: datetime | None) -> datetime | None: ...
def as_moment(value: datetime | None) -> datetime | None:
    """Put a moment into UTC: those of one zone are not ordered where its clocks are set back.

    Everything else stays as it is, and is no moment: also one outside the years 1 to 9999 of UTC.
    """
    given: object = value
    if not isinstance(given, datetime) or given.tzinfo is UTC or given.tzinfo is None:
        return value
    try:
        return given.astimezone(UTC)
    except (OverflowError, ValueError):  # the latter of a zone that has no offset
        return value


def is_moment(value: object) -> bool:
    """Tell whether *value* is a moment in UTC, as `as_moment` makes them."""
    return isinstance(value, datetime) and value.tzinfo is UTC


def is_names(value: object) -> bool:
    """Tell whether *value* is a set of texts, as `as_set` makes them."""
    return isinstance(value, frozenset) and all(isinstance(part, str) for part in value)


def is_word(value: object) -> bool:
    """Tell whether *value* is text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def required(owner: str, **texts: object) -> None:
    """Refuse values that are not text or blank, all of them named at once.

    Raises:
        ConfigurationError: at least one of *texts* is blank or no text.
    """
    if not all(map(is_word, texts.values())):
        wrong = [name for name, text in texts.items() if not is_word(text)]
        raise ConfigurationError(f"{owner}: {', '.join(wrong)} must be text that is not blank")


def _is_collection(values: object) -> bool:
    return isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()
