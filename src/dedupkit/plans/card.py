"""Plans as HTML, from the plan alone: a merge as its cards beside the result, others as changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, final

from attrs import fields, frozen

from dedupkit.customers import (
    FIELDS,
    Balance,
    Consent,
    FieldClass,
    WebProfile,
    amount_text,
    value_text,
)
from dedupkit.markup import Child, Markup, element, fragment, join, table
from dedupkit.plans.describe import (
    REDACTED,
    asked_about,
    asked_of,
    card_names,
    describe_step,
    field_label,
    finding_text,
    givers,
    headline,
    is_move,
    total_text,
)
from dedupkit.plans.findings import Blocker, Conflict, Notice
from dedupkit.plans.plan import Candidate, Decision, Disposition, MergePlan, Plan
from dedupkit.plans.steps import (
    AddValue,
    Create,
    Delete,
    RemoveValue,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
)

__all__ = ["plan_card"]

#: Changes that are drawn of a plan at most, so that an import does not flood a notebook.
_CHANGES_AT_MOST = 200


def plan_card(plan: Plan, *, styled: bool = True) -> str:
    """Return a plan as HTML; it holds personal data, escaped.

    A merge has as columns the master, each duplicate that takes part, and the result: what is not
    chosen is struck through and stays readable. Other plans list what each field held and holds.

    Args:
        plan: The plan.
        styled: False leaves the stylesheet out, where the page around has it.
    """
    return fragment(
        list(_merge(plan)) if isinstance(plan, MergePlan) else list(_other(plan)),
        element("p", "; ".join(map(total_text, plan.totals)), class_="dk-soft")
        if plan.totals
        else None,
        element("p", REDACTED, class_="dk-finding dk-stop") if plan.original_id else None,
        [_finding(plan, "Notice", notice) for notice in plan.notices],
        list(_questions(plan)),
        [_finding(plan, "Forbidden", blocker) for blocker in plan.blockers],
        element("p", plan.warning, class_="dk-warning") if plan.warning else None,
        styled=styled,
    )


# --- A merge --------------------------------------------------------------------------------------


def _merge(plan: MergePlan) -> Iterator[Child]:
    columns = [plan.master_id, *(d.customer for d in plan.duplicates if d.customer in plan.ids)]
    folded = [d for d in plan.decisions if _field_class(d) is FieldClass.BOOKKEEPING]
    shown = [d for d in plan.decisions if d not in folded and d.field != "consents"]
    yield _comparison(plan, columns, sorted(shown, key=_reading_order))
    yield _folded(plan, columns, folded)
    yield _consents(plan)
    yield _list_of("What moves", [describe_step(s) for s in plan.steps if is_move(s, plan)])
    yield _balances(plan)


_ORDER = {row.unit: position for position, row in reversed(list(enumerate(FIELDS.values())))}


def _reading_order(decision: Decision) -> int:
    return _ORDER[decision.field.partition(".")[0]]


def _field_class(decision: Decision) -> FieldClass:
    head = decision.field.partition(".")[0]
    return FieldClass.CONTACT if head in {"address", "extra"} else FIELDS[head].field_class


def _comparison(plan: MergePlan, columns: list[str], decisions: list[Decision]) -> Markup:
    names = card_names(plan)
    numbers = _numbers(plan)
    roles = {d.customer: _ROLES[d.disposition] for d in plan.duplicates}
    roles[plan.master_id] = "master"
    skipped = [d.customer for d in plan.duplicates if d.customer not in plan.ids]
    head: list[Child] = ["field"]
    for card in columns:
        called = _text(names[card]) if card in names else "customer"
        chip = element("span", roles[card], class_="dk-chip")
        head.append(join(called, f" {numbers.get(card, card)} ", chip))
    rows = [_row(plan, columns, decision) for decision in decisions]
    left_out = f" (left out: {', '.join(skipped)})" if skipped else ""
    return table(f"{headline(plan)}{left_out}", [*head, _RESULT], rows)


_RESULT = element("th", "result", scope="col", class_="dk-result")


_ROLES = {
    Disposition.DELETE: "is merged",
    Disposition.KEEP: "is kept",
    Disposition.SKIP: "left out",
}


def _numbers(plan: MergePlan) -> dict[str, str]:
    """Return the customer number of each card that has one, beside its id."""
    return {
        card: f"{candidate.value} · {card}" if candidate.value != card else card
        for decision in plan.decisions
        if decision.field == "number"
        for candidate in decision.candidates
        for card in candidate.customers
    }


def _row(plan: MergePlan, columns: list[str], decision: Decision) -> list[Child]:
    asked = list(asked_about(plan, decision))
    lost = [candidate for candidate in decision.not_chosen if candidate.value not in asked]
    cells: list[Child] = [field_label(decision.field)]
    for card in columns:
        held = [c for c in decision.candidates if card in c.customers]
        cells.append(element("td", [_value(c.value, chosen=c not in lost) for c in held]))
    return [*cells, _result(plan, decision)]


def _result(plan: MergePlan, decision: Decision) -> Markup:
    if conflicts := asked_of(plan, decision):
        is_open = any(conflict.key == decision.field for conflict in conflicts)
        asked = [_choices(conflict) for conflict in conflicts]
        decided = None if is_open else _items(decision.value)
        return element("td", decided, asked, class_="dk-result dk-conflict")
    tag = _tag(plan, decision)
    return element(
        "td",
        _items(decision.value),
        _tagged(tag),
        class_="dk-result dk-taken" if tag else "dk-result",
    )


def _tag(plan: MergePlan, decision: Decision) -> str | None:
    """Say where a value comes from that the master does not have by itself."""
    if decision.rule == "correction":
        return "corrected"
    if decision.value is not None and decision.source not in (None, plan.master_id):
        return f"from {decision.source}"
    if others := givers(plan, decision):
        return f"with {', '.join(others)}"
    return "changed" if any(_sets(step, plan, decision) for step in plan.steps) else None


def _sets(step: Step, plan: MergePlan, decision: Decision) -> bool:
    """Tell whether a step changes a field of the master."""
    return isinstance(step, SetField | AddValue | RemoveValue) and (step.customer, step.field) == (
        plan.master_id,
        decision.field,
    )


def _choices(conflict: Conflict) -> Markup:
    lines = [element("li", choice.key, _meaning(choice.value)) for choice in conflict.choices]
    return element("div", "choose for ", conflict.key, element("ul", lines))


def _meaning(value: object) -> Child:
    """Say what an answer writes, unless it is a word that says so itself."""
    if value is None or isinstance(value, bool):
        return None
    return join(": ", _text(value_text(value)))


def _text(text: str) -> Markup:
    """Isolate text of whatever direction from what stands beside it."""
    return element("bdi", text)


def _value(value: Any, *, chosen: bool = True) -> Markup:  # noqa: ANN401  # fields have many types
    shown = _text(value_text(value))
    return element("span", shown if chosen else element("del", shown), class_="dk-item")


def _items(value: Any) -> Child:  # noqa: ANN401  # as above
    if value is None:
        return element("span", "(blank)", class_="dk-soft")
    members = sorted(value) if isinstance(value, frozenset) else value
    return [_value(one) for one in (members if isinstance(value, tuple | frozenset) else [value])]


def _folded(plan: MergePlan, columns: list[str], decisions: list[Decision]) -> Markup | None:
    if not decisions:
        return None
    rows = [_row(plan, columns, decision) for decision in decisions]
    inside = table(None, ["field", *columns, _RESULT], rows)
    return element("details", element("summary", "Bookkeeping"), inside)


def _consents(plan: MergePlan) -> Markup | None:
    """Draw what the master may be contacted for: purposes by channels, states in words."""
    decision = next((d for d in plan.decisions if d.field == "consents"), None)
    if decision is None:
        return None
    said = [candidate.value for candidate in decision.candidates]
    purposes = sorted({consent.purpose for consent in said})
    channels = sorted({consent.channel for consent in said})
    rows = [
        [purpose, *(_consent_cell(plan, decision, purpose, channel) for channel in channels)]
        for purpose in purposes
    ]
    return table(f"Consents ({decision.rule})", ["purpose", *channels], rows)


def _consent_cell(plan: MergePlan, decision: Decision, purpose: str, channel: str) -> Markup:
    def here(consent: Consent) -> bool:
        return (consent.purpose, consent.channel) == (purpose, channel)

    said = {
        step.after: step.origin
        for step in plan.steps
        if isinstance(step, SetConsent) and step.customer == plan.master_id
    }
    held = [one for one in decision.value or () if here(one)]
    lost = [_refused(candidate) for candidate in decision.not_chosen if here(candidate.value)]
    return element(
        "td",
        [_said(one, said.get(one), plan) for one in held],
        lost,
        class_="dk-taken" if any(one in said for one in held) else None,
    )


def _said(consent: Consent, origin: tuple[str, ...] | None, plan: MergePlan) -> Markup:
    """Draw what stands afterwards, and where that comes from which the master did not say."""
    others = [card for card in origin or () if card != plan.master_id]
    tag = f"from {', '.join(others)}" if others else "changed"
    shown = _text(_state(consent))
    return element("span", shown, _tagged(tag if origin is not None else None), class_="dk-item")


def _refused(candidate: Candidate) -> Markup:
    said = element("del", _state(candidate.value))
    return element("span", said, f" {', '.join(candidate.customers)}", class_="dk-item dk-soft")


def _state(consent: Consent) -> str:
    at = f" ({consent.endpoint})" if consent.endpoint else ""
    return f"{consent.state.value.replace('_', ' ')}{at}"


def _balances(plan: MergePlan) -> Markup | None:
    decision = next((d for d in plan.decisions if d.field == "balances"), None)
    if decision is None:
        return None
    before = [c.value for c in decision.candidates if plan.master_id in c.customers]
    after = decision.value or ()
    keys = sorted({b.key for b in (*before, *after)}, key=str)
    rows = [
        [" ".join(filter(None, (kind, programme))), _amount(before, key), _amount(after, key), unit]
        for key in keys
        for kind, unit, programme in [key]
    ]
    return table(f"Balances of {plan.master_id}", ["kind", "before", "after", "unit"], rows)


def _amount(balances: Iterable[Balance], key: tuple[str, str, str | None]) -> str:
    return amount_text(next((b.amount for b in balances if b.key == key), Decimal(0)))


def _questions(plan: Plan) -> Iterator[Markup]:
    """Draw the conflicts, with their choices where no row of the comparison shows them."""
    shown: set[str] = set()
    if isinstance(plan, MergePlan):
        shown.update(c.key for decision in plan.decisions for c in asked_of(plan, decision))
    for conflict in plan.conflicts:
        choices = _choices(conflict) if conflict.choices and conflict.key not in shown else None
        yield _finding(plan, "Needs an answer", conflict, choices)


def _finding(
    plan: Plan, grade: str, finding: Notice | Conflict | Blocker, below: Child = None
) -> Markup:
    is_settled = isinstance(finding, Notice)
    return element(
        "div",
        element("b", grade),
        f": {finding_text(plan, finding)}",
        below,
        class_="dk-finding" if is_settled else "dk-finding dk-stop",
    )


# --- Other plans ----------------------------------------------------------------------------------


def _other(plan: Plan) -> Iterator[Child]:
    rows = [row for step in plan.steps for row in _changes(step)]
    yield element("p", element("b", headline(plan)))
    if rows:
        shown = [
            [change.customer, field_label(change.field), _was(change), _becomes(change)]
            for change in rows[:_CHANGES_AT_MOST]
        ]
        yield table(None, ["customer", "field", "before", "after"], shown)
    if len(rows) > _CHANGES_AT_MOST:
        yield element("p", f"… and {len(rows) - _CHANGES_AT_MOST:,} more changes")
    others = [describe_step(step) for step in plan.steps if not any(_changes(step))]
    yield _list_of("What else is done", others)


@final
@frozen
class _Change:
    """A field of a card before and after; *one* says what becomes of one of several values."""

    customer: str
    field: str
    before: object
    after: object
    one: str | None = None


def _changes(step: Step) -> Iterator[_Change]:
    """Yield what a step changes of fields; nothing where it moves something between cards."""
    match step:
        case SetField():
            yield _Change(step.customer, step.field, step.before, step.after)
        case AddValue():
            yield _Change(step.customer, step.field, None, step.value, "added")
        case RemoveValue():
            yield _Change(step.customer, step.field, step.value, None, "removed")
        case SetConsent():
            yield _Change(step.customer, "consents", step.before, step.after)
        case SetWebProfile():
            for name in (attribute.name for attribute in fields(WebProfile)):
                before, after = getattr(step.before, name), getattr(step.after, name)
                if before != after:
                    yield _Change(step.customer, f"web_profile {name}", before, after)
        case Create(customer=card):
            for name in card.filled():
                yield _Change(card.id, name, None, getattr(card, name))
        case Delete(customer=card):
            for name in card.filled():
                yield _Change(card.id, name, getattr(card, name), None)
        case _:
            pass


def _was(change: _Change) -> Markup:
    return element("td", None if change.before is None else element("del", _items(change.before)))


def _becomes(change: _Change) -> Markup:
    shown = None if change.one == "removed" else _items(change.after)
    return element("td", shown, _tagged(change.one), class_="dk-taken")


# --- Common ---------------------------------------------------------------------------------------


def _tagged(words: str | None) -> Child:
    return None if words is None else [" ", element("span", words, class_="dk-tag")]


def _list_of(heading: str, lines: list[str]) -> Markup | None:
    if not lines:
        return None
    items = element("ul", [element("li", _text(line)) for line in lines])
    return join(element("h3", heading), items)
