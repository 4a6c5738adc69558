"""The rules of resolvers, and `check_resolver`, which tries them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Any, final

from attrs import field, frozen

from dedupkit.customers import CONTACT_FIELDS, Customer, as_tuple, lowest_number, read_path
from dedupkit.errors import ConfigurationError
from dedupkit.merging import MergePolicy, Resolution, Resolver, keep_master, plan_merge
from dedupkit.testing.rules import ContractViolation, Report, Rule, examine
from dedupkit.testing.samples import SAMPLE_CARDS

__all__ = ["RESOLVER_RULES", "check_resolver", "examine_resolver"]


@final
@frozen
class _Trial:
    """A resolver, the fields, and the cards that it is tried on."""

    resolver: Resolver
    fields: tuple[str, ...] = field(converter=as_tuple)
    cards: tuple[Customer, ...] = field(converter=as_tuple)

    @property
    def cases(self) -> Iterator[tuple[str, Customer, tuple[Customer, ...]]]:
        """Every field with masters of all sorts and duplicates from among the other cards."""
        for path in self.fields:
            for place, master in enumerate(self.cards):
                others = self.cards[place + 1 :] + self.cards[:place]
                for size in (0, 1, 3):
                    yield path, master, tuple(sorted(others[:size], key=lowest_number))

    def answer(self, path: str, master: Customer, duplicates: tuple[Customer, ...]) -> Any:  # noqa: ANN401  # a Resolution, if it is sound
        """Return what the resolver says, None where the field is not one for it."""
        try:
            return self.resolver(path, master, duplicates)
        except ConfigurationError:
            return None


def check_resolver(
    resolver: Resolver,
    /,
    *,
    fields: Iterable[str] = CONTACT_FIELDS,
    samples: Iterable[Customer] = SAMPLE_CARDS,
) -> Report:
    """Try every rule of resolvers on *fields* of *samples*.

    A resolver may refuse a field with `ConfigurationError`.

    Args:
        resolver: The resolver.
        fields: Field paths to try it on.
        samples: Cards to try it on, blank ones among them.

    Returns:
        What became of every rule.

    Raises:
        ContractViolation: a rule is broken; ``rule`` on it is the first one.

    >>> from dedupkit.merging import fill_blank
    >>> check_resolver(fill_blank).broken
    ()
    """
    report = examine_resolver(resolver, fields=fields, samples=samples)
    report.raise_broken()
    return report


def examine_resolver(
    resolver: Resolver,
    /,
    *,
    fields: Iterable[str] = CONTACT_FIELDS,
    samples: Iterable[Customer] = SAMPLE_CARDS,
) -> Report:
    """Try every rule of resolvers and return what became of each, without raising."""
    trial = _Trial(resolver, fields, samples)
    return examine(RESOLVER_RULES, lambda: trial)


def _answers(trial: _Trial) -> None:
    for path, master, duplicates in trial.cases:
        answer = trial.answer(path, master, duplicates)
        ids = {None, master.id, *(card.id for card in duplicates)}
        if answer is not None and not isinstance(answer, Resolution):
            raise ContractViolation(f"{path}: the answer must be a Resolution")
        if answer is not None and answer.source not in ids:
            raise ContractViolation(f"{path}: the source {answer.source!r} is none of the cards")


def _is_pure(trial: _Trial) -> None:
    for path, master, duplicates in trial.cases:
        if trial.answer(path, master, duplicates) != trial.answer(path, master, duplicates):
            raise ContractViolation(f"{path}: the same cards got two answers")


def _order_is_no_matter(trial: _Trial) -> None:
    policy = MergePolicy(default=keep_master, fields=dict.fromkeys(trial.fields, trial.resolver))
    for place, master in enumerate(trial.cards):
        others = (*trial.cards[place + 1 :], *trial.cards[:place])[:3]
        try:
            ids = {plan_merge(master, order, policy=policy).id for order in permutations(others)}
        except ConfigurationError:
            continue  # it is no resolver for one of the fields
        if len(ids) != 1:
            raise ContractViolation(f"{master.id}: another order of duplicates, another plan")


def _nothing_is_invented(trial: _Trial) -> None:
    for path, master, duplicates in trial.cases:
        answer = trial.answer(path, master, duplicates)
        held = [read_path(card, path) for card in (master, *duplicates)]
        if answer is not None and not _comes_from(answer.value, held):
            raise ContractViolation(f"{path} of {master.id}: the value is nobody's")


def _comes_from(value: Any, held: list[Any]) -> bool:  # noqa: ANN401  # fields have many types
    if not value or value in held:
        return True
    if isinstance(value, tuple | frozenset):
        return set(value) <= {part for parts in held for part in parts or ()}
    if isinstance(value, str):
        lines = {line for text in held if text for line in text.splitlines()}
        return set(value.splitlines()) <= lines
    return False


#: Every rule of resolvers, in order; a number is never used again.
RESOLVER_RULES: tuple[Rule[_Trial], ...] = (
    Rule(id="R1", title="it answers with a Resolution of one of the cards", check=_answers),
    Rule(id="R2", title="the same cards, the same answer (P1)", check=_is_pure),
    Rule(
        id="R3",
        title="the order of duplicates is no matter (P2)",
        check=_order_is_no_matter,
    ),
    Rule(
        id="R4",
        title="the value is a member's, or made of members' (P4)",
        check=_nothing_is_invented,
    ),
)
