"""PLAN: decide what a merge does, as data; pure."""

from dedupkit.merging.consents import ConsentRule, latest_explicit, refusal_wins
from dedupkit.merging.planner import plan_merge
from dedupkit.merging.policy import BalanceRule, FlagRules, MergePolicy, WebProfileRules
from dedupkit.merging.resolvers import (
    Resolution,
    Resolver,
    ask_person,
    concatenate,
    earliest,
    fill_blank,
    keep_master,
    latest,
    longest,
    most_frequent,
    most_recent,
    union,
)

__all__ = [
    "BalanceRule",
    "ConsentRule",
    "FlagRules",
    "MergePolicy",
    "Resolution",
    "Resolver",
    "WebProfileRules",
    "ask_person",
    "concatenate",
    "earliest",
    "fill_blank",
    "keep_master",
    "latest",
    "latest_explicit",
    "longest",
    "most_frequent",
    "most_recent",
    "plan_merge",
    "refusal_wins",
    "union",
]
