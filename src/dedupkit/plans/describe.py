"""Plans as text that a clerk can read, from the plan alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from attrs import fields

from dedupkit.customers import Customer, WebProfile, amount_text, value_text
from dedupkit.plans.findings import Blocker, Conflict, Notice, listed
from dedupkit.plans.plan import (
    Candidate,
    Decision,
    Disposition,
    MergePlan,
    Plan,
    PlanKind,
    Total,
)
from dedupkit.plans.steps import (
    AddValue,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    MoveWebProfile,
    RemoveValue,
    Repoint,
    Restore,
    Retire,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    TransferBalance,
)

__all__ = [
    "REDACTED",
    "asked_about",
    "asked_of",
    "card_names",
    "describe_plan",
    "describe_step",
    "field_label",
    "finding_text",
    "givers",
    "headline",
    "is_move",
    "total_text",
]

#: What is said of a plan from which the data of a person was taken out.
REDACTED = "The data of a person was taken out of this plan; it never executes."


def describe_plan(plan: Plan) -> str:
    """Return a plan as lines of text: who, what changes, what to know, and the warning.

    It holds personal data. A merge says of every value where it comes from, and shows every value
    that is not chosen beside the one that is.
    """
    lines = list(_merge(plan)) if isinstance(plan, MergePlan) else list(_other(plan))
    if plan.original_id is not None:
        lines += ["", REDACTED]
    lines += _section("Totals", (total_text(total) for total in plan.totals))
    lines += _section("Notices", (finding_text(plan, notice) for notice in plan.notices))
    lines += _section(
        "Needs an answer", (line for c in plan.conflicts for line in _question(plan, c))
    )
    lines += _section("Forbidden", (finding_text(plan, blocker) for blocker in plan.blockers))
    if plan.warning:
        lines += ["", plan.warning]
    return "\n".join(lines)


def card_names(plan: MergePlan) -> dict[str, str]:
    """Return what a clerk calls each card, read from the decisions; cards without a name lack."""
    held: dict[str, dict[str, str]] = {}
    for decision in plan.decisions:
        if decision.field in _NAMES:
            for candidate in decision.candidates:
                for card in candidate.customers:
                    held.setdefault(card, {})[decision.field] = str(candidate.value)
    return {card: _called(names) for card, names in held.items()}


_NAMES = ("name", "first_name", "last_name", "company")


def _called(names: dict[str, str]) -> str:
    personal = " ".join(names[n] for n in ("first_name", "last_name") if n in names)
    return names.get("name") or personal or names["company"]


def field_label(path: str) -> str:
    """Return a field path in words.

    >>> field_label("extra.vat_no"), field_label("home_phone")
    ('vat no', 'home phone')
    """
    return path.removeprefix("extra.").removeprefix("external_ids.").replace("_", " ")


def givers(plan: MergePlan, decision: Decision) -> tuple[str, ...]:
    """Return the cards beside the master that a value comes from which no single card gave."""
    if decision.source is not None or decision.value is None or decision.rule == "correction":
        return ()
    chosen = (c.customers for c in decision.candidates if c.is_chosen)
    cards = [i for holders in chosen if plan.master_id not in holders for i in holders]
    cards += [  # what one field has no room for may have come into another
        i
        for step in plan.steps
        if isinstance(step, AddValue | SetField)
        and (step.customer, step.field) == (plan.master_id, decision.field)
        for i in step.origin
    ]
    return tuple(i for i in plan.ids if i in cards and i != plan.master_id)


def asked_of(plan: MergePlan, decision: Decision) -> tuple[Conflict, ...]:
    """Return the conflicts that ask about a field, or about one of its members."""
    rows = {other.field for other in plan.decisions}

    def row_of(key: str) -> str:
        return key if key in rows else key.partition(".")[0]

    return tuple(conflict for conflict in plan.conflicts if row_of(conflict.key) == decision.field)


def asked_about(plan: MergePlan, decision: Decision) -> Iterator[object]:
    """Yield the values of a field that a person has yet to choose or to leave."""
    for conflict in asked_of(plan, decision):
        yield conflict.key.partition(".")[2]
        for choice in conflict.choices:
            yield choice.value
            yield from choice.value if isinstance(choice.value, (frozenset, tuple)) else ()


def finding_text(plan: Plan, finding: Notice | Conflict | Blocker) -> str:
    """Return what planning has to say; a redacted plan has no more than code and customers."""
    if plan.original_id is None:
        return finding.describe()
    about = listed(finding.customers) or "the register"
    return f"{finding.code.replace('_', ' ')}: {about}"


def headline(plan: Plan) -> str:
    """Return in a line what a plan does to which customers; without personal data."""
    if isinstance(plan, MergePlan):
        return f"Merge into {plan.master_id}"
    if plan.kind is PlanKind.UNDO:
        return f"Undo of what was done to {_named(plan.ids)}"
    new = sum(isinstance(step, Create) for step in plan.steps)
    whom = [_named(plan.ids)] if plan.ids or not new else []
    if new:
        whom.append(f"{new} new customer{'s' if new > 1 else ''}")
    return f"{plan.kind.value.capitalize()} of {' and '.join(whom)}"


#: Customers that a headline names.
_NAMED_AT_MOST = 5


def _named(ids: tuple[str, ...]) -> str:
    if not ids:
        return "no customer"
    shown = ", ".join(ids[:_NAMED_AT_MOST])
    more = f" and {len(ids) - _NAMED_AT_MOST} more" if len(ids) > _NAMED_AT_MOST else ""
    return f"customer{'s' if len(ids) > 1 else ''} {shown}{more}"


def total_text(total: Total) -> str:
    """Return what the cards hold together of one kind, before and after."""
    programme = f" ({total.programme})" if total.programme else ""
    before, after = amount_text(total.before), amount_text(total.after)
    change = f"{before} {total.unit}" if before == after else f"{before} -> {after} {total.unit}"
    return f"{total.kind}{programme}: {change}, all cards together"


def _merge(plan: MergePlan) -> Iterator[str]:
    names = card_names(plan)
    yield f"Merge into {_title(plan.master_id, names)}"
    for duplicate in plan.duplicates:
        yield f"  {_title(duplicate.customer, names)}: {_FATES[duplicate.disposition]}"
    yield from _section("Fields", (line for d in plan.decisions for line in _decided(plan, d)))
    yield from _section("What moves", (describe_step(s) for s in plan.steps if is_move(s, plan)))


_FATES = {
    Disposition.SKIP: "left out",
    Disposition.KEEP: "kept; its history and balances move",
    Disposition.DELETE: "merged; its id redirects to the master",
}


def _title(card: str, names: dict[str, str]) -> str:
    return f"{names[card]} ({card})" if card in names else f"customer {card}"


def _decided(plan: MergePlan, decision: Decision) -> Iterator[str]:
    is_open = bool(asked_of(plan, decision))
    said = "needs an answer" if is_open else ", ".join(_why(plan, decision))
    yield f"{field_label(decision.field)}: {_shown(decision.value)}   [{said}]"
    asked = list(asked_about(plan, decision))
    offered = [one for one in decision.not_chosen if one.value in asked]
    lost = [one for one in decision.not_chosen if one.value not in asked]
    for label, others in (("or", offered), ("not chosen", lost)):
        if others:
            yield f"    {label}: {'; '.join(map(_held, others))}"


def _why(plan: MergePlan, decision: Decision) -> Iterator[str]:
    """Yield the rule with the card that it took the value from, and what it says of it."""
    where = f" from {decision.source}" if decision.source is not None else ""
    yield f"{decision.rule}{where}"
    if decision.reason:
        yield decision.reason
    if others := givers(plan, decision):
        yield f"with {listed(others)}"


def _shown(value: object) -> str:
    """Return a value in words; a blank is one too."""
    return (value_text(value) if value is not None else "") or "(blank)"


def _held(candidate: Candidate) -> str:
    return f"{value_text(candidate.value)} ({', '.join(candidate.customers)})"


def _question(plan: Plan, conflict: Conflict) -> Iterator[str]:
    yield finding_text(plan, conflict)
    for choice in conflict.choices:
        is_word = choice.value is None or isinstance(choice.value, bool)  # the key says it
        value = "" if is_word else f": {value_text(choice.value)}"
        yield f"    answer {choice.key!r} to {conflict.key!r}{value}"


def _other(plan: Plan) -> Iterator[str]:
    yield headline(plan)
    yield from _section("Changes", map(describe_step, plan.steps))


def is_move(step: Step, plan: MergePlan) -> bool:
    """Tell whether a step changes more than what the decisions show of the master."""
    match step:
        case MoveWebProfile() | SetWebProfile() | Repoint() | TransferBalance():
            return True
        case SetConsent(customer=customer):
            return customer != plan.master_id
        case _:
            return False


def describe_step(step: Step) -> str:
    """Return a step as one line; it holds personal data.

    >>> describe_step(Repoint("orders", "17", "3"))
    'orders: 17 -> 3'
    """
    match step:
        case SetField():
            change = f"{_shown(step.before)} -> {_shown(step.after)}"
            return f"{step.customer}: {field_label(step.field)} {change}"
        case AddValue():
            return f"{step.customer}: {field_label(step.field)} gets {value_text(step.value)}"
        case RemoveValue():
            return f"{step.customer}: {field_label(step.field)} loses {value_text(step.value)}"
        case SetConsent():
            return f"{step.customer}: {_consent_change(step)}"
        case MoveWebProfile():
            return f"{_profile(step.profile)}: {_move(step.source, step.target)}"
        case SetWebProfile():
            return f"{_profile(step.after)}: {_profile_change(step)}"
        case TransferBalance():
            programme = f" ({step.programme})" if step.programme else ""
            by = f", with the rows of {step.settled_by}" if step.settled_by else ""
            what = f"{amount_text(step.amount)} {step.unit} of {step.kind}{programme}"
            return f"{what}: {step.source} -> {step.target}{by}"
        case Repoint(only=()):
            return f"{step.relation}: those of {step.source} stay"
        case Repoint(only=only):
            some = "" if only is None else f" ({len(only)} row{'s' if len(only) > 1 else ''})"
            return f"{step.relation}{some}: {step.source} -> {step.target}"
        case Retire() | Restore():
            verb = "retires into" if isinstance(step, Retire) else "comes back from"
            return f"{step.customer} {verb} {step.into}"
        case Create() | Delete():
            verb = "created" if isinstance(step, Create) else "deleted"
            return f"customer {step.customer.id} is {verb}{_holding(step.customer)}"
        case CreateGroup() | DeleteGroup():
            verb = "created" if isinstance(step, CreateGroup) else "deleted"
            return f"group {step.name} is {verb}"
        case _:
            assert_never(step)


def _holding(customer: Customer) -> str:
    """Name all that a card holds which comes or goes as a whole."""
    held = [
        f"{field_label(name)} {value_text(getattr(customer, name))}"
        for name in customer.filled()
        if name != "id"
    ]
    return f": {'; '.join(held)}" if held else ""


def _move(source: str | None, target: str | None) -> str:
    if target is None:
        return f"deleted from {source}"
    return f"attached to {target}" if source is None else f"{source} -> {target}"


def _profile(profile: WebProfile) -> str:
    return f"web profile {value_text(profile)}"


def _profile_change(step: SetWebProfile) -> str:
    """Name what changes of a web profile."""
    changes = [
        f"{field_label(name)} {value_text(before)} -> {value_text(after)}"
        for name in _PROFILE_PARTS
        for before, after in [(getattr(step.before, name), getattr(step.after, name))]
        if before != after
    ]
    return ", ".join(changes)


_PROFILE_PARTS = tuple(attribute.name for attribute in fields(WebProfile))


def _consent_change(step: SetConsent) -> str:
    entry = step.after or step.before
    if entry is None:
        return "no consent"
    before, after = (c.state.value if c else "none" for c in (step.before, step.after))
    at = f" at {entry.endpoint}" if entry.endpoint else ""
    return f"{entry.purpose} by {entry.channel}{at} {before} -> {after}"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    indented = ["\n        ".join(f"  {line}".splitlines()) for line in lines]
    return ["", title, *indented] if indented else []
