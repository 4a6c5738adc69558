"""Relations: tables of the host whose rows refer to a customer."""

from __future__ import annotations

from enum import Enum
from typing import Any, final

from attrs import field, frozen

from dedupkit.customers import EMPTY, FieldMap, as_map, as_tuple

__all__ = ["Collision", "MovedRows", "Relation", "RemovedRow", "RowChanges", "Rows"]


@final
class Rows(Enum):
    """What a merge does with the rows of a relation."""

    #: They move to the master.
    MOVE = "move"
    #: They stay, as posted documents do, and are reached through the redirect.
    LEAVE = "leave"


@final
class Collision(Enum):
    """What happens where a moved row meets a unique key that the master's row has already."""

    #: Nothing is merged.
    REFUSE = "refuse"
    #: The master's row stays; the duplicate's goes, and a copy of it into the receipt.
    KEEP_MASTER = "keep_master"


@final
@frozen
class Relation:
    """A table whose rows refer to a customer.

    Attributes:
        name: What steps and receipts call it.
        rows: Whether its rows move in a merge.
        collision: What happens where a moved row meets a unique key of the target.
        column: The column that holds the customer's id.
        unique: Columns of which, together with the customer, each combination stands once; for
            stores that do not learn it from a database. A row in which one of them is missing
            collides with none.

    >>> Relation("invoices", rows="leave").rows
    <Rows.LEAVE: 'leave'>
    """

    name: str
    rows: Rows = field(default=Rows.MOVE, converter=Rows)
    collision: Collision = field(default=Collision.REFUSE, converter=Collision)
    column: str = field(default="customer", kw_only=True)
    unique: tuple[str, ...] = field(default=(), converter=as_tuple, kw_only=True)


@final
@frozen
class MovedRows:
    """The rows of a relation that moved from one customer to another.

    Attributes:
        rows: Their ids; sorted.
    """

    relation: str
    source: str
    target: str
    rows: tuple[str, ...] = field(converter=as_tuple)


@final
@frozen
class RemovedRow:
    """A row that was removed since it collided with one of the target's.

    Attributes:
        source: The customer whose row it was.
        target: The customer whose row stays.
        row: Its id.
        columns: A copy of all that it held, for undo.
    """

    relation: str
    source: str
    target: str
    row: str
    columns: FieldMap[str, Any] = field(default=EMPTY, converter=as_map, repr=False)


@final
@frozen
class RowChanges:
    """What one call of ``Transaction.move`` did."""

    moved: tuple[MovedRows, ...] = field(default=(), converter=as_tuple)
    removed: tuple[RemovedRow, ...] = field(default=(), converter=as_tuple)
