"""What planning has to say, in three grades: notice, conflict, blocker.

Each has a stable code and typed data, so that hosts translate; `describe` is the English text.
The texts name ids and fields; only the choices of a conflict hold values.
"""

from __future__ import annotations

from typing import Any, final

from attrs import field, frozen

from dedupkit.customers import EMPTY, FieldMap, as_map, as_tuple

__all__ = [
    "BLOCKER_TEXTS",
    "CONFLICT_TEXTS",
    "NOTICE_TEXTS",
    "Blocker",
    "Choice",
    "Conflict",
    "Notice",
]


@final
@frozen(kw_only=True)
class Notice:
    """Something that a rule has settled and a person may want to know.

    Attributes:
        code: One of `NOTICE_TEXTS`, or the host's own.
        customers: The cards concerned.
        data: What the text needs: field names, ids, counts, amounts.
    """

    code: str
    customers: tuple[str, ...] = field(default=(), converter=as_tuple)
    data: FieldMap[str, Any] = field(default=EMPTY, converter=as_map)

    def describe(self) -> str:
        """Return the notice as one English sentence without personal data."""
        return _sentence(NOTICE_TEXTS, self)


@final
@frozen(kw_only=True)
class Choice:
    """One answer to a conflict.

    Attributes:
        key: What ``resolutions`` names it by.
        value: What would be written; may be personal data.
        customers: The cards that the value comes from.
    """

    key: str
    value: Any = field(default=None, repr=False)
    customers: tuple[str, ...] = field(default=(), converter=as_tuple)


@final
@frozen(kw_only=True)
class Conflict:
    """A question that a person or a rule of the host must answer before the plan applies.

    Attributes:
        code: One of `CONFLICT_TEXTS`, or the host's own.
        key: Unique in the plan and stable: what ``resolutions`` maps to a choice's key.
        customers: The cards concerned.
        choices: The possible answers, in a fixed order; empty where only a change of the cards or
            of the dispositions helps.
        data: What the text needs.
    """

    code: str
    key: str
    customers: tuple[str, ...] = field(default=(), converter=as_tuple)
    choices: tuple[Choice, ...] = field(default=(), converter=as_tuple)
    data: FieldMap[str, Any] = field(default=EMPTY, converter=as_map)

    def describe(self) -> str:
        """Return the conflict as one English sentence without personal data."""
        return _sentence(CONFLICT_TEXTS, self)


@final
@frozen(kw_only=True)
class Blocker:
    """A reason for which a merge is forbidden.

    Attributes:
        code: One of `BLOCKER_TEXTS`, or a guard's own.
        customers: The cards concerned; empty where the whole register is.
        data: What the text needs.
    """

    code: str
    customers: tuple[str, ...] = field(default=(), converter=as_tuple)
    data: FieldMap[str, Any] = field(default=EMPTY, converter=as_map)

    def describe(self) -> str:
        """Return the blocker as one English sentence without personal data."""
        return _sentence(BLOCKER_TEXTS, self)


NOTICE_TEXTS: dict[str, str] = {}

CONFLICT_TEXTS: dict[str, str] = {}

BLOCKER_TEXTS: dict[str, str] = {
    "merge_not_allowed": "merging is not allowed for {customers}",
    "judged_different": "{customers} were judged to be different customers",
    "already_retired": "{customers} were merged into another customer before",
    "same_customer_twice": "{customers} is named more than once",
    "other_tenant": "{customers} belong to different tenants",
    "erasure_pending": "the erasure of {customers} is pending",
    "connected_integration": "an integration is connected",
    "undeclared_relation": "the relation {relation} refers to customers and is not declared",
    "undeclared_balance_kind": "the balance kind {kind} of {customers} is not declared",
    "later_merge": "{customers} took part in the later merge {plan_id}; undo that one first",
}


def _sentence(texts: dict[str, str], finding: Notice | Conflict | Blocker) -> str:
    data = {name: str(value) for name, value in finding.data.items()}
    customers = " and ".join(finding.customers) or "no customer"
    fallback = f"{finding.code.replace('_', ' ')}: {{customers}}"
    return texts.get(finding.code, fallback).format_map({**data, "customers": customers})
