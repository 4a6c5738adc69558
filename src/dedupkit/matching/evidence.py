"""What a comparison says of two customers: an outcome, a weight, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum
from typing import Any, final

from attrs import field, frozen

from dedupkit.matching.bits import BIT, Thresholds, probability

__all__ = ["Evidence", "MatchResult", "Outcome"]


@final
class Outcome(Enum):
    """The machine's reading of two customers."""

    DUPLICATE = "duplicate"
    REVIEW = "review"
    DISTINCT = "distinct"


@final
@frozen(kw_only=True)
class Evidence:
    """One item of a match weight.

    Attributes:
        name: The matcher; or ``"prior"``, ``"household"``, or the name of a cap.
        level: The matcher's word for the grade of agreement; empty for items without one.
        millibits: What it adds, in thousandths of a bit; may be negative.
        agreed: The value agreed on, as the matcher names it; None where there is none. Personal
            data: ``repr`` leaves it out.
        people: How many people of the register share that value, as far as the profile knows;
            None where it does not matter. The rarest counts where there are several.
    """

    name: str
    level: str = ""
    millibits: int = 0
    agreed: Hashable | None = field(default=None, repr=False)
    people: int | None = None

    @property
    def bits(self) -> float:
        """What the item adds, in bits."""
        return self.millibits / BIT


@final
@frozen(kw_only=True)
class MatchResult:
    """How two customers compare.

    Attributes:
        outcome: Duplicate, review or distinct.
        millibits: The match weight, prior included: exactly the sum of the evidence (law M4).
        evidence: The prior, an item per matcher that could compare, at most one household item,
            then caps.
        thresholds: Those that the outcome was read with.
    """

    outcome: Outcome
    millibits: int
    evidence: tuple[Evidence, ...]
    thresholds: Thresholds = field(factory=Thresholds)

    @property
    def weight(self) -> float:
        """The match weight in bits, prior included: the log2 of the odds."""
        return self.millibits / BIT

    @property
    def probability(self) -> float:
        """The match probability, 0..1."""
        return probability(self.weight)

    def describe(self) -> str:
        """Return the evidence as a waterfall in text; shows the values agreed on."""
        from dedupkit.matching.drawing import waterfall_text

        return waterfall_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values, without the values agreed on."""
        return {
            "outcome": self.outcome.value,
            "weight": self.weight,
            "probability": self.probability,
            "evidence": [
                {"name": item.name, "level": item.level, "bits": item.bits, "people": item.people}
                for item in self.evidence
            ],
        }

    def _repr_html_(self) -> str:
        from dedupkit.matching.drawing import waterfall_html

        return waterfall_html(self)
