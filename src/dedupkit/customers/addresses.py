"""The postal address: the fields that are decided and moved as one."""

from __future__ import annotations

from operator import attrgetter
from typing import final

from attrs import asdict, field, frozen

from dedupkit.customers.shapes import blank_to_none

__all__ = ["Address"]


@final
@frozen(kw_only=True, repr=False)
class Address:
    """A postal address; every part may be missing. ``repr`` names the parts that are there.

    >>> Address(street="Storgata 1", city="Bergen")
    Address(street, city)
    """

    street: str | None = field(default=None, converter=blank_to_none)
    street2: str | None = field(default=None, converter=blank_to_none)
    postal_code: str | None = field(default=None, converter=blank_to_none)
    city: str | None = field(default=None, converter=blank_to_none)
    region: str | None = field(default=None, converter=blank_to_none)
    country: str | None = field(default=None, converter=blank_to_none)

    def __bool__(self) -> bool:
        return any(_parts(self))

    def __repr__(self) -> str:
        return f"Address({', '.join(name for name, part in asdict(self).items() if part)})"

    def __str__(self) -> str:
        town = " ".join(filter(None, (self.postal_code, self.city)))
        return ", ".join(filter(None, (self.street, self.street2, town, self.region, self.country)))


_parts = attrgetter("street", "street2", "postal_code", "city", "region", "country")
