"""Converters and checks of shape that the values of this package share.

A converter never raises on a value of the wrong type: it hands it on, and the check that names
every fault at once finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar, cast

from dedupkit.customers.fieldmap import FieldMap
from dedupkit.errors import ConfigurationError

__all__ = ["as_amount", "as_map", "as_set", "as_tuple", "blank_to_none", "is_moment", "required"]

T = TypeVar("T")
V = TypeVar("V")


def blank_to_none(value: str | None) -> str | None:
    """Read an empty or white string as a missing value; leave everything else as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def as_tuple(values: Iterable[T]) -> tuple[T, ...]:
    """Freeze an iterable: each value once, in order, without blank strings."""
    if _is_collection(values):
        return tuple(dict.fromkeys(value for value in values if not _is_blank(value)))
    return cast("tuple[T, ...]", values)


def as_set(values: Iterable[str]) -> frozenset[str]:
    """Freeze an iterable of names, without blank ones."""
    if _is_collection(values):
        return frozenset(value for value in values if not _is_blank(value))
    return cast("frozenset[str]", values)


def as_map(values: Mapping[str, V]) -> FieldMap[str, V]:
    """Freeze a mapping."""
    if isinstance(values, Mapping) and not isinstance(values, FieldMap):
        return FieldMap(values)
    return cast("FieldMap[str, V]", values)


def as_amount(value: Decimal | int | str) -> Decimal:
    """Read an amount exactly.

    Raises:
        ConfigurationError: *value* is a float (it is not the amount that was meant), or no finite
            decimal number.
    """
    if isinstance(value, Decimal | int | str) and not isinstance(value, bool):
        try:
            amount = Decimal(value)
        except ArithmeticError:
            amount = Decimal("NaN")
        if amount.is_finite():
            return amount
    raise ConfigurationError(
        "an amount is a finite decimal number, given as Decimal, int or text, never as float"
    )


def is_moment(value: object) -> bool:
    """Tell whether *value* is a moment: a datetime that knows its time zone."""
    return isinstance(value, datetime) and value.utcoffset() is not None


def required(owner: str, **texts: object) -> None:
    """Refuse values that are not text or blank, all of them named at once.

    Raises:
        ConfigurationError: at least one of *texts* is blank or no text.
    """
    wrong = [name for name, text in texts.items() if not isinstance(text, str) or not text.strip()]
    if wrong:
        raise ConfigurationError(f"{owner}: {', '.join(wrong)} must be text that is not blank")


def _is_collection(values: object) -> bool:
    return isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()
