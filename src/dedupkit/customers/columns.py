"""How a host's columns are declared where one column is not simply one field."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias, final

from attrs import field, frozen

from dedupkit.customers.consents import ConsentState
from dedupkit.errors import ConfigurationError

__all__ = [
    "BalanceColumn",
    "ConsentColumn",
    "Deactivate",
    "Delete",
    "Joined",
    "Mark",
    "Retirement",
    "Texts",
    "WebProfileColumns",
]


@final
@frozen
class ConsentColumn:
    """A boolean column that holds one consent; an empty cell is no consent at all.

    Attributes:
        column: The boolean.
        purpose: What for.
        channel: By which way.
        false_means: What False says: `WITHDRAWN` (the person said no) or `NEVER_ASKED`.
        at: Column of the moment when it was said, or None.
        source: Column of the place where it was said, or None.
    """

    column: str
    purpose: str
    channel: str
    false_means: ConsentState = field(kw_only=True)
    at: str | None = field(default=None, kw_only=True)
    source: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.false_means not in (ConsentState.WITHDRAWN, ConsentState.NEVER_ASKED):
            raise ConfigurationError(
                f"ConsentColumn {self.column!r}: false_means must be WITHDRAWN or NEVER_ASKED"
            )


@final
@frozen
class BalanceColumn:
    """A number column that holds one balance; an empty cell is zero.

    Attributes:
        column: The number.
        kind: As in `Balance`; *unit* and *programme* alike.
        number_type: Turns the amount into the type of the column, for instance ``int``.
    """

    column: str
    kind: str
    unit: str
    programme: str | None = field(default=None, kw_only=True)
    number_type: Callable[[Decimal], Any] = field(default=Decimal, kw_only=True)


@final
@frozen
class Joined:
    """A text column that holds several values, joined by *separator*."""

    column: str
    separator: str = ","


@final
@frozen(kw_only=True)
class WebProfileColumns:
    """The columns of a web profile; *id* says whether there is one."""

    id: str
    username: str | None = None
    has_password: str | None = None
    active: str | None = None
    approved_buyer: str | None = None
    verified: str | None = None
    last_login_at: str | None = None


@final
@frozen
class Mark:
    """A retired row stays, and this column names the row that it was merged into."""

    column: str


@final
@frozen
class Deactivate:
    """A retired row stays, and this boolean column is false; the store keeps the redirect."""

    column: str


@final
@frozen
class Delete:
    """A retired row is deleted; the store keeps the redirect."""


#: What retiring a customer does to its row.
Retirement: TypeAlias = Mark | Deactivate | Delete


#: One column of texts: a collection, or joined text.
Texts: TypeAlias = str | Joined
