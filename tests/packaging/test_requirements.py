"""The page of requirements names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "requirements.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(\w+/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_is_there(file: str, name: str) -> None:
    """The file has a test, or a class of tests, of that name."""
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert re.search(rf"^(?:class|    def|def) {name}\b", source, re.MULTILINE)


def test_requirements_are_numbered_without_gaps() -> None:
    """Each shop counts from one."""
    for shop in "NPWIE":
        numbers = [int(n) for n in re.findall(rf"\*\*R-{shop}(\d+)\*\*", PAGE)]
        assert numbers == list(range(1, len(numbers) + 1))
