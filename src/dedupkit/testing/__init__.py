"""The published kit: what hosts prove their own matchers, resolvers and stores with.

Needs neither pytest nor Hypothesis; `strategies` and `contract` need the extra ``testing``.
"""

from dedupkit.testing.failing import Crash, FailsAt
from dedupkit.testing.harness import POWERS, State, StoreHarness
from dedupkit.testing.matchers import MATCHER_RULES, check_matcher, examine_matcher
from dedupkit.testing.resolvers import RESOLVER_RULES, check_resolver, examine_resolver
from dedupkit.testing.rules import ContractViolation, Finding, Report, Result, Rule
from dedupkit.testing.samples import SAMPLE_CARDS
from dedupkit.testing.stores import STORE_RULES, check_store, examine_store

__all__ = [
    "MATCHER_RULES",
    "POWERS",
    "RESOLVER_RULES",
    "SAMPLE_CARDS",
    "STORE_RULES",
    "ContractViolation",
    "Crash",
    "FailsAt",
    "Finding",
    "Report",
    "Result",
    "Rule",
    "State",
    "StoreHarness",
    "check_matcher",
    "check_resolver",
    "check_store",
    "examine_matcher",
    "examine_resolver",
    "examine_store",
]
