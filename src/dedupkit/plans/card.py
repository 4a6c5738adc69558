"""The merge card: the cards of a plan beside the result, as HTML, from the plan alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from dedupkit.customers import FIELDS, Balance, Consent, FieldClass, amount_text, value_text
from dedupkit.markup import Child, Markup, element, fragment, join, table
from dedupkit.plans.describe import (
    asked_of,
    card_names,
    describe_step,
    field_label,
    givers,
    is_move,
    total_text,
)
from dedupkit.plans.findings import Blocker, Conflict, Notice
from dedupkit.plans.plan import Candidate, Decision, Disposition, MergePlan

__all__ = ["merge_card"]


def merge_card(plan: MergePlan, *, styled: bool = True) -> str:
    """Return a plan as HTML; it holds personal data, escaped.

    Columns: the master, each duplicate that takes part, the result. What is not chosen is struck
    through and stays readable.

    Args:
        plan: The plan.
        styled: False leaves the stylesheet out, where the page around has it.
    """
    columns = [plan.master_id, *(d.customer for d in plan.duplicates if d.customer in plan.ids)]
    folded = [d for d in plan.decisions if _field_class(d) is FieldClass.BOOKKEEPING]
    shown = [d for d in plan.decisions if d not in folded and d.field != "consents"]
    return fragment(
        _comparison(plan, columns, sorted(shown, key=_reading_order)),
        _folded(plan, columns, folded),
        _consents(plan),
        _moves(plan),
        [_finding("Notice", notice) for notice in plan.notices],
        [_finding("Needs an answer", conflict) for conflict in plan.conflicts],
        [_finding("Forbidden", blocker) for blocker in plan.blockers],
        element("p", plan.warning, class_="dk-warning") if plan.warning else None,
        styled=styled,
    )


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
        number = numbers.get(card, card)
        chips = element("span", roles[card], class_="dk-chip")
        head.append(join(_text(names.get(card, f"customer {card}")), f" {number} ", chips))
    rows = [_row(plan, columns, decision) for decision in decisions]
    left_out = f" (left out: {', '.join(skipped)})" if skipped else ""
    caption = f"Merge into {plan.master_id}{left_out}"
    return table(caption, [*head, _RESULT], rows)


_RESULT = element("th", "result", scope="col", class_="dk-result")


_ROLES = {
    Disposition.DELETE: "merged",
    Disposition.KEEP: "kept",
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
    cells: list[Child] = [field_label(decision.field)]
    for card in columns:
        held = [c for c in decision.candidates if card in c.customers]
        cells.append(
            element("td", [_value(c.value, chosen=c not in decision.not_chosen) for c in held])
        )
    return [*cells, _result(plan, decision)]


def _result(plan: MergePlan, decision: Decision) -> Markup:
    if conflicts := asked_of(plan, decision):
        asked = [_choices(conflict) for conflict in conflicts]
        return element("td", _items(decision.value), asked, class_="dk-result dk-conflict")
    tag = _tag(plan, decision)
    return element(
        "td",
        _items(decision.value),
        element("span", tag, class_="dk-tag") if tag else None,
        class_="dk-result dk-taken" if tag else "dk-result",
    )


def _tag(plan: MergePlan, decision: Decision) -> str | None:
    """Say where a value comes from that the master does not have by itself."""
    if decision.rule == "correction":
        return "corrected"
    if decision.value is None or decision.source == plan.master_id:
        return None
    if decision.source is not None:
        return f"from {decision.source}"
    others = givers(plan, decision)
    return f"with {', '.join(others)}" if others else None


def _choices(conflict: Conflict) -> Markup:
    lines = [
        element("li", f"{choice.key}: ", _text(value_text(choice.value)))
        for choice in conflict.choices
    ]
    return element("div", "choose for ", conflict.key, element("ul", lines), class_="dk-soft")


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
        [purpose, *(_consent_cell(decision, purpose, channel) for channel in channels)]
        for purpose in purposes
    ]
    return table(f"Consents ({decision.rule})", ["purpose", *channels], rows)


def _consent_cell(decision: Decision, purpose: str, channel: str) -> Markup:
    def here(consent: Consent) -> bool:
        return (consent.purpose, consent.channel) == (purpose, channel)

    held = [_value(_state(one)) for one in decision.value or () if here(one)]
    lost = [_refused(candidate) for candidate in decision.not_chosen if here(candidate.value)]
    return element("td", held, lost)


def _refused(candidate: Candidate) -> Markup:
    said = element("del", _state(candidate.value))
    return element("span", said, f" {', '.join(candidate.customers)}", class_="dk-item dk-soft")


def _state(consent: Consent) -> str:
    at = f" ({consent.endpoint})" if consent.endpoint else ""
    return f"{consent.state.value.replace('_', ' ')}{at}"


def _moves(plan: MergePlan) -> Iterator[Child]:
    lines = [describe_step(step) for step in plan.steps if is_move(step, plan)]
    if lines:
        yield element("h3", "What moves")
        yield element("ul", [element("li", _text(line)) for line in lines])
    yield _balances(plan)
    if plan.totals:
        yield element("p", "; ".join(map(total_text, plan.totals)), class_="dk-soft")


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


def _finding(grade: str, finding: Notice | Conflict | Blocker) -> Markup:
    is_settled = isinstance(finding, Notice)
    return element(
        "p",
        element("b", grade),
        f": {finding.describe()}",
        class_="dk-finding" if is_settled else "dk-finding dk-stop",
    )
