"""Plans and receipts as JSON, and back; the canonical form and its digest.

A plan is written as an object with ``format``, ``version``, ``id`` and one member per attribute
that is not empty; steps bear their name in ``step``. The digest is taken over the same object
without ``id``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, TypeVar

from attrs import NOTHING, evolve, fields

from dedupkit.customers import Customer, from_plain, to_plain
from dedupkit.customers.codec import state_texts
from dedupkit.errors import DedupkitError, PlanFormatError
from dedupkit.plans.findings import Blocker, Choice, Conflict, Notice
from dedupkit.plans.plan import (
    Candidate,
    Decision,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    Plan,
    PlanKind,
    Total,
    UndoPlan,
    UndoReason,
)
from dedupkit.plans.receipts import CustomerChange, Receipt
from dedupkit.plans.relations import MovedRows, RemovedRow
from dedupkit.plans.steps import STEP_TYPES, Step

__all__ = [
    "PLAN_FORMAT",
    "PLAN_VERSION",
    "RECEIPT_FORMAT",
    "plan_digest",
    "plan_from_json",
    "plan_to_dict",
    "plan_to_json",
    "receipt_from_json",
    "receipt_texts",
    "receipt_to_dict",
    "receipt_to_json",
]

#: Names of the formats; they stay when the package is renamed.
PLAN_FORMAT = "customer-plan"
RECEIPT_FORMAT = "customer-receipt"
#: Version of both formats; older ones stay readable for two major versions.
PLAN_VERSION = 1

T = TypeVar("T")

_PLAN_CLASSES: Mapping[PlanKind, type[Plan]] = {
    PlanKind.MERGE: MergePlan,
    PlanKind.UNDO: UndoPlan,
    PlanKind.IMPORT: Plan,
    PlanKind.EDIT: Plan,
}

#: (class, attribute) → class of the members of that tuple.
_MEMBERS: Mapping[tuple[type, str], type] = {
    (Plan, "expects"): Expectation,
    (Plan, "notices"): Notice,
    (Plan, "conflicts"): Conflict,
    (Plan, "blockers"): Blocker,
    (Plan, "totals"): Total,
    (MergePlan, "duplicates"): DuplicateCard,
    (MergePlan, "decisions"): Decision,
    (Conflict, "choices"): Choice,
    (Decision, "candidates"): Candidate,
    (Receipt, "changes"): CustomerChange,
    (Receipt, "moved"): MovedRows,
    (Receipt, "removed"): RemovedRow,
}

#: Attribute → the enumeration that it holds.
_ENUMS: Mapping[tuple[type, str], type[Enum]] = {
    (Plan, "kind"): PlanKind,
    (DuplicateCard, "disposition"): Disposition,
    (Receipt, "kind"): PlanKind,
    (Receipt, "because"): UndoReason,
}


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON data."""
    data: dict[str, Any] = json.loads(plan_to_json(plan))
    return data


def plan_to_json(plan: Plan) -> str:
    """Return a plan as one line of JSON."""
    return _READABLE.encode({**_HEADS[type(plan)], "id": plan.id, **_members(plan)})


def plan_digest(plan: Plan) -> str:
    """Return the SHA-256 of a plan's canonical form, in hexadecimal."""
    return sha256(_CANONICAL.encode(plan).encode()).hexdigest()


def plan_from_json(text: str) -> Plan:
    """Read a plan back.

    Raises:
        PlanFormatError: unknown format, truncated, or altered since it was written.
    """
    data = _parsed(text, PLAN_FORMAT)
    try:
        plan_id = data.pop("id")
        plan = _read(_PLAN_CLASSES[PlanKind(data["kind"])], data)
        is_whole = plan.id == plan_id
    except _UNREADABLE as error:
        raise PlanFormatError(f"not a plan: {_shape(error)}; {_ADVICE}") from None
    if not is_whole:
        raise PlanFormatError("the plan was altered since it was written; plan again")
    return plan


def receipt_to_dict(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON data."""
    data: dict[str, Any] = json.loads(receipt_to_json(receipt))
    return data


def receipt_to_json(receipt: Receipt) -> str:
    """Return a receipt as one line of JSON."""
    return _READABLE.encode(receipt)


def receipt_texts(receipt: Receipt) -> tuple[str, tuple[str, ...]]:
    """Return a receipt in canonical form: the whole without its changes, and every change."""
    changes = tuple([_change_text(change.before, change.after) for change in receipt.changes])
    return _CANONICAL.encode(evolve(receipt, changes=())), changes


def _change_text(before: Customer | None, after: Customer | None) -> str:
    if before is None or after is None:
        old, new = map(_CANONICAL.encode, (before, after))
    else:
        old, new = (f'{{"customer":{text}}}' for text in state_texts(before, after))
    return f'{{"after":{new},"before":{old}}}'


def receipt_from_json(text: str) -> Receipt:
    """Read a receipt back.

    Raises:
        PlanFormatError: unknown format, or truncated.
    """
    data = _parsed(text, RECEIPT_FORMAT)
    try:
        return _read(Receipt, data)
    except _UNREADABLE as error:
        raise PlanFormatError(f"not a receipt: {_shape(error)}; {_ADVICE}") from None


_ADVICE = "write it anew, or upgrade where a newer dedupkit wrote it"

_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    DedupkitError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)


def _parsed(text: str, wanted: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise PlanFormatError("this is no complete JSON text; was it cut off?") from None
    if not isinstance(data, dict) or data.pop("format", None) != wanted:
        raise PlanFormatError(f"this is no JSON object of the format {wanted!r}")
    _check_version(data.pop("version", None), wanted)
    return data


def _check_version(version: object, wanted: str) -> None:
    if not isinstance(version, int) or isinstance(version, bool):
        raise PlanFormatError(f"this {wanted!r} names no version of its format; was it altered?")
    if version > PLAN_VERSION:
        raise PlanFormatError(
            f"version {version} of {wanted!r} was written by a newer dedupkit: upgrade; this one "
            f"reads version {PLAN_VERSION}"
        )
    if version < PLAN_VERSION:
        raise PlanFormatError(
            f"version {version} of {wanted!r} is too old for this dedupkit: read it with the one "
            "that wrote it"
        )


def _shape(error: Exception) -> str:
    """Say which member is wrong without repeating what it holds."""
    return f"unknown or missing member {error}" if isinstance(error, KeyError) else "a wrong member"


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
    """Return what is written of a value that JSON has no type for."""
    return _WRITERS.get(type(value), to_plain)(value)


def _members(value: object) -> dict[str, Any]:
    """Return what is written of a value of this room; attributes at their default are left out."""
    cls = type(value)
    names, defaults, contents = _layout(cls)  # type: ignore[arg-type]  # types are hashable
    data = {
        name: content
        for name, default, content in zip(names, defaults, contents(value), strict=True)
        if content is not default and (default is NOTHING or content != default)
    }
    return {**_HEADS[cls], **data} if cls in _HEADS else data


@cache
def _layout(
    cls: type,
) -> tuple[tuple[str, ...], tuple[Any, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of the attributes, of which there are two or more, and their defaults.

    What is always written has NOTHING for its default. The last part reads all of them.
    """
    names = tuple(a.name for a in fields(cls))
    defaults = tuple(a.default if a.init else NOTHING for a in fields(cls))
    return names, defaults, attrgetter(*names)


def _read(cls: type[T], data: Mapping[str, Any]) -> T:
    """Read a value of this room back from what JSON holds of it."""
    content = {name: _read_content(cls, name, part) for name, part in data.items()}
    if issubclass(cls, MergePlan | UndoPlan):
        content.pop("kind")
    return cls(**content)


def _read_content(cls: type, name: str, part: Any) -> Any:  # noqa: ANN401  # as above
    base = Plan if issubclass(cls, Plan) and hasattr(fields(Plan), name) else cls
    if name == "steps":
        return tuple(_read_step(step) for step in part)
    if (base, name) in _ENUMS:
        return _ENUMS[base, name](part)
    if (base, name) in _MEMBERS:
        return tuple(_read(_MEMBERS[base, name], member) for member in part)
    return from_plain(part)


def _read_step(data: Mapping[str, Any]) -> Step:
    content = dict(data)
    return _read(STEP_TYPES[content.pop("step")], content)


#: Class → what all of its values begin with.
_HEADS: Mapping[type, dict[str, Any]] = {
    **{cls: {"step": name} for name, cls in STEP_TYPES.items()},
    **{
        cls: {"format": PLAN_FORMAT, "version": PLAN_VERSION} for cls in (Plan, MergePlan, UndoPlan)
    },
    Receipt: {"format": RECEIPT_FORMAT, "version": PLAN_VERSION},
}

#: Class → what is written of its values; `to_plain` knows those of the customers.
_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    **dict.fromkeys(_ENUMS.values(), attrgetter("value")),
    **dict.fromkeys((*_MEMBERS.values(), *_HEADS), _members),
}

#: Writes values of this room; whoever writes them knows that none holds itself.
_READABLE = json.JSONEncoder(
    default=_plain, ensure_ascii=False, separators=(",", ":"), check_circular=False
)
#: The same in the form of ``canonical_json``.
_CANONICAL = json.JSONEncoder(
    default=_plain, sort_keys=True, separators=(",", ":"), check_circular=False
)
