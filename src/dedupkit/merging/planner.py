"""The planner: cards and a policy in, one plan out; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dedupkit.customers import (
    EMPTY,
    Customer,
    Judgement,
    JudgementSet,
    amount_text,
    as_map,
    exact_sum,
    fingerprint,
    lowest_number,
    sum_balances,
)
from dedupkit.errors import ConfigurationError, PlanningError
from dedupkit.merging.cards import Cards, Part, joined
from dedupkit.merging.corrections import checked_corrections
from dedupkit.merging.parts.checks import checks_part
from dedupkit.merging.parts.contacts import contact_part
from dedupkit.merging.parts.holdings import balances_part, rows_part, totals
from dedupkit.merging.parts.permissions import consents_part
from dedupkit.merging.parts.profiles import profile_part
from dedupkit.merging.parts.standing import (
    bookkeeping_part,
    external_ids_part,
    flags_part,
    groups_part,
)
from dedupkit.merging.policy import MergePolicy
from dedupkit.plans import (
    AddValue,
    BalanceKey,
    Blocker,
    Conflict,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    MoveWebProfile,
    Notice,
    Relation,
    RemoveValue,
    Repoint,
    Retire,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    TransferBalance,
)
from dedupkit.plans.findings import listed

__all__ = ["plan_merge"]


def plan_merge(
    master: Customer,
    duplicates: Iterable[Customer],
    *,
    policy: MergePolicy | None = None,
    dispositions: Mapping[str, Disposition] = EMPTY,
    corrections: Mapping[str, Any] = EMPTY,
    judgements: Iterable[Judgement] = (),
    relations: Iterable[Relation | str] = (),
    blockers: Iterable[Blocker] = (),
    resolutions: Mapping[str, str] = EMPTY,
) -> MergePlan:
    """Decide what merging *duplicates* into *master* does; nothing is written.

    The same input gives the same plan with the same id (law P1), in whatever order the duplicates
    come (law P2). Steps stand in one canonical order: values that may be unique are let go of,
    then web profiles move, rows, balances; then the master's fields, collections and consents are
    set, and last the duplicates retire.

    Args:
        master: The card that stays.
        duplicates: The cards to fold in.
        policy: What is done with their fields; ``MergePolicy()`` keeps the master's, blanks too.
        dispositions: Id of a duplicate → what becomes of it; `Disposition.DELETE` for the rest.
        corrections: Field path → what the master shall have instead; None clears a field.
        judgements: What people said about pairs; a `JudgementSet` reads them through redirects.
        relations: What refers to customers, as `Relation` or by name (rows move).
        blockers: Answers of guards, which ask the outside world.
        resolutions: Key of a conflict → key of the choice that answers it.

    Raises:
        InvalidCustomerError: corrections are no good values; all of them are named by field.
        ConfigurationError: dispositions of customers who are no duplicates, corrections of fields
            that cannot be corrected, one relation declared twice, policy and relations that
            disagree on what a balance adds up from, or *blockers* that are none.
        PlanningError: resolutions that answer nothing in this plan, or a resolver that returned a
            value which its field cannot hold.

    Cost: O(values on the cards); no I/O.

    >>> keep = Customer(id="1", first_name="Bjørn", last_name="Hansen")
    >>> fold = Customer(id="2", first_name="Bjorn", email="bjorn@example.no", flags=["press"])
    >>> plan = plan_merge(keep, [fold], relations=["orders"])
    >>> [type(step).__name__ for step in plan.steps]
    ['Repoint', 'AddValue', 'Retire']
    >>> plan.is_applicable
    True
    """
    policy = _DEFAULT if policy is None else policy
    duplicates = _cards(master, duplicates, policy)
    others, repeated = _distinct(master, duplicates)
    fates = _fates(others, dispositions)
    acting = tuple(card for card in others if fates[card.id] is not Disposition.SKIP)
    cards = Cards(
        master=master,
        duplicates=acting,
        kept_ids=frozenset(card.id for card in acting if fates[card.id] is Disposition.KEEP),
        policy=policy,
        corrections=checked_corrections(master, corrections),
        answers=as_map(resolutions),
        relations=_declared(relations),
    )
    listed = [DuplicateCard(card.id, fates[card.id]) for card in others]
    expects = [Expectation.of(card) for card in cards.everyone]
    if not acting and not repeated:
        _check_answers(cards, ())
        return MergePlan(
            master_id=master.id,
            duplicates=listed,
            expects=expects,
            notices=(Notice(code="nothing_to_merge"),),
            warning=_NOTHING,
        )
    held = sum_balances(cards.everyone)
    said = joined(_parts(cards, _judgement_set(judgements), repeated, held))
    _check_answers(cards, said.conflicts)
    steps = _in_order(cards, said.steps)
    return MergePlan(
        master_id=master.id,
        duplicates=listed,
        expects=expects,
        steps=steps,
        notices=said.notices,
        conflicts=[conflict for conflict in said.conflicts if conflict.key not in cards.answers],
        blockers=_blockers(cards, said.blockers, blockers),
        totals=totals(held),
        warning=_warning(cards, steps),
        decisions=said.decisions,
    )


#: The policy of who gives none; made once, since making one checks it.
_DEFAULT = MergePolicy()


def _parts(
    cards: Cards,
    judgements: JudgementSet,
    repeated: tuple[str, ...],
    held: Mapping[BalanceKey, Decimal],
) -> tuple[Part, ...]:
    contacts, result = contact_part(cards)
    return (
        checks_part(cards, judgements, repeated),
        contacts,
        groups_part(cards),
        flags_part(cards),
        consents_part(cards, result),
        profile_part(cards),
        balances_part(cards, result, held),
        external_ids_part(cards),
        bookkeeping_part(cards),
        rows_part(cards),
        Part(steps=tuple(_farewells(cards))),
    )


def _cards(
    master: Customer, duplicates: Iterable[Customer], policy: MergePolicy
) -> tuple[Customer, ...]:
    """Return the duplicates, and refuse what is no card or no policy."""
    asked: object = duplicates
    if isinstance(asked, Customer | str) or not isinstance(asked, Iterable):
        raise ConfigurationError("duplicates is a list of Customer, also where there is one")
    given = tuple(duplicates)
    if not all(isinstance(card, Customer) for card in (master, *given)):
        raise ConfigurationError(
            "master and duplicates are Customer objects; a store's get(ids) gives them by id"
        )
    if not isinstance(policy, MergePolicy):
        raise ConfigurationError("policy must be a MergePolicy")
    return given


def _distinct(
    master: Customer, given: tuple[Customer, ...]
) -> tuple[tuple[Customer, ...], tuple[str, ...]]:
    """Return each duplicate once, by lowest number, and the ids that were named repeatedly."""
    ids = [master.id, *(card.id for card in given)]
    repeated: tuple[str, ...] = ()
    if len(set(ids)) < len(ids):
        repeated = tuple(i for i, times in sorted(Counter(ids).items()) if times > 1)
        given = tuple(sorted(given, key=fingerprint))
    once = {card.id: card for card in given if card.id != master.id}
    return tuple(sorted(once.values(), key=lowest_number)), repeated


def _fates(
    duplicates: tuple[Customer, ...], dispositions: Mapping[str, Disposition]
) -> dict[str, Disposition]:
    fates = {card.id: Disposition.DELETE for card in duplicates}
    if not isinstance(dispositions, Mapping):
        raise ConfigurationError("dispositions is a mapping of ids to Disposition")
    if not dispositions:
        return fates
    known = (*Disposition, *(fate.value for fate in Disposition))
    unknown = [card_id for card_id, fate in dispositions.items() if fate not in known]
    if unknown:
        raise ConfigurationError(
            f"dispositions of {', '.join(map(repr, unknown))} must be one of Disposition.SKIP, "
            "KEEP, DELETE"
        )
    strangers = sorted(set(dispositions) - set(fates))
    if strangers:
        raise ConfigurationError(
            f"dispositions name {', '.join(map(repr, strangers))}, who are no duplicates here"
        )
    return fates | {card_id: Disposition(fate) for card_id, fate in dispositions.items()}


def _declared(relations: Iterable[Relation | str]) -> tuple[Relation, ...]:
    if isinstance(relations, str):
        raise ConfigurationError(f"relations is one name, {relations!r}; give a list of names")
    asked: object = relations
    if not isinstance(asked, Iterable):
        raise ConfigurationError("relations is a collection, such as store.relations")
    declared = [Relation(one) if isinstance(one, str) else one for one in relations]
    if not all(isinstance(one, Relation) for one in declared):
        raise ConfigurationError("relations must be Relation objects or names")
    names = [one.name for one in declared]
    if len(set(names)) < len(names):
        twice = sorted(name for name, times in Counter(names).items() if times > 1)
        raise ConfigurationError(f"relations name {', '.join(map(repr, twice))} more than once")
    return tuple(sorted(declared, key=lambda relation: relation.name))


def _judgement_set(judgements: Iterable[Judgement]) -> JudgementSet:
    return judgements if isinstance(judgements, JudgementSet) else JudgementSet(judgements)


def _check_answers(cards: Cards, raised: Sequence[Conflict]) -> None:
    """Refuse answers to questions that this plan does not ask, and answers that are no choice."""
    known = {conflict.key: conflict for conflict in raised}
    wrong = [f"{key!r} is no conflict here" for key in cards.answers if key not in known]
    for key, conflict in known.items():
        if key in cards.answers and cards.answer(conflict) is None:
            choices = ", ".join(repr(choice.key) for choice in conflict.choices)
            wrong.append(f"{key!r} takes one of {choices}")
    if wrong:
        raise PlanningError(f"resolutions: {'; '.join(wrong)}; plan again without them and look")


def _blockers(
    cards: Cards, found: Sequence[Blocker], given: Iterable[Blocker]
) -> tuple[Blocker, ...]:
    """Return what the parts and the guards forbid; a guard's word on skipped cards is no matter."""
    acting = {card.id for card in cards.everyone}
    answers: object = given
    said: tuple[Any, ...] = tuple(given) if isinstance(answers, Iterable) else (None,)
    if not all(isinstance(one, Blocker) for one in said):
        raise ConfigurationError("blockers is a list of Blocker objects, as guards return them")
    asked = [one for one in said if not one.customers or acting.intersection(one.customers)]
    asked.sort(key=lambda blocker: (blocker.code, blocker.customers))
    return tuple(dict.fromkeys((*found, *asked)))


def _farewells(cards: Cards) -> Iterator[Step]:
    """Yield the steps that mark kept cards and take the others out of the register."""
    for card in cards.kept:
        if card.kept_for != cards.master.id:
            yield SetField(card.id, "kept_for", card.kept_for, cards.master.id, origin=(card.id,))
    for card in cards.retiring:
        if card.is_active:  # one that is retired blocks the plan
            yield Retire(card.id, cards.master.id, origin=(card.id,))


#: Step → its place in a plan; releases come first. Profiles are deleted before one moves: their
#: part says so in this order.
_PHASES: Mapping[type[Step], int] = {
    RemoveValue: 0,
    MoveWebProfile: 2,
    SetWebProfile: 3,
    Repoint: 4,
    TransferBalance: 5,
    SetField: 6,
    AddValue: 7,
    SetConsent: 8,
    Retire: 9,
}


def _in_order(cards: Cards, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Put steps into the canonical order; inside a phase the order of the parts stands."""
    master = cards.master.id

    def phase(step: Step) -> int:
        if type(step) is SetField and step.after is None and step.customer != master:
            return 0
        return _PHASES[type(step)]

    return tuple(sorted(steps, key=phase))


def _warning(cards: Cards, steps: tuple[Step, ...]) -> str:
    """Say in one sentence what moves and which cards disappear."""
    if not cards.duplicates:
        return _NOTHING
    relations = {s.relation for s in steps if isinstance(s, Repoint) and s.only is None}
    moving = [*sorted(relations), *_amounts(steps)]
    master = f"Customer {cards.master.id}"
    leaving = tuple([card for card in cards.retiring if card.is_active])
    parts = []
    if moving:
        parts.append(f"{master} takes over {listed(moving)} of {_named(cards.duplicates)}")
    elif cards.retiring:
        parts.append(f"{master} stands for {_named(cards.retiring)} from now on")
    if leaving:
        verb = "disappears" if len(leaving) == 1 else "disappear"
        parts.append(f"{_named(leaving)} {verb} from the register")
    if cards.kept:
        stays = "stays as a card of its own" if len(cards.kept) == 1 else _STAY
        parts.append(f"{_named(cards.kept)} {stays}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _amounts(steps: Iterable[Step]) -> list[str]:
    """Name what is transferred, debts by themselves."""
    sums: dict[tuple[bool, str, str], Decimal] = {}
    for step in steps:
        if isinstance(step, TransferBalance):
            key = step.amount < 0, step.kind, step.unit
            sums[key] = exact_sum(sums.get(key, Decimal(0)), step.amount.copy_abs())
    return [
        f"{'a debt of ' if is_debt else ''}{amount_text(amount)} {unit} of {kind}"
        for (is_debt, kind, unit), amount in sums.items()
    ]


_STAY = "stay as cards of their own"

_NOTHING = "Nothing is merged and nothing changes."


def _named(cards: tuple[Customer, ...]) -> str:
    noun = "customer" if len(cards) == 1 else "customers"
    return f"{noun} {listed([card.id for card in cards])}"
