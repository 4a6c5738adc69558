"""Drawings of evidence: a waterfall in text and as SVG."""

from __future__ import annotations

from dedupkit.customers import Customer
from dedupkit.matching import explain
from dedupkit.matching.drawing import value_words

RESULT = explain(
    Customer(id="1", first_name="Anna", last_name="<Dahl>", email="anna@dahl.no"),
    Customer(id="2", first_name="Anna", last_name="<Dahl>", email="anna@dahl.no", city="Oslo"),
)


def test_the_text_runs_from_the_prior_to_the_sum() -> None:
    """One line an item, with the value agreed on and who shares it."""
    lines = RESULT.describe().splitlines()
    assert lines[0] == "duplicate"
    assert lines[1].startswith("prior")
    assert "anna@dahl.no (one person)" in RESULT.describe()
    assert lines[-1].startswith("sum")


def test_the_picture_is_escaped_and_reads_without_color() -> None:
    """Every bar has its sign in words; names cannot become tags."""
    html = RESULT._repr_html_()
    assert html.count("<rect") == len(RESULT.evidence) + 1
    assert "<Dahl" not in html
    assert "+" in html
    assert "duplicate 0.985" in html


def test_plain_values_and_reprs_hide_what_was_agreed_on() -> None:
    """Neither shows personal data."""
    shown = repr(RESULT) + str(RESULT.to_dict())
    assert "dahl" not in shown.lower()
    assert RESULT.to_dict()["weight"] == RESULT.weight


def test_values_are_words() -> None:
    """Alternatives, parts and plain values read as a person reads them."""
    assert value_words(frozenset({"b", "a"})) == "a or b"
    assert value_words(("street", "Storgata", "1")) == "Storgata 1"
    assert value_words(None) == ""
    assert value_words(7) == "7"
