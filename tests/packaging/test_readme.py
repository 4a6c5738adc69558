"""The first screen of the README: ten lines that print what it says."""

import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_first_block_pasted_into_a_fresh_interpreter(tmp_path: Path) -> None:
    """Line by line, as a terminal hands them over, the block prints the block behind it."""
    (language, code), (kind, printed) = BLOCKS[:2]
    assert (language, kind) == ("python", "output")
    done = subprocess.run(
        [sys.executable, "-q", "-i", "-X", "utf8"],
        input=code,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout == printed
    assert set(done.stderr) <= set(">. \n"), done.stderr  # prompts, and no traceback


def test_the_first_block_has_ten_lines() -> None:
    """Ten lines are what a reader takes in."""
    assert len(list(filter(str.strip, BLOCKS[0][1].splitlines()))) == 10


def test_every_page_that_the_readme_links_to_is_there() -> None:
    """Relative links lead to files."""
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [t for t in targets if not (Path(__file__).parents[2] / t).exists()] == []
