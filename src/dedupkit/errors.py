"""Every exception of the library: the class says whose fault it is, the attributes say what.

No message carries personal data: it names ids, fields, files and places, never values.
A negative answer (no match, a conflict, a blocker) is a value, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from attrs import frozen

__all__ = [
    "ConfigurationError",
    "ContradictionError",
    "DedupkitError",
    "ExecutionError",
    "Fault",
    "FileFault",
    "InvalidCustomerError",
    "InvalidFileError",
    "PlanFormatError",
    "PlanningError",
    "StalePlanError",
    "StaleWriteError",
    "StoreError",
]


@final
@frozen
class Fault:
    """One thing wrong with one field.

    Attributes:
        field: Field path, for instance ``"email"`` or ``"extra.vat_no"``.
        problem: What is wrong and what to do, without the value itself.
    """

    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


@final
@frozen(kw_only=True)
class FileFault:
    """One thing wrong at one place of a file.

    Attributes:
        row: Line of the table as a spreadsheet shows it (the header is row 1); None for the file.
        column: Name of the column; None where the whole row or file is meant.
        problem: What is wrong and what to do, without the value itself.
    """

    row: int | None = None
    column: str | None = None
    problem: str

    def __str__(self) -> str:
        place = [] if self.row is None else [f"row {self.row}"]
        place += [] if self.column is None else [f"column {self.column!r}"]
        return f"{', '.join(place)}: {self.problem}" if place else self.problem


class DedupkitError(Exception):
    """The base of all errors that this library raises on purpose."""


class ConfigurationError(DedupkitError, ValueError):
    """The call is wrong: an argument, a mapping, a policy or a model that cannot work."""


class InvalidCustomerError(DedupkitError, ValueError):
    """A customer has fields of the wrong shape; all of them are named at once.

    Attributes:
        customer_id: The id as it was given, or ``"?"`` where the id itself is at fault.
        faults: What is wrong, field by field; at least one.
    """

    def __init__(self, customer_id: str, faults: Iterable[Fault]) -> None:
        self.customer_id = customer_id
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(customer_id, self.faults)

    def __str__(self) -> str:
        return f"customer {self.customer_id!r} is invalid: {_joined(self.faults)}"


class InvalidFileError(DedupkitError, ValueError):
    """A file cannot be read as customers; nothing was written.

    Attributes:
        file: Name of the file, as the caller gave it.
        faults: What is wrong and where; at least one.
    """

    def __init__(self, file: str, faults: Iterable[FileFault]) -> None:
        self.file = file
        self.faults: tuple[FileFault, ...] = tuple(faults)
        super().__init__(file, self.faults)

    def __str__(self) -> str:
        return f"{self.file}: {_joined(self.faults)}"


class ContradictionError(DedupkitError, ValueError):
    """A judgement contradicts those already given.

    Attributes:
        chain: Ids that the judgements hold to be the same, from one end of the judgement that
            says *different* to the other.
    """

    def __init__(self, chain: Iterable[str]) -> None:
        self.chain: tuple[str, ...] = tuple(chain)
        super().__init__(self.chain)

    def __str__(self) -> str:
        return (
            f"{self.chain[0]} and {self.chain[-1]} are judged different, and also the same by way "
            f"of {' = '.join(self.chain)}; take one of these judgements back first"
        )


class PlanningError(DedupkitError):
    """A plan cannot be made or replayed from what was given."""


class PlanFormatError(DedupkitError, ValueError):
    """A stored plan or receipt is of an unknown format, truncated, or was altered."""


class ExecutionError(DedupkitError):
    """A plan was not executed; nothing of it was written.

    Attributes:
        plan_id: The plan.
        reason: Why, and what to do.
        retryable: Whether planning again and executing that plan may succeed without anybody
            deciding anything.
    """

    retryable = False

    def __init__(self, plan_id: str, reason: str) -> None:
        self.plan_id = plan_id
        self.reason = reason
        super().__init__(plan_id, reason)

    def __str__(self) -> str:
        return f"plan {self.plan_id[:12]}: {self.reason}"


class StalePlanError(ExecutionError):
    """Customers of the plan have changed since it was made: plan again.

    Attributes:
        changed: Ids of the customers that are not as the plan expects; sorted.
    """

    retryable = True

    def __init__(self, plan_id: str, changed: Iterable[str]) -> None:
        self.changed: tuple[str, ...] = tuple(sorted(changed))
        super().__init__(
            plan_id,
            f"stale, customers changed since it was made: {', '.join(self.changed)}; plan again",
        )

    def __reduce__(self) -> tuple[type[StalePlanError], tuple[str, tuple[str, ...]]]:
        return type(self), (self.plan_id, self.changed)


class StoreError(DedupkitError):
    """A store cannot do what was asked, or did not do what it said.

    Hosts may raise it from their own stores.
    """


class StaleWriteError(StoreError):
    """Another writer changed these customers between reading and saving them.

    Attributes:
        ids: The customers concerned; sorted.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids: tuple[str, ...] = tuple(sorted(ids))
        super().__init__(self.ids)

    def __str__(self) -> str:
        return f"changed by another writer meanwhile: {', '.join(self.ids)}; load and try again"


def _joined(faults: Iterable[object]) -> str:
    return "; ".join(map(str, faults))
