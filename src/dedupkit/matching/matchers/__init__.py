"""The shipped matchers, one module a strategy; each works value by value and column by column."""

from dedupkit.matching.matchers.address import AddressMatcher
from dedupkit.matching.matchers.birth_date import BirthDateMatcher
from dedupkit.matching.matchers.company import CompanyMatcher
from dedupkit.matching.matchers.email import EmailMatcher
from dedupkit.matching.matchers.exact import ExactMatcher
from dedupkit.matching.matchers.names import NameMatcher
from dedupkit.matching.matchers.phone import PhoneMatcher

__all__ = [
    "AddressMatcher",
    "BirthDateMatcher",
    "CompanyMatcher",
    "EmailMatcher",
    "ExactMatcher",
    "NameMatcher",
    "PhoneMatcher",
]
