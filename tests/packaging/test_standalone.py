"""Hosts can run `scenarios` and `contract` with pytest and the extras alone."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PROJECT = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
THERE = {
    *sys.stdlib_module_names,
    "dedupkit",
    "desk",  # which the hard cases share
    *(re.split(r"\W", need.replace("-", "_"), maxsplit=1)[0] for need in NEEDED),
}
FILES = [
    path.relative_to(TESTS).as_posix()
    for pattern in ("conftest.py", "contract/*.py", "scenarios/*.py")
    for path in sorted(TESTS.glob(pattern))
]


def imported(source: str) -> Iterator[str]:
    """Yield the top-level packages that a file imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


@pytest.mark.parametrize("file", FILES)
def test_a_file_imports_nothing_else(file: str) -> None:
    """Whatever is beyond them is asked for with `pytest.importorskip`."""
    assert set(imported((TESTS / file).read_text(encoding="utf-8"))) <= THERE
