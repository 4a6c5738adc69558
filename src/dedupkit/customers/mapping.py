"""The host's own classes and tables as customers, and changes back into the host's columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any, final

import attrs
from attrs import field, frozen

from dedupkit.customers.bindings import IS_ACTIVE, Binding, Conventions, bind
from dedupkit.customers.columns import (
    BalanceColumn,
    ConsentColumn,
    Deactivate,
    Delete,
    Joined,
    Mark,
    Retirement,
    Texts,
    WebProfileColumns,
)
from dedupkit.customers.customer import Customer
from dedupkit.customers.fieldmap import EMPTY, FieldMap
from dedupkit.customers.fields import FIELDS
from dedupkit.customers.shapes import as_map, as_tuple
from dedupkit.errors import ConfigurationError, Fault, InvalidCustomerError

__all__ = ["CustomerMapping"]


def _as_names(values: Mapping[str, str] | Iterable[str]) -> FieldMap[str, str]:
    """Read plain names as a mapping of each name to itself."""
    if isinstance(values, FieldMap):
        return values
    if isinstance(values, Mapping):
        return FieldMap(values)
    return FieldMap((name, name) for name in ((values,) if isinstance(values, str) else values))


def _as_flags(flags: Mapping[str, str] | Texts | None) -> FieldMap[str, str] | Texts | None:
    return FieldMap(flags) if isinstance(flags, Mapping) else flags


def _as_columns(columns: Texts | Iterable[str] | None) -> Texts | tuple[str, ...] | None:
    return columns if columns is None or isinstance(columns, str | Joined) else tuple(columns)


@final
@frozen(kw_only=True)
class CustomerMapping:
    """Which column or attribute of the host's rows holds which field of a customer.

    Rows are anything with keys (dicts, database rows) or attributes (objects). Reading is lenient:
    ids and numbers become text, blanks and dates that are none become missing, countries are read
    in words too. Writing is strict: what the columns cannot express is refused, never lost.

    Attributes:
        id: The primary key; all that follow are optional.
        other_emails: A column that holds a collection, `Joined` text, or several columns;
            ``other_phones`` alike.
        groups: A column that holds a collection, or `Joined` text.
        flags: Flag → boolean column; or as *groups*.
        consents: Boolean columns, each as a `ConsentColumn`.
        balances: Number columns, each as a `BalanceColumn`.
        external_ids: System → column.
        extra: Names of own columns, or own name → column.
        retire: What retiring a customer does to its row: `Mark`, `Deactivate` or `Delete`.
        id_type: Turns an id back into the type of the key, for instance ``int``.
        blank: What is written where a text is missing: None, or ``""``.
        countries: Code → spelling of the host, where it does not write the code.
        naive_in: Time zone of the host's datetimes, where they have none (then they are written
            without one too). Otherwise naive ones are read as UTC.
        columns: Every column that is read, the key first.

    Raises:
        ConfigurationError: one column stands for two fields.

    >>> mapping = CustomerMapping(id="pk", first_name="fornavn", country="land", extra=("vat_no",))
    >>> card = mapping.read({"pk": 7, "fornavn": "Bjørn", "land": "Norge", "vat_no": ""})
    >>> print(card.describe())
    id: 7
    first_name: Bjørn
    country: NO
    >>> from attrs import evolve
    >>> mapping.changes(card, evolve(card, first_name="Bjørn Erik"))
    {'fornavn': 'Bjørn Erik'}
    """

    id: str
    number: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    email: str | None = None
    other_emails: Texts | tuple[str, ...] | None = field(default=None, converter=_as_columns)
    mobile: str | None = None
    home_phone: str | None = None
    other_phones: Texts | tuple[str, ...] | None = field(default=None, converter=_as_columns)
    street: str | None = None
    street2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    birth_date: str | None = None
    language: str | None = None
    notes: str | None = None
    groups: Texts | None = None
    flags: FieldMap[str, str] | Texts | None = field(default=None, converter=_as_flags)
    consents: tuple[ConsentColumn, ...] = field(default=(), converter=as_tuple)
    web_profile: WebProfileColumns | None = None
    balances: tuple[BalanceColumn, ...] = field(default=(), converter=as_tuple)
    external_ids: FieldMap[str, str] = field(default=EMPTY, converter=as_map)
    allow_merge: str | None = None
    tenant: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    kept_for: str | None = None
    version: str | None = None
    extra: FieldMap[str, str] = field(default=EMPTY, converter=_as_names)
    retire: Retirement | None = None
    id_type: Callable[[str], Any] = str
    blank: Any = None
    countries: FieldMap[str, str] = field(default=EMPTY, converter=as_map)
    naive_in: tzinfo | None = None
    columns: tuple[str, ...] = field(init=False, eq=False, repr=False)
    _bindings: tuple[Binding, ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if wrong := [problem for problem, is_right in _shapes(self) if not is_right]:
            raise ConfigurationError(f"CustomerMapping: {'; '.join(wrong)}")
        bindings = tuple(_bindings(self))
        columns = tuple(column for binding in bindings for column in binding.columns)
        object.__setattr__(self, "_bindings", bindings)
        object.__setattr__(self, "columns", columns)
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise ConfigurationError(
                f"CustomerMapping: {', '.join(map(repr, twice))} would stand for two fields each"
            )
        keys: list[tuple[str | None, ...]] = [(c.purpose, c.channel) for c in self.consents]
        keys += [(b.kind, b.unit, b.programme) for b in self.balances]
        if len(keys) != len(set(keys)):
            raise ConfigurationError("CustomerMapping: one consent or balance has two columns")

    def __reduce__(self) -> tuple[Callable[[], CustomerMapping], tuple[()]]:
        """Pickle what was declared; how it is read is made of that anew."""
        given = {a.name: getattr(self, a.name) for a in attrs.fields(CustomerMapping) if a.init}
        return partial(CustomerMapping, **given), ()

    def read(self, row: object, *, merged_into: str | None = None) -> Customer:
        """Return *row* as a customer.

        Args:
            row: A dict, a database row, or an object.
            merged_into: Id that the row redirects to, where the store keeps the redirects itself
                (`Deactivate`, `Delete`). An inactive row without one is a card that no merge may
                touch.

        Raises:
            ConfigurationError: the row lacks columns of the mapping; all are named.
            InvalidCustomerError: the key is blank, or a balance is no number.
        """
        cell = _access(row, self.columns)
        values: dict[str, Any] = {}
        faults = []
        for binding in self._bindings:
            try:
                values[binding.field] = binding.read(tuple(map(cell, binding.columns)))
            except ConfigurationError as error:
                faults.append(Fault(binding.field, str(error)))
        if faults:
            raise InvalidCustomerError(values["id"] or "?", faults)
        redirect = merged_into or values.get("merged_into")
        values["merged_into"] = None if redirect == values["id"] else redirect
        if isinstance(self.retire, Deactivate) and values.pop(IS_ACTIVE) is False and not redirect:
            values["allow_merge"] = False
        return Customer(**values)

    def read_all(self, rows: Iterable[object]) -> Iterator[Customer]:
        """Yield every row as a customer, in order."""
        return map(self.read, rows)

    def changes(self, before: Customer | None, after: Customer) -> dict[str, Any]:
        """Return the columns that differ between two states of a customer, with their new cells.

        A retired customer under `Delete` shows no column of its own: the store deletes the row.
        `created_at`, `updated_at` and `version` are left out where they have no column.

        Args:
            before: The customer as it was read; None for one to be created, whose provisional id
                (``new-…``) is left to the host.
            after: The customer as it should be.

        Raises:
            ConfigurationError: the columns cannot express the change; every field is named.
        """
        old = before or Customer(id=after.id)
        bound = {binding.field: binding for binding in self._bindings}
        lost = [
            name
            for name in FIELDS
            if getattr(old, name) != getattr(after, name)
            and name not in bound
            and name not in self._needless()
        ]
        cells: dict[str, Any] = {}
        for name, binding in bound.items():
            value, was = getattr(after, name), getattr(old, name)
            if name == "id":
                if before is None and not value.startswith("new-"):
                    cells |= zip(binding.columns, binding.write(value), strict=True)
            elif value != was:
                new = binding.write(value)
                if _again(name, binding.read(new)) != value:
                    lost.append(name)
                pairs = zip(binding.columns, new, binding.write(was), strict=True)
                cells |= {column: cell for column, cell, other in pairs if cell != other}
        if lost:
            raise ConfigurationError(
                f"the mapping cannot express {', '.join(lost)} of customer {after.id!r}; "
                "declare columns that can"
            )
        return cells

    def _needless(self) -> frozenset[str]:
        """Return the fields that need no column."""
        redirects = isinstance(self.retire, Deactivate | Delete)
        return _BOOKKEEPING | {"merged_into"} if redirects else _BOOKKEEPING


#: The library's bookkeeping, which a host may do without.
_BOOKKEEPING = frozenset(("id", "created_at", "updated_at", "version"))


def _again(name: str, value: object) -> object:
    """Return a value as a customer holds it."""
    if name == IS_ACTIVE:
        return value
    holder: dict[str, Any] = {name: value}
    return getattr(Customer(id="-", **holder), name)


def _access(row: object, columns: Iterable[str]) -> Callable[[str], Any]:
    """Return what gives the cell of a column."""
    given: Any = getattr(row, "_mapping", row)  # SQLAlchemy's rows keep their columns there
    known: Callable[[str], bool] = partial(hasattr, given)
    cell: Callable[[str], Any] = partial(getattr, given)
    if hasattr(given, "keys"):
        known, cell = frozenset(given.keys()).__contains__, given.__getitem__
    missing = [column for column in columns if not known(column)]
    if missing:
        raise ConfigurationError(
            f"a row of type {type(row).__name__} lacks {', '.join(map(repr, missing))}, which the "
            "CustomerMapping names"
        )
    return cell


def _shapes(mapping: CustomerMapping) -> Iterator[tuple[str, bool]]:
    """Yield what each part that is no plain name must be, and whether it is."""
    key: object = mapping.id
    yield "id must name a column", isinstance(key, str) and bool(key.strip())
    for name, kind in (("consents", ConsentColumn), ("balances", BalanceColumn)):
        parts: object = getattr(mapping, name)
        is_right = isinstance(parts, tuple) and all(isinstance(part, kind) for part in parts)
        yield f"{name} must be a collection of {kind.__name__}", is_right
    ways = Mark | Deactivate | Delete | None
    yield "retire must be Mark(…), Deactivate(…) or Delete()", isinstance(mapping.retire, ways)
    yield "id_type must be callable", callable(mapping.id_type)
    zone: object = mapping.naive_in
    yield "naive_in must be a tzinfo", zone is None or isinstance(zone, tzinfo)


def _bindings(mapping: CustomerMapping) -> Iterator[Binding]:
    """Yield how each field stands in the columns, the key first."""
    house = Conventions(
        id_type=mapping.id_type,
        blank=mapping.blank,
        countries=mapping.countries,
        naive_in=mapping.naive_in,
    )
    for name in FIELDS:
        declared = getattr(mapping, name, None)
        if declared:
            yield bind(name, declared, house)
    match mapping.retire:
        case Mark(column=column):
            yield bind("merged_into", column, house)
        case Deactivate(column=column):
            yield bind(IS_ACTIVE, column, house)
        case Delete() | None:  # pragma: no branch  # the union is closed
            pass
