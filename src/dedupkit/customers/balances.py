"""What a customer holds or owes: one amount per kind, unit and programme."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import final

from attrs import field, frozen

from dedupkit.customers.shapes import as_amount, blank_to_none, is_word, required
from dedupkit.errors import ConfigurationError

__all__ = ["LOYALTY", "ON_ACCOUNT", "STORE_CREDIT", "Balance"]

#: Prepaid money, vouchers turned into credit.
STORE_CREDIT = "store_credit"
#: Points or stamps of a loyalty programme.
LOYALTY = "loyalty"
#: Sales on account; below zero it is a debt of the customer.
ON_ACCOUNT = "on_account"

_UNIT = re.compile(r"[A-Z]{3}|[a-z][a-z0-9_]*")


@final
@frozen
class Balance:
    """One amount that stands to a customer's account.

    Attributes:
        kind: `STORE_CREDIT`, `LOYALTY`, `ON_ACCOUNT`, or the host's own word.
        unit: An ISO 4217 code such as ``"NOK"``, or a lower-case word such as ``"points"``.
        amount: Exact; may be negative.
        programme: The programme or ledger that it belongs to, or None.

    >>> Balance("loyalty", "points", 120).key
    ('loyalty', 'points', None)
    """

    kind: str
    unit: str
    amount: Decimal = field(converter=as_amount)
    programme: str | None = field(default=None, converter=blank_to_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not (is_word(self.kind) and is_word(self.unit)):
            required("Balance", kind=self.kind, unit=self.unit)
        if not _UNIT.fullmatch(self.unit):
            raise ConfigurationError(
                "Balance: unit must be an ISO 4217 code ('NOK') or a lower-case word ('points')"
            )

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Kind, unit and programme: a customer has one balance of each."""
        return self.kind, self.unit, self.programme
