"""Texts that a spreadsheet would run as formulas."""

import re
from typing import Final

__all__ = ["given_text", "plain_text"]

#: What spreadsheets take for a formula, apostrophes before it included; phones and numbers are
#: none.
_FORMULA: Final = re.compile(r"'*(?:[=@\t\r]|[+-](?![\d ().,/-]*\Z))")


def plain_text(cell: str) -> str:
    """Return a cell so that a spreadsheet shows it and does not run it.

    >>> plain_text("=1+1"), plain_text("+47 912 34 567"), plain_text("-12.50")
    ("'=1+1", '+47 912 34 567', '-12.50')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def given_text(cell: str) -> str:
    """Return what `plain_text` was given.

    >>> given_text(plain_text("'=1+1")), given_text("'s-Hertogenbosch")
    ("'=1+1", "'s-Hertogenbosch")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
