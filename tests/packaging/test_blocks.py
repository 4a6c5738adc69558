"""Every example runs: the blocks of README and docs, and the docstrings of the package.

In a page, an `output` block is what the blocks before it must have printed.
"""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest
from sybil import Document, Example
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

import dedupkit

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if "_build" not in page.parts
)
MODULES = ["dedupkit", *(m.name for m in pkgutil.walk_packages(dedupkit.__path__, "dedupkit."))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run(
    page: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python blocks of a page run in order, in an empty folder, and print what it says."""

    def printed(example: Example) -> str | None:
        actual, expected = capsys.readouterr().out.strip(), example.parsed.strip()
        return None if actual == expected else f"expected:\n{expected}\n\nprinted:\n{actual}"

    monkeypatch.chdir(tmp_path)
    parsers = (
        PythonCodeBlockParser(doctest_optionflags=FLAGS),
        CodeBlockParser("output", printed),
        SkipParser(),
    )
    for example in Document.parse(str(ROOT / page), *parsers):
        example.evaluate()


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each docstring's example runs alone, with the names of its module."""
    monkeypatch.chdir(tmp_path)
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        if problem := first_problem(test):
            pytest.fail(problem, pytrace=False)


def first_problem(test: doctest.DocTest) -> str | None:
    """Run a docstring's examples; say where one went wrong, what it should have given, and gave."""
    try:
        doctest.DebugRunner(optionflags=FLAGS).run(test)
    except doctest.DocTestFailure as failure:
        example, got = failure.example, failure.got
    except doctest.UnexpectedException as failure:
        example, got = failure.example, repr(failure.exc_info[1])
    else:
        return None
    line = (test.lineno or 0) + example.lineno + 1
    return f"{test.filename}:{line}: {example.source}expected: {example.want}got: {got}"
