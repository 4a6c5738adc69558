"""Plans and receipts as JSON, and back; the canonical form and its digest.

A plan is written as an object with ``format``, ``version``, ``id`` and one member per attribute
that is not empty; steps bear their name in ``step``. The digest is taken over the same object
without ``id``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Any, TypeVar

from attrs import fields

from dedupkit.customers import canonical_json, from_plain, to_plain
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
    (Decision, "not_chosen"): Candidate,
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

_STEP_NAMES = {step_type: name for name, step_type in STEP_TYPES.items()}


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON data."""
    return {"format": PLAN_FORMAT, "version": PLAN_VERSION, "id": plan.id, **_write(plan)}


def plan_to_json(plan: Plan) -> str:
    """Return a plan as one line of JSON."""
    return _text(plan_to_dict(plan))


def plan_digest(plan: Plan) -> str:
    """Return the SHA-256 of a plan's canonical form, in hexadecimal."""
    form = {"format": PLAN_FORMAT, "version": PLAN_VERSION, **_write(plan)}
    return sha256(canonical_json(form).encode()).hexdigest()


def plan_from_json(text: str) -> Plan:
    """Read a plan back.

    Raises:
        PlanFormatError: unknown format, truncated, or altered since it was written.
    """
    data = _parsed(text, PLAN_FORMAT)
    try:
        plan_id = data.pop("id")
        plan = _read(_PLAN_CLASSES[PlanKind(data["kind"])], data)
    except _UNREADABLE as error:
        raise PlanFormatError(f"not a plan: {_shape(error)}; {_ADVICE}") from None
    if plan.id != plan_id:
        raise PlanFormatError("the plan was altered since it was written; plan again")
    return plan


def receipt_to_dict(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON data."""
    return {"format": RECEIPT_FORMAT, "version": PLAN_VERSION, **_write(receipt)}


def receipt_to_json(receipt: Receipt) -> str:
    """Return a receipt as one line of JSON."""
    return _text(receipt_to_dict(receipt))


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

_UNREADABLE = (ArithmeticError, AttributeError, DedupkitError, KeyError, TypeError, ValueError)


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


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


def _write(value: Any) -> dict[str, Any]:  # noqa: ANN401  # any value of this room
    """Write a value of this room member by member; members at their default are left out."""
    data: dict[str, Any] = {}
    for attribute in fields(type(value)):
        content = getattr(value, attribute.name)
        if attribute.init and content == attribute.default:
            continue
        data[attribute.name] = _write_content(content)
    return data


def _write_content(content: Any) -> Any:  # noqa: ANN401  # as above
    if isinstance(content, Enum):
        return content.value
    if isinstance(content, datetime):
        return to_plain(content)
    if isinstance(content, tuple) and content and type(content[0]) in _VOCABULARY:
        return [_write_member(member) for member in content]
    return to_plain(content)


def _write_member(member: Any) -> dict[str, Any]:  # noqa: ANN401  # as above
    name = _STEP_NAMES.get(type(member))
    return _write(member) if name is None else {"step": name, **_write(member)}


def _read(cls: type[T], data: Mapping[str, Any]) -> T:
    """Read a value of this room back from what `_write` made of it."""
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


_VOCABULARY = frozenset({*_MEMBERS.values(), *STEP_TYPES.values()})
