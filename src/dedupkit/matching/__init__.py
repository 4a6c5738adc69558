"""Finding duplicates: matchers, the models that combine them, and what comes out."""

from dedupkit.matching.bits import Thresholds, probability
from dedupkit.matching.blocking import Budget, Skip
from dedupkit.matching.clusters import FLOOR
from dedupkit.matching.evaluation import Evaluation, Rates, evaluate
from dedupkit.matching.evidence import Evidence, MatchResult, Outcome
from dedupkit.matching.find import explain, find_duplicates, find_field_duplicates
from dedupkit.matching.index import CustomerIndex, Found
from dedupkit.matching.lift import lift
from dedupkit.matching.matchers import (
    AddressMatcher,
    BirthDateMatcher,
    CompanyMatcher,
    EmailMatcher,
    ExactMatcher,
    NameMatcher,
    PhoneMatcher,
)
from dedupkit.matching.model import MatchModel
from dedupkit.matching.profile import RegisterProfile
from dedupkit.matching.protocols import (
    ColumnMatcher,
    Compared,
    Matcher,
    SupportsAgreed,
    SupportsKeys,
)
from dedupkit.matching.report import Cluster, DuplicateReport, Pair, Review
from dedupkit.matching.rules import AllOf, AnyOf, MatchRules, all_of, any_of
from dedupkit.matching.weighing import Partners
from dedupkit.matching.weights import Feature, Grade

__all__ = [
    "FLOOR",
    "AddressMatcher",
    "AllOf",
    "AnyOf",
    "BirthDateMatcher",
    "Budget",
    "Cluster",
    "ColumnMatcher",
    "CompanyMatcher",
    "Compared",
    "CustomerIndex",
    "DuplicateReport",
    "EmailMatcher",
    "Evaluation",
    "Evidence",
    "ExactMatcher",
    "Feature",
    "Found",
    "Grade",
    "MatchModel",
    "MatchResult",
    "MatchRules",
    "Matcher",
    "NameMatcher",
    "Outcome",
    "Pair",
    "Partners",
    "PhoneMatcher",
    "Rates",
    "RegisterProfile",
    "Review",
    "Skip",
    "SupportsAgreed",
    "SupportsKeys",
    "Thresholds",
    "all_of",
    "any_of",
    "evaluate",
    "explain",
    "find_duplicates",
    "find_field_duplicates",
    "lift",
    "probability",
]
