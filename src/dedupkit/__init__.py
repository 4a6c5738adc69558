"""Find duplicate customers, plan their merge as data, execute it in your own store, undo it.

>>> from dedupkit import Customer, find_duplicates, plan_merge
>>> cards = [
...     Customer(id="7", first_name="Bjørn", last_name="Hansen", email="bjorn@fjord.example"),
...     Customer(id="9", first_name="Bjoern", last_name="Hansen", email="BJORN@fjord.example"),
... ]
>>> [cluster.ids for cluster in find_duplicates(cards).clusters]
[('7', '9')]
>>> plan_merge(cards[0], cards[1:]).is_applicable
True
"""

from typing import TYPE_CHECKING

from dedupkit.customers import (
    Balance,
    Consent,
    ConsentState,
    Customer,
    CustomerMapping,
    FieldMap,
    Judgement,
    Verdict,
    WebProfile,
)
from dedupkit.errors import (
    ConfigurationError,
    ContradictionError,
    DedupkitError,
    ExecutionError,
    InvalidCustomerError,
    InvalidFileError,
    PlanFormatError,
    PlanningError,
    StalePlanError,
    StaleWriteError,
    StoreError,
)
from dedupkit.execution import execute, undo
from dedupkit.merging import MergePolicy, plan_merge, plan_merges
from dedupkit.plans import (
    Disposition,
    MergePlan,
    Receipt,
    Relation,
    UndoReason,
    plan_undo,
    replay,
)

if TYPE_CHECKING:  # matching needs numpy, which is loaded when matching is
    from dedupkit.matching import (
        DuplicateReport,
        MatchModel,
        MatchResult,
        MatchRules,
        Outcome,
        Thresholds,
        evaluate,
        explain,
        find_duplicates,
        find_field_duplicates,
    )

__all__ = [
    "Balance",
    "ConfigurationError",
    "Consent",
    "ConsentState",
    "ContradictionError",
    "Customer",
    "CustomerMapping",
    "DedupkitError",
    "Disposition",
    "DuplicateReport",
    "ExecutionError",
    "FieldMap",
    "InvalidCustomerError",
    "InvalidFileError",
    "Judgement",
    "MatchModel",
    "MatchResult",
    "MatchRules",
    "MergePlan",
    "MergePolicy",
    "Outcome",
    "PlanFormatError",
    "PlanningError",
    "Receipt",
    "Relation",
    "StalePlanError",
    "StaleWriteError",
    "StoreError",
    "Thresholds",
    "UndoReason",
    "Verdict",
    "WebProfile",
    "evaluate",
    "execute",
    "explain",
    "find_duplicates",
    "find_field_duplicates",
    "plan_merge",
    "plan_merges",
    "plan_undo",
    "replay",
    "undo",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dedupkit import matching

    return globals().setdefault(name, getattr(matching, name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
