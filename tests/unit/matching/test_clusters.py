"""Clusters: chains, ties, giant components, and what people said."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedupkit.matching.clusters import JUDGED, LARGEST, Links, Said, cut, link
from dedupkit.matching.weighing import Weighed

Rows = NDArray[np.int64]


def weighed(weights: list[int], household: int = 0, *, capped: bool = False) -> Weighed:
    """Return weights of pairs that have nothing else about them."""
    found = np.array(weights, dtype=np.int64)
    flags = np.zeros(len(found), dtype=np.bool_)
    return Weighed(found, found + 9000, np.full(len(found), household), flags | capped, flags)


def links(pairs: dict[tuple[int, int], int], **options: bool) -> Links:
    """Return links with weights."""
    left, right = (np.array([p[side] for p in sorted(pairs)], dtype=np.int64) for side in (0, 1))
    return Links(left, right, weighed([pairs[p] for p in sorted(pairs)], **options))


def nothing_known(left: Rows, _right: Rows) -> Weighed:
    """Weigh pairs of which nothing is known."""
    return weighed([-9000] * len(left))


def household(left: Rows, _right: Rows) -> Weighed:
    """Weigh pairs that are another person of the household."""
    return weighed([-9000] * len(left), -20_000)


def test_a_chain_holds_where_nothing_speaks_against_it() -> None:
    """A missing pair pulls a chain's join down a little, no more."""
    tree = link(3, links({(0, 1): 9000, (1, 2): 8000}), Said.nothing(3), nothing_known)
    assert cut(tree, 6000, 3).tolist() == [0, 0, 0]


def test_a_chain_falls_apart_where_its_ends_are_two_people() -> None:
    """The pair that no key brought together is weighed, and its household keeps it apart."""
    tree = link(3, links({(0, 1): 9000, (1, 2): 8000}), Said.nothing(3), household)
    assert cut(tree, 6000, 3).tolist() == [0, 0, 2]


def test_capped_links_join_for_review_alone() -> None:
    """A join that rests on capped pairs is weak: no threshold makes it a duplicate."""
    tree = link(2, links({(0, 1): 0}, capped=True), Said.nothing(2), nothing_known)
    assert cut(tree, -2000, 2).tolist() == [0, 1]
    assert cut(tree, -2000, 2, weak=True).tolist() == [0, 0]


def test_what_people_hold_the_same_is_joined_first() -> None:
    """A judgement joins whatever the weights, and at any threshold."""
    said = Said.nothing(3)._replace(same=np.array([[0, 2]]))
    tree = link(3, links({(0, 1): 9000}), said, household)
    assert cut(tree, 10**8, 3).tolist() == [0, 1, 0]
    assert tree.heights.tolist()[0] == JUDGED


def test_a_judgement_parts_nobody() -> None:
    """A card stays with the one it is like, also when that is held the same as an unlike one."""
    said = Said.nothing(3)._replace(same=np.array([[0, 2]]))
    tree = link(3, links({(0, 1): 9000}), said, household)
    assert cut(tree, 6000, 3).tolist() == [0, 0, 0]


def test_judgements_that_follow_from_others_change_nothing() -> None:
    """The third side of a triangle joins what is joined already."""
    said = Said.nothing(3)._replace(same=np.array([[0, 1], [0, 2], [1, 2]]))
    tree = link(3, links({}), said, household)
    assert tree.heights.tolist() == [JUDGED, JUDGED]
    assert cut(tree, 10**8, 3).tolist() == [0, 0, 0]


def test_a_judged_pair_alone_is_joined() -> None:
    """Two cards that only a judgement connects are one cluster."""
    said = Said.nothing(2)._replace(same=np.array([[0, 1]]))
    assert cut(link(2, links({}), said, nothing_known), 10**8, 2).tolist() == [0, 0]


def test_giant_components_are_cut_along_their_weakest_links() -> None:
    """A component beyond the limit falls apart before the linkage, and that is counted."""
    half = LARGEST - 100
    pairs = {(at, at + 1): 9000 for at in range(2 * half - 1)}
    pairs[half - 1, half] = 500
    tree = link(2 * half, links(pairs), Said.nothing(2 * half), nothing_known)
    assert tree.dropped == 1
    labels = cut(tree, -2000, 2 * half)
    assert labels[half - 1] != labels[half]


def test_nothing_gives_no_joins() -> None:
    """Without links there is nothing to cut."""
    tree = link(2, links({}), Said.nothing(2), nothing_known)
    assert cut(tree, 0, 2).tolist() == [0, 1]
