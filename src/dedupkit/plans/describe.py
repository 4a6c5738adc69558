"""Plans as text that a clerk can read, from the plan alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from attrs import fields

from dedupkit.customers import WebProfile, amount_text, value_text
from dedupkit.plans.findings import Conflict
from dedupkit.plans.plan import Candidate, Decision, Disposition, MergePlan, Plan, Total
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

__all__ = ["card_names", "describe_plan", "describe_step", "field_label", "is_move", "total_text"]


def describe_plan(plan: Plan) -> str:
    """Return a plan as lines of text: who, what changes, what to know, and the warning.

    It holds personal data. A merge shows every value that is not chosen beside the one that is.
    """
    lines = list(_merge(plan)) if isinstance(plan, MergePlan) else list(_other(plan))
    lines += _section("Totals", (total_text(total) for total in plan.totals))
    lines += _section("Notices", (notice.describe() for notice in plan.notices))
    lines += _section("Needs an answer", (line for c in plan.conflicts for line in _question(c)))
    lines += _section("Forbidden", (blocker.describe() for blocker in plan.blockers))
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
    yield from _section("Fields", (line for d in plan.decisions for line in _decided(d)))
    yield from _section("What moves", (describe_step(s) for s in plan.steps if is_move(s, plan)))


_FATES = {
    Disposition.SKIP: "left out",
    Disposition.KEEP: "kept; its history and balances move",
    Disposition.DELETE: "merged; its id redirects to the master",
}


def _title(card: str, names: dict[str, str]) -> str:
    return f"{names[card]} ({card})" if card in names else f"customer {card}"


def _decided(decision: Decision) -> Iterator[str]:
    where = f" from {decision.source}" if decision.source is not None else ""
    reason = f", {decision.reason}" if decision.reason else ""
    rule = f"[{decision.rule}{where}{reason}]"
    yield f"{field_label(decision.field)}: {_shown(decision.value)}   {rule}"
    if decision.not_chosen:
        yield f"    not chosen: {'; '.join(map(_held, decision.not_chosen))}"


def _shown(value: object) -> str:
    """Return a value in words; a blank is one too."""
    return (value_text(value) if value is not None else "") or "(blank)"


def _held(candidate: Candidate) -> str:
    return f"{value_text(candidate.value)} ({', '.join(candidate.customers)})"


def _question(conflict: Conflict) -> Iterator[str]:
    yield conflict.describe()
    for choice in conflict.choices:
        value = "" if choice.value is None else f": {value_text(choice.value)}"
        yield f"    answer {choice.key!r} to {conflict.key!r}{value}"


def _other(plan: Plan) -> Iterator[str]:
    yield f"{plan.kind.value.capitalize()} of {len(plan.expects)} customers"
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
            some = "" if only is None else f" ({len(only)} rows)"
            return f"{step.relation}{some}: {step.source} -> {step.target}"
        case Retire() | Restore():
            verb = "retires into" if isinstance(step, Retire) else "comes back from"
            return f"{step.customer} {verb} {step.into}"
        case Create() | Delete():
            verb = "created" if isinstance(step, Create) else "deleted"
            return f"customer {step.customer.id} is {verb}"
        case CreateGroup() | DeleteGroup():
            verb = "created" if isinstance(step, CreateGroup) else "deleted"
            return f"group {step.name} is {verb}"
        case _:
            assert_never(step)


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
    indented = [f"  {line}" for line in lines]
    return ["", title, *indented] if indented else []
