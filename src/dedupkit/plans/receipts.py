"""Receipts: what an execution has done, so that it can be shown and undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, final

from attrs import field, frozen

from dedupkit.customers import Customer, as_tuple
from dedupkit.customers.shapes import as_moment
from dedupkit.plans.plan import PlanKind, UndoReason
from dedupkit.plans.relations import MovedRows, RemovedRow
from dedupkit.plans.steps import Create, Step, renamed

__all__ = ["CustomerChange", "Receipt"]


@final
@frozen
class CustomerChange:
    """One customer before and after an execution, as the store read it back.

    Attributes:
        before: None where the execution created the customer.
        after: None where the execution deleted the customer.
    """

    before: Customer | None
    after: Customer | None

    @property
    def id(self) -> str:
        """The customer's id; of a created one that which the store chose."""
        customer = self.after or self.before
        return customer.id if customer is not None else ""


@final
@frozen(kw_only=True)
class Receipt:
    """What one execution of a plan has done.

    Attributes:
        plan_id: The plan.
        kind: What the plan did.
        by: Who executed it.
        at: When; with a time zone.
        steps: The steps of the plan.
        changes: Every customer that the plan expected or created, changed or not.
        moved: Rows that moved, by relation.
        removed: Rows that were removed since they collided.
        undoes: Of the receipt of an undo: the plan that was undone.
        because: Of the receipt of an undo: why.
        undone_by: The plan that undid this one; None while it stands.
        redacted: Customers whose data was taken out of it; what concerned them is not undone.
    """

    plan_id: str
    kind: PlanKind
    by: str
    at: datetime = field(converter=as_moment)
    steps: tuple[Step, ...] = field(default=(), converter=as_tuple)
    changes: tuple[CustomerChange, ...] = field(default=(), converter=as_tuple)
    moved: tuple[MovedRows, ...] = field(default=(), converter=as_tuple)
    removed: tuple[RemovedRow, ...] = field(default=(), converter=as_tuple)
    undoes: str | None = None
    because: UndoReason | None = None
    undone_by: str | None = None
    redacted: tuple[str, ...] = field(default=(), converter=as_tuple)

    @property
    def ids(self) -> tuple[str, ...]:
        """The customers concerned, in the order of `changes`."""
        return tuple(change.id for change in self.changes)

    @property
    def real_steps(self) -> tuple[Step, ...]:
        """The steps with the ids that the store chose in place of provisional ones."""
        chosen = [change.after for change in self.changes if change.before is None]
        created = [step.customer.id for step in self.steps if isinstance(step, Create)]
        real = {
            new: card.id for new, card in zip(created, chosen, strict=False) if card is not None
        }
        if all(old == new for old, new in real.items()):
            return self.steps
        return tuple(renamed(step, real) for step in self.steps)

    def to_json(self) -> str:
        """Return the receipt as JSON text; it holds personal data."""
        from dedupkit.plans.codec import receipt_to_json

        return receipt_to_json(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the receipt as JSON data; it holds personal data."""
        from dedupkit.plans.codec import receipt_to_dict

        return receipt_to_dict(self)

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """Read a receipt back; the identity after `to_json` (law P10).

        Raises:
            PlanFormatError: unknown format, or truncated.
        """
        from dedupkit.plans.codec import receipt_from_json

        return receipt_from_json(text)
