"""Laws of clustering: what dendrograms and their cuts keep, whatever the pairs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedupkit.matching.clusters import FLOOR, Links, Said, component_labels, cut, link
from dedupkit.matching.weighing import Weighed

SIZE = 9
PAIRS = [(a, b) for a in range(SIZE) for b in range(a + 1, SIZE)]

Rows = NDArray[np.int64]
Drawn = dict[tuple[int, int], tuple[int, int, bool, bool]]

pair_values = st.tuples(
    st.integers(-9000, 9000),  # weight
    st.integers(-3000, 0),  # household item
    st.booleans(),  # capped
    st.sampled_from((False, False, False, True)),  # conflict
)
drawn_links = st.dictionaries(st.sampled_from(PAIRS), pair_values, max_size=len(PAIRS))
drawn_words = st.dictionaries(st.sampled_from(PAIRS), st.booleans(), max_size=3)


def _weighed(values: list[tuple[int, int, bool, bool]]) -> Weighed:
    weights, household, capped, conflict = (
        [value[column] for value in values] for column in range(4)
    )
    return Weighed(
        np.array(weights, dtype=np.int64),
        np.array(weights, dtype=np.int64) + 8000,
        np.array(household, dtype=np.int64),
        np.array(capped, dtype=np.bool_),
        np.array(conflict, dtype=np.bool_),
    )


def _unknown(left: Rows, _right: Rows) -> Weighed:
    return _weighed([(-8000, 0, True, False)] * len(left))


def _links(drawn: Drawn) -> Links:
    pairs = sorted(drawn)
    left, right = (np.array([p[side] for p in pairs], dtype=np.int64) for side in (0, 1))
    return Links(left, right, _weighed([drawn[pair] for pair in pairs]))


def _said(different: list[tuple[int, int]]) -> Said:
    pairs = np.array(sorted(different), dtype=np.int64).reshape(-1, 2)
    return Said(np.empty((0, 2), dtype=np.int64), pairs, np.zeros(SIZE, dtype=np.bool_))


class TestCuts:
    """M6, C1, C2: a cut is a partition that refines every lower one and keeps people's word."""

    @given(drawn_links, st.integers(FLOOR, 9000), st.integers(FLOOR, 9000))
    def test_higher_refines_lower(self, drawn: Drawn, one: int, other: int) -> None:
        """Two rows that share a cluster at a threshold share it at every lower one."""
        tree = link(SIZE, _links(drawn), Said.nothing(SIZE), _unknown)
        high = cut(tree, max(one, other), SIZE)
        low = cut(tree, min(one, other), SIZE)
        widest = cut(tree, min(one, other), SIZE, weak=True)
        for a, b in PAIRS:
            assert high[a] != high[b] or low[a] == low[b]
            assert low[a] != low[b] or widest[a] == widest[b]

    @given(drawn_links, drawn_words)
    def test_what_is_apart_stays_apart(
        self, drawn: Drawn, words: dict[tuple[int, int], bool]
    ) -> None:
        """Neither a judgement nor a conflict is ever inside a cluster."""
        apart = [pair for pair, is_apart in words.items() if is_apart]
        tree = link(SIZE, _links(drawn), _said(apart), _unknown)
        labels = cut(tree, FLOOR, SIZE, weak=True)
        conflicts = [pair for pair, (*_, conflict) in drawn.items() if conflict]
        assert all(labels[a] != labels[b] for a, b in (*apart, *conflicts))

    @given(drawn_links)
    def test_clusters_are_linked(self, drawn: Drawn) -> None:
        """No cluster holds rows that no chain of links at or above the floor connects."""
        tree = link(SIZE, _links(drawn), Said.nothing(SIZE), _unknown)
        labels = cut(tree, FLOOR, SIZE, weak=True)
        strong = [pair for pair, (weight, *_) in drawn.items() if weight >= FLOOR]
        oracle = list(range(SIZE))
        for _ in range(SIZE):
            for a, b in strong:
                oracle[a] = oracle[b] = min(oracle[a], oracle[b])
        assert all(labels[a] != labels[b] or oracle[a] == oracle[b] for a, b in PAIRS)

    @given(drawn_links)
    def test_a_pair_alone_is_cut_at_its_weight(self, drawn: Drawn) -> None:
        """Where a component is two rows, it holds up to their weight and no further."""
        pair, values = (0, 1), next(iter(drawn.values()), (500, 0, False, False))
        tree = link(SIZE, _links({pair: values}), Said.nothing(SIZE), _unknown)
        weight, _, capped, conflict = values
        joined = cut(tree, weight, SIZE)[1] == 0
        assert joined == (weight >= FLOOR and not capped and not conflict)
        assert cut(tree, weight + 1, SIZE)[1] == 1


class TestComponents:
    """Connected components, beside a slow oracle."""

    @given(st.lists(st.sampled_from(PAIRS), max_size=20))
    def test_labels_are_the_smallest_reachable_rows(self, pairs: list[tuple[int, int]]) -> None:
        """The array version gives what repeated merging gives."""
        expected = list(range(SIZE))
        for _ in range(SIZE):
            for a, b in pairs:
                expected[a] = expected[b] = min(expected[a], expected[b])
        left, right = (np.array([p[side] for p in pairs], dtype=np.int64) for side in (0, 1))
        assert component_labels(SIZE, left, right).tolist() == expected
