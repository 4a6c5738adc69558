"""The shipped way to combine matchers: evidence in bits, from rates that a register may teach."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, final

from attrs import asdict, evolve, field, frozen

from dedupkit.customers import Customer, Judgement, JudgementSet, read_path
from dedupkit.errors import ConfigurationError
from dedupkit.matching.bits import Thresholds, weight_at
from dedupkit.matching.blocking import Budget
from dedupkit.matching.evidence import Evidence, MatchResult, Outcome
from dedupkit.matching.profile import RegisterProfile
from dedupkit.matching.protocols import Matcher, SupportsAgreed
from dedupkit.matching.scale import Scale
from dedupkit.matching.weighing import CAPS, Partners, Scales
from dedupkit.matching.weights import Feature, Grade, features_for
from dedupkit.normalize.countries import normalize_country

if TYPE_CHECKING:
    from dedupkit.matching.index import CustomerIndex

__all__ = ["MatchModel", "outcome_of"]

_FORMAT = "match-model"
_VERSION = 1


def _as_features(features: Iterable[Feature]) -> tuple[Feature, ...]:
    return tuple(features)


def _as_matchers(matchers: Iterable[Matcher]) -> tuple[Matcher, ...]:
    return tuple(matchers)


def _features(model: MatchModel) -> tuple[Feature, ...]:
    return tuple(feature for matcher in model.matchers for feature in features_for(matcher))


@final
@frozen(kw_only=True, cache_hash=True)
class MatchModel:
    """Weighs how customers compare; a value: every change makes another model.

    Attributes:
        matchers: What compares; names are unique.
        features: What their levels are worth; by default the shipped table.
        partners: How many partners a card has on average.
        thresholds: Where duplicates and review begin.
        region: ISO 3166 alpha-2 code of the register's country, for phones without one.
        budget: How many candidate pairs a kind of key may bring.
        is_fitted: Whether the rates were fitted to a register; `find_duplicates` fits a model that
            was not.

    Raises:
        ConfigurationError: two matchers bear one name.

    >>> from dedupkit.customers import Customer
    >>> model = MatchModel.default(region="NO")
    >>> anna = Customer(id="1", first_name="Anna", last_name="Dahl", email="anna@dahl.no")
    >>> result = model.compare(anna, Customer(id="2", email="Anna@Dahl.no", last_name="Dahl"))
    >>> sum(item.millibits for item in result.evidence) == result.millibits
    True
    """

    matchers: tuple[Matcher, ...] = field(converter=_as_matchers)
    features: tuple[Feature, ...] = field(converter=_as_features, factory=tuple, repr=False)
    partners: Partners = field(factory=Partners)
    thresholds: Thresholds = field(factory=Thresholds)
    region: str | None = None
    budget: Budget = field(factory=Budget)
    is_fitted: bool = False

    def __attrs_post_init__(self) -> None:
        names = [matcher.name for matcher in self.matchers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            raise ConfigurationError(
                f"several matchers bear the name {', '.join(twice)}; give each its own"
                if twice
                else "a model needs at least one matcher"
            )
        if not self.features:
            object.__setattr__(self, "features", _features(self))

    @classmethod
    def default(cls, region: str | None = None) -> MatchModel:
        """Return the shipped model: name, e-mail, phone, birth date, address and company.

        Args:
            region: ISO 3166 alpha-2 code of the register's country; phones without a country code
                are read with the customer's country, then with this.

        Raises:
            ConfigurationError: *region* is no such code.
        """
        if region is not None and normalize_country(str(region)) != region:
            raise ConfigurationError("region must be an ISO 3166 alpha-2 code such as 'NO'")
        from dedupkit.matching.matchers import (
            AddressMatcher,
            BirthDateMatcher,
            CompanyMatcher,
            EmailMatcher,
            NameMatcher,
            PhoneMatcher,
        )

        return cls(
            matchers=(
                NameMatcher(),
                EmailMatcher(),
                PhoneMatcher(region),
                BirthDateMatcher(),
                AddressMatcher(),
                CompanyMatcher(),
            ),
            region=region,
        )

    def with_thresholds(self, thresholds: Thresholds) -> MatchModel:
        """Return the model with other thresholds; weights stay as they are."""
        return evolve(self, thresholds=thresholds)

    def with_matchers(self, *matchers: Matcher) -> MatchModel:
        """Return an unfitted model that has further matchers.

        >>> from dedupkit.matching import ExactMatcher
        >>> MatchModel.default().with_matchers(ExactMatcher("extra.vat_no")).matchers[-1].name
        'extra.vat_no'
        """
        return evolve(self, matchers=(*self.matchers, *matchers), features=(), is_fitted=False)

    def compare(
        self, a: Customer, b: Customer, profile: RegisterProfile | None = None
    ) -> MatchResult:
        """Compare two customers; the reference that every engine gives the digits of (law M7).

        Args:
            a: One customer.
            b: The other; the order is no matter (law M1).
            profile: Of their register; None: a typical register of ten thousand customers.
        """
        scales = self.scales(profile or RegisterProfile.typical())
        left = [prepare_one(matcher, a) for matcher in self.matchers]
        right = [prepare_one(matcher, b) for matcher in self.matchers]
        compared = [
            compare_one(matcher, scale, one, other)
            for matcher, scale, one, other in zip(
                self.matchers, scales.scales, left, right, strict=True
            )
        ]
        unlike = self._is_unlike(left, right) or self._is_unlike(right, left)
        return self.result(scales.weigh(compared, unlike=unlike))

    def _is_unlike(
        self, firm: Sequence[Hashable | None], person: Sequence[Hashable | None]
    ) -> bool:
        """Tell whether one side is a firm's card, a company and no name, the other a person's."""
        names = [matcher.name for matcher in self.matchers]
        if not {"name", "company"} <= set(names):
            return False
        name, company = names.index("name"), names.index("company")
        return firm[company] is not None and firm[name] is None and person[name] is not None

    def result(self, evidence: tuple[Evidence, ...]) -> MatchResult:
        """Sum evidence up and read the outcome."""
        weight = sum(item.millibits for item in evidence)
        capped = any(item.name in CAPS for item in evidence)
        outcome = outcome_of(weight, self.thresholds, capped=capped)
        return MatchResult(
            outcome=outcome, millibits=weight, evidence=evidence, thresholds=self.thresholds
        )

    def profile(self, customers: Any, columns: Mapping[str, str] | None = None) -> RegisterProfile:  # noqa: ANN401  # customers or a table
        """Profile a register: what `find_duplicates` makes when it is given no profile.

        Args:
            customers: As for `find_duplicates`.
            columns: As for `find_duplicates`.

        Cost: as much as finding the duplicates.
        """
        from dedupkit.matching.survey import survey

        return survey(self, self.read(customers, columns)).profile

    def fit(
        self,
        customers: Any,  # noqa: ANN401  # customers or a table
        judgements: Iterable[Judgement] = (),
        columns: Mapping[str, str] | None = None,
    ) -> MatchModel:
        """Return a model fitted to a register, without labels, and to judgements where given.

        Args:
            customers: As for `find_duplicates`.
            judgements: What people said about pairs; a `JudgementSet` reads them through redirects.
            columns: As for `find_duplicates`.
        """
        from dedupkit.matching.survey import survey

        said = judgements if isinstance(judgements, JudgementSet) else JudgementSet(judgements)
        return survey(self, self.read(customers, columns), judgements=said, fit=True).model

    def index(self, customers: Iterable[Customer]) -> CustomerIndex:
        """Return an index that checks single customers against these, with the batch's numbers."""
        from dedupkit.matching.index import CustomerIndex

        return CustomerIndex.build(self, customers)

    def with_rates(self, features: tuple[Feature, ...], partners: Partners) -> MatchModel:
        """Return the model with rates that were fitted to a register."""
        return evolve(self, features=features, partners=partners, is_fitted=True)

    def scales(self, profile: RegisterProfile) -> Scales:
        """Return the weights of all levels under a profile."""
        return _scales(self, profile)

    def read(self, customers: Any, columns: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  # a Register; numpy
        """Read customers or a table into the columns that the matchers need."""
        from dedupkit.matching.intake import read_register

        return read_register(customers, self.paths, columns)

    @property
    def paths(self) -> tuple[str, ...]:
        """Field paths that the matchers read."""
        return tuple(dict.fromkeys(path for one in self.matchers for path in one.fields))

    @property
    def contact_matchers(self) -> frozenset[str]:
        """Names of the matchers that compare contacts, which many people may share."""
        return frozenset(feature.matcher for feature in self.features if feature.contact)

    def to_json(self) -> str:
        """Return the model as JSON; `from_json` reads it."""
        data = {
            "format": _FORMAT,
            "version": _VERSION,
            "matchers": [matcher.name for matcher in self.matchers],
            "features": [asdict(feature) for feature in self.features],
            "partners": asdict(self.partners),
            "thresholds": asdict(self.thresholds),
            "region": self.region,
            "budget": asdict(self.budget),
            "is_fitted": self.is_fitted,
        }
        return json.dumps(data, sort_keys=True)

    @classmethod
    def from_json(cls, text: str, *, matchers: Iterable[Matcher] = ()) -> MatchModel:
        """Read a model.

        Args:
            text: What `to_json` gave.
            matchers: The host's own matchers of that model; the shipped ones are found by name.

        Raises:
            ConfigurationError: not a model, of an unknown version, or a matcher is missing.
        """
        try:
            data = json.loads(text)
            if (data["format"], data["version"]) != (_FORMAT, _VERSION):
                raise ConfigurationError("not a match model of version 1; fit and store it again")
            return cls(
                matchers=_named(data["matchers"], data["region"], matchers),
                features=tuple(
                    Feature(**(one | {"grades": tuple(Grade(**g) for g in one["grades"])}))
                    for one in data["features"]
                ),
                partners=Partners(**data["partners"]),
                thresholds=Thresholds(**data["thresholds"]),
                region=data["region"],
                budget=Budget(**data["budget"]),
                is_fitted=data["is_fitted"],
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, ConfigurationError):
                raise
            raise ConfigurationError("not a match model; fit and store it again") from error


def outcome_of(weight: int, thresholds: Thresholds, *, capped: bool) -> Outcome:
    """Read a weight in thousandths of a bit as an outcome; a capped pair is no duplicate."""
    if weight >= weight_at(thresholds.duplicate) and not capped:
        return Outcome.DUPLICATE
    return Outcome.REVIEW if weight >= weight_at(thresholds.review) else Outcome.DISTINCT


def prepare_one(matcher: Matcher, customer: Customer) -> Hashable | None:
    """Prepare one customer's value of one matcher."""
    return matcher.prepare(*(read_path(customer, path) for path in matcher.fields))


def compare_one(
    matcher: Matcher, scale: Scale, left: Hashable | None, right: Hashable | None
) -> tuple[int, Hashable | None] | None:
    """Compare two prepared values: level and value agreed on; None where one is missing.

    A side that holds nothing but junk contacts is missing too.
    """
    if left is None or right is None:
        return None
    told = matcher if isinstance(matcher, SupportsAgreed) else None
    if told and any(scale.says_nothing(told.agreed(one, one)) for one in (left, right)):
        return None
    return matcher.compare(left, right), told.agreed(left, right) if told else None


@lru_cache(maxsize=8)
def _scales(model: MatchModel, profile: RegisterProfile) -> Scales:
    return Scales(
        scales=tuple(
            Scale(
                name=matcher.name,
                features=tuple(f for f in model.features if f.matcher == matcher.name),
                levels=matcher.levels,
                profile=profile,
            )
            for matcher in model.matchers
        ),
        partners=model.partners,
        customers=profile.customers,
    )


def _named(
    names: Sequence[str], region: str | None, given: Iterable[Matcher]
) -> tuple[Matcher, ...]:
    from dedupkit.matching.matchers import ExactMatcher

    known: dict[str, Matcher] = {m.name: m for m in MatchModel.default(region).matchers}
    known |= {matcher.name: matcher for matcher in given}
    found = []
    for name in names:
        if name in known:
            found.append(known[name])
            continue
        try:
            found.append(ExactMatcher(name))
        except ConfigurationError as error:
            raise ConfigurationError(
                f"the model has a matcher {name!r}; pass it as matchers=[…]"
            ) from error
    return tuple(found)
