"""How one field stands in the columns of a host: read from their cells, written into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias, final

from attrs import evolve, frozen

from dedupkit.customers.balances import Balance
from dedupkit.customers.cells import (
    amount_of,
    date_of,
    extra_of,
    is_true,
    moment_of,
    state_of,
    text_of,
    texts_of,
    truth_of,
)
from dedupkit.customers.columns import (
    BalanceColumn,
    ConsentColumn,
    Joined,
    Texts,
    WebProfileColumns,
)
from dedupkit.customers.consents import Consent, ConsentState
from dedupkit.customers.fieldmap import FieldMap
from dedupkit.customers.fields import FIELDS, Kind
from dedupkit.customers.web_profiles import WebProfile

__all__ = ["IS_ACTIVE", "Binding", "Conventions", "bind"]

#: Stands for the boolean that says whether a row is not retired; no field of a customer.
IS_ACTIVE = "is_active"

#: Cells of one field → its value, and its value → the cells.
_Read: TypeAlias = Callable[[tuple[Any, ...]], Any]
_Write: TypeAlias = Callable[[Any], tuple[Any, ...]]


@final
@frozen
class Binding:
    """One field in the host's columns.

    Attributes:
        field: Name of the field.
        columns: The host's columns.
        read: Turns their cells into the value; collections are put in order by the customer.
        write: Turns the value into their cells; what they cannot express shows when it is read
            again and differs.
    """

    field: str
    columns: tuple[str, ...]
    read: _Read
    write: _Write


@final
@frozen(kw_only=True)
class Conventions:
    """How a host writes what others write otherwise.

    Attributes:
        id_type: Turns an id back into the type of the key.
        blank: What stands where a text is missing.
        countries: Code → spelling.
        naive_in: Time zone of datetimes without one; None where they have one.
    """

    id_type: Callable[[str], Any]
    blank: Any
    countries: Mapping[str, str]
    naive_in: tzinfo | None


def bind(field: str, declared: Any, house: Conventions) -> Binding:  # noqa: ANN401  # by kind
    """Return how *field* stands in the columns that *declared* names."""
    special = _SPECIAL.get(field) or _BINDERS[FIELDS[field].kind]
    return special(field, declared, house)


def _same(value: Any) -> Any:  # noqa: ANN401  # whatever a cell holds
    return value


def _first(read: Callable[[Any], Any]) -> _Read:
    return lambda cells: read(cells[0])


def _one(write: Callable[[Any], Any]) -> _Write:
    return lambda value: (write(value),)


def _text(name: str, column: str, house: Conventions) -> Binding:
    blank = house.blank
    return Binding(name, (column,), _first(text_of), _one(lambda v: blank if v is None else v))


def _key(name: str, column: str, house: Conventions) -> Binding:
    return Binding(name, (column,), _first(text_of), _one(house.id_type))


def _reference(name: str, column: str, house: Conventions) -> Binding:
    def write(value: str | None) -> tuple[Any, ...]:
        return (None if value is None else house.id_type(value),)

    return Binding(name, (column,), _first(text_of), write)


def _country(name: str, column: str, house: Conventions) -> Binding:
    spelled = house.countries
    codes = {text.casefold(): code for code, text in spelled.items()}

    def read(cells: tuple[Any, ...]) -> str | None:
        from dedupkit.normalize import normalize_country

        text = text_of(cells[0])
        return text and (codes.get(text.casefold()) or normalize_country(text))

    def write(value: str | None) -> tuple[Any, ...]:
        return (house.blank if value is None else spelled.get(value, value),)

    return Binding(name, (column,), read, write)


def _date(name: str, column: str, _house: Conventions) -> Binding:
    return Binding(name, (column,), _first(date_of), _one(_same))


def _moment(name: str, column: str, house: Conventions) -> Binding:
    read, write = _moments(house)
    return Binding(name, (column,), _first(read), _one(write))


def _moments(
    house: Conventions,
) -> tuple[Callable[[Any], datetime | None], Callable[[datetime | None], datetime | None]]:
    zone = house.naive_in

    def read(cell: object) -> datetime | None:
        return moment_of(cell, zone or UTC)

    def write(value: datetime | None) -> datetime | None:
        return value.astimezone(zone).replace(tzinfo=None) if value and zone else value

    return read, write


def _bool(name: str, column: str, _house: Conventions) -> Binding:
    return Binding(name, (column,), lambda cells: truth_of(cells[0]) is not False, _one(bool))


def _names(name: str, declared: FieldMap[str, str] | Texts, house: Conventions) -> Binding:
    if not isinstance(declared, FieldMap):
        binding = _texts(name, declared, house)
        return evolve(
            binding,
            read=lambda cells: frozenset(binding.read(cells)),
            write=lambda value: binding.write(tuple(sorted(value))),
        )
    names = tuple(declared)
    return Binding(
        name,
        tuple(declared.values()),
        lambda cells: frozenset(
            flag for flag, cell in zip(names, cells, strict=True) if is_true(cell)
        ),
        lambda value: tuple(flag in value for flag in names),
    )


def _texts(name: str, declared: Texts | tuple[str, ...], house: Conventions) -> Binding:
    match declared:
        case Joined(column=column, separator=separator):
            return Binding(
                name,
                (column,),
                lambda cells: _distinct(texts_of(cells[0], separator)),
                lambda value: (separator.join(value) or house.blank,),
            )
        case str():
            return Binding(
                name,
                (declared,),
                lambda cells: _distinct(texts_of(cells[0])),
                lambda value: (value,),
            )
        case _:
            return Binding(
                name,
                declared,
                lambda cells: _distinct(texts_of(cells)),
                lambda value: (*value, *[house.blank] * len(declared))[: len(declared)],
            )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _consents(name: str, declared: tuple[ConsentColumn, ...], house: Conventions) -> Binding:
    read_moment, write_moment = _moments(house)
    columns = tuple(c for d in declared for c in (d.column, d.at, d.source) if c is not None)

    def read(cells: tuple[Any, ...]) -> tuple[Consent, ...]:
        cell_of = dict(zip(columns, cells, strict=True)).get
        states = ((d, state_of(cell_of(d.column), d.false_means)) for d in declared)
        return tuple(
            Consent(
                d.purpose,
                d.channel,
                state,
                at=read_moment(cell_of(d.at)) if d.at else None,
                source=text_of(cell_of(d.source)) if d.source else None,
            )
            for d, state in states
            if state is not None
        )

    def write(value: tuple[Consent, ...]) -> tuple[Any, ...]:
        by_key = {consent.key: consent for consent in value}
        cells: dict[str | None, Any] = {}
        for d in declared:
            consent = by_key.get((d.purpose, d.channel, None))
            cells[d.column] = consent and consent.state is ConsentState.GRANTED
            cells[d.at] = consent and write_moment(consent.at)
            cells[d.source] = consent and consent.source
        return tuple(cells[column] for column in columns)

    return Binding(name, columns, read, write)


def _balances(name: str, declared: tuple[BalanceColumn, ...], _house: Conventions) -> Binding:
    keys = tuple((d.kind, d.unit, d.programme) for d in declared)

    def read(cells: tuple[Any, ...]) -> tuple[Balance, ...]:
        return tuple(
            Balance(kind, unit, amount_of(cell), programme=programme)
            for (kind, unit, programme), cell in zip(keys, cells, strict=True)
            if cell is not None and cell != ""
        )

    def write(value: tuple[Balance, ...]) -> tuple[Any, ...]:
        amounts = {balance.key: balance.amount for balance in value}
        held = (amounts.get(key, Decimal(0)) for key in keys)
        return tuple(d.number_type(amount) for d, amount in zip(declared, held, strict=True))

    return Binding(name, tuple(d.column for d in declared), read, write)


def _profile(name: str, declared: WebProfileColumns, house: Conventions) -> Binding:
    moment = _moments(house)
    text = (text_of, _same)
    boolean = (is_true, bool)
    codecs: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
        "id": text,
        "username": text,
        "has_password": boolean,
        "active": boolean,
        "approved_buyer": boolean,
        "verified": boolean,
        "last_login_at": moment,
    }
    parts = tuple((part, getattr(declared, part)) for part in codecs if getattr(declared, part))

    def read(cells: tuple[Any, ...]) -> WebProfile | None:
        values = {part: codecs[part][0](cell) for (part, _), cell in zip(parts, cells, strict=True)}
        return None if values["id"] is None else WebProfile(**values)

    def write(value: WebProfile | None) -> tuple[Any, ...]:
        return tuple(codecs[part][1](getattr(value, part, None)) for part, _ in parts)

    return Binding(name, tuple(column for _, column in parts), read, write)


def _ids(name: str, declared: FieldMap[str, str], house: Conventions) -> Binding:
    systems = tuple(declared)

    def read(cells: tuple[Any, ...]) -> FieldMap[str, frozenset[str]]:
        ids = zip(systems, map(text_of, cells), strict=True)
        return FieldMap((system, frozenset((text,))) for system, text in ids if text is not None)

    def write(value: FieldMap[str, frozenset[str]]) -> tuple[Any, ...]:
        held = (sorted(value.get(system, ())) for system in systems)
        return tuple(ids[0] if ids else house.blank for ids in held)

    return Binding(name, tuple(declared.values()), read, write)


def _extra(name: str, declared: FieldMap[str, str], _house: Conventions) -> Binding:
    names = tuple(declared)

    def read(cells: tuple[Any, ...]) -> FieldMap[str, Any]:
        values = zip(names, map(extra_of, cells), strict=True)
        return FieldMap((key, value) for key, value in values if value is not None)

    return Binding(name, tuple(declared.values()), read, lambda value: tuple(map(value.get, names)))


_BINDERS: Mapping[Kind, Callable[[str, Any, Conventions], Binding]] = {
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.BOOL: _bool,
    Kind.NAMES: _names,
    Kind.CONSENTS: _consents,
    Kind.BALANCES: _balances,
    Kind.PROFILE: _profile,
    Kind.IDS: _ids,
    Kind.EXTRA: _extra,
}

#: Fields that stand in their columns in a way of their own.
_SPECIAL: Mapping[str, Callable[[str, Any, Conventions], Binding]] = {
    "id": _key,
    "country": _country,
    "merged_into": _reference,
    "kept_for": _reference,
    IS_ACTIVE: _bool,
}
