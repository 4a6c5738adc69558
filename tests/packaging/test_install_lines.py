"""No line of ours tells anybody to install `dedupkit` from an index.

An unrelated project bears the same name there.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "changelog.d/*", "docs/**/*", "examples/**/*", "src/**/*.py")
    for path in ROOT.glob(pattern)
    if path.suffix in {".html", ".ipynb", ".md", ".py", ".toml", ".txt"}
    and "_build" not in path.parts
)
INSTALLS = re.compile(
    r"""(?: \buvx\b | \bpipx\b | \buv\ tool\b              # fetch what they run
          | \b(?:pip3?|uv|poetry|pdm|pixi|hatch|rye|conda|mamba)\b
            [^&;|]* \b(?:install|add|download)\b
          | \bdependencies\b
        )
        [^&;|]*?
        (?<![\w./:@-]) dedupkit (?![\w./:-]|\s*@)            # the bare name: no path, no address
    """,
    re.VERBOSE,
)


@pytest.mark.parametrize("text", TEXTS)
def test_no_line_installs_from_an_index(text: str) -> None:
    """No page, example or docstring says so."""
    lines = (ROOT / text).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if INSTALLS.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "pip install dedupkit",
        "python -m pip install --upgrade 'dedupkit[cli]>=0.1'",
        "%pip install -q dedupkit pandas",
        "uv add dedupkit",
        "uv pip install pandas dedupkit",
        "uvx dedupkit merge customers.csv",
        "uv tool run dedupkit --help",
        "pipx run dedupkit",
        "poetry add dedupkit[sql]",
        "conda install -c conda-forge dedupkit",
        'dependencies = ["dedupkit>=0.1"]',
    ],
)
def test_an_index_is_recognized(line: str) -> None:
    """The common tools are known, with options, extras and versions."""
    assert INSTALLS.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install .",
        "pip install -e '.[cli,sql]' && dedupkit --help",
        "pip install ./dedupkit",
        "pip install dedupkit-0.1.0-py3-none-any.whl",
        "pip install 'dedupkit @ git+https://git.example.org/dedupkit'",
        "dedupkit merge customers.csv",
        "uv run dedupkit find customers.csv",
    ],
)
def test_a_checkout_is_fine(line: str) -> None:
    """Installing from a folder, a wheel or an address is allowed, and so is running."""
    assert not INSTALLS.search(line)
