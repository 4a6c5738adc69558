"""From levels to weights: what a model and a profile together make of how two customers compare.

The weight is the log2 of the odds that two cards are one person's:

    prior + one item per matcher - log2(1 + household + place)

where an item compares one person's cards with two unrelated people, and the last term, the
household item, lets other explanations of what agrees have their share: two people of one
household (same place, surname, landline), or two who share nothing but one place, firm or contact.
All of it is integers, thousandths of a bit: any order of adding gives the same digits.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, final

from attrs import frozen

from dedupkit.matching.bits import log_sum, log_sums, millibits
from dedupkit.matching.evidence import Evidence
from dedupkit.matching.scale import Scale, flags

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedupkit.matching.engine import Levels

__all__ = ["CAP", "CAPS", "NEVER", "Partners", "Scales", "Weighed", "add_place"]

#: The weight beyond which a capped pair does not go: as likely as not, which is for review.
CAP = 0

NAME_ALONE = "a name, no contact or birth date"
CONFLICT = "kept apart"
FIRM = "a person and a firm"
#: The caps: a pair that bears one is no duplicate, at whatever weight.
CAPS = (CONFLICT, FIRM, NAME_ALONE)

#: The matchers that compare the names of persons, and those of firms.
PERSON, COMPANY = "name", "company"

#: The log2 of odds that are none, in thousandths.
NEVER = -(10**6)

HOUSEHOLD = "household"
PRIOR = "prior"


@final
@frozen(kw_only=True)
class Partners:
    """How many partners a card has on average, by what they are to it; each above 0.

    Attributes:
        same: Other cards of the same person.
        household: Cards of other people of the household.
        place: Cards of people who share no more than a place, a firm or a contact.
    """

    same: float = 0.6
    household: float = 0.4
    place: float = 0.3


class Weighed(NamedTuple):
    """The weights of pairs: arrays of one length.

    Attributes:
        weights: Thousandths of a bit, caps applied; int64.
        evidence: The weight without prior, household item and caps; int64.
        household: The household item: what other explanations take, at most 0.
        capped: Whether a cap forbids to call the pair a duplicate.
        conflict: Whether the two are kept apart whatever else agrees.
    """

    weights: NDArray[np.int64]
    evidence: NDArray[np.int64]
    household: NDArray[np.int64]
    capped: NDArray[np.bool_]
    conflict: NDArray[np.bool_]


@final
@frozen(kw_only=True, eq=False, slots=False)
class Scales:
    """All matchers of a model under a profile.

    Attributes:
        scales: One per matcher, in the model's order.
        partners: How many partners a card has.
        customers: How many customers there are.
    """

    scales: tuple[Scale, ...]
    partners: Partners
    customers: int

    @cached_property
    def prior(self) -> int:
        """The log2 of the odds that two cards of the register are one person's, in thousandths."""
        return self._odds(self.partners.same)

    def _odds(self, partners: float) -> int:
        return millibits(partners / max(self.customers, 2))

    def holders(self, kind: str) -> int:
        """Return how many people have a value of a kind."""
        profile = self.scales[0].profile
        return profile.holders.get(kind, profile.people)

    @cached_property
    def household(self) -> int:
        """The same for two people of one household."""
        return self._odds(self.partners.household)

    @cached_property
    def place(self) -> int:
        """The same for two people who share a place alone."""
        return self._odds(self.partners.place)

    def weigh(
        self,
        compared: Sequence[tuple[int, Hashable | None] | None],
        *,
        unlike: bool = False,
    ) -> tuple[Evidence, ...]:
        """Return the evidence of one pair; the reference for `weigh_all`.

        Args:
            compared: Per matcher the level and the value agreed on; None where a side is missing.
            unlike: Whether one is a person's card and the other a firm's.
        """
        found = [Evidence(name=PRIOR, millibits=self.prior)]
        household, places = self.household, dict[str, int]()
        sure = conflict = False
        by = {
            scale.name for scale, one in zip(self.scales, compared, strict=True) if one is not None
        }
        persons = PERSON in by
        for scale, one in zip(self.scales, compared, strict=True):
            if one is None:
                continue
            level, agreed = one
            item = scale.item(level, agreed)
            found.append(
                Evidence(
                    name=scale.name,
                    level=scale.levels[level],
                    millibits=item.same,
                    agreed=agreed,
                    people=item.people,
                )
            )
            household += item.household
            if scale.place:
                places[scale.place] = places.get(scale.place, 0) + item.place
            rests = scale.sure[level] or (scale.firm[level] and not persons)
            sure |= rests and item.same > 0
            conflict |= scale.conflicts[level]
        if COMPANY in by and not persons:
            household = NEVER
        place = NEVER
        for meeting in sorted(places):
            place = log_sum(place, places[meeting])
        other = -log_sum(0, log_sum(household, self.place + place))
        if other:
            found.append(Evidence(name=HOUSEHOLD, millibits=other))
        total = sum(item.millibits for item in found)
        caps = {CONFLICT: conflict, FIRM: unlike, NAME_ALONE: not sure}
        name = next((cap for cap, holds in caps.items() if holds), None)
        if name:
            found.append(Evidence(name=name, millibits=min(0, CAP - total)))
        return tuple(found)

    def weigh_all(self, levels: Sequence[Levels], unlike: NDArray[np.bool_]) -> Weighed:
        """Weigh many pairs.

        Args:
            levels: Per matcher how the pairs compare.
            unlike: For each pair whether one is a person's card and the other a firm's.
        """
        import numpy as np

        size = len(unlike)
        same = np.zeros(size, dtype=np.int64)
        household = np.full(size, self.household, dtype=np.int64)
        places: dict[str, NDArray[np.int64]] = {}
        sure = np.zeros(size, dtype=np.bool_)
        conflict = np.zeros(size, dtype=np.bool_)
        persons = self.compared_by(PERSON, levels, size)
        for scale, found in zip(self.scales, levels, strict=True):
            items = scale.items(found)
            same += items[0]
            household += items[1]
            add_place(places, scale, found, items[2])
            rests = flags(scale.sure)[found.levels] | flags(scale.firm)[found.levels] & ~persons
            sure |= rests & (items[0] > 0)
            conflict |= flags(scale.conflicts)[found.levels]
        household[self.between_firms(levels, size)] = NEVER
        place = np.full(size, NEVER, dtype=np.int64)
        for meeting in sorted(places):
            place = log_sums(place, places[meeting])
        other = -log_sums(log_sums(household, place + self.place), 0)
        weights = same + self.prior + other
        capped = ~sure | conflict | unlike
        weights[capped] = np.minimum(weights[capped], CAP)
        return Weighed(weights, same, other, capped, conflict)

    def between_firms(self, levels: Sequence[Levels], size: int) -> NDArray[np.bool_]:
        """Tell which pairs compare firms, of which there are no households."""
        firms = self.compared_by(COMPANY, levels, size)
        return firms & ~self.compared_by(PERSON, levels, size)

    def compared_by(self, matcher: str, levels: Sequence[Levels], size: int) -> NDArray[np.bool_]:
        """Tell which pairs a matcher could compare; none where the model lacks it."""
        import numpy as np

        from dedupkit.matching.engine import MISSING

        for scale, found in zip(self.scales, levels, strict=True):
            if scale.name == matcher:
                some: NDArray[np.bool_] = found.levels != MISSING
                return some
        return np.zeros(size, dtype=np.bool_)


def add_place(
    places: dict[str, NDArray[np.int64]], scale: Scale, found: Levels, items: NDArray[np.int64]
) -> None:
    """Add what a matcher says for strangers who meet at its place; `NEVER` where nothing does."""
    import numpy as np

    from dedupkit.matching.engine import MISSING

    if not scale.place:
        return
    sums = places.setdefault(scale.place, np.full(len(items), NEVER, dtype=np.int64))
    some = found.levels != MISSING
    sums[some] = np.where(sums[some] == NEVER, 0, sums[some]) + items[some]
