"""The customer: one card of the register, frozen and flat, as files, tables and forms are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter, eq, lt
from types import NoneType
from typing import Any, NoReturn, TypeVar, cast, final

from attrs import field, fields, frozen

from dedupkit.customers.addresses import Address
from dedupkit.customers.balances import Balance
from dedupkit.customers.consents import NEWSLETTER, Consent, is_permitted
from dedupkit.customers.fieldmap import EMPTY, FieldMap
from dedupkit.customers.fields import FIELDS, Kind
from dedupkit.customers.shapes import (
    amount_text,
    as_distinct,
    as_moment,
    as_set,
    blank_to_none,
    is_moment,
    is_names,
    is_word,
)
from dedupkit.customers.web_profiles import WebProfile
from dedupkit.errors import Fault, InvalidCustomerError

__all__ = [
    "Customer",
    "ExtraValue",
    "evolve_customer",
    "lowest_number",
    "numeric_first",
    "value_text",
]

T = TypeVar("T")

#: What the host's own fields may hold.
ExtraValue = str | bool | int | Decimal | date | datetime | None


def _as_consents(values: Iterable[Consent]) -> tuple[Consent, ...]:
    ordered = _plainly_ordered(values, Consent, _purpose_and_channel)
    return _in_order(as_distinct(values), Consent) if ordered is None else ordered


def _as_balances(values: Iterable[Balance]) -> tuple[Balance, ...]:
    """Freeze and sort; a balance of zero is none."""
    balances: Any = _plainly_ordered(values, Balance, _kind_and_unit)
    if balances is not None:
        return balances if all(map(_amount, balances)) else tuple(filter(_amount, balances))
    balances = as_distinct(values)
    if isinstance(balances, tuple):
        balances = tuple(b for b in balances if not isinstance(b, Balance) or b.amount)
    return _in_order(balances, Balance)


_purpose_and_channel = attrgetter("purpose", "channel")
_kind_and_unit = attrgetter("kind", "unit")
_amount = attrgetter("amount")


def _plainly_ordered(
    values: Iterable[T], kind: type[T], start: Callable[[T], tuple[str, str]]
) -> tuple[T, ...] | None:
    """Sort quickly; None where it is not plain to see that no two have the same key.

    Args:
        values: What was given.
        kind: The class of all of them.
        start: Returns the first parts of a key; where these differ, the keys do.
    """
    if type(values) is not tuple or not {kind}.issuperset(map(type, values)):
        return None
    keys = list(map(start, values))
    if not all(map(lt, keys, keys[1:])):
        values = tuple(sorted(values, key=start))
        keys.sort()
        if not all(map(lt, keys, keys[1:])):
            return None
    return values


def _as_ids(values: Mapping[str, Iterable[str]]) -> FieldMap[str, frozenset[str]]:
    given: Any = values
    if not isinstance(given, Mapping):
        return cast("FieldMap[str, frozenset[str]]", given)
    if not given:
        return EMPTY
    sets = ((system, as_set(ids)) for system, ids in given.items())
    return FieldMap([(system, ids) for system, ids in sets if ids])


def _as_extra(values: Mapping[str, ExtraValue]) -> FieldMap[str, ExtraValue]:
    given: Any = values
    if not isinstance(given, Mapping):
        return cast("FieldMap[str, ExtraValue]", given)
    if type(given) is FieldMap and all(map(_is_settled, given.values())):
        return given  # by far the most frequent
    if not given:
        return EMPTY
    return FieldMap([(k, as_moment(v)) for k, v in given.items() if not _is_missing(v)])


def _is_settled(value: object) -> bool:
    if isinstance(value, datetime):
        return as_moment(value) is value
    return not _is_missing(value)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text() -> Any:  # noqa: ANN401  # attrs types the attribute, not this
    return field(default=None, converter=blank_to_none)


@final
@frozen(kw_only=True, repr=False)
class Customer:
    """A customer as the register holds it; only ``id`` is required.

    Blank strings become None. Construction checks the shape of every field, not whether an e-mail
    or a phone is a good one: a register holds bad ones. ``repr`` names the fields that have a
    value, never the values; `describe` shows them.

    Attributes:
        id: The register's own id, never reused. A customer to be created bears ``new-1``, ….
        number: The shop's own customer number.
        name: The whole name, only where the host has a single name field.
        country: ISO 3166 alpha-2, upper case.
        other_emails: Further addresses, in order; ``other_phones`` and ``other_addresses`` alike.
        consents: One per purpose, channel and endpoint; sorted.
        balances: One per kind, unit and programme; sorted, and without those of zero.
        external_ids: System → ids of this customer there.
        allow_merge: False hides the card from every search for duplicates.
        tenant: The shop or brand whose customer it is, where one register serves several.
        merged_into: Id of the card that this one was merged into: it is retired.
        created_at: When the card was created; *updated_at* alike. Moments are kept in UTC.
        kept_for: Id of the card whose duplicate this one is, though it was kept.
        version: The store's opaque token; differs whenever the stored customer does.
        extra: The host's own fields; those without a value are left out.

    Raises:
        InvalidCustomerError: fields have the wrong shape; all of them are named at once.

    >>> Customer(id="1001", first_name="Bjørn", last_name="Hansen", email=" ")
    Customer('1001', first_name, last_name)
    """

    id: str
    number: str | None = _text()
    name: str | None = _text()
    first_name: str | None = _text()
    last_name: str | None = _text()
    company: str | None = _text()
    email: str | None = _text()
    other_emails: tuple[str, ...] = field(default=(), converter=as_distinct)
    mobile: str | None = _text()
    home_phone: str | None = _text()
    other_phones: tuple[str, ...] = field(default=(), converter=as_distinct)
    street: str | None = _text()
    street2: str | None = _text()
    postal_code: str | None = _text()
    city: str | None = _text()
    region: str | None = _text()
    country: str | None = _text()
    other_addresses: tuple[Address, ...] = field(default=(), converter=as_distinct)
    birth_date: date | None = None
    language: str | None = _text()
    notes: str | None = _text()
    groups: frozenset[str] = field(default=frozenset(), converter=as_set)
    flags: frozenset[str] = field(default=frozenset(), converter=as_set)
    consents: tuple[Consent, ...] = field(default=(), converter=_as_consents)
    web_profile: WebProfile | None = None
    balances: tuple[Balance, ...] = field(default=(), converter=_as_balances)
    external_ids: FieldMap[str, frozenset[str]] = field(default=EMPTY, converter=_as_ids)
    allow_merge: bool = True
    tenant: str | None = _text()
    created_at: datetime | None = field(default=None, converter=as_moment)
    updated_at: datetime | None = field(default=None, converter=as_moment)
    merged_into: str | None = _text()
    kept_for: str | None = _text()
    version: str | None = _text()
    extra: FieldMap[str, ExtraValue] = field(default=EMPTY, converter=_as_extra)

    def __attrs_post_init__(self) -> None:
        suspects = [
            name
            for name, plain, value in zip(_NAMES, _PLAINLY_RIGHT, _values(self), strict=True)
            if type(value) not in plain
        ]
        if faults := tuple(_faults(self, suspects)):
            _refuse(self, faults)

    def __repr__(self) -> str:
        return f"Customer({', '.join([repr(self.id), *(f for f in self.filled() if f != 'id')])})"

    def filled(self) -> Iterator[str]:
        """Yield the names of the fields that have a value, in the order of the table.

        ``allow_merge`` counts only where it is False.
        """
        for name, value in zip(_NAMES, _values(self), strict=True):
            if (value is False) if name == "allow_merge" else value:
                yield name

    @property
    def display_name(self) -> str:
        """What a clerk calls the card: the person, else the company, else ``customer ID``."""
        personal = self.name or " ".join(filter(None, (self.first_name, self.last_name)))
        return personal or self.company or f"customer {self.id}"

    @property
    def address(self) -> Address:
        """The fields of the address group as one value."""
        return Address(
            street=self.street,
            street2=self.street2,
            postal_code=self.postal_code,
            city=self.city,
            region=self.region,
            country=self.country,
        )

    @property
    def is_active(self) -> bool:
        """Whether the card is not retired."""
        return self.merged_into is None

    @property
    def wants_newsletter(self) -> bool:
        """Whether the newsletter may be sent to the present e-mail address."""
        return self.permits(*NEWSLETTER)

    def permits(self, purpose: str, channel: str, endpoint: str | None = None) -> bool:
        """Tell whether the person may be contacted; the only reader of consents.

        Args:
            purpose: What for.
            channel: By which way.
            endpoint: The address or number meant; None means the present contact of the channel
                (``email``; for ``sms`` and ``phone`` the mobile).

        >>> from dedupkit.customers import Consent, ConsentState
        >>> objected = Consent("newsletter", "email", ConsentState.OBJECTED)
        >>> Customer(id="1", email="a@shop.no", consents=[objected]).permits("newsletter", "email")
        False
        """
        contact = {"email": self.email, "sms": self.mobile, "phone": self.mobile}
        return is_permitted(self.consents, purpose, channel, endpoint or contact.get(channel))

    def describe(self) -> str:
        """Return the card as lines of ``field: value``, with personal data."""
        lines = [f"{name}: {value_text(getattr(self, name))}" for name in self.filled()]
        return "\n".join(lines)


def evolve_customer(customer: Customer, changes: Mapping[str, Any]) -> Customer:
    """Return *customer* with other values of some fields, as ``attrs.evolve`` does.

    Only the new values are converted and checked: those that stay have been.

    Raises:
        InvalidCustomerError: new values have the wrong shape; all of them are named at once.

    >>> evolve_customer(Customer(id="1", city="Oslo"), {"city": " "}).city is None
    True
    """
    made = object.__new__(Customer)
    for assign, value in zip(_ASSIGN.values(), _values(customer), strict=True):
        assign(made, value)
    for name, value in changes.items():
        convert = _CONVERTERS[name]
        _ASSIGN[name](made, value if convert is None else convert(value))
    if any(_faults(made, changes)):
        _refuse(made, tuple(_faults(made, [name for name in FIELDS if name in changes])))
    return made


def lowest_number(customer: Customer) -> tuple[Any, ...]:
    """Order customers by number, then by id: numeric ones before text, no number last.

    >>> cards = [Customer(id="a", number="10"), Customer(id="b", number="9"), Customer(id="c")]
    >>> [card.id for card in sorted(cards, key=lowest_number)]
    ['b', 'a', 'c']
    """
    return (
        customer.number is None,
        numeric_first(customer.number or ""),
        numeric_first(customer.id),
    )


def numeric_first(text: str) -> tuple[bool, int, str, str]:
    """Order ids and numbers: digits by their value, before everything else by its letters.

    >>> sorted(["10", "A7", "9"], key=numeric_first)
    ['9', '10', 'A7']
    """
    is_numeric = text.isascii() and text.isdigit()
    digits = text.lstrip("0") if is_numeric else ""  # of any length, which int() does not read
    return not is_numeric, len(digits), digits, text


def _in_order(values: Any, kind: type) -> tuple[Any, ...]:  # noqa: ANN401  # not checked yet
    if isinstance(values, tuple) and all(isinstance(value, kind) for value in values):
        values = tuple(sorted(values, key=lambda value: tuple(part or "" for part in value.key)))
    return cast("tuple[Any, ...]", values)


def value_text(value: object) -> str:
    """Return the value of any field as a person reads it; personal data.

    >>> value_text(frozenset({"vip", "press"}))
    'press, vip'
    """
    match value:
        case FieldMap():
            return ", ".join(f"{key} = {value_text(part)}" for key, part in value.items())
        case frozenset():
            return ", ".join(sorted(value))
        case tuple():
            return "; ".join(map(value_text, value))
        case Consent():
            ending = f" ({value.endpoint})" if value.endpoint else ""
            return f"{value.purpose} by {value.channel} {value.state.value}{ending}"
        case Balance():
            ending = f" ({value.programme})" if value.programme else ""
            return f"{value.kind} {amount_text(value.amount)} {value.unit}{ending}"
        case WebProfile():
            return value.username or value.id
        case Decimal():
            return amount_text(value)
        case _:
            return str(value)


_NAMES = tuple(FIELDS)
_values = attrgetter(*_NAMES)
_CONVERTERS: Mapping[str, Any] = {one.name: one.converter for one in fields(Customer)}
#: What assigns a field of a customer that is being made, past the frozen class.
_ASSIGN: Mapping[str, Any] = {name: getattr(Customer, name).__set__ for name in _NAMES}


def _refuse(customer: Customer, faults: tuple[Fault, ...]) -> NoReturn:
    given: object = customer.id
    raise InvalidCustomerError(given if isinstance(given, str) else "?", faults)


def _faults(customer: Customer, names: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with the fields of those names, or with two that do not go together."""
    for name in names:
        right_types, is_right, wanted = _CHECKS[name]
        value = getattr(customer, name)
        if type(value) not in right_types and not is_right(value):
            yield Fault(name, f"must be {wanted}")
    for name in ("consents", "balances"):
        several: object = getattr(customer, name) if name in names else ()
        if isinstance(several, tuple) and several[1:]:
            keys = [getattr(value, "key", None) for value in several]
            if len(keys) != len(set(keys)):
                yield Fault(name, "has several entries of one key; keep one")
    if customer.merged_into is not None and customer.merged_into == customer.id:
        yield Fault("merged_into", "must name another customer")


def _is_country(value: object) -> bool:
    return isinstance(value, str) and _COUNTRY.fullmatch(value) is not None


_COUNTRY = re.compile("[A-Z]{2}")


def _all(kind: type) -> Callable[[Any], bool]:
    exactly = frozenset({kind})
    return lambda value: (
        isinstance(value, tuple)
        and (exactly.issuperset(map(type, value)) or all(isinstance(part, kind) for part in value))
    )


def _is_ids(value: object) -> bool:
    return isinstance(value, FieldMap) and all(
        isinstance(system, str) and is_names(ids) for system, ids in value.items()
    )


def _is_extra(value: object) -> bool:
    return isinstance(value, FieldMap) and all(
        isinstance(key, str)
        and (type(part) in _PLAIN_TYPES or (isinstance(part, ExtraValue) and _is_exact(part)))
        for key, part in value.items()
    )


#: Types of an own field of the host all of whose values are right.
_PLAIN_TYPES = frozenset({str, bool, int, date})


def _is_exact(value: object) -> bool:
    """Tell whether a value is one that can be compared: a Decimal may be no number.

    A datetime is a moment, or as hosts hold them without a time zone.
    """
    if isinstance(value, datetime):
        return is_moment(value) or (value.tzinfo is None and eq(value, value))  # as no NaT does
    return not isinstance(value, Decimal) or value.is_finite()


_SHAPES: Mapping[Kind, tuple[Callable[[Any], bool], str]] = {
    Kind.TEXT: (lambda value: isinstance(value, str), "text"),
    Kind.TEXTS: (_all(str), "a collection of texts"),
    Kind.ADDRESSES: (_all(Address), "a collection of Address"),
    Kind.DATE: (
        lambda value: isinstance(value, date) and not isinstance(value, datetime),
        "a date without a time",
    ),
    Kind.MOMENT: (is_moment, "a datetime with a time zone"),
    Kind.BOOL: (lambda value: isinstance(value, bool), "True or False"),
    Kind.NAMES: (is_names, "a collection of names"),
    Kind.CONSENTS: (_all(Consent), "a collection of Consent"),
    Kind.BALANCES: (_all(Balance), "a collection of Balance"),
    Kind.PROFILE: (lambda value: isinstance(value, WebProfile), "a WebProfile"),
    Kind.IDS: (_is_ids, "a mapping of system names to ids"),
    Kind.EXTRA: (
        _is_extra,
        "a mapping of names to text, bool, int, finite Decimal, date or datetime",
    ),
}

#: Of the kinds of one value: the types all of whose values are right, so that a look at the type
#: is enough; this runs for every field of every customer that is made.
_RIGHT_TYPES: Mapping[Kind, frozenset[type]] = {
    Kind.TEXT: frozenset({str, NoneType}),
    Kind.DATE: frozenset({date, NoneType}),
    Kind.MOMENT: frozenset({NoneType}),
    Kind.BOOL: frozenset({bool}),
    Kind.PROFILE: frozenset({WebProfile, NoneType}),
}

#: Field → such types, what is asked of values of other types, and what is wanted.
_CHECKS: Mapping[str, tuple[frozenset[type], Callable[[Any], bool], str]] = {
    name: (_RIGHT_TYPES.get(row.kind, frozenset()), *_SHAPES[row.kind])
    for name, row in FIELDS.items()
} | {
    "id": (frozenset(), is_word, "text that is not blank"),
    "country": (frozenset({NoneType}), _is_country, "an ISO 3166 alpha-2 code such as 'NO'"),
}
#: Such types, in the order of the fields.
_PLAINLY_RIGHT = tuple(_CHECKS[name][0] for name in _NAMES)
