"""Cells of a host's rows."""

from datetime import date
from enum import Enum

import pytest

from dedupkit.customers import ConsentState
from dedupkit.customers.cells import is_true, state_of, text_of, truth_of


class Color(Enum):
    """A host's enumeration."""

    RED = "red"


@pytest.mark.parametrize(
    ("cell", "text"),
    [(Color.RED, "red"), (1.5, "1.5"), (date(2020, 1, 2), "2020-01-02"), (None, None)],
)
def test_texts(cell: object, text: str | None) -> None:
    """Whatever stands in a cell has a text, or is missing."""
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "truth"), [("SÍ", True), ("nein", False), (1.0, True), ("perhaps", None), (None, None)]
)
def test_truths(cell: object, truth: bool | None) -> None:
    """Yes and no are understood in the languages of Europe's shops."""
    assert truth_of(cell) is truth


@pytest.mark.parametrize(
    ("cell", "truth"), [("a hash", True), ("", False), (0, False), ("x", True)]
)
def test_whatever_is_there_counts_as_yes(cell: object, truth: bool) -> None:
    """A password column says yes by being filled."""
    assert is_true(cell) is truth


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("yes", ConsentState.GRANTED),
        ("no", ConsentState.WITHDRAWN),
        ("Objected", ConsentState.OBJECTED),
        (ConsentState.PENDING, ConsentState.PENDING),
        ("", None),
        ("perhaps", None),
    ],
)
def test_states(cell: object, state: ConsentState | None) -> None:
    """A consent is a word for its state, or yes and no."""
    assert state_of(cell, ConsentState.WITHDRAWN) is state
