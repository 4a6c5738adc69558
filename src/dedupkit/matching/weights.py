"""What levels are worth: reasoned rates for the shipped matchers, as a table.

A level of a matcher is read as a grade of one or more *features* (a name as a given name and a
surname), which count as independent. Three rates belong to a grade: ``m``, how often two cards of
one person show it; ``household``, how often two people of one household do; ``u``, how often two
people drawn from the register do. The first two are here, reasoned, and fitted to the register at
hand by `dedupkit.matching.fitting`; the third is measured on the register, and ``typical`` stands
in where there is no register.

The rates follow from how cards go wrong: nearly everybody spells the own name right, one in eight
has moved, one in five gives another e-mail address the second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, final

from attrs import evolve, field, frozen

from dedupkit.errors import ConfigurationError
from dedupkit.matching.protocols import Matcher

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Feature", "Grade", "features_for"]


@final
@frozen(kw_only=True)
class Grade:
    """One grade of agreement in one feature.

    Attributes:
        word: The name of the grade.
        m: Share of pairs of one person's cards that show it, among those that can compare; (0, 1).
        household: The same for two people of one household; None: as often as unrelated people.
        typical: The same for unrelated people of a register of ten thousand.
        pure: Whether the grade says that values are equal and nothing else, so that its ``u``
            follows from how many people share each value.
        sure: Whether it is more than a name or a town: without one such grade no pair is a
            duplicate.
        firm: The same, between firms alone: a name at one address may be father's and son's.
        conflict: Whether it keeps two cards apart whatever else agrees, in a register where one
            person's cards hardly ever show it.
        strength: How firmly its own ``m`` stands, where more firmly than its feature's.
    """

    word: str
    m: float
    household: float | None = None
    typical: float = 0.01
    pure: bool = False
    sure: bool = False
    firm: bool = False
    conflict: bool = False
    strength: float | None = None


def _as_reads(positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(positions)


@final
@frozen(kw_only=True)
class Feature:
    """One independent respect in which customers agree more or less.

    Attributes:
        name: Unique in a model, and the kind that leads the values agreed on.
        matcher: Name of the matcher whose levels it reads.
        grades: Strongest first.
        reads: For every level of the matcher the position of its grade, -1 where it says nothing.
        floor: The ``m`` of the weakest grade is never fitted below: people move and marry.
        strength: How firmly the reasoned ``m`` stands against what the register shows: the mass
            of the prior over the mass that it meets.
        place: Where strangers meet who share it, and nothing from elsewhere: at an ``"address"``,
            or in a ``"firm"`` (its name, phones and mailboxes); blank: nowhere.
        spread: How many values are typical; 0: not bounded. A birth date is one of 20,000.
        contact: Whether a value that many different people share is no evidence at all.
        stray: How often unrelated people share a contact that is seen nowhere else, as a share of
            what would be expected of names; fitted for contacts, which hardly ever stray.
    """

    name: str
    matcher: str
    grades: tuple[Grade, ...]
    reads: tuple[int, ...] = field(converter=_as_reads)
    floor: float = 0.0
    strength: float = 0.2
    place: str = ""
    spread: int = 0
    contact: bool = False
    stray: float = 1.0

    def __attrs_post_init__(self) -> None:
        if not self.grades or not all(0 < grade.m < 1 for grade in self.grades):
            raise ConfigurationError(f"feature {self.name!r}: every grade needs an m in (0, 1)")
        if not all(-1 <= position < len(self.grades) for position in self.reads):
            raise ConfigurationError(f"feature {self.name!r}: a level reads an unknown grade")

    def grades_of(self, levels: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Read the levels of many pairs; -1 where they say nothing."""
        import numpy as np

        table = np.full(256, -1, dtype=np.int64)
        table[: len(self.reads)] = self.reads
        grades: NDArray[np.int64] = table[levels]
        return grades


def features_for(matcher: Matcher) -> tuple[Feature, ...]:
    """Return the features of a matcher: the shipped table, or a plain ladder for a host's own.

    The ladder gives the strongest level most of ``m`` and the weakest a twentieth.

    >>> from dedupkit.matching import ExactMatcher
    >>> [grade.m for grade in features_for(ExactMatcher("extra.vat_no"))[0].grades]
    [0.93, 0.07]
    """
    if matcher.name == "name":
        return _name_features(matcher)
    if matcher.name in _TABLE:
        known = _TABLE[matcher.name]
        words = [grade.word for grade in known.grades]
        if set(matcher.levels) <= {*words, *_NEUTRAL}:
            reads = (words.index(w) if w in words else -1 for w in matcher.levels)
            return (_reading(known, reads),)
    if tuple(matcher.levels) == ("equal", "differs"):
        grades = (
            Grade(word="equal", m=0.93, typical=0.0005, pure=True, sure=True),
            Grade(word="differs", m=0.07, typical=0.9995),
        )
        return (Feature(name=matcher.name, matcher=matcher.name, grades=grades, reads=(0, 1)),)
    return (_ladder(matcher),)


def _reading(feature: Feature, reads: Iterable[int]) -> Feature:
    return evolve(feature, reads=reads)


def _ladder(matcher: Matcher) -> Feature:
    """Share ``m`` out over the levels of a host's matcher: most first, a twentieth last."""
    between = max(len(matcher.levels) - 2, 0)
    shares = [0.95 - 0.15 * bool(between), *[0.15 / (between or 1)] * between, 0.05]
    grades = tuple(
        Grade(word=word, m=share, typical=0.001, pure=not at, sure=not at)
        for at, (word, share) in enumerate(zip(matcher.levels, shares, strict=False))
    )
    if len(grades) > 1:
        rest = 1 - 0.001 * (len(grades) - 1)
        grades = (*grades[:-1], evolve(grades[-1], typical=rest))
    return Feature(name=matcher.name, matcher=matcher.name, grades=grades, reads=range(len(grades)))


def _name_features(matcher: Matcher) -> tuple[Feature, ...]:
    """Read every level of the name matcher as a given name, a surname, or a special case."""
    from dedupkit.matching.matchers.names import GRADES, PARTS

    def grade(position: int, side: int) -> int:
        word = PARTS[position][side]
        return -1 if word is None else GRADES.index(word)

    def whole(position: int) -> int:
        words = [grade.word for grade in _WHOLE.grades]
        if matcher.levels[position] in words:
            return words.index(matcher.levels[position])
        return words.index("as written") if None not in PARTS[position] else -1

    levels = range(len(matcher.levels))
    return (
        _reading(_GIVEN, [grade(position, 0) for position in levels]),
        _reading(_SURNAME, [grade(position, 1) for position in levels]),
        _reading(_WHOLE, [whole(position) for position in levels]),
    )


_NEUTRAL = ("spells the same name", "no part in common")

_GIVEN = Feature(
    name="given",
    matcher="name",
    strength=3.0,  # without contacts the fit would take households for one person
    reads=(),
    grades=(
        # father and son of one name: of two people of a household, so many share the given name
        Grade(word="equal", m=0.80, household=0.02, typical=0.006, pure=True),
        Grade(word="in part", m=0.07, typical=0.01),
        Grade(word="typing error", m=0.06, typical=0.004),
        Grade(word="similar", m=0.03, typical=0.01),
        Grade(word="differs", m=0.03, typical=0.97),
    ),
)

_SURNAME = Feature(
    name="surname",
    matcher="name",
    floor=0.04,
    reads=(),
    grades=(
        Grade(word="equal", m=0.81, household=0.67, typical=0.003, pure=True),
        Grade(word="in part", m=0.06, household=0.02, typical=0.002),
        Grade(word="typing error", m=0.06, household=0.02, typical=0.003),
        Grade(word="similar", m=0.02, household=0.01, typical=0.008),
        Grade(word="differs", m=0.05, household=0.28, typical=0.984),
    ),
)

_WHOLE = Feature(
    name="whole name",
    matcher="name",
    reads=(),
    grades=(
        Grade(word="given name and surname swapped", m=0.01, household=0.0005, typical=0.000_001),
        Grade(
            word="same name, other generation",
            m=0.002,
            household=0.03,
            typical=0.000_005,
            conflict=True,
        ),
        Grade(word="as written", m=0.988, household=0.9695, typical=0.999_994),
    ),
)

_EMAIL = Feature(
    name="email",
    matcher="email",
    floor=0.10,
    place="firm",
    contact=True,
    reads=(),
    grades=(
        Grade(word="equal", m=0.65, household=0.015, typical=0.0001, pure=True, sure=True),
        Grade(word="equal, a role address", m=0.02, household=0.02, typical=0.001, sure=True),
        Grade(
            word="equal after the provider's rules",
            m=0.04,
            household=0.05,
            typical=0.0001,
            pure=True,
            sure=True,
        ),
        Grade(word="nearly equal", m=0.04, household=0.01, typical=0.0001, sure=True),
        Grade(word="same local part elsewhere", m=0.03, household=0.005, typical=0.0002, sure=True),
        Grade(word="differs", m=0.22, household=0.90, typical=0.999),
    ),
)

_PHONE = Feature(
    name="phone",
    matcher="phone",
    floor=0.10,
    place="firm",
    contact=True,
    reads=(),
    grades=(
        Grade(word="equal", m=0.69, household=0.10, typical=0.0001, pure=True, sure=True),
        Grade(
            word="equal, each with another as well",
            m=0.05,
            household=0.12,
            typical=0.0001,
            pure=True,
            sure=True,
        ),
        Grade(word="equal, other extension", m=0.01, household=0.01, typical=0.0001, sure=True),
        Grade(
            word="same digits, country unknown",
            m=0.04,
            household=0.01,
            typical=0.0001,
            pure=True,
            sure=True,
        ),
        Grade(word="nearly equal", m=0.03, household=0.01, typical=0.0001, sure=True),
        Grade(word="differs", m=0.18, household=0.75, typical=0.999),
    ),
)

_BIRTH_DATE = Feature(
    name="birth_date",
    matcher="birth_date",
    spread=20_000,
    reads=(),
    grades=(
        Grade(word="equal", m=0.89, household=0.02, typical=0.000_07, pure=True, sure=True),
        Grade(word="one digit, transposed or swapped", m=0.05, typical=0.003, sure=True),
        Grade(word="same year, placeholder day", m=0.02, typical=0.001),
        Grade(word="near", m=0.02, typical=0.006),
        Grade(word="differs", m=0.015, typical=0.40, conflict=True),
        # a fit that takes some father and son for one person must not teach itself that this is
        # how one person's birth dates differ
        Grade(word="another generation", m=0.005, typical=0.59, conflict=True, strength=3.0),
    ),
)

_ADDRESS = Feature(
    name="address",
    matcher="address",
    floor=0.10,
    place="address",
    reads=(),
    grades=(
        Grade(
            word="street and postcode", m=0.57, household=0.60, typical=0.0001, pure=True, firm=True
        ),
        Grade(word="street and city", m=0.04, household=0.02, typical=0.0001, pure=True, firm=True),
        Grade(word="street nearly, same place", m=0.10, household=0.05, typical=0.0004, firm=True),
        Grade(
            word="street, elsewhere", m=0.02, household=0.02, typical=0.0002, pure=True, firm=True
        ),
        Grade(word="street nearly, elsewhere", m=0.02, household=0.02, typical=0.0005, firm=True),
        Grade(word="postcode", m=0.04, household=0.05, typical=0.003, pure=True),
        Grade(word="postcode and city nearly", m=0.02, household=0.02, typical=0.003),
        Grade(word="city", m=0.05, household=0.05, typical=0.02, pure=True),
        Grade(word="postcode or city nearly", m=0.02, household=0.02, typical=0.02),
        Grade(word="differs", m=0.12, household=0.15, typical=0.95),
    ),
)

_COMPANY = Feature(
    name="company",
    matcher="company",
    floor=0.05,
    place="firm",
    reads=(),
    grades=(
        Grade(word="equal", m=0.55, household=0.05, typical=0.0005, pure=True),
        Grade(word="nearly equal", m=0.15, household=0.01, typical=0.0005),
        Grade(word="one within the other", m=0.10, household=0.02, typical=0.002),
        Grade(word="in part", m=0.10, household=0.02, typical=0.004),
        Grade(word="differs", m=0.10, household=0.90, typical=0.99),
    ),
)

_TABLE = {feature.matcher: feature for feature in (_EMAIL, _PHONE, _BIRTH_DATE, _ADDRESS, _COMPANY)}
