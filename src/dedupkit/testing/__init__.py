"""The published kit: what hosts prove their own matchers, resolvers and stores with.

Needs neither pytest nor Hypothesis; `strategies` and `contract` need the extra ``testing``.
"""

from dedupkit.testing.failing import Crash, FailsAt
from dedupkit.testing.harness import POWERS, State, StoreHarness
from dedupkit.testing.rules import ContractViolation, Finding, Report, Result, Rule
from dedupkit.testing.stores import STORE_RULES, check_store, examine_store

__all__ = [
    "POWERS",
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
    "check_store",
    "examine_store",
]
