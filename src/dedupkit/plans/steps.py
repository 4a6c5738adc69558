"""The steps: a closed vocabulary of change. Execution reads them and nothing else.

Every step names the customers that it touches by id, bears in ``origin`` the cards that it comes
from, and knows its ``inverse()``. `Create`, `Delete` and the profile steps carry whole values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, final

import attrs
from attrs import evolve, frozen

from dedupkit.customers import Consent, Customer, WebProfile, as_amount, as_tuple

__all__ = [
    "STEP_TYPES",
    "AddValue",
    "Create",
    "CreateGroup",
    "Delete",
    "DeleteGroup",
    "MoveWebProfile",
    "RemoveValue",
    "Repoint",
    "Restore",
    "Retire",
    "SetConsent",
    "SetField",
    "SetWebProfile",
    "Step",
    "TransferBalance",
    "all_touched",
    "renamed",
    "touched",
]


def _origin() -> Any:  # noqa: ANN401  # attrs types the attribute, not this
    return attrs.field(default=(), converter=as_tuple, kw_only=True)


@final
@frozen
class SetField:
    """Set one field, group (``"address"``) or own field of the host (``"extra.vat_no"``)."""

    customer: str
    field: str
    before: Any = attrs.field(repr=False)
    after: Any = attrs.field(repr=False)
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> SetField:
        """Return the step that sets the field back."""
        return evolve(self, before=self.after, after=self.before)


@final
@frozen
class AddValue:
    """Add one value to a collection: flags, groups, external ids, other e-mails, phones, …."""

    customer: str
    field: str
    value: Any = attrs.field(repr=False)
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> RemoveValue:
        """Return the step that takes the value out again."""
        return RemoveValue(self.customer, self.field, self.value, origin=self.origin)


@final
@frozen
class RemoveValue:
    """Take one value out of a collection."""

    customer: str
    field: str
    value: Any = attrs.field(repr=False)
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> AddValue:
        """Return the step that adds the value again."""
        return AddValue(self.customer, self.field, self.value, origin=self.origin)


@final
@frozen
class SetConsent:
    """Set the consent of one key; *before* or *after* is None where there is none."""

    customer: str
    before: Consent | None
    after: Consent | None
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> SetConsent:
        """Return the step that sets the consent back."""
        return evolve(self, before=self.after, after=self.before)


@final
@frozen
class MoveWebProfile:
    """Move a web profile as it is from *source* to *target*.

    *target* None deletes it (the host disables the login and ends its sessions), *source* None
    attaches or restores one that stands on no card.
    """

    profile: WebProfile
    source: str | None
    target: str | None
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> MoveWebProfile:
        """Return the step that moves the profile back."""
        return evolve(self, source=self.target, target=self.source)


@final
@frozen
class SetWebProfile:
    """Change a web profile where it is: activate it, rename its user."""

    customer: str
    before: WebProfile
    after: WebProfile
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> SetWebProfile:
        """Return the step that changes the profile back."""
        return evolve(self, before=self.after, after=self.before)


@final
@frozen(kw_only=True)
class TransferBalance:
    """Move an amount of one balance from *source* to *target*; the sum stays.

    Attributes:
        settled_by: The relation whose rows carry the amount, where the balance is derived from
            one; a store moves the rows and writes no amount.
    """

    kind: str
    unit: str
    programme: str | None = None
    amount: Decimal = attrs.field(converter=as_amount)
    source: str
    target: str
    settled_by: str | None = None
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> TransferBalance:
        """Return the step that moves the amount back."""
        return evolve(self, source=self.target, target=self.source)


@final
@frozen
class Repoint:
    """Let the rows of a relation that refer to *source* refer to *target*.

    Attributes:
        only: Ids of the rows meant; None means all that refer to *source* at that moment, ``()``
            none: the relation is named, its rows stay and are reached through the redirect.
    """

    relation: str
    source: str
    target: str
    only: tuple[str, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(as_tuple)
    )
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> Repoint:
        """Return the step that moves rows back.

        Afterwards the rows are indistinguishable from the target's own, so the inverse of a move
        of *all* rows needs the ids that the receipt holds: give them with ``evolve(only=…)``.
        """
        return evolve(self, source=self.target, target=self.source)


@final
@frozen
class Retire:
    """Take a card out of the register; its id redirects to *into* for ever."""

    customer: str
    into: str
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> Restore:
        """Return the step that brings the card back."""
        return Restore(self.customer, self.into, origin=self.origin)


@final
@frozen
class Restore:
    """Bring a retired card back; *into* is where it redirected to."""

    customer: str
    into: str
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> Retire:
        """Return the step that retires the card again."""
        return Retire(self.customer, self.into, origin=self.origin)


@final
@frozen
class Create:
    """Create a customer; a provisional id (``new-1``, …) is replaced by the store's own."""

    customer: Customer
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> Delete:
        """Return the step that deletes the customer."""
        return Delete(self.customer, origin=self.origin)


@final
@frozen
class Delete:
    """Delete a customer; its id is never used again."""

    customer: Customer
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> Create:
        """Return the step that creates the customer again."""
        return Create(self.customer, origin=self.origin)


@final
@frozen
class CreateGroup:
    """Create a customer group without members."""

    name: str
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> DeleteGroup:
        """Return the step that deletes the group."""
        return DeleteGroup(self.name, origin=self.origin)


@final
@frozen
class DeleteGroup:
    """Delete a customer group that has no members."""

    name: str
    origin: tuple[str, ...] = _origin()

    def inverse(self) -> CreateGroup:
        """Return the step that creates the group again."""
        return CreateGroup(self.name, origin=self.origin)


#: One atom of change.
Step: TypeAlias = (
    SetField
    | AddValue
    | RemoveValue
    | SetConsent
    | MoveWebProfile
    | SetWebProfile
    | TransferBalance
    | Repoint
    | Retire
    | Restore
    | Create
    | Delete
    | CreateGroup
    | DeleteGroup
)

#: Name of each step in JSON → its class.
STEP_TYPES: dict[str, type[Step]] = {
    "set_field": SetField,
    "add_value": AddValue,
    "remove_value": RemoveValue,
    "set_consent": SetConsent,
    "move_web_profile": MoveWebProfile,
    "set_web_profile": SetWebProfile,
    "transfer_balance": TransferBalance,
    "repoint": Repoint,
    "retire": Retire,
    "restore": Restore,
    "create": Create,
    "delete": Delete,
    "create_group": CreateGroup,
    "delete_group": DeleteGroup,
}


def touched(step: Step) -> tuple[str, ...]:
    """Return the ids of the customers whose card or rows a step changes.

    >>> touched(Repoint("orders", "17", "3"))
    ('17', '3')
    """
    match step:
        case MoveWebProfile(source=source, target=target):
            return tuple(side for side in (source, target) if side is not None)
        case TransferBalance() | Repoint():
            return step.source, step.target
        case Create(customer=customer) | Delete(customer=customer):
            return (customer.id,)
        case CreateGroup() | DeleteGroup():
            return ()
        case _:
            return (step.customer,)


def all_touched(steps: Iterable[Step]) -> frozenset[str]:
    """Return the ids of the customers whom any of *steps* touches.

    >>> sorted(all_touched([Repoint("orders", "17", "3"), Retire("17", "3")]))
    ['17', '3']
    """
    return frozenset(customer for step in steps for customer in touched(step))


def renamed(step: Step, ids: Mapping[str, str]) -> Step:
    """Return a step that names other ids for the customers that it touches.

    *ids* maps provisional ids to those that a store has chosen; others stay.

    >>> renamed(Repoint("orders", "17", "new-1"), {"new-1": "1002"}).target
    '1002'
    """
    match step:
        case MoveWebProfile(source=source, target=target):
            other = {side: ids.get(side, side) for side in (source, target) if side is not None}
            return evolve(step, source=other.get(source or ""), target=other.get(target or ""))
        case TransferBalance(source=source, target=target):
            return evolve(step, source=ids.get(source, source), target=ids.get(target, target))
        case Repoint(source=source, target=target):
            return evolve(step, source=ids.get(source, source), target=ids.get(target, target))
        case Create(customer=card) | Delete(customer=card):
            return evolve(step, customer=evolve(card, id=ids.get(card.id, card.id)))
        case Retire(customer=customer, into=into) | Restore(customer=customer, into=into):
            return evolve(step, customer=ids.get(customer, customer), into=ids.get(into, into))
        case CreateGroup() | DeleteGroup():
            return step
        case _:
            return evolve(step, customer=ids.get(step.customer, step.customer))
