"""Postal addresses: street with house number, postcode and city, graded apart and put together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, ClassVar, Final, NamedTuple, final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from dedupkit.matching.lift import Agreements, key_rows
from dedupkit.matching.matchers.columns import (
    alternatives,
    codes_of,
    grade_pairs,
    narrowed,
)
from dedupkit.matching.matchers.spellings import Spellings
from dedupkit.matching.protocols import Compared
from dedupkit.normalize.address import Street, normalize_address_line, normalize_street
from dedupkit.normalize.countries import normalize_country
from dedupkit.normalize.places import normalize_city, normalize_postal_code
from dedupkit.normalize.street_words import UNITS
from dedupkit.normalize.text import fold

__all__ = ["AddressMatcher", "Building", "Place", "Postcode"]

#: Strongest first.
_LEVELS: Final = (
    "street and postcode",
    "street and city",
    "street nearly, same place",
    "street, elsewhere",
    "street nearly, elsewhere",
    "postcode",
    "postcode and city nearly",
    "city",
    "postcode or city nearly",
    "no part in common",
    "differs",
)

_country: Final = lru_cache(maxsize=1 << 10)(normalize_country)
_city: Final = lru_cache(maxsize=1 << 14)(normalize_city)  # more cities than a country has

# Grades of one part.
_SAME, _NEAR, _OTHER, _MISSING = range(4)

_ONE_ERROR_FROM: Final = 4  # letters
_TWO_ERRORS_FROM: Final = 8
_MAX_ERRORS: Final = 2
_PREFIX: Final = 3
_CARE_OF: Final = "c o "  # somebody else's name, folded


@final
class Building(NamedTuple):
    """A street address prepared for comparing; blank where a part is not known.

    Attributes:
        street: Spelling key of the street's name, without spaces.
        number: House number.
        letter: Letter behind it.
        unit: Flat, floor or door.
    """

    street: str
    number: str
    letter: str
    unit: str


@final
class Postcode(NamedTuple):
    """A postcode, and the country that it is in, blank where that is not known."""

    code: str
    country: str


@final
class Place(NamedTuple):
    """An address prepared for comparing; each part None where it is not known."""

    building: Building | None
    postcode: Postcode | None
    city: str | None


@final
@frozen
class AddressMatcher:
    """Compares addresses as one: where street and house number agree, the place counts with them.

    A street is *nearly* the same where its name has a typing error, or where letter, flat or house
    number is missing or another; neighbors of one street differ. Where a card has neither
    postcode nor city, they are looked for behind the street.

    >>> matcher = AddressMatcher()
    >>> one = matcher.prepare("Storgata 5", None, "0155", "Oslo", "NO")
    >>> other = matcher.prepare("Storgt. 5", None, None, "OSLO", None)
    >>> matcher.levels[matcher.compare(one, other)]
    'street and city'
    """

    name: ClassVar[str] = "address"
    fields: ClassVar[tuple[str, ...]] = ("street", "street2", "postal_code", "city", "country")
    levels: ClassVar[tuple[str, ...]] = _LEVELS

    def prepare(
        self,
        street: str | None,
        street2: str | None,
        postal_code: str | None,
        city: str | None,
        country: str | None,
        /,
    ) -> Place | None:
        """Return the address by its parts; None where only the country is known, or nothing."""
        land = (_country(country) if country else None) or ""
        code = normalize_postal_code(postal_code, land or None) if postal_code else None
        town = _city(city) if city else None
        if street and code is None and town is None:
            line = normalize_address_line(street, land or None)
            building = _building(line.street, street, street2)
            code, town = line.postal_code, _city(line.city) if line.city else None
        else:
            building = _building(normalize_street(street or ""), street, street2)
        place = Place(building, _postcode(code, land) if code else None, town)
        return None if place == (None, None, None) else place

    def compare(self, left: Place, right: Place, /) -> int:
        """Return the level of two addresses."""
        return int(_LEVEL_OF[_grades(left, right)])

    def agreed(self, left: Place, right: Place, /) -> Hashable | None:
        """Return what is equal, from the whole address to the city alone: the rarest counts.

        >>> matcher = AddressMatcher()
        >>> place = matcher.prepare("Storgata 5", None, "0155", None, "NO")
        >>> sorted(matcher.agreed(place, place))
        ['postcode:0155', 'street:storgate 5', 'street:storgate 5, 0155']
        """
        building, postcode, city = _grades(left, right)
        return alternatives(
            _equal_parts(
                left.building if building == _SAME else None,
                left.postcode if postcode == _SAME else None,
                left.city if city == _SAME else None,
            )
        )

    def keys(self, prepared: Place, /) -> Iterable[str]:
        """Return the blocking keys.

        ``street:`` place, house number and the first letters of the street, once with the
        postcode and once with the city. ``postcode:`` and ``city:`` alone are shared by many:
        they are there to be combined with something else.
        """
        return tuple(_keys(prepared))

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[Place | None]:
        """Prepare row by row."""
        return [self.prepare(*row) for row in zip(*columns, strict=True)]

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Grade each part over all pairs at once, and put the grades together."""
        met, left, right = narrowed(values, left, right)
        return _Columns(met).compare(left, right)

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Gather the keys of every value."""
        return key_rows(self.keys, values)


@lru_cache(maxsize=1 << 14)  # one value for all customers of a town
def _postcode(code: str, country: str) -> Postcode:
    return Postcode(code, country)


def _building(first: Street, street: str | None, street2: str | None) -> Building | None:
    """Return the building: in the second line where only that has a number, its flat from both."""
    if street2 and not fold(street2).startswith(_CARE_OF):
        second = normalize_street(street2)
        if not first.number and second.number and second.name.partition(" ")[0] not in UNITS:
            first = second
        elif first.number and not first.unit:
            both = normalize_street(f"{street}, {street2}")
            first = both if both.number == first.number else first
    if not first.key:
        return None
    return Building(first.key, first.number or "", first.letter or "", first.unit or "")


def _level(building: int, postcode: int, city: int) -> int:
    """Put the grades of the parts together, strongest level first."""
    same_place = _SAME in (postcode, city)
    near_place = _NEAR in (postcode, city)
    match building:
        case 0 if postcode == _SAME:
            words = "street and postcode"
        case 0 if city == _SAME:
            words = "street and city"
        case 0 if near_place:
            words = "street nearly, same place"
        case 0:
            words = "street, elsewhere"
        case 1:
            words = "street nearly, same place" if same_place else "street nearly, elsewhere"
        case _ if postcode == _SAME:
            words = "postcode"
        case _ if postcode == city == _NEAR:
            words = "postcode and city nearly"
        case _ if city == _SAME:
            words = "city"
        case _ if near_place:
            words = "postcode or city nearly"
        case _ if building == postcode == city == _MISSING:
            words = "no part in common"
        case _:
            words = "differs"
    return _LEVELS.index(words)


_LEVEL_OF: Final = np.zeros((4, 4, 4), dtype=np.uint8)
for _combined in product(range(4), repeat=3):
    _LEVEL_OF[_combined] = _level(*_combined)


def _grades(left: Place, right: Place) -> tuple[int, int, int]:
    """Grade building, postcode and city."""
    return (
        _grade_building(left.building, right.building)
        if left.building and right.building
        else _MISSING,
        _grade_postcode(left.postcode, right.postcode)
        if left.postcode and right.postcode
        else _MISSING,
        _grade_city(left.city, right.city) if left.city and right.city else _MISSING,
    )


def _grade_building(left: Building, right: Building) -> int:
    if left.street == right.street:
        if left.number != right.number:
            return _OTHER if left.number and right.number else _NEAR
        other_flat = left.unit != right.unit and left.unit and right.unit
        return _NEAR if left.letter != right.letter or other_flat else _SAME
    if left.number != right.number:
        return _OTHER
    return _NEAR if _is_near(left.street, right.street) else _OTHER


def _grade_postcode(left: Postcode, right: Postcode) -> int:
    if left.country != right.country and left.country and right.country:
        return _OTHER
    one, other = sorted((left.code, right.code), key=len)
    if one == other:
        return _SAME
    if len(one) == len(other):
        is_near = len(one) >= _ONE_ERROR_FROM and OSA.distance(one, other, score_cutoff=1) <= 1
    else:
        is_near = len(one) >= _PREFIX and other.startswith(one)
    return _NEAR if is_near else _OTHER


def _grade_city(left: str, right: str) -> int:
    if left == right:
        return _SAME
    return _NEAR if _is_near(left, right) else _OTHER


def _is_near(left: str, right: str) -> bool:
    """Tell whether two words are a typing error apart, or one begins or ends with the other."""
    fewer, more = sorted((left, right), key=len)
    allowed = (len(fewer) >= _ONE_ERROR_FROM) + (len(fewer) >= _TWO_ERRORS_FROM)
    if OSA.distance(left, right, score_cutoff=_MAX_ERRORS) <= allowed:
        return True
    return len(fewer) >= _ONE_ERROR_FROM and (more.startswith(fewer) or more.endswith(fewer))


def _equal_parts(
    building: Building | None, postcode: Postcode | None, city: str | None
) -> Iterator[str]:
    """Name what is equal, each with what narrows it."""
    places = ([postcode.code] if postcode else []) + ([city] if city else [])
    if building:
        street = f"street:{building.street} {building.number}{building.letter}".rstrip()
        yield street
        yield from (f"{street}, {place}" for place in places)
    if postcode:
        yield f"postcode:{postcode.code}"
    if city:
        yield f"city:{city}"


def _keys(place: Place) -> Iterator[str]:
    code = place.postcode.code if place.postcode else None
    where = tuple(filter(None, (code, place.city)))
    if place.building:
        street, number = place.building.street, place.building.number
        yield from (
            f"street:{there} {number} {street[:_PREFIX]}" if number else f"street:{there} {street}"
            for there in where or ("",)
            if there or number
        )
    if code:
        yield f"postcode:{code}"
    if place.city:
        yield f"city:{place.city}"


class _Columns:
    """The parts of many addresses by number; number 0 stands for a part that is not known."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.building, self.buildings = codes_of([None, *(place.building for place in places)])
        self.postcode, self.postcodes = codes_of([None, *(place.postcode for place in places)])
        self.city, self.cities = codes_of([None, *(place.city for place in places)])
        self.street = codes_of(known.street if known else "" for known in self.buildings)[0]
        self.number = codes_of(known.number if known else "" for known in self.buildings)[0]

    def compare(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> Compared:
        building, postcode, city = (
            self._grades(codes[1:][left], codes[1:][right], values, grade, likely)
            for codes, values, grade, likely in (
                (self.building, self.buildings, _grade_building, self._buildings_alike),
                (self.postcode, self.postcodes, _grade_postcode, self._postcodes_alike),
                (self.city, self.cities, _grade_city, self._cities_alike),
            )
        )
        codes, values = self._agreed(
            np.where(building == _SAME, self.building[1:][left], 0),
            np.where(postcode == _SAME, self.postcode[1:][left], 0),
            np.where(city == _SAME, self.city[1:][left], 0),
        )
        return Compared(_LEVEL_OF[building, postcode, city], codes, values)

    def _grades(
        self,
        one: NDArray[np.int32],
        other: NDArray[np.int32],
        values: Sequence[Any],
        grade: Any,  # noqa: ANN401  # each part has its own type
        likely: Any,  # noqa: ANN401  # as above
    ) -> NDArray[np.uint8]:
        grades = np.full(len(one), _MISSING, dtype=np.uint8)
        there = np.flatnonzero((one > 0) & (other > 0))
        grades[there] = grade_pairs(
            grade, values, one[there], other[there], likely=likely, otherwise=_OTHER
        )
        return grades

    def _buildings_alike(
        self, one: NDArray[np.int32], other: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (self.street[one] == self.street[other]) | (
            self.number[one] == self.number[other]
        )
        return found

    def _postcodes_alike(
        self, one: NDArray[np.int32], other: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        codes = ["" if postcode is None else postcode.code for postcode in self.postcodes]
        return _alike(Spellings(codes), one, other)

    def _cities_alike(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
        return _alike(Spellings([city or "" for city in self.cities]), one, other)

    def _agreed(
        self,
        building: NDArray[np.int32],
        postcode: NDArray[np.int32],
        city: NDArray[np.int32],
    ) -> tuple[NDArray[np.int32], tuple[Hashable, ...]]:
        """Number what is equal in every pair, -1 where nothing is."""
        towns, codes = len(self.cities), len(self.postcodes)
        mixed = (building.astype(np.int64) * codes + postcode) * towns + city
        distinct, inverse = np.unique(mixed, return_inverse=True)
        agreements = Agreements()
        numbers = np.array(
            [
                agreements.code(
                    alternatives(
                        _equal_parts(
                            self.buildings[rest // codes],
                            self.postcodes[rest % codes],
                            self.cities[town],
                        )
                    )
                )
                for rest, town in (divmod(number, towns) for number in distinct.tolist())
            ],
            dtype=np.int32,
        )
        return numbers[inverse], agreements.values


def _alike(texts: Spellings, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which pairs may be near: few errors, or one within the other."""
    return texts.within(one, other, _MAX_ERRORS) | texts.nested(one, other)
