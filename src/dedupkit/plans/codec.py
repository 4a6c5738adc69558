"""Plans and receipts as JSON, and back; the canonical form and its digest.

A plan is written as an object with ``format``, ``version``, ``id`` and one member per attribute
that is not empty; steps bear their name in ``step``. The digest is taken over the same object
without ``id``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, cast

from attrs import NOTHING, evolve, fields

from dedupkit.customers import (
    Customer,
    array_text,
    canonical_text,
    from_plain,
    string_text,
    to_plain,
)
from dedupkit.customers.codec import customer_text
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

_STEP_NAMES = {step_type: name for name, step_type in STEP_TYPES.items()}


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON data."""
    return {"format": PLAN_FORMAT, "version": PLAN_VERSION, "id": plan.id, **_write(plan)}


def plan_to_json(plan: Plan) -> str:
    """Return a plan as one line of JSON."""
    return _text(plan_to_dict(plan))


def plan_digest(plan: Plan) -> str:
    """Return the SHA-256 of a plan's canonical form, in hexadecimal."""
    return sha256(_object_text(plan, {}).encode()).hexdigest()


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
    return {"format": RECEIPT_FORMAT, "version": PLAN_VERSION, **_write(receipt)}


def receipt_to_json(receipt: Receipt) -> str:
    """Return a receipt as one line of JSON."""
    return _text(receipt_to_dict(receipt))


def receipt_texts(receipt: Receipt) -> tuple[str, tuple[str, ...]]:
    """Return a receipt in canonical form: the whole without its changes, and every change.

    ``canonical_json`` makes the same of the parts of `receipt_to_dict`, in several times as long.
    """
    known: dict[int, str] = {}
    changes = tuple(
        f'{{"after":{_side_text(change.after, known)},"before":{_side_text(change.before, known)}}}'
        for change in receipt.changes
    )
    return _object_text(evolve(receipt, changes=()), {}), changes


def _side_text(card: Customer | None, known: dict[int, str]) -> str:
    return "null" if card is None else f'{{"customer":{customer_text(card, known)}}}'


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


def _write(value: object) -> dict[str, Any]:
    """Write a value of this room member by member; members at their default are left out."""
    data: dict[str, Any] = {}
    for name, default in _defaults(type(value)):  # type: ignore[arg-type]  # types are hashable
        content = getattr(value, name)
        if default is NOTHING or content != default:
            data[name] = _write_content(content)
    return data


@cache
def _defaults(cls: type) -> tuple[tuple[str, Any], ...]:
    """Return the attributes of a class and their defaults, NOTHING for what is always written."""
    return tuple((a.name, a.default if a.init else NOTHING) for a in fields(cls))


def _write_content(content: Any) -> Any:  # noqa: ANN401  # JSON data has no narrower type
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


def _object_text(value: object, known: dict[int, str]) -> str:
    """Write a value of this room as ``canonical_json`` of what `_write_member` makes of it.

    Args:
        value: The value.
        known: What parts of it were written as, by their identity; a plan names most of its values
            several times.
    """
    rows, contents, constants = _layout(type(value))  # type: ignore[arg-type]  # as above
    texts = [
        key + (string_text(content) if type(content) is str else _content_text(content, known))
        for (key, default), content in zip(rows, contents(value), strict=True)
        if default is NOTHING or content != default
    ]
    if constants:
        texts = sorted((*texts, *constants))
    return f"{{{','.join(texts)}}}"


def _content_text(content: object, known: dict[int, str]) -> str:
    text = known.get(id(content))
    if text is None:
        kind = type(content)
        if kind is tuple:
            text = array_text(
                [
                    string_text(part) if type(part) is str else _content_text(part, known)
                    for part in cast("tuple[object, ...]", content)
                ]
            )
        elif kind in _VOCABULARY:
            text = _object_text(content, known)
        else:
            text = canonical_text(content.value if isinstance(content, Enum) else content)
        known[id(content)] = text
    return text


_Layout: TypeAlias = tuple[
    tuple[tuple[str, Any], ...], Callable[[Any], tuple[Any, ...]], tuple[str, ...]
]


@cache
def _layout(cls: type) -> _Layout:
    """Return how values of a class are written in canonical form.

    Returns:
        The keys and defaults of the members in canonical order, what reads these members (there
        are two or more), and the members that are the same for all values of the class.
    """
    members = sorted(_defaults(cls))
    constants: tuple[str, ...] = ()
    if issubclass(cls, Plan):
        constants = (f'"format":"{PLAN_FORMAT}"', f'"version":{PLAN_VERSION}')
    elif cls is Receipt:
        constants = (f'"format":"{RECEIPT_FORMAT}"', f'"version":{PLAN_VERSION}')
    elif cls in _STEP_NAMES:
        constants = (f'"step":"{_STEP_NAMES[cls]}"',)
    rows = tuple((f'"{name}":', default) for name, default in members)
    return rows, attrgetter(*(name for name, _ in members)), constants


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
