"""The rules of matchers, and `check_matcher`, which tries them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations_with_replacement
from typing import Any, final

from attrs import field, frozen

from dedupkit.customers import Customer, as_tuple, check_path, read_path
from dedupkit.errors import ConfigurationError
from dedupkit.matching import Matcher, SupportsAgreed, SupportsKeys, lift
from dedupkit.testing.rules import ContractViolation, Report, Rule, examine, expect
from dedupkit.testing.samples import SAMPLE_CARDS

__all__ = ["MATCHER_RULES", "check_matcher", "examine_matcher"]


@final
@frozen
class _Trial:
    """A matcher and the cards that it is tried on."""

    matcher: Matcher
    cards: tuple[Customer, ...] = field(converter=as_tuple)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The values that the matcher reads, card by card."""
        paths = self.matcher.fields
        return [tuple(read_path(card, path) for path in paths) for card in self.cards]

    @property
    def values(self) -> list[Any]:
        """The distinct prepared values that are not missing, in order."""
        prepared = (self.matcher.prepare(*row) for row in self.rows)
        return list(dict.fromkeys(value for value in prepared if value is not None))

    @property
    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every pair of positions of values, each with itself too."""
        return combinations_with_replacement(range(len(self.values)), 2)


def check_matcher(matcher: Matcher, /, *, samples: Iterable[Customer] = SAMPLE_CARDS) -> Report:
    """Try every rule of matchers on all pairs of *samples*.

    Args:
        matcher: The matcher.
        samples: Cards to try it on; the shipped ones hold good, bad, odd and blank values of every
            contact field. Give your own where the matcher reads fields of yours.

    Returns:
        What became of every rule.

    Raises:
        ContractViolation: a rule is broken; ``rule`` on it is the first one.

    >>> from dedupkit.matching import ExactMatcher
    >>> check_matcher(ExactMatcher("email")).broken
    ()
    """
    report = examine_matcher(matcher, samples=samples)
    report.raise_broken()
    return report


def examine_matcher(matcher: Matcher, /, *, samples: Iterable[Customer] = SAMPLE_CARDS) -> Report:
    """Try every rule of matchers and return what became of each, without raising."""
    trial = _Trial(matcher, samples)
    return examine(MATCHER_RULES, lambda: trial)


def _is_declared(trial: _Trial) -> None:
    matcher = trial.matcher
    name: object = matcher.name
    if not isinstance(name, str) or not name:
        raise ContractViolation("name must be text")
    expect(len(set(matcher.levels)), len(matcher.levels), "the number of distinct levels")
    if not matcher.levels:
        raise ContractViolation("levels must name at least one grade of agreement")
    for path in matcher.fields:
        try:
            check_path(path)
        except ConfigurationError as error:
            raise ContractViolation(str(error)) from error


def _prepares(trial: _Trial) -> None:
    prepare = trial.matcher.prepare
    for card, row in zip(trial.cards, trial.rows, strict=True):
        once, again = prepare(*row), prepare(*row)
        if not isinstance(once, Hashable):
            raise ContractViolation(f"the prepared value of card {card.id!r} cannot be hashed")
        if once != again:
            raise ContractViolation(f"preparing card {card.id!r} twice gives two values")


def _missing_is_missing(trial: _Trial) -> None:
    blank = Customer(id="blank")
    row = [read_path(blank, path) for path in trial.matcher.fields]
    if trial.matcher.prepare(*row) is not None:
        raise ContractViolation("a card without any of the fields must be prepared to None")


def _levels_exist(trial: _Trial) -> None:
    values = trial.values
    for one, other in trial.pairs:
        level = trial.matcher.compare(values[one], values[other])
        if level not in range(len(trial.matcher.levels)):
            raise ContractViolation(f"compare returned {level!r}, which is no position in levels")


def _is_symmetric(trial: _Trial) -> None:
    values, compare = trial.values, trial.matcher.compare
    for one, other in trial.pairs:
        if compare(values[one], values[other]) != compare(values[other], values[one]):
            raise ContractViolation(f"values {one} and {other} compare otherwise in reverse")


def _own_copy_is_best(trial: _Trial) -> None:
    values, compare = trial.values, trial.matcher.compare
    for one, other in trial.pairs:
        level = compare(values[one], values[other])
        if level < min(compare(values[i], values[i]) for i in (one, other)):
            raise ContractViolation(f"values {one} and {other} agree more than with themselves")


def _columns_agree(trial: _Trial) -> None:
    import numpy as np

    columns, values = lift(trial.matcher), trial.values
    rows = trial.rows
    prepared = list(columns.prepare_columns(*(list(column) for column in zip(*rows, strict=True))))
    expect([trial.matcher.prepare(*row) for row in rows], prepared, "prepare_columns")
    pairs = list(trial.pairs)
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    compared = columns.compare_columns(values, left, right)
    levels = [trial.matcher.compare(values[one], values[other]) for one, other in pairs]
    expect(levels, [int(level) for level in compared.levels], "compare_columns")
    if isinstance(trial.matcher, SupportsAgreed):
        agreed = [trial.matcher.agreed(values[one], values[other]) for one, other in pairs]
        found = [None if code < 0 else compared.values[code] for code in compared.agreed]
        expect(agreed, found, "the values agreed on by compare_columns")
    if isinstance(trial.matcher, SupportsKeys):
        positions, keys = columns.key_columns(values)
        plain = {(n, key) for n, value in enumerate(values) for key in trial.matcher.keys(value)}
        expect(plain, {(int(n), key) for n, key in zip(positions, keys, strict=True)}, "keys")


def _keys_name_their_kind(trial: _Trial) -> None:
    if isinstance(trial.matcher, SupportsKeys):
        for value in trial.values:
            for key in trial.matcher.keys(value):
                given: object = key
                if not isinstance(given, str) or not given.partition(":")[2]:
                    raise ContractViolation("a blocking key must be text such as 'email:a@b.no'")


#: Every rule of matchers, in order; a number is never used again.
MATCHER_RULES: tuple[Rule[_Trial], ...] = (
    Rule(id="K1", title="it says what it reads and how it grades", check=_is_declared),
    Rule(id="K2", title="preparing is total and deterministic (N)", check=_prepares),
    Rule(id="K3", title="missing is None, which adds 0 bits (M3)", check=_missing_is_missing),
    Rule(id="K4", title="compare returns a position in levels", check=_levels_exist),
    Rule(id="K5", title="comparing is symmetric (M1)", check=_is_symmetric),
    Rule(id="K6", title="nothing agrees more than a copy does (M5)", check=_own_copy_is_best),
    Rule(id="K7", title="columns give the same answers (M7)", check=_columns_agree),
    Rule(id="K8", title="blocking keys name their kind", check=_keys_name_their_kind),
)
