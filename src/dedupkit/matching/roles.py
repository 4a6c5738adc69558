"""What a survey and an index ask of a model; `MatchModel` is one that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, Self

from dedupkit.customers import Customer
from dedupkit.matching.blocking import Budget
from dedupkit.matching.evidence import MatchResult
from dedupkit.matching.profile import RegisterProfile
from dedupkit.matching.protocols import Matcher
from dedupkit.matching.weighing import Partners, Scales
from dedupkit.matching.weights import Feature

if TYPE_CHECKING:
    from dedupkit.matching.intake import Register

__all__ = ["Model"]


class Model(Protocol):
    """A model as the engine sees it."""

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """What compares."""

    @property
    def features(self) -> tuple[Feature, ...]:
        """What levels are worth."""

    @property
    def partners(self) -> Partners:
        """How many partners a card has."""

    @property
    def budget(self) -> Budget:
        """How many candidate pairs a kind of key may bring."""

    @property
    def contact_matchers(self) -> frozenset[str]:
        """Names of the matchers that compare contacts."""

    def scales(self, profile: RegisterProfile) -> Scales:
        """Return the weights of all levels under a profile."""

    def read(
        self,
        customers: Any,  # noqa: ANN401  # customers or a table
        columns: Mapping[str, str] | None = None,
    ) -> Register:
        """Read customers into the columns that the matchers need."""

    def compare(
        self, a: Customer, b: Customer, profile: RegisterProfile | None = None
    ) -> MatchResult:
        """Compare two customers."""

    def with_rates(self, features: tuple[Feature, ...], partners: Partners) -> Self:
        """Return the model with fitted rates."""
