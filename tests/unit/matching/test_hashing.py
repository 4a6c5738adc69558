"""Hashes of values agreed on: equal ones are alike, whatever a matcher returns."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from dedupkit.matching.hashing import kind_of, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("anna", "given=anna"),
        (frozenset({"bo", "anna"}), "given=[\"'anna'\", \"'bo'\"]"),
        (("given", "anna"), "given=('given', 'anna')"),
        (7, "given=7"),
    ],
    ids=["text", "set", "tuple", "number"],
)
def test_the_text_of_a_value_names_its_kind(value: Hashable, text: str) -> None:
    """Sets are written in order, which varies from process to process."""
    assert value_text("given", value) == text


@pytest.mark.parametrize(
    ("matcher", "part", "kind"),
    [
        ("name", ("surname", "dahl"), "surname"),
        ("address", "city:oslo", "city"),
        ("address", "park:oslo", "address"),
        ("email", "a@b.no", "email"),
        ("points", (7, 9), "points"),
        ("number", 7, "number"),
    ],
)
def test_the_kind_is_the_leading_word_or_the_matcher(
    matcher: str, part: Hashable, kind: str
) -> None:
    """What no word leads is of the matcher's own kind."""
    assert kind_of(matcher, part) == kind
