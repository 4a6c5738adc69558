"""The example of a host's own class: merged where it lives, and undone."""

import runpy
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_class" / "guests.py"


def test_the_example_merges_and_undoes(capsys: pytest.CaptureFixture[str]) -> None:
    """The duplicate is marked in the host's own object, and after the undo all is as before."""
    runpy.run_path(str(EXAMPLE), run_name="__main__")

    merged, as_before = capsys.readouterr().out.split("as before:")
    assert merged.count("merged_into=1") == 1
    assert "merged_into=1" not in as_before


def test_the_example_is_short() -> None:
    """Forty lines are all it takes."""
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 40
