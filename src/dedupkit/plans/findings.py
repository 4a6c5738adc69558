"""What planning has to say, in three grades: notice, conflict, blocker.

Each has a stable code and typed data, so that hosts translate; `describe` is the English text.
The texts name ids and fields; only the choices of a conflict hold values.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    "listed",
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


#: Code → text of every notice; the braces name members of its data.
NOTICE_TEXTS: dict[str, str] = {
    "amount_with_rows": "the {kind} of {customers} goes back with the rows of {relation}; it may "
    "be other than {amount} {unit}, since that of customer {master} has changed",
    "approval_dropped": "the approved web profile of {customers} is deleted; the one that stays is "
    "not approved as a buyer",
    "approval_gained": "customer {master} becomes an approved buyer by the web profile of "
    "{customers}",
    "balance_overdrawn": "customer {customers} is left with {amount} {unit} of {kind}: what came "
    "by rows goes back with them, and some of it was spent since",
    "balance_spent": "{amount} {unit} of {kind} stay with customer {master}: less than that is "
    "left of what came from {customers}",
    "brought_back_before": "{amount} {unit} of {kind} stay where they are: {customers} has come "
    "back from customer {master} already",
    "card_changed_since": "customer {customers} was changed since it was created and stays",
    "card_in_use": "rows of {relation} refer to customer {customers} by now, which stays",
    "child_beside_adult": "the birth dates of {customers} are {years} years apart; these may be a "
    "parent and a child",
    "consent_bound": "the grant of {customers} for {purpose} by {channel} stays bound to the "
    "contact that it was given for",
    "consent_changed_since": "{purpose} by {channel} of {customers} was answered anew since and "
    "stays",
    "consent_dropped": "the grant of {customers} for {purpose} by {channel} is dropped: the card "
    "has no contact that it could have been given for",
    "consent_follows": "the grant of {customers} for {purpose} by {channel} was given for another "
    "contact and follows the person to the resulting one",
    "consents_disagree": "{customers} disagree on {purpose} by {channel} ({states}); {rule} makes "
    "it {state}",
    "customer_gone": "{customers} is no longer in the register; what concerns it stays as it is",
    "customer_redacted": "the data of {customers} was taken out of the receipt; what concerns it "
    "stays as it is",
    "debt_above_credit_limit": "customer {customers} will owe {debt} {unit} of {kind}, above the "
    "limit of {limit} in {field}",
    "field_changed_since": "{field} of {customers} was changed since and stays",
    "group_stays": "the group {group} stays; delete it where nobody needs it",
    "nothing_to_merge": "every duplicate is skipped; nothing changes",
    "protected": "the flag {flag} protects the contact details: {fields} of the master stay as "
    "they are",
    "refusal_copied": "the refusal of {purpose} by {channel} that customer {master} gave since "
    "holds for {customers} too",
    "row_key_taken": "rows of {relation} ({rows}) do not go back to {customers}, which has others "
    "of the same key by now; those that were removed stay in the receipt",
    "rows_changed_since": "rows of {relation} that came from {customers} were changed or are gone: "
    "{amount} {unit} of {kind} go back with them, {came} came",
    "rows_left": "the rows of {relation} stay with {customers}, reached through the redirect",
    "unverified_profile_gains": "the web profile of {customers} is not verified and would gain "
    "rows or balances of another card",
    "username_taken": "the web profile {profile} of {customers} stays as it is: its user name is "
    "another customer's by now",
    "value_taken": "{field} of {customers} stays as it is: the value that it had is another "
    "customer's by now",
    "web_profile_activated": "the web profile of {customers} becomes the active one",
    "web_profile_changed_since": "the web profile {profile} of {customers} was changed since and "
    "stays where it is",
    "web_profile_chosen": "{customers} have a web profile each and the master has none; {profile} "
    "stays: verified first, then the last login, then the lowest id",
}

#: Code → text of every conflict.
CONFLICT_TEXTS: dict[str, str] = {
    "approval_gained": "the web profile of {customers} would make customer {master} an approved "
    "buyer",
    "derived_balance_left": "the balance {kind} of {customers} follows the rows of {relation}, "
    "which are declared to stay",
    "field_open": "{customers} differ in {field}; choose the card whose value stays",
    "permissive_flag": "the flag {flag} of {customers} permits something and would be switched on "
    "for customer {master}",
    "person_and_organization": "a person ({people}) and an organization ({organizations}) would "
    "become one customer",
    "rows_left_with_kept": "the rows of {relation} are declared to stay, but {customers} is kept "
    "and does not redirect to the master",
    "several_external_ids": "{customers} have different ids in {system}, which knows one id a "
    "customer",
}

#: Code → text of every blocker.
BLOCKER_TEXTS: dict[str, str] = {
    "already_retired": "{customers} was merged into another customer before",
    "already_undone": "it was undone before, by {plan_id}",
    "connected_integration": "an integration is connected",
    "erasure_pending": "the erasure of {customers} is pending",
    "judged_different": "{customers} were judged to be different customers",
    "later_merge": "{customers} took part in the later merge {plan_id}; undo that one first",
    "merge_not_allowed": "merging is not allowed for {customers}",
    "merged_since": "{customers} was merged into {master} since; undo that merge first",
    "other_tenant": "{customers} belong to different tenants",
    "redacted": "the data of {customers} was taken out; it can neither be executed nor undone",
    "same_customer_twice": "{customers} is named more than once",
    "same_web_profile": "{customers} bear the same web profile {profile}; correct that first",
    "undeclared_balance_kind": "the balance kind {kind} of {customers} is not declared",
    "undeclared_relation": "the relation {relation} refers to customers and is not declared",
    "undo_of_undo": "an undo is not undone; plan and execute the change again",
}


def listed(words: Sequence[str]) -> str:
    """Return words as one reads them out.

    >>> listed(["1", "2", "3"])
    '1, 2 and 3'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _sentence(texts: dict[str, str], finding: Notice | Conflict | Blocker) -> str:
    customers = listed(finding.customers) or "no customer"
    text = texts.get(finding.code)
    if text is None:
        return f"{finding.code.replace('_', ' ')}: {customers}"
    data = {
        name: listed(tuple(map(str, value))) if isinstance(value, tuple) else str(value)
        for name, value in finding.data.items()
    }
    return text.format_map(_Lenient(data, customers=customers))


class _Lenient(dict[str, str]):
    """The data of a finding; a host that gives less of it still gets a sentence."""

    def __missing__(self, key: str) -> str:
        return f"({key} not given)"
