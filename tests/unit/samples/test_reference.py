"""The reference page says what the tables say."""

from pathlib import Path

from dedupkit.samples import Kind
from dedupkit.samples.changes import LIFE, OMISSIONS, SLIPS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "samples.md"


def test_every_error_stands_there_with_its_rate() -> None:
    """The page lists the errors in their order, each with its rate at medium difficulty."""
    cells = [
        [cell.strip() for cell in line.split("|")[1:3]]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "%" in line
    ]
    assert cells == [
        [error.kind.value, f"{error.rate * 100:g}%"] for error in (*LIFE, *OMISSIONS, *SLIPS)
    ]


def test_every_kind_is_named() -> None:
    """No kind is left unexplained."""
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in Kind if kind.value not in text] == []
