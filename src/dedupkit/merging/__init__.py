"""PLAN: decide what a merge does, as data; pure."""

from dedupkit.merging.choosers import (
    MasterChooser,
    choose_lowest_number,
    choose_most_complete,
    choose_most_rows,
    choose_oldest,
    choose_verified_web_profile,
)
from dedupkit.merging.consents import ConsentRule, latest_explicit, refusal_wins
from dedupkit.merging.many import (
    HasIds,
    MergePlans,
    golden_records,
    plan_merges,
    reasons_to_hold,
)
from dedupkit.merging.planner import plan_merge
from dedupkit.merging.policy import (
    HELD_BACK,
    BalanceRule,
    FlagRules,
    MergePolicy,
    WebProfileRules,
)
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
    "HELD_BACK",
    "BalanceRule",
    "ConsentRule",
    "FlagRules",
    "HasIds",
    "MasterChooser",
    "MergePlans",
    "MergePolicy",
    "Resolution",
    "Resolver",
    "WebProfileRules",
    "ask_person",
    "choose_lowest_number",
    "choose_most_complete",
    "choose_most_rows",
    "choose_oldest",
    "choose_verified_web_profile",
    "concatenate",
    "earliest",
    "fill_blank",
    "golden_records",
    "keep_master",
    "latest",
    "latest_explicit",
    "longest",
    "most_frequent",
    "most_recent",
    "plan_merge",
    "plan_merges",
    "reasons_to_hold",
    "refusal_wins",
    "union",
]
