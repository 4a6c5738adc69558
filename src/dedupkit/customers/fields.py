"""The one table that says what fields a customer has, of which kind, class and group."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import final

from attrs import frozen

from dedupkit.customers.fieldmap import FieldMap

__all__ = ["ADDRESS_FIELDS", "CONTACT_FIELDS", "FIELDS", "Field", "FieldClass", "Kind"]


@final
class Kind(Enum):
    """What shape the values of a field have."""

    TEXT = "text"
    TEXTS = "texts"
    ADDRESSES = "addresses"
    DATE = "date"
    MOMENT = "moment"
    BOOL = "bool"
    NAMES = "names"
    CONSENTS = "consents"
    BALANCES = "balances"
    PROFILE = "profile"
    IDS = "ids"
    EXTRA = "extra"


@final
class FieldClass(Enum):
    """Who decides a field when cards are merged."""

    #: Chosen by the resolvers of the policy.
    CONTACT = "contact"
    #: Carried by rules of their own: union, transfer, consent algebra.
    STANDING = "standing"
    #: The master's, or the library's own bookkeeping.
    BOOKKEEPING = "bookkeeping"


@final
@frozen(kw_only=True)
class Field:
    """One row of the table.

    Attributes:
        name: Attribute of `Customer`.
        kind: Shape of the values.
        field_class: Who decides the field in a merge.
        group: Name of the group that is decided and moved as one, or None.
    """

    name: str
    kind: Kind
    field_class: FieldClass
    group: str | None = None

    @property
    def unit(self) -> str:
        """Field path under which the field is decided: its group's, or its own."""
        return self.group or self.name


def _rows() -> Mapping[str, Field]:
    contact, standing, bookkeeping = FieldClass
    rows: tuple[tuple[str, Kind, FieldClass], ...] = (
        ("id", Kind.TEXT, bookkeeping),
        ("number", Kind.TEXT, bookkeeping),
        ("name", Kind.TEXT, contact),
        ("first_name", Kind.TEXT, contact),
        ("last_name", Kind.TEXT, contact),
        ("company", Kind.TEXT, contact),
        ("email", Kind.TEXT, contact),
        ("other_emails", Kind.TEXTS, contact),
        ("mobile", Kind.TEXT, contact),
        ("home_phone", Kind.TEXT, contact),
        ("other_phones", Kind.TEXTS, contact),
        ("street", Kind.TEXT, contact),
        ("street2", Kind.TEXT, contact),
        ("postal_code", Kind.TEXT, contact),
        ("city", Kind.TEXT, contact),
        ("region", Kind.TEXT, contact),
        ("country", Kind.TEXT, contact),
        ("other_addresses", Kind.ADDRESSES, contact),
        ("birth_date", Kind.DATE, contact),
        ("language", Kind.TEXT, contact),
        ("notes", Kind.TEXT, contact),
        ("groups", Kind.NAMES, standing),
        ("flags", Kind.NAMES, standing),
        ("consents", Kind.CONSENTS, standing),
        ("web_profile", Kind.PROFILE, standing),
        ("balances", Kind.BALANCES, standing),
        ("external_ids", Kind.IDS, standing),
        ("allow_merge", Kind.BOOL, bookkeeping),
        ("tenant", Kind.TEXT, bookkeeping),
        ("created_at", Kind.MOMENT, bookkeeping),
        ("updated_at", Kind.MOMENT, bookkeeping),
        ("merged_into", Kind.TEXT, bookkeeping),
        ("kept_for", Kind.TEXT, bookkeeping),
        ("version", Kind.TEXT, bookkeeping),
        ("extra", Kind.EXTRA, bookkeeping),
    )
    return FieldMap(
        (name, Field(name=name, kind=kind, field_class=cls, group=_GROUP_OF.get(name)))
        for name, kind, cls in rows
    )


#: The fields of the group ``"address"``, in the order of `Address`.
ADDRESS_FIELDS = ("street", "street2", "postal_code", "city", "region", "country")

_GROUP_OF = dict.fromkeys(ADDRESS_FIELDS, "address")

#: Every field of `Customer` by name, in the order in which people read them.
FIELDS: Mapping[str, Field] = _rows()

#: Field paths that resolvers decide, in order; the address is one of them, as a group.
CONTACT_FIELDS: tuple[str, ...] = tuple(
    dict.fromkeys(f.unit for f in FIELDS.values() if f.field_class is FieldClass.CONTACT)
)
