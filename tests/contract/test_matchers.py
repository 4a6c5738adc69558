"""Every shipped matcher keeps the rules, and a broken one trips just the rule it breaks."""

from collections.abc import Callable, Hashable
from typing import Any

import pytest
from attrs import field, frozen

from dedupkit.matching import (
    AddressMatcher,
    BirthDateMatcher,
    CompanyMatcher,
    EmailMatcher,
    ExactMatcher,
    Matcher,
    NameMatcher,
    PhoneMatcher,
)
from dedupkit.matching.protocols import SupportsAgreed, SupportsKeys
from dedupkit.testing import ContractViolation, check_matcher, examine_matcher

SHIPPED: tuple[Matcher, ...] = (
    ExactMatcher("email"),
    ExactMatcher("birth_date"),
    ExactMatcher("address"),
    PhoneMatcher(),
    NameMatcher(),
    EmailMatcher(),
    AddressMatcher(),
    BirthDateMatcher(),
    CompanyMatcher(),
)


@frozen(kw_only=True)
class TownMatcher:
    """A matcher as a host writes it, whose parts can be broken."""

    name: str = "town"
    fields: tuple[str, ...] = ("city",)
    levels: tuple[str, ...] = ("same", "different")
    reads: Callable[[str | None], Hashable | None] = field(default=lambda city: city)
    grades: Callable[[Any, Any], int] = field(default=lambda left, right: int(left != right))
    names_keys: Callable[[Any], str] = field(default="town:{}".format)

    def prepare(self, city: str | None) -> Hashable | None:
        """Read the town."""
        return self.reads(city)

    def compare(self, left: Any, right: Any, /) -> int:  # noqa: ANN401  # prepared values
        """Grade two towns."""
        return self.grades(left, right)

    def keys(self, prepared: Any, /) -> list[str]:  # noqa: ANN401  # a prepared value
        """Name the blocking key."""
        return [self.names_keys(prepared)]


class Initials:
    """The least that a host writes: no values agreed on, no blocking keys."""

    name = "initials"
    fields = ("last_name",)
    levels = ("same", "different")

    def prepare(self, last_name: str | None) -> str | None:
        """Read the first letter."""
        return last_name and last_name[0]

    def compare(self, left: str, right: str, /) -> int:
        """Grade two letters."""
        return int(left != right)


class Columns:
    """A matcher whose columns answer otherwise than it does itself."""

    def __init__(self) -> None:
        """Lend everything else from a sound one."""
        self._sound = ExactMatcher("city")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a matcher has
        return getattr(self._sound, name)

    def compare_columns(self, values: Any, left: Any, right: Any) -> Any:  # noqa: ANN401  # arrays
        """Turn every grade round."""
        compared = self._sound.compare_columns(values, left, right)
        return compared._replace(levels=1 - compared.levels)


BROKEN: dict[str, Matcher] = {
    "K1 blank name": TownMatcher(name=""),
    "K1 no levels": TownMatcher(levels=()),
    "K1 unknown field": TownMatcher(fields=("town",)),
    "K2 unhashable": TownMatcher(reads=lambda city: city and [city]),  # type: ignore[arg-type, return-value]  # the fault
    "K2 moody": TownMatcher(reads=lambda city: city and object()),
    "K3 missing is a value": TownMatcher(reads=lambda city: city or ""),
    "K4 no such level": TownMatcher(grades=lambda left, right: 2 * (left != right)),
    "K5 one-sided": TownMatcher(grades=lambda left, right: int(left >= right) and left != right),
    "K6 strangers first": TownMatcher(grades=lambda left, right: int(left == right)),
    "K7 other columns": Columns(),
    "K8 nameless keys": TownMatcher(names_keys=str),
}


class TestMatchers:
    @pytest.mark.parametrize("matcher", SHIPPED, ids=repr)
    def test_shipped_matchers_keep_every_rule(self, matcher: Matcher) -> None:
        """On all pairs of the sample cards."""
        assert check_matcher(matcher).skipped == ()

    def test_a_plain_matcher_of_a_host_keeps_every_rule(self) -> None:
        """Lifted, it answers the same."""
        assert check_matcher(TownMatcher()).broken == ()

    def test_values_agreed_on_and_keys_are_optional(self) -> None:
        """A matcher of nothing but what the protocol asks for keeps every rule."""
        assert not isinstance(Initials(), SupportsAgreed | SupportsKeys)
        assert check_matcher(Initials()).broken == ()

    @pytest.mark.parametrize("case", BROKEN)
    def test_a_broken_matcher_trips_its_rule(self, case: str) -> None:
        """The first broken rule is the one that names the fault."""
        report = examine_matcher(BROKEN[case])
        assert report.broken[0].rule == case[:2], str(report)
        with pytest.raises(ContractViolation) as caught:
            check_matcher(BROKEN[case])
        assert caught.value.rule == case[:2]
