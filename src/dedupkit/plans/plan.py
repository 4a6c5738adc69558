"""Plans: everything decided, as data. One base shape for merges, imports, edits and undos."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, final

import attrs
from attrs import frozen

from dedupkit.customers import Customer, as_amount, as_tuple, fingerprint
from dedupkit.errors import PlanFormatError
from dedupkit.plans.findings import Blocker, Conflict, Notice
from dedupkit.plans.steps import Step

__all__ = [
    "Candidate",
    "Decision",
    "Disposition",
    "DuplicateCard",
    "Expectation",
    "MergePlan",
    "Plan",
    "PlanKind",
    "Total",
    "UndoPlan",
    "UndoReason",
]


if TYPE_CHECKING:

    def _members(values: Iterable[Any], /) -> tuple[Any, ...]: ...

else:  # a plan has so many of these that a converter in Python is felt
    _members = tuple


@final
class PlanKind(Enum):
    """What a plan does."""

    MERGE = "merge"
    IMPORT = "import"
    EDIT = "edit"
    UNDO = "undo"


@final
class Disposition(Enum):
    """What becomes of a duplicate."""

    #: It takes no part.
    SKIP = "skip"
    #: Its history and balances move, the card stays.
    KEEP = "keep"
    #: It is retired: its id redirects to the master for ever.
    DELETE = "delete"


@final
class UndoReason(Enum):
    """Why a merge is undone."""

    #: The cards are different customers; this is remembered as a judgement.
    NOT_THE_SAME = "not_the_same"
    #: The cards are the same customer; the master or a value was chosen wrongly.
    WRONG_CHOICE = "wrong_choice"


@final
@frozen
class Expectation:
    """The state of a customer that a plan was made from; execution refuses any other.

    Attributes:
        customer: The id.
        version: The store's token, or None where it has none.
        fingerprint: SHA-256 over every field but the version.
    """

    customer: str
    version: str | None
    fingerprint: str = attrs.field(repr=False)

    @classmethod
    def of(cls, customer: Customer) -> Expectation:
        """Return what a plan made from *customer* expects."""
        return cls(customer.id, customer.version, fingerprint(customer))

    def is_met_by(self, customer: Customer | None) -> bool:
        """Tell whether *customer* is in the expected state; None never is."""
        return customer is not None and self == Expectation.of(customer)


@final
@frozen(kw_only=True)
class Total:
    """What all customers of a plan hold together of one kind, before and after."""

    kind: str
    unit: str
    programme: str | None = None
    before: Decimal = attrs.field(converter=as_amount)
    after: Decimal = attrs.field(converter=as_amount)


@final
@frozen
class Candidate:
    """One value that a field could have had.

    Attributes:
        value: The value; personal data.
        customers: The cards that hold it; the master first, then by lowest number.
        is_chosen: Whether it is part of what the field becomes.
    """

    value: Any = attrs.field(repr=False)
    customers: tuple[str, ...] = attrs.field(converter=_members)
    is_chosen: bool = attrs.field(default=True, kw_only=True)


@final
@frozen(kw_only=True)
class Decision:
    """Why a field of the result is what it is; made for every field in which a card has a value.

    Attributes:
        field: Field path; the address is one, as a group.
        rule: Name of the resolver or rule.
        value: What the master has afterwards; None where it stays blank.
        source: The card that the value comes from; None for corrections, unions and blanks.
        reason: What the rule says of its choice, in a few words.
        candidates: Every distinct value of the cards, blanks left out.
    """

    field: str
    rule: str
    value: Any = attrs.field(default=None, repr=False)
    source: str | None = None
    reason: str = ""
    candidates: tuple[Candidate, ...] = attrs.field(default=(), converter=_members)

    @property
    def not_chosen(self) -> tuple[Candidate, ...]:
        """The candidates that are not part of the value."""
        return tuple(one for one in self.candidates if not one.is_chosen)


@final
@frozen
class DuplicateCard:
    """A duplicate of a merge and what becomes of it."""

    customer: str
    disposition: Disposition


@frozen(kw_only=True, slots=False)
class Plan:
    """A change that is decided and not made.

    Attributes:
        kind: What it does.
        expects: The customers that it was made from; execution refuses when one has changed.
        steps: The changes, in order.
        notices: What rules have settled.
        conflicts: What needs an answer first.
        blockers: What forbids it.
        totals: What the customers hold together, before and after.
        warning: One sentence for the person who confirms.
        request: Token that makes plans which create customers distinct.
        original_id: Of a redacted plan: the id that it had, and keeps; it never executes.
    """

    kind: PlanKind
    expects: tuple[Expectation, ...] = attrs.field(default=(), converter=as_tuple)
    steps: tuple[Step, ...] = attrs.field(default=(), converter=as_tuple)
    notices: tuple[Notice, ...] = attrs.field(default=(), converter=as_tuple)
    conflicts: tuple[Conflict, ...] = attrs.field(default=(), converter=as_tuple)
    blockers: tuple[Blocker, ...] = attrs.field(default=(), converter=as_tuple)
    totals: tuple[Total, ...] = attrs.field(default=(), converter=as_tuple)
    warning: str = ""
    request: str | None = None
    original_id: str | None = None

    @cached_property
    def id(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal: equal plans have equal ids (law P1)."""
        if self.original_id is not None:
            return self.original_id
        from dedupkit.plans.codec import plan_digest  # the codec knows the plans, not the reverse

        return plan_digest(self)

    @property
    def ids(self) -> tuple[str, ...]:
        """The customers that it was made from, in the order of `expects`."""
        return tuple(expectation.customer for expectation in self.expects)

    @property
    def is_applicable(self) -> bool:
        """Whether it may be executed: it is whole, no conflict is open and nothing forbids it."""
        return self.original_id is None and not self.conflicts and not self.blockers

    def describe(self) -> str:
        """Return the plan as text for a person, with personal data."""
        from dedupkit.plans.describe import describe_plan

        return describe_plan(self)

    def _repr_html_(self) -> str:
        from dedupkit.plans.card import plan_card

        return plan_card(self)

    def to_json(self) -> str:
        """Return the plan as JSON text; it holds personal data."""
        from dedupkit.plans.codec import plan_to_json

        return plan_to_json(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as JSON data; it holds personal data."""
        from dedupkit.plans.codec import plan_to_dict

        return plan_to_dict(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a plan back, `Plan` one of any kind; the identity after `to_json` (law P10).

        Raises:
            PlanFormatError: unknown format, truncated, altered since it was written, or a plan of
                another class.
        """
        from dedupkit.plans.codec import plan_from_json

        plan = plan_from_json(text)
        if not isinstance(plan, cls):
            raise PlanFormatError(
                f"a plan of the kind {plan.kind.value!r} is no {cls.__name__}; Plan.from_json "
                "reads any"
            )
        return plan


@final
@frozen(kw_only=True, slots=False)
class MergePlan(Plan):
    """A merge of duplicates into a master.

    Attributes:
        master_id: The card that stays.
        duplicates: The others and what becomes of each, by lowest number.
        decisions: Why each field of the master is what it will be.
    """

    kind: PlanKind = attrs.field(default=PlanKind.MERGE, init=False)
    master_id: str
    duplicates: tuple[DuplicateCard, ...] = attrs.field(converter=as_tuple)
    decisions: tuple[Decision, ...] = attrs.field(default=(), converter=as_tuple)


@final
@frozen(kw_only=True, slots=False)
class UndoPlan(Plan):
    """The undo of an executed plan.

    Attributes:
        undoes: Id of the plan that is undone.
    """

    kind: PlanKind = attrs.field(default=PlanKind.UNDO, init=False)
    undoes: str
