"""What must hold before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations

from dedupkit.customers import Customer, FieldMap, JudgementSet, Verdict
from dedupkit.errors import (
    ConfigurationError,
    ExecutionError,
    InvalidCustomerError,
    PlanningError,
    StalePlanError,
)
from dedupkit.plans import (
    Blocker,
    Conflict,
    Create,
    Disposition,
    MergePlan,
    Plan,
    Relation,
    Repoint,
    Retire,
    Rows,
    SetField,
    Step,
    UndoPlan,
    replay,
)
from dedupkit.plans.steps import all_touched
from dedupkit.ports import CustomerStore, Guard, JudgementStore, Transaction

__all__ = [
    "check_plan",
    "check_signature",
    "check_store",
    "merged_cards",
    "read_judgements",
    "replayed",
]


def check_signature(by: str, at: datetime, *, name: str = "at") -> None:
    """Refuse an execution without a name or a moment; *name* is what the moment is called.

    Raises:
        ConfigurationError: *by* is blank, or *at* has no time zone.
    """
    who: object = by
    if not isinstance(who, str) or not who.strip():
        raise ConfigurationError("by must name who executes")
    when: object = at
    if not isinstance(when, datetime) or when.utcoffset() is None:
        raise ConfigurationError(f"{name} must be a datetime with a time zone")


def check_store(store: object) -> None:
    """Refuse what no plan can be executed on.

    Raises:
        ConfigurationError: *store* opens no transactions.
    """
    if not callable(getattr(store, "transaction", None)):
        raise ConfigurationError("store is a CustomerStore, such as MemoryStore or SqlStore")


def check_plan(
    plan: Plan,
    loaded: Mapping[str, Customer],
    relations: Sequence[Relation],
    guards: Iterable[Guard],
    judgements: JudgementSet,
) -> None:
    """Refuse a plan that may not be executed on the customers as they are.

    Raises:
        StalePlanError: customers are not as the plan expects; all of them are named.
        ExecutionError: it is redacted, conflicts are open, something forbids it, it touches
            customers that it does not expect, it retires one unsaid, it leaves out a relation, or
            it merges cards that were judged different.
        ConfigurationError: a guard answers with something else than blockers.
    """
    if plan.original_id is not None:
        raise ExecutionError(
            plan.id, "it is redacted, and such a plan never executes; plan the merge again"
        )
    if not plan.is_applicable:
        raise ExecutionError(
            plan.id, f"not applicable: {_reasons((*plan.conflicts, *plan.blockers))}"
        )
    changed = [e.customer for e in plan.expects if not e.is_met_by(loaded.get(e.customer))]
    if changed:
        raise StalePlanError(plan.id, changed)
    _check_reach(plan)
    if left_out := sorted(_left_out(plan, relations)):
        raise ExecutionError(
            plan.id,
            f"relations that it leaves out: {', '.join(left_out)}; plan again with "
            "relations=store.relations",
        )
    if apart := sorted(_judged_different(plan, judgements)):
        pairs = "; ".join(f"{one} and {other}" for one, other in apart)
        raise ExecutionError(
            plan.id,
            f"judged to be different customers: {pairs}; plan again with the judgements of the "
            "store, or let somebody judge anew",
        )
    if found := [blocker for guard in guards for blocker in _answer(guard, plan, loaded)]:
        raise ExecutionError(plan.id, f"forbidden: {_reasons(found)}")


def read_judgements(plans: Iterable[Plan], store: CustomerStore, tx: Transaction) -> JudgementSet:
    """Return what people said, read through the redirects of this moment.

    Nothing is read for plans that merge nobody, and redirects only where cards were judged
    different.
    """
    if isinstance(store, JudgementStore) and any(map(_merged, plans)):
        said = tuple(store.judgements())
        if any(judgement.verdict is Verdict.DIFFERENT for judgement in said):
            ids = sorted({i for judgement in said for i in judgement.pair})
            return JudgementSet(said, redirects=tx.resolve(ids))
    return JudgementSet()


def replayed(plan: Plan, loaded: Mapping[str, Customer]) -> FieldMap[str, Customer]:
    """Return the customers as the plan leaves them.

    Raises:
        ExecutionError: a step does not fit, or a card would be retired into one that is not
            active afterwards.
    """
    try:
        after = replay(plan.steps, loaded)
    except (PlanningError, InvalidCustomerError) as error:
        raise ExecutionError(plan.id, str(error)) from error
    for step in plan.steps:
        if isinstance(step, Retire):
            target = after.get(step.into)
            if target is None or not target.is_active:
                raise ExecutionError(
                    plan.id,
                    f"customer {step.customer!r} would redirect to {step.into!r}, which is no "
                    "active customer of the plan",
                )
    return after


def merged_cards(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """Yield (card, master) for every card that is retired, or kept for a master."""
    for step in steps:
        if isinstance(step, Retire):
            yield step.customer, step.into
        elif isinstance(step, SetField) and step.field == "kept_for" and step.after is not None:
            yield step.customer, step.after


def _reasons(findings: Iterable[Conflict | Blocker]) -> str:
    return "; ".join(map(_reason, findings))


def _reason(finding: Conflict | Blocker) -> str:
    said = f"{finding.describe()} ({finding.code})"
    if isinstance(finding, Conflict) and finding.choices:
        answers = " or ".join(repr(choice.key) for choice in finding.choices)
        return f"{said}, plan again with resolutions={{{finding.key!r}: {answers}}}"
    return said


def _check_reach(plan: Plan) -> None:
    created = {step.customer.id for step in plan.steps if isinstance(step, Create)}
    reached = all_touched(plan.steps)
    if beyond := sorted(reached - created - set(plan.ids)):
        raise ExecutionError(
            plan.id, f"its steps touch customers that it does not expect: {', '.join(beyond)}"
        )
    if hidden := sorted(_retired_unsaid(plan)):
        raise ExecutionError(
            plan.id,
            f"it sets merged_into of {', '.join(hidden)}; a card is retired by Retire alone, which "
            "says what becomes of its rows",
        )


def _retired_unsaid(plan: Plan) -> Iterator[str]:
    """Yield the cards that lead elsewhere without a step that retires them."""
    for step in plan.steps:
        match step:
            case SetField(customer=customer, field="merged_into"):
                yield customer
            case Create(customer=card) if not card.is_active and not isinstance(plan, UndoPlan):
                yield card.id
            case _:
                pass


def _left_out(plan: Plan, relations: Sequence[Relation]) -> Iterator[str]:
    """Yield the relations of which rows would stay, unsaid, with a card that is retired or drained.

    Where the store moves rows, the plan must move all of them; where it leaves them, the plan must
    say what becomes of them. An undo drains none: where it sets ``kept_for`` back to an earlier
    master, rows stay.
    """
    if isinstance(plan, UndoPlan):
        return
    drained = {card for master, cards in _merged(plan).items() for card in cards - {master}}
    said = [step for step in plan.steps if isinstance(step, Repoint)]
    for relation in relations:
        settled = {
            step.source
            for step in said
            if step.relation == relation.name and (step.only is None or relation.rows is Rows.LEAVE)
        }
        if not drained <= settled:
            yield relation.name


def _merged(plan: Plan) -> dict[str, set[str]]:
    """Return master → the cards that become one customer by the plan, the master included."""
    merged: dict[str, set[str]] = {}
    if isinstance(plan, UndoPlan):
        return merged
    for card, master in merged_cards(plan.steps):
        merged.setdefault(master, {master}).add(card)
    if isinstance(plan, MergePlan):
        acting = {d.customer for d in plan.duplicates if d.disposition is not Disposition.SKIP}
        if acting:
            merged.setdefault(plan.master_id, {plan.master_id}).update(acting)
    return merged


def _judged_different(plan: Plan, judgements: JudgementSet) -> Iterator[tuple[str, str]]:
    if len(judgements):
        for cards in _merged(plan).values():
            for one, other in combinations(sorted(cards), 2):
                if judgements.verdict(one, other) is Verdict.DIFFERENT:
                    yield one, other


def _answer(guard: Guard, plan: Plan, loaded: Mapping[str, Customer]) -> tuple[Blocker, ...]:
    answer: object = guard(plan, loaded)
    found = tuple(answer) if isinstance(answer, Iterable) else (None,)
    if not all(isinstance(blocker, Blocker) for blocker in found):
        name = getattr(guard, "__name__", type(guard).__name__)
        raise ConfigurationError(
            f"guard {name} must return a collection of Blocker objects, an empty one where the "
            "plan may go on"
        )
    return found
