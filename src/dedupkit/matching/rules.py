"""The plain way to combine matchers: rules that a host writes down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from attrs import field, frozen

from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.matching.bits import BIT, Thresholds
from dedupkit.matching.evidence import Evidence, MatchResult, Outcome
from dedupkit.matching.model import prepare_one
from dedupkit.matching.profile import RegisterProfile
from dedupkit.matching.protocols import Matcher, SupportsAgreed

__all__ = ["AllOf", "AnyOf", "MatchRules", "all_of", "any_of"]

#: What holding and failing rules are worth; a rule knows no degrees.
_HOLDS, _FAILS = 20 * BIT, -20 * BIT


def _as_matchers(matchers: Iterable[Matcher]) -> tuple[Matcher, ...]:
    return tuple(matchers)


@final
@frozen
class AllOf:
    """Holds where every matcher reaches its strongest level, or the one named.

    Attributes:
        matchers: One or more.
        at_least: The weakest level that is enough, by its word; None: the strongest of each.
    """

    matchers: tuple[Matcher, ...] = field(converter=_as_matchers)
    at_least: str | None = None

    def __attrs_post_init__(self) -> None:
        if not self.matchers:
            raise ConfigurationError("all_of needs at least one matcher")
        if self.at_least is not None:
            lacking = [m.name for m in self.matchers if self.at_least not in m.levels]
            if lacking:
                raise ConfigurationError(
                    f"all_of: {', '.join(lacking)} has no level {self.at_least!r}"
                )

    def enough(self, matcher: Matcher) -> int:
        """Return the position of the weakest level that is enough."""
        return 0 if self.at_least is None else matcher.levels.index(self.at_least)


def _as_rules(rules: Iterable[AllOf]) -> tuple[AllOf, ...]:
    return tuple(rules)


@final
@frozen
class AnyOf:
    """Holds where at least one of its rules does."""

    rules: tuple[AllOf, ...] = field(converter=_as_rules)

    def __attrs_post_init__(self) -> None:
        if not self.rules:
            raise ConfigurationError("any_of needs at least one all_of(...)")


def all_of(*matchers: Matcher, at_least: str | None = None) -> AllOf:
    """Return a rule that holds where all matchers agree.

    Args:
        matchers: One or more.
        at_least: The weakest level that is enough, by its word, for every one of them; default:
            the strongest.
    """
    return AllOf(matchers, at_least)


def any_of(*rules: AllOf) -> AnyOf:
    """Return a rule that holds where one of *rules* does."""
    return AnyOf(rules)


@final
@frozen
class MatchRules:
    """Calls two customers duplicates where a rule holds, and distinct where none does.

    Its weights are signs rather than measures: 20 bits where a rule holds, -20 where none does.

    >>> from dedupkit.customers import Customer
    >>> from dedupkit.matching import ExactMatcher, all_of, any_of
    >>> rules = MatchRules(any_of(all_of(ExactMatcher("email"))))
    >>> rules.compare(Customer(id="1", email="A@b.no"), Customer(id="2", email="a@b.no")).outcome
    <Outcome.DUPLICATE: 'duplicate'>
    """

    rule: AnyOf

    def compare(
        self, a: Customer, b: Customer, profile: RegisterProfile | None = None
    ) -> MatchResult:
        """Compare two customers; the order is no matter.

        Args:
            a: One customer.
            b: The other.
            profile: Not needed: rules know nothing of the register.
        """
        for rule in self.rule.rules:
            evidence = _holds(rule, a, b)
            if evidence is not None:
                return _result(Outcome.DUPLICATE, evidence)
        return _result(Outcome.DISTINCT, (Evidence(name="no rule holds", millibits=_FAILS),))


def _holds(rule: AllOf, a: Customer, b: Customer) -> tuple[Evidence, ...] | None:
    found = []
    for position, matcher in enumerate(rule.matchers):
        left, right = prepare_one(matcher, a), prepare_one(matcher, b)
        if left is None or right is None:
            return None
        level = matcher.compare(left, right)
        if level > rule.enough(matcher):
            return None
        agreed = matcher.agreed(left, right) if isinstance(matcher, SupportsAgreed) else None
        found.append(
            Evidence(
                name=matcher.name,
                level=matcher.levels[level],
                millibits=0 if position else _HOLDS,
                agreed=agreed,
            )
        )
    return tuple(found)


def _result(outcome: Outcome, evidence: tuple[Evidence, ...]) -> MatchResult:
    weight = sum(item.millibits for item in evidence)
    return MatchResult(
        outcome=outcome, millibits=weight, evidence=evidence, thresholds=Thresholds()
    )
