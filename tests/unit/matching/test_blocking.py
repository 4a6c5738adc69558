"""Blocking: which keys open, what is split, closed and counted; beside a slow oracle."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.matching.blocking import (
    Budget,
    KeyRows,
    candidate_codes,
    open_keys,
    rules_for,
    settle_rule,
)

NO_JUNK = np.empty(0, dtype=np.uint64)


def keys(pairs: list[tuple[int, int]]) -> KeyRows:
    """Return keys from (row, hash), ascending by row."""
    ordered = sorted(pairs)
    rows = np.array([row for row, _ in ordered], dtype=np.int32)
    return KeyRows(rows, np.array([value for _, value in ordered], dtype=np.uint64))


drawn = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=30).map(keys)


@given(drawn)
def test_pairs_are_those_that_share_a_key(some: KeyRows) -> None:
    """The array version gives what comparing all rows gives, each pair once, sorted."""
    held: dict[int, set[int]] = {}
    for row, value in zip(some.rows.tolist(), some.hashes.tolist(), strict=True):
        held.setdefault(row, set()).add(value)
    expected = [a * 10 + b for a in held for b in held if a < b and held[a] & held[b]]
    assert candidate_codes([some], 10)[0].tolist() == sorted(expected)


@given(drawn, drawn, st.integers(0, 20))
def test_what_is_settled_is_what_opens_later(
    some: KeyRows, postcodes: KeyRows, budget: int
) -> None:
    """The keys opened while profiling are those that the profile opens, row by row."""
    kinds = {"email": some, "postcode": postcodes}
    settled = settle_rule(("email",), kinds, budget, junk=NO_JUNK)
    later = open_keys(("email",), kinds, settled.split, settled.closed)

    def pairs(found: KeyRows) -> set[tuple[int, int]]:
        return set(zip(found.rows.tolist(), found.hashes.tolist(), strict=True))

    assert pairs(settled.open) == pairs(later)
    assert len(candidate_codes([settled.open], 10)[0]) <= budget


@given(drawn, st.integers(0, 20))
def test_nothing_is_left_out_without_an_entry(some: KeyRows, budget: int) -> None:
    """Where pairs are lost to the budget, the skips say so (C4)."""
    settled = settle_rule(("email",), {"email": some}, budget, junk=NO_JUNK)
    every, kept = candidate_codes([some], 10)[0], candidate_codes([settled.open], 10)[0]
    assert set(kept.tolist()) <= set(every.tolist())
    assert (len(kept) == len(every)) or sum(skip.pairs for skip in settled.skips) > 0


def test_junk_contacts_open_nothing() -> None:
    """Their keys are closed whatever the budget, and are counted."""
    some = keys([(0, 7), (1, 7), (2, 8), (3, 8)])
    settled = settle_rule(("email",), {"email": some}, 100, junk=np.array([7], dtype=np.uint64))
    assert candidate_codes([settled.open], 10)[0].tolist() == [23]
    (skip,) = settled.skips
    assert (skip.kind, skip.keys, skip.customers, skip.pairs) == ("email", 1, 2, 1)


def test_origins_are_what_all_rules_share() -> None:
    """A pair that two rules bring comes from neither alone."""
    one, other = keys([(0, 1), (1, 1), (2, 1)]), keys([(0, 2), (1, 2)])
    codes, origins = candidate_codes([one, other], 10, [0b01, 0b11])
    assert dict(zip(codes.tolist(), origins.tolist(), strict=True)) == {1: 1, 2: 1, 12: 1}


def test_rules_take_what_kinds_there_are() -> None:
    """Every kind opens, joins only where both their kinds are there."""
    assert rules_for(("city", "given", "email")) == (
        ("city",),
        ("email",),
        ("given",),
        ("given", "city"),
    )


def test_budgets_grow_with_the_register() -> None:
    """Kinds that say little have a small one of their own."""
    budget = Budget(per_customer=2.0, least=100, part=10)
    found = [budget.pairs(rule, 1000) for rule in (("email",), ("surname",), ("surname", "city"))]
    assert found == [2000, 10, 2000]
