"""The customers while an execution is set back, and the steps and notices that this comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, final

from dedupkit.customers import Consent, Customer, FieldMap
from dedupkit.plans.findings import Notice
from dedupkit.plans.receipts import Receipt
from dedupkit.plans.relations import BalanceKey
from dedupkit.plans.replay import replay
from dedupkit.plans.steps import AddValue, Step, touched
from dedupkit.plans.undoing.held import HeldRows

__all__ = ["World"]


@final
class World:
    """The customers while an execution is set back, and the steps and notices that this comes to.

    Args:
        receipt: What the execution has done.
        found: The customers as they are before anything is set back.
        holders: Unique path and value → the customer that holds it.
        held: The rows that add up to balances, must be unique, or refer to created customers.
        refused: Card → refusals that were given while it was part of a master, with the master.

    Attributes:
        now: The customers after the steps so far.
        before: Those before the execution.
        written: Those after it, as the store read them back.
        real_steps: What was done, with the ids that the store chose.
        given: Path and id of another system → the customers to whom it was given.
        carried: The masters and balances from which rows took something along.
    """

    def __init__(
        self,
        receipt: Receipt,
        found: Mapping[str, Customer],
        holders: Mapping[tuple[str, str], str],
        held: HeldRows,
        refused: Mapping[str, Sequence[tuple[str, Consent]]],
    ) -> None:
        sides = [(change.before, change.after) for change in receipt.changes]
        self.receipt: Receipt = receipt
        self.found: Mapping[str, Customer] = found
        self.holders: Mapping[tuple[str, str], str] = holders
        self.held: HeldRows = held
        self.refused: Mapping[str, Sequence[tuple[str, Consent]]] = refused
        self.now: dict[str, Customer] = dict(found)
        self.before: Mapping[str, Customer] = {c.id: c for c, _ in sides if c is not None}
        self.written: Mapping[str, Customer] = {c.id: c for _, c in sides if c is not None}
        self.real_steps: Sequence[Step] = receipt.real_steps
        self.given: dict[tuple[str, str], list[str]] = {}
        for step in self.real_steps:
            if isinstance(step, AddValue) and step.field.startswith("external_ids."):
                self.given.setdefault((step.field, step.value), []).append(step.customer)
        self.steps: list[Step] = []
        self.notices: list[Notice] = []
        self.carried: dict[tuple[str, BalanceKey], None] = {}
        self._gone: set[str] = set()

    def do(self, step: Step) -> None:
        """Take a step."""
        ids = touched(step)
        after = replay([step], {i: self.now[i] for i in ids if i in self.now})
        for customer_id in ids:
            self.now.pop(customer_id, None)
        self.now.update(after)
        self.steps.append(step)

    def all_there(self, ids: Iterable[str]) -> bool:
        """Tell whether customers are there; each that is not has a notice, once."""
        missing = [i for i in ids if i not in self.now]
        for customer_id in missing:
            if customer_id not in self._gone:
                self._gone.add(customer_id)
                self.note("customer_gone", customer_id)
        return not missing

    def note(self, code: str, *customers: str, **data: Any) -> None:  # noqa: ANN401  # what the text needs
        """Tell of something that stays as it is."""
        self.notices.append(Notice(code=code, customers=customers, data=FieldMap(data)))
