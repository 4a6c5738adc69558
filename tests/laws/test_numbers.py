"""The page of laws and the tests of laws name each other's numbers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "reference" / "laws.md").read_text(encoding="utf-8")
LAWS = re.findall(r"^\*\*([A-Z]\d*)\*\* ", PAGE, re.MULTILINE)


def cited(path: Path) -> Iterator[str]:
    """Yield the numbers that the docstrings of a file's tests, and of what they stand in, cite."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield from re.findall(r"\b(?:[MCPX]\d+|N)\b", ast.get_docstring(node) or "")


CITED = {number for path in HERE.glob("test_*.py") for number in cited(path)}


def test_every_law_is_tested() -> None:
    """Each number of the page is cited by a test, or by the class that it stands in."""
    assert [law for law in LAWS if law not in CITED] == []


def test_every_number_is_a_law() -> None:
    """No test cites a number that the page does not state."""
    assert CITED - set(LAWS) == set()


def test_laws_are_numbered_without_gaps() -> None:
    """Each group counts from one, and nothing is stated twice."""
    for group in "MCPX":
        numbers = [int(law[1:]) for law in LAWS if law[0] == group]
        assert numbers == list(range(1, len(numbers) + 1))
