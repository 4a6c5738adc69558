"""Fitting a model to a register without labels: expectation and maximization over patterns.

Candidate pairs that show the same levels are one *pattern*, so a round costs the same for a
thousand pairs and for ten million. Every pattern is shared out among four explanations (one
person, one household, one place, unrelated), and the shares give new rates, held by the reasoned
ones in proportion to the mass they meet. How often unrelated pairs show a grade is not fitted: it
was measured over all pairs, not over candidates, which are anything but a sample.

What this rests on: the mixture of Fellegi and Sunter (1969) with the estimation by Winkler (1988),
pattern counts as in fastLink (Enamorado, Fifield and Imai, 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from dedupkit.matching.bits import BIT
from dedupkit.matching.engine import Levels
from dedupkit.matching.weighing import NEVER, Partners, Scales, add_place
from dedupkit.matching.weights import Feature, Grade

if TYPE_CHECKING:
    from dedupkit.matching.roles import Model

__all__ = ["fit_rates"]

_ROUNDS = 30
_LEAST_PRIOR = 100.0  # pairs that the reasoned rates count for in any case
_HOUSEHOLD_STRENGTH = 0.3
_STEP = 1000  # rarities are told apart by whole bits, and averaged within a pattern
_NEVER = 900.0  # bits against what cannot be
_DIGITS = 6  # to which rates are rounded, so that they do not depend on the machine
_LEAST_PARTNERS = 0.01

Floats = NDArray[np.float64]


class _Patterns(NamedTuple):
    """What the pairs look like, one entry per pattern.

    Attributes:
        counts: How many pairs.
        levels: Per matcher the level.
        same: Mean log2 of how much likelier the pattern is for one person's cards than for
            unrelated ones, under the rates that the model came with; in bits.
        household: The same for a household.
        places: The same for each place at which strangers meet.
        left_out: Per matcher, whether only its own keys brought the pairs together.
        lone: Per matcher, whether they agree on a value that nobody else is known to hold.
        judged: 1 where people said the same, 2 where they said different, 0 elsewhere.
    """

    counts: Floats
    levels: list[NDArray[np.uint8]]
    same: Floats
    household: Floats
    places: dict[str, Floats]
    left_out: list[NDArray[np.bool_]]
    lone: list[NDArray[np.bool_]]
    judged: NDArray[np.int64]


def fit_rates(
    model: Model,
    scales: Scales,
    levels: Sequence[Levels],
    origins: NDArray[np.int64],
    judged: NDArray[np.int64],
) -> tuple[tuple[Feature, ...], Partners]:
    """Fit the rates and partners of a model.

    Args:
        model: With reasoned rates.
        scales: The same model under the profile of the register.
        levels: Per matcher how the candidate pairs compare.
        origins: For each pair the matchers, as bits, of which all keys had need that brought it.
        judged: For each pair 1 where people said the same, 2 where they said different, else 0.
    """
    if not len(origins):
        return model.features, model.partners
    patterns = _patterns(scales, levels, origins, judged)
    places = [matcher.name for matcher in model.matchers]
    views = [_view(patterns, feature, places.index(feature.matcher)) for feature in model.features]
    features, partners = model.features, model.partners
    for _ in range(_ROUNDS):
        shares = _expect(
            [*zip(model.features, features, views, strict=True)],
            _log_odds(partners, scales.customers),
            patterns,
        )
        masses = [share * patterns.counts for share in shares]
        others = patterns.counts - masses[0] - masses[1] - masses[2]
        features = tuple(
            _restray(_refit(feature, view, masses), float(others[view.lone].sum()), scales)
            for feature, view in zip(model.features, views, strict=True)
        )
        partners = Partners(
            **{
                name: max(round(2 * float(mass.sum()) / scales.customers, _DIGITS), _LEAST_PARTNERS)
                for name, mass in zip(("same", "household", "place"), masses, strict=True)
            }
        )
    return features, partners


class _View(NamedTuple):
    """What the patterns say of one feature.

    Attributes:
        grades: The grade, -1 where they say nothing.
        used: Whether they count for the rates: not those that only its own keys brought together.
        lone: Whether they agree on a value that nobody else is known to hold.
    """

    grades: NDArray[np.int64]
    used: NDArray[np.bool_]
    lone: NDArray[np.bool_]


def _view(patterns: _Patterns, feature: Feature, at: int) -> _View:
    grades = feature.grades_of(patterns.levels[at])
    return _View(grades, (grades >= 0) & ~patterns.left_out[at], patterns.lone[at])


def _log_odds(partners: Partners, customers: int) -> tuple[float, float, float]:
    """Return the log2 of the odds of each explanation, before anything is compared."""
    each = (partners.same, partners.household, partners.place)
    same, household, place = (float(np.log2(count / max(customers, 2))) for count in each)
    return same, household, place


def _expect(
    features: Sequence[tuple[Feature, Feature, _View]],
    prior: tuple[float, float, float],
    patterns: _Patterns,
) -> tuple[Floats, Floats, Floats]:
    """Share every pattern out among one person, one household and one place.

    Args:
        features: Each as it came with the model, as it is now, and what the patterns say of it.
        prior: The log2 of the odds of the three.
        patterns: The patterns.
    """
    same, household = patterns.same.copy(), patterns.household.copy()
    places = {name: bits.copy() for name, bits in patterns.places.items()}
    for old, new, (grade, _, lone) in features:
        at = np.append(np.array([_log(b.m) - _log(a.m) for a, b in _both(old, new)]), 0.0)
        same += at[grade]
        if new.stray != old.stray:
            rarer = np.where(lone, _log(old.stray) - _log(new.stray), 0.0)
            same += rarer
            household += rarer
            if old.place:
                places[old.place] += rarer
        shared = np.append(
            np.array([_log(b.household) - _log(a.household) for a, b in _both(old, new)]), 0.0
        )
        household += shared[grade]
        if old.place:
            places[old.place] += shared[grade]
    place = np.logaddexp2.reduce([*places.values(), np.full(len(same), -_NEVER)])
    odds = [
        np.exp2(np.clip(bits + before, -_NEVER, _NEVER))
        for bits, before in zip((same, household, place), prior, strict=True)
    ]
    odds[0] = np.where(patterns.judged == _DIFFERENT, 0.0, odds[0])
    total = 1.0 + odds[0] + odds[1] + odds[2]
    certain = patterns.judged == _SAME
    return (
        np.where(certain, 1.0, odds[0] / total),
        np.where(certain, 0.0, odds[1] / total),
        np.where(certain, 0.0, odds[2] / total),
    )


_SAME, _DIFFERENT = 1, 2


def _both(old: Feature, new: Feature) -> zip[tuple[Grade, Grade]]:
    return zip(old.grades, new.grades, strict=True)


def _log(rate: float | None) -> float:
    return 0.0 if rate is None else float(np.log2(rate))


def _refit(feature: Feature, view: _View, masses: Sequence[Floats]) -> Feature:
    """Return a feature with the rates that the shares give, held by the reasoned ones."""
    grade, used, _ = view
    same, household, _ = masses
    size = len(feature.grades)
    counts = _mass(grade, used, same, size)
    reasoned = np.array([g.m for g in feature.grades])
    m = _held(counts, reasoned, feature.strength)
    for at, one in enumerate(feature.grades):
        if one.strength is not None:
            m = _set(m, at, float(_held(counts, reasoned, one.strength)[at]))
    if len(m) > 1 and m[-1] < feature.floor:
        m = _set(m, len(m) - 1, feature.floor)
    shared = [g.household for g in feature.grades]
    some = [at for at, rate in enumerate(shared) if rate is not None]
    if some:
        counts = _mass(grade, used, household, size)
        reasoned = np.array([rate or 0.0 for rate in shared])
        rest = 1.0 - float(reasoned.sum())  # in grades that a household shows as strangers do
        rates = _held(
            np.append(counts[some], counts.sum() - counts[some].sum()),
            np.append(reasoned[some], max(rest, 0.0)),
            max(feature.strength, _HOUSEHOLD_STRENGTH),
        )
        for at, rate in zip(some, rates.tolist(), strict=False):
            shared[at] = round(rate, _DIGITS)
    return evolve(
        feature,
        grades=tuple(
            evolve(g, m=round(float(rate), _DIGITS), household=other)
            for g, rate, other in zip(feature.grades, m, shared, strict=True)
        ),
    )


def _restray(feature: Feature, mass: float, scales: Scales) -> Feature:
    """Return a contact's feature with the share of its values that stray.

    Args:
        feature: Any feature; others than contacts are left as they are.
        mass: Unrelated pairs that agree on a value that nobody else is known to hold.
        scales: Of the reasoned model; tell how many people have a contact.
    """
    if not feature.contact:
        return feature
    holders = scales.holders(feature.name)
    # every holder's value is expected half a time more, among as many
    expected = holders / 8 + _LEAST_PRIOR
    stray = min((mass + _LEAST_PRIOR * _LEAST_STRAY) / expected, 1.0)
    return evolve(feature, stray=round(max(stray, _LEAST_STRAY), _DIGITS))


_LEAST_STRAY = 0.05


def _mass(grade: NDArray[np.int64], used: NDArray[np.bool_], mass: Floats, size: int) -> Floats:
    return np.bincount(grade[used], weights=mass[used], minlength=size).astype(np.float64)


def _held(counts: Floats, reasoned: Floats, strength: float) -> Floats:
    total = float(counts.sum())
    prior = max(strength * total, _LEAST_PRIOR)
    rates: Floats = np.maximum((counts + prior * reasoned) / (total + prior * reasoned.sum()), 1e-5)
    return rates


def _set(m: Floats, at: int, rate: float) -> Floats:
    """Set one rate; the others give way in proportion."""
    changed: Floats = m * (1 - rate) / (m.sum() - m[at])
    changed[at] = rate
    return changed


# --- Patterns ------------------------------------------------------------------------------------


def _patterns(
    scales: Scales,
    levels: Sequence[Levels],
    origins: NDArray[np.int64],
    judged: NDArray[np.int64],
) -> _Patterns:
    size = len(origins)
    sums = np.zeros((2, size), dtype=np.int64)
    places: dict[str, NDArray[np.int64]] = {}
    code = origins * 3 + judged
    for scale, found in zip(scales.scales, levels, strict=True):
        same, household, place = scale.items(found)
        sums += np.stack((same, household))
        add_place(places, scale, found, place)
        code = _joined(code, found.levels.astype(np.int64) + 1 & 0xFF, len(scale.levels) + 1)
    sums[1, scales.between_firms(levels, size)] = NEVER
    lone = [
        scale.lone(found) if scale.is_contact else np.zeros(size, dtype=np.bool_)
        for scale, found in zip(scales.scales, levels, strict=True)
    ]
    for column in lone:
        code = _joined(code, column.astype(np.int64), 2)
    for row in (*sums, *places.values()):
        steps = row // _STEP
        steps -= steps.min()
        code = _joined(code, steps, int(steps.max()) + 1)
    _, first, inverse, counts = np.unique(
        code, return_index=True, return_inverse=True, return_counts=True
    )
    means = [np.bincount(inverse, weights=row) / counts / BIT for row in sums]
    return _Patterns(
        counts=counts.astype(np.float64),
        levels=[found.levels[first] for found in levels],
        same=means[0],
        household=means[1],
        places={
            name: np.bincount(inverse, weights=row) / counts / BIT for name, row in places.items()
        },
        left_out=[(origins[first] >> at & 1).astype(np.bool_) for at in range(len(levels))],
        lone=[column[first] for column in lone],
        judged=judged[first],
    )


def _joined(code: NDArray[np.int64], values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Number the combinations of two columns, in order; *values* are below *width*."""
    if int(code.max()) >= _ROOM // width:
        code = np.unique(code, return_inverse=True)[1].astype(np.int64)
    return code * width + values


_ROOM = 2**62
