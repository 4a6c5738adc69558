"""One pass over a register: encode, profile, fit, weigh. What every entry point is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Generic, TypeVar, final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from dedupkit.customers import JudgementSet
from dedupkit.matching.arrays import distinct, is_member
from dedupkit.matching.blocking import KeyRows, candidate_codes, open_keys, rules_for
from dedupkit.matching.clusters import Dendrogram, Links, Said, component_labels, link
from dedupkit.matching.engine import MISSING, Encoded, Levels, encode, key_rows
from dedupkit.matching.fitting import fit_rates
from dedupkit.matching.intake import Register
from dedupkit.matching.lift import lift
from dedupkit.matching.profile import RegisterProfile, pack, unpack
from dedupkit.matching.profiling import (
    block,
    count_people,
    find_junk,
    identity_tokens,
    measure_rates,
    sample_pairs,
)
from dedupkit.matching.roles import Model
from dedupkit.matching.weighing import Scales, Weighed
from dedupkit.progress import SILENT, Reporter

__all__ = ["Survey", "keys_under", "read_judgements", "survey"]


Rows = NDArray[np.int64]
T = TypeVar("T")
M = TypeVar("M", bound=Model)


@final
@frozen(kw_only=True, eq=False)
class Survey(Generic[M]):
    """A register under a model: what was found out about it, as arrays.

    Attributes:
        register: The customers.
        model: The model, fitted to the register where it was to be.
        profile: The profile.
        encoded: Per matcher the prepared values.
        links: The candidate pairs and their weights.
        dendrogram: How they cluster.
        said: What people said of them.
    """

    register: Register
    model: M
    profile: RegisterProfile
    encoded: tuple[Encoded, ...]
    links: Links
    dendrogram: Dendrogram
    said: Said


def survey(
    model: M,
    register: Register,
    *,
    judgements: JudgementSet | None = None,
    profile: RegisterProfile | None = None,
    fit: bool = False,
    progress: Reporter = SILENT,
) -> Survey[M]:
    """Look at a whole register.

    Args:
        model: Weighs.
        register: The customers.
        judgements: What people said.
        profile: Of this register; None: made here.
        fit: Whether the model is fitted to the register first.
        progress: Hears of every stage.
    """
    encoded = tuple(
        _stage(progress, f"prepare {matcher.name}", partial(encode, lift(matcher), register))
        for matcher in model.matchers
    )
    said = read_judgements(judgements, register)
    if profile is None:
        model, profile, compared = _profiled(
            model, register, encoded, said, fit=fit, progress=progress
        )
    else:
        kinds = key_rows(encoded, register.eligible)
        codes, origins = candidate_codes(_opened(kinds, profile), len(register))
        left, right = _sides(codes, len(register))
        compared = _Compared(
            left,
            right,
            origins,
            unlike(encoded, left, right),
            _stage(progress, "compare", lambda: _compare(encoded, left, right)),
        )
    scales = model.scales(profile)
    final_ = silence_junk(encoded, scales)
    if any(a is not b for a, b in zip(final_, encoded, strict=True)):
        compared = _silenced(compared, final_)
    weighed = _stage(progress, "weigh", lambda: scales.weigh_all(compared.levels, compared.unlike))
    links = Links(compared.left, compared.right, weighed)
    dendrogram = _stage(
        progress,
        "cluster",
        lambda: link(len(register), links, said, _weigher(final_, scales)),
    )
    return Survey(
        register=register,
        model=model,
        profile=profile,
        encoded=final_,
        links=links,
        dendrogram=dendrogram,
        said=said,
    )


@final
@frozen
class _Compared:
    """Candidate pairs and how they compare, per matcher."""

    left: Rows
    right: Rows
    origins: NDArray[np.int64]
    unlike: NDArray[np.bool_]
    levels: tuple[Levels, ...]


def _profiled(
    model: M,
    register: Register,
    encoded: tuple[Encoded, ...],
    said: Said,
    *,
    fit: bool,
    progress: Reporter,
) -> tuple[M, RegisterProfile, _Compared]:
    """Make the profile in two passes: the first counts cards, the second people."""
    size = len(register)
    customers = int(register.eligible.sum())
    tokens = identity_tokens(encoded, size)
    junk = find_junk(encoded, model.contact_matchers, tokens)
    blocks = _stage(
        progress, "keys", partial(block, model.budget, register.eligible, encoded, tokens)
    )
    left, right = _sides(blocks.codes, size)
    sampled = sample_pairs(np.flatnonzero(register.eligible))
    sides = np.concatenate([left, sampled[0]]), np.concatenate([right, sampled[1]])
    both = _stage(progress, "compare", lambda: _compare(encoded, *sides))
    levels = tuple(one.part(slice(0, len(left))) for one in both)
    sample = tuple(one.part(slice(len(left), None)) for one in both)
    compared = _Compared(left, right, blocks.origins, unlike(encoded, left, right), levels)
    base = RegisterProfile(
        customers=max(customers, 1),
        people=max(customers, 1),
        junk=pack(junk),
        split=blocks.split,
        closed=blocks.closed,
        skipped=blocks.skipped,
    )
    names = [matcher.name for matcher in model.matchers]

    def counted(
        people: NDArray[np.int64], kept: NDArray[np.bool_], share: float
    ) -> RegisterProfile:
        counts = count_people(encoded, people)
        return evolve(
            base,
            people=max(len(distinct(people[people >= 0])), 1),
            rates=measure_rates(model.features, names, sample, kept, share),
            repeats=counts.repeats,
            holders=counts.holders,
            values=pack(counts.values),
            counts=counts.counts.astype("<u4").tobytes(),
        )

    people = _obvious(model, compared, register)
    kept = people[sampled[0]] != people[sampled[1]]
    profile = counted(people, kept, _missed(model.partners.same, people))
    reasoned = model
    for _ in range(2 if fit else 1):
        if fit:
            model = _fitted(reasoned, profile, compared, said, size)
        people = _first_pass(model, profile, compared, register)
        kept = people[sampled[0]] != people[sampled[1]]
        profile = counted(people, kept, _missed(model.partners.same, people))
    return model, profile, compared


def _fitted(model: M, profile: RegisterProfile, compared: _Compared, said: Said, size: int) -> M:
    codes = compared.left * size + compared.right
    judged = np.zeros(len(codes), dtype=np.int64)
    judged[np.isin(codes, said.same[:, 0] * size + said.same[:, 1])] = 1
    judged[np.isin(codes, said.different[:, 0] * size + said.different[:, 1])] = 2
    scales = model.scales(profile)
    features, partners = fit_rates(model, scales, compared.levels, compared.origins, judged)
    return model.with_rates(features, partners)


def _missed(partners: float, people: NDArray[np.int64]) -> float:
    """Return the share of one person's cards among pairs of cards that pass for two people's."""
    sizes = np.bincount(people[people >= 0])
    cards = int(sizes.sum())
    found = float((sizes * (sizes - 1)).sum())
    return max(partners * cards - found, 0.0) / max(cards * cards, 1)


def _first_pass(
    model: Model, profile: RegisterProfile, compared: _Compared, register: Register
) -> NDArray[np.int64]:
    """Return for each row the number of its person as far as sure pairs tell, -1 if left out."""
    weighed = model.scales(profile).weigh_all(compared.levels, compared.unlike)
    sure = (weighed.weights >= _SURE) & ~weighed.capped
    labels = component_labels(len(register), compared.left[sure], compared.right[sure])
    return np.where(register.eligible, labels, -1)


_SELDOM = 0.5  # a weakest grade that one person's cards seldom show speaks against them
_SURE = 3000  # thousandths of a bit: nine in ten, since components chain


def _obvious(model: Model, compared: _Compared, register: Register) -> NDArray[np.int64]:
    """Number people before anything is weighed: cards that share a contact and do not disagree."""
    shared = np.zeros(len(compared.left), dtype=np.bool_)
    unlike_ = compared.unlike.copy()
    names = [matcher.name for matcher in model.matchers]
    for feature in model.features:
        grades = feature.grades_of(compared.levels[names.index(feature.matcher)].levels)
        if feature.contact:
            shared |= grades == 0
        elif not feature.place and feature.grades[-1].m < _SELDOM:
            unlike_ |= grades == len(feature.grades) - 1
    agree = shared & ~unlike_
    labels = component_labels(len(register), compared.left[agree], compared.right[agree])
    return np.where(register.eligible, labels, -1)


def _weigher(encoded: Sequence[Encoded], scales: Scales) -> Callable[[Rows, Rows], Weighed]:
    def weigh(left: Rows, right: Rows) -> Weighed:
        return scales.weigh_all(_compare(encoded, left, right), unlike(encoded, left, right))

    return weigh


def _compare(
    encoded: Sequence[Encoded], left: NDArray[Any], right: NDArray[Any]
) -> tuple[Levels, ...]:
    one, other = left.astype(np.int32), right.astype(np.int32)
    return tuple(each.compare(one, other) for each in encoded)


def unlike(encoded: Sequence[Encoded], left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Tell for pairs of rows whether one is a firm's card, the other a person's."""
    by_name = {one.matcher.name: one.codes >= 0 for one in encoded}
    if not {"name", "company"} <= set(by_name):
        return np.zeros(len(left), dtype=np.bool_)
    firm, person = by_name["company"] & ~by_name["name"], by_name["name"]
    found: NDArray[np.bool_] = firm[left] & person[right] | person[left] & firm[right]
    return found


def silence_junk(encoded: tuple[Encoded, ...], scales: Scales) -> tuple[Encoded, ...]:
    """Treat prepared values that hold nothing but junk contacts as missing."""
    found = []
    for one, scale in zip(encoded, scales.scales, strict=True):
        silent = np.zeros(len(one.values), dtype=np.bool_)
        if scale.profile.junk and scale.is_contact and len(one.values):
            agreed, own = one.own
            nothing = np.ones(own.size + 1, dtype=np.bool_)
            nothing[own.owners[~is_member(own.hashes, unpack(scale.profile.junk))]] = False
            nothing[-1] = False  # for code -1
            silent = nothing[agreed]
        if silent.any():
            quiet = np.append(silent, False)[one.codes]  # for code -1
            found.append(evolve(one, codes=np.where(quiet, -1, one.codes).astype(np.int32)))
        else:
            found.append(one)
    return tuple(found)


def _silenced(compared: _Compared, encoded: Sequence[Encoded]) -> _Compared:
    levels = []
    for found, one in zip(compared.levels, encoded, strict=True):
        missing = (one.codes[compared.left] < 0) | (one.codes[compared.right] < 0)
        levels.append(
            Levels(
                np.where(missing, MISSING, found.levels).astype(np.uint8),
                np.where(missing, -1, found.agreed).astype(np.int32),
                found.agreement,
            )
        )
    return evolve(compared, levels=tuple(levels))


def _opened(kinds: dict[str, KeyRows], profile: RegisterProfile) -> list[KeyRows]:
    split = tuple(map(unpack, profile.split))
    closed = unpack(profile.closed)
    return [open_keys(rule, kinds, split, closed) for rule in rules_for(tuple(kinds))]


def keys_under(model: Model, register: Register, profile: RegisterProfile) -> KeyRows:
    """Return all keys of a register that a profile holds open."""
    encoded = [encode(lift(matcher), register) for matcher in model.matchers]
    opened = _opened(key_rows(encoded, register.eligible), profile)
    return KeyRows(
        np.concatenate([np.empty(0, dtype=np.int32), *(one.rows for one in opened)]),
        np.concatenate([np.empty(0, dtype=np.uint64), *(one.hashes for one in opened)]),
    )


def _sides(codes: NDArray[np.int64], size: int) -> tuple[Rows, Rows]:
    return codes // max(size, 1), codes % max(size, 1)


def _stage(progress: Reporter, name: str, work: Callable[[], T]) -> T:
    progress.start(name, None)
    try:
        return work()
    finally:
        progress.finish(name)


def read_judgements(judgements: JudgementSet | None, register: Register) -> Said:
    """Read judgements as pairs of eligible rows."""
    size = len(register)
    if judgements is None or not len(judgements):
        return Said.nothing(size)
    rows = {
        customer_id: row for row, customer_id in enumerate(register.ids) if register.eligible[row]
    }
    chains = judgements.contradictions
    doubtful = np.zeros(size, dtype=np.bool_)
    contradictory = {customer_id for chain in chains for customer_id in chain}
    same: list[tuple[int, int]] = []
    different: list[tuple[int, int]] = []
    members: dict[str, list[int]] = {}
    for group in judgements.groups:
        held = [rows[one] for one in group if one in rows]
        members |= dict.fromkeys(group, held)
        if contradictory & set(group):
            doubtful[held] = True
            different += [(a, b) for at, a in enumerate(held) for b in held[at + 1 :]]
        else:
            same += list(pairwise(held))
    for one, other in judgements.different_pairs:
        left = members.get(one, [rows[one]] if one in rows else [])
        right = members.get(other, [rows[other]] if other in rows else [])
        different += [(min(a, b), max(a, b)) for a in left for b in right if a != b]
    return Said(_as_pairs(same), _as_pairs(different), doubtful)


def _as_pairs(pairs: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    ordered = sorted({(min(pair), max(pair)) for pair in pairs})
    return np.array(ordered, dtype=np.int64).reshape(-1, 2)
