"""Relations: tables of the host whose rows refer to a customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias, TypeVar, final

from attrs import field, frozen

from dedupkit.customers import EMPTY, Balance, FieldMap, as_amount, as_map, as_tuple
from dedupkit.customers.shapes import blank_to_none, required
from dedupkit.errors import ConfigurationError

__all__ = [
    "BalanceKey",
    "Collision",
    "MovedRows",
    "Relation",
    "RemovedRow",
    "RowBalance",
    "RowChanges",
    "Rows",
    "derived_balances",
]

E = TypeVar("E", bound=Enum)

#: Kind, unit and programme of a balance.
BalanceKey: TypeAlias = tuple[str, str, str | None]


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
class RowBalance:
    """The balance that the rows of a relation add up to: loyalty lots, sales on a ledger.

    Wherever a customer is read, the amount is the exact sum over the rows that refer to the
    customer; nobody writes it, and it moves when rows move.

    Attributes:
        kind: As of a `Balance`.
        unit: As of a `Balance`.
        amount: The column of what each row adds: a Decimal, an int or decimal text, never a
            float; may be negative.
        programme: As of a `Balance`.

    >>> RowBalance("loyalty", "points", amount="left").of({"customer": "17", "left": "2.50"})
    Decimal('2.50')
    """

    kind: str
    unit: str
    amount: str = field(default="amount", kw_only=True)
    programme: str | None = field(default=None, converter=blank_to_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        required("RowBalance", amount=self.amount)
        Balance(self.kind, self.unit, 0)  # refuses what no balance can be

    @property
    def key(self) -> BalanceKey:
        """Kind, unit and programme."""
        return self.kind, self.unit, self.programme

    def of(self, row: Mapping[str, Any]) -> Decimal:
        """Return what a row adds.

        Raises:
            ConfigurationError: its column is missing, or holds no exact amount.
        """
        try:
            return as_amount(row[self.amount])
        except KeyError:
            raise ConfigurationError(f"column {self.amount!r} is missing") from None
        except ConfigurationError as error:
            raise ConfigurationError(f"column {self.amount!r}: {error}") from None


def _as_rows(value: Rows | str) -> Rows:
    return _member(Rows, value)


def _as_collision(value: Collision | str) -> Collision:
    return _member(Collision, value)


def _member(kind: type[E], value: E | str) -> E:
    try:
        return kind(value)
    except ValueError:
        words = " or ".join(repr(member.value) for member in kind)
        raise ConfigurationError(f"{kind.__name__.lower()} of a relation must be {words}") from None


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
        balance: What its rows add up to; None where they add up to no balance, or the store does
            not know. Such rows are never dropped, so *collision* stays `Collision.REFUSE`.

    Raises:
        ConfigurationError: *rows* or *collision* is none of theirs, *unique* names the customer's
            column too, *balance* is none, or its rows could be dropped.

    >>> Relation("invoices", rows="leave").rows
    <Rows.LEAVE: 'leave'>
    """

    name: str
    rows: Rows = field(default=Rows.MOVE, converter=_as_rows)
    collision: Collision = field(default=Collision.REFUSE, converter=_as_collision)
    column: str = field(default="customer", kw_only=True)
    unique: tuple[str, ...] = field(default=(), converter=as_tuple, kw_only=True)
    balance: RowBalance | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.column in self.unique:
            raise ConfigurationError(
                f"relation {self.name!r}: leave {self.column!r} out of unique; the customer counts "
                "anyway"
            )
        if self.balance is None:
            return
        if not isinstance(self.balance, RowBalance):
            raise ConfigurationError(f"relation {self.name!r}: balance must be a RowBalance")
        if self.collision is Collision.KEEP_MASTER:
            raise ConfigurationError(
                f"relation {self.name!r}: its rows add up to a balance, so none may be dropped; "
                "leave collision at 'refuse'"
            )

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return what must be unique beside the customer, None where a row collides with none.

        >>> Relation("memberships", unique=["club"]).key_of({"customer": "17", "club": "choir"})
        ('choir',)
        """
        key = tuple([row.get(name) for name in self.unique])
        return None if not key or None in key else key


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


def derived_balances(relations: Iterable[Relation]) -> FieldMap[BalanceKey, Relation]:
    """Return which balance adds up from the rows of which relation.

    Raises:
        ConfigurationError: two relations add up to one balance; all of them are named.

    >>> lots = Relation("lots", balance=RowBalance("loyalty", "points"))
    >>> list(derived_balances([Relation("orders"), lots]))
    [('loyalty', 'points', None)]
    """
    found: dict[BalanceKey, list[Relation]] = {}
    for relation in relations:
        if relation.balance is not None:
            found.setdefault(relation.balance.key, []).append(relation)
    twice = [
        f"{' and '.join(repr(relation.name) for relation in several)} to {key[0]} in {key[1]}"
        for key, several in found.items()
        if several[1:]
    ]
    if twice:
        raise ConfigurationError(
            f"relations add up to one balance: {'; '.join(twice)}; declare it of one of them"
        )
    return FieldMap((key, several[0]) for key, several in found.items())
