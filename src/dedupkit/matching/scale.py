"""One matcher's levels under a model and a profile: what each is worth, in thousandths of a bit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, final

from attrs import frozen

from dedupkit.matching.bits import millibits
from dedupkit.matching.hashing import hash_text, kind_of, parts_agreed, value_text
from dedupkit.matching.profile import RegisterProfile, unpack
from dedupkit.matching.weights import Feature, Grade

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedupkit.matching.agreement import Agreement
    from dedupkit.matching.engine import Levels

__all__ = ["Item", "Scale", "flags"]


class Item(NamedTuple):
    """What one matcher adds, in thousandths of a bit, and what of it explains what."""

    same: int
    household: int
    place: int
    people: int | None


NOTHING = Item(0, 0, 0, None)


@final
@frozen(kw_only=True, eq=False, slots=False)
class Scale:
    """One matcher's levels under a model and a profile.

    Attributes:
        name: The matcher's name.
        features: Its features.
        levels: Its levels.
        profile: Of the register.
    """

    name: str
    features: tuple[Feature, ...]
    levels: tuple[str, ...]
    profile: RegisterProfile

    # --- One pair ----------------------------------------------------------------------------

    def item(self, level: int, agreed: Hashable | None) -> Item:
        """Return what one pair of customers adds; the reference for `items`."""
        base = self._bases[level]
        parts = () if agreed is None else self._counted(agreed)
        if any(self.is_junk(part) for part in parts):
            return NOTHING
        same, household, place = base.same, base.household, base.place
        for part in parts:
            kind = self.kind(part)
            ref = self._refs(level, kind)
            rarity = self.rarity(kind, self.people(part))
            same += ref.same - rarity
            household += ref.household - (rarity if ref.shares else 0)
            place += ref.place - (rarity if ref.places else 0)
        people = min((self.people(part) for part in parts), default=None)
        return Item(same, household, place, people)

    def says_nothing(self, own: Hashable | None) -> bool:
        """Tell whether a prepared value holds nothing but junk.

        Args:
            own: The value on which the prepared value agrees with itself.
        """
        if own is None or not self.is_contact:
            return False
        return all(self.is_junk(part) for part in parts_agreed(own))

    # --- Many pairs --------------------------------------------------------------------------

    def items(self, found: Levels) -> tuple[NDArray[np.int64], ...]:
        """Return `item` of many: same, household, place; 0 where a side is missing."""
        import numpy as np

        bases = np.zeros((3, 256), dtype=np.int64)
        for at, base in enumerate(self._bases):
            bases[:, at] = base[:3]
        sums = bases[:, found.levels]
        if not found.agreement.size:
            return tuple(sums)
        shared = found.agreement
        looked = self._look_up(shared)
        counted, owners = looked.counted, shared.owners[looked.counted]
        slots = shared.slots(counted)
        width = int(slots.max(initial=0)) + 1
        # kind and rarity of every part that counts, one row per value and slot
        none = len(shared.kinds)
        kinds = np.full((shared.size, width), none, dtype=np.int64)
        kinds[owners, slots] = shared.kind_codes[counted]
        rarities = np.zeros((shared.size, width), dtype=np.int64)
        rarities[owners, slots] = looked.rarities[counted]
        against = np.zeros((3, 256, none + 1), dtype=np.int64)
        uses = np.zeros((3, 256, none + 1), dtype=np.int64)
        for at in range(len(self.levels)):
            for code, word in enumerate(shared.kinds):
                ref = self._refs(at, word)
                against[:, at, code] = ref.same, ref.household, ref.place
                uses[:, at, code] = 1, ref.shares, ref.places
        some = np.flatnonzero(found.agreed >= 0)
        value, level = found.agreed[some], found.levels[some]
        for slot in range(width):
            kind, rarity = kinds[value, slot], rarities[value, slot]
            for column in range(3):
                sums[column, some] += against[column, level, kind]
                sums[column, some] -= uses[column, level, kind] * rarity
        sums[:, some[looked.junk[value]]] = 0
        return tuple(sums)

    def lone(self, found: Levels) -> NDArray[np.bool_]:
        """Tell which pairs agree on a value that nobody else is known to hold."""
        import numpy as np

        if not found.agreement.size:
            return np.zeros(len(found.levels), dtype=np.bool_)
        some = np.append(self._look_up(found.agreement).lone, False)  # code -1
        lone: NDArray[np.bool_] = some[found.agreed] & flags(self._any("pure"))[found.levels]
        return lone

    def _look_up(self, shared: Agreement) -> _Looked:
        """Look the values agreed on up in the profile."""
        import numpy as np

        people = self.profile.people_with_each(shared.hashes)
        pairs = people * len(shared.kinds) + shared.kind_codes
        distinct, inverse = np.unique(pairs, return_inverse=True)
        each = [divmod(pair, len(shared.kinds)) for pair in distinct.tolist()]
        rarities = np.array(
            [self.rarity(shared.kinds[code], count) for count, code in each], dtype=np.int64
        )[inverse]
        counted = shared.counted(rarities)
        junk = np.zeros(shared.size, dtype=np.bool_)
        if self.profile.junk and self.is_contact:
            hit = np.isin(shared.hashes[counted], unpack(self.profile.junk))
            junk[shared.owners[counted[hit]]] = True
        lone = np.ones(shared.size, dtype=np.bool_)
        lone[shared.owners[counted[people[counted] > 1]]] = False
        return _Looked(rarities, counted, junk, lone)

    # --- Shared by both ----------------------------------------------------------------------

    def kind(self, part: Hashable) -> str:
        """Return what kind of value a part is: the word that leads it, or the matcher."""
        return kind_of(self.name, part)

    def people(self, part: Hashable) -> int:
        """Return how many people share a part."""
        return self.profile.people_with(hash_text(value_text(self.kind(part), part)))

    def is_junk(self, part: Hashable) -> bool:
        """Tell whether a part is a contact that says nothing."""
        if not self.is_contact or not self.profile.junk:
            return False
        return self.profile.is_junk(hash_text(value_text(self.kind(part), part)))

    @cached_property
    def place(self) -> str:
        """Where strangers meet who share its values; blank: nowhere."""
        return next((feature.place for feature in self.features if feature.place), "")

    @cached_property
    def is_contact(self) -> bool:
        """Whether values that many share are no evidence."""
        return any(feature.contact for feature in self.features)

    def rarity(self, kind: str, people: int) -> int:
        """Return the log2 of the share of people who hold a value, in thousandths; at most 0."""
        holders = self.profile.holders.get(kind, self.profile.people)
        feature = self._feature_of(kind)
        typical = feature.grades[0].typical
        return _rarity(people, holders, feature.spread, feature.stray, typical)

    def _feature_of(self, kind: str) -> Feature:
        return self._by_name.get(kind, self.features[0])

    @cached_property
    def _by_name(self) -> Mapping[str, Feature]:
        return {feature.name: feature for feature in self.features}

    def grade(self, feature: Feature, level: int) -> Grade | None:
        """Return the grade that a level is in a feature."""
        position = feature.reads[level]
        return None if position < 0 else feature.grades[position]

    def rate(self, feature: Feature, position: int) -> int:
        """Return the log2 of u, in thousandths."""
        rates = self.profile.rates.get(feature.name)
        if rates is not None and len(rates) == len(feature.grades):
            return rates[position]
        return millibits(feature.grades[position].typical)

    @cached_property
    def _bases(self) -> tuple[Item, ...]:
        return tuple(self._base(level) for level in range(len(self.levels)))

    def _base(self, level: int) -> Item:
        same = household = place = 0
        for feature in self.features:
            position = feature.reads[level]
            if position < 0:
                continue
            grade = feature.grades[position]
            u = self.rate(feature, position)
            same += millibits(grade.m) - u
            if grade.household is not None:
                shared = millibits(grade.household) - u
                household += shared
                place += shared if feature.place else 0
        return Item(same, household, place, None)

    def _refs(self, level: int, kind: str) -> _Ref:
        return (
            self._ref_table[level, kind]
            if (level, kind) in self._ref_table
            else self._ref(level, kind)
        )

    @cached_property
    def _ref_table(self) -> dict[tuple[int, str], _Ref]:
        return {}

    def _ref(self, level: int, kind: str) -> _Ref:
        """Return what a share of people is measured against where a level rests on a kind."""
        feature = self._feature_of(kind)
        position = feature.reads[level]
        grade = feature.grades[position] if position >= 0 else None
        if grade is not None and grade.pure:
            against = self.rate(feature, position)
        else:
            against = self.profile.repeats.get(kind, self.rarity(kind, 1))
        shares = grade is not None and grade.household is not None
        places = shares and bool(feature.place)
        ref = _Ref(against, against if shares else 0, against if places else 0, shares, places)
        self._ref_table[level, kind] = ref
        return ref

    def _counted(self, agreed: Hashable) -> tuple[Hashable, ...]:
        """Return the parts of a value agreed on that count: of alternatives the rarest."""
        parts = parts_agreed(agreed)
        if not isinstance(agreed, frozenset):
            return parts

        def order(part: Hashable) -> tuple[int, int]:
            kind = self.kind(part)
            return self.rarity(kind, self.people(part)), hash_text(value_text(kind, part))

        return (min(parts, key=order),) if parts else ()

    @cached_property
    def sure(self) -> tuple[bool, ...]:
        """Which levels are more than a name or a town."""
        return self._any("sure")

    @cached_property
    def firm(self) -> tuple[bool, ...]:
        """Which levels are so between cards without a person's name."""
        return self._any("firm")

    @cached_property
    def conflicts(self) -> tuple[bool, ...]:
        """Which levels keep two cards apart."""
        return tuple(
            any(
                grade is not None and grade.conflict and grade.m <= RELIABLE
                for grade in (self.grade(feature, level) for feature in self.features)
            )
            for level in range(len(self.levels))
        )

    def _any(self, mark: str) -> tuple[bool, ...]:
        return tuple(
            any(
                grade is not None and getattr(grade, mark)
                for grade in (self.grade(feature, level) for feature in self.features)
            )
            for level in range(len(self.levels))
        )


#: A level is a conflict only where at most so many of one person's cards show it.
RELIABLE = 0.03


class _Looked(NamedTuple):
    """Values agreed on under a profile.

    Attributes:
        rarities: Per part the log2 of the share of people who hold it, in thousandths.
        counted: Positions of the parts that count.
        junk: Per value whether it is a contact that says nothing.
        lone: Per value whether nobody else is known to hold any part that counts.
    """

    rarities: NDArray[np.int64]
    counted: NDArray[np.int64]
    junk: NDArray[np.bool_]
    lone: NDArray[np.bool_]


class _Ref(NamedTuple):
    same: int
    household: int
    place: int
    shares: bool
    places: bool


@lru_cache(maxsize=65_536)
def _rarity(people: int, holders: int, spread: int, stray: float, typical: float) -> int:
    """Return the log2 of the share of people who hold a value, in thousandths.

    The one at hand counts as half a person among the holders and the unseen: whoever holds a value
    alone in a register of ten does not make it one that a tenth of mankind holds. As little does
    such a register tell how common a name is, so what is typical bounds it below.
    """
    unseen = UNSEEN / (holders + UNSEEN)
    others = people - 1 + (holders / spread if spread else 0)
    share = others / max(holders, 1) + 0.5 * stray / (holders + UNSEEN)
    return min(millibits(max(share, typical * stray * unseen * unseen)), 0)


#: People that a register is thought to be drawn from beside its own, where it is small.
UNSEEN = 1000


def flags(values: Sequence[bool]) -> NDArray[np.bool_]:
    """Return one flag per level, as an array that is indexed by the levels of pairs."""
    import numpy as np

    found = np.zeros(256, dtype=np.bool_)
    found[: len(values)] = values
    return found
