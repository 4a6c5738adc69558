"""Notices, conflicts and blockers: stable codes, typed data, texts without personal data."""

from pathlib import Path
from string import Formatter

import pytest

from dedupkit.plans import (
    BLOCKER_TEXTS,
    CONFLICT_TEXTS,
    NOTICE_TEXTS,
    Blocker,
    Choice,
    Conflict,
    Notice,
)


def described(texts: dict[str, str], code: str, data: dict[str, str]) -> str:
    """Describe a finding of the grade that a table is for."""
    two = ("7", "9")
    if texts is CONFLICT_TEXTS:
        return Conflict(code=code, key="k", customers=two, data=data).describe()
    make = Notice if texts is NOTICE_TEXTS else Blocker
    return make(code=code, customers=two, data=data).describe()


@pytest.mark.parametrize("texts", [NOTICE_TEXTS, CONFLICT_TEXTS, BLOCKER_TEXTS])
def test_every_text_is_filled_from_its_data(texts: dict[str, str]) -> None:
    """Each brace names a member of the data; none is left over."""
    for code, text in texts.items():
        names = {name for _, name, _, _ in Formatter().parse(text) if name} - {"customers"}
        data = {name: f"<{name}>" for name in names}
        said = described(texts, code, data)
        assert all(value in said for value in data.values())
        assert "{" not in said
        assert "not given" not in said


def test_codes_are_listed_in_order() -> None:
    """The tables are read by people."""
    for texts in (NOTICE_TEXTS, CONFLICT_TEXTS, BLOCKER_TEXTS):
        assert list(texts) == sorted(texts)


def test_a_host_s_own_code_reads_as_words() -> None:
    """A guard names its reason and needs no table."""
    blocker = Blocker(code="credit_check_{open}", customers=("7",))
    assert blocker.describe() == "credit check {open}: 7"


def test_data_that_a_host_left_out_is_said_to_be_missing() -> None:
    """A sentence is better than an exception."""
    assert Blocker(code="undeclared_relation").describe() == (
        "the relation (relation not given) refers to customers and is not declared"
    )


def test_data_of_whatever_type_is_read_out() -> None:
    """Guards of the host answer with what they have."""
    left = Notice(code="rows_left", customers=["1", "2", "3"], data={"relation": (1, None)})
    assert left.describe() == (
        "the rows of 1 and None stay with 1, 2 and 3, reached through the redirect"
    )


def test_no_customer_is_a_word_too() -> None:
    """A reason that concerns the whole register."""
    assert Notice(code="mine").describe() == "mine: no customer"


def test_values_stay_out_of_reprs() -> None:
    """Only the choices hold values, and they do not show them."""
    choice = Choice(key="1", value="anna@shop.example")
    assert "anna" not in repr(Conflict(code="field_open", key="email", choices=[choice]))


DOCS = Path(__file__).parents[3] / "docs" / "reference" / "findings.md"


def test_every_code_is_in_the_reference() -> None:
    """Hosts translate by code, so the list is complete, with the names of the data."""
    text = DOCS.read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    assert set(rows) == {*NOTICE_TEXTS, *CONFLICT_TEXTS, *BLOCKER_TEXTS}
    for code, sentence in (*NOTICE_TEXTS.items(), *CONFLICT_TEXTS.items(), *BLOCKER_TEXTS.items()):
        names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        assert all(f"`{name}`" in rows[code] for name in names - {"customers"}), code
