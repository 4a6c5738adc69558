"""Texts that a spreadsheet would run."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import Customer
from dedupkit.transfer import read_customers, write_customers
from dedupkit.transfer.formulas import given_text, plain_text


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "+a", "-2+x", "\t=1", "'=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """What a spreadsheet would run begins with an apostrophe."""
    assert plain_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+47 912 34 567", "-12.50", "'s-Hertogenbosch", "Anna", "", "-"])
def test_numbers_phones_and_names_stay_as_they_are(text: str) -> None:
    """They are no formulas."""
    assert plain_text(text) == given_text(text) == text


@given(st.text(alphabet="'=+-@\t\ra1 "))
def test_nothing_is_lost(text: str) -> None:
    """Whatever a cell holds is read as it was written."""
    assert given_text(plain_text(text)) == text


def test_an_export_holds_none_and_reads_the_same() -> None:
    """In whatever field it stands."""
    card = Customer(id="=1", first_name="=cmd|x", email="@a", extra={"code": "-x"}, groups=["+a"])
    file = StringIO()
    write_customers([card], file)

    cells = file.getvalue().splitlines()[1].split(";")
    assert all(cell.startswith("'") for cell in cells)
    assert read_customers(file.getvalue().encode(), "a.csv").customers == (card,)
