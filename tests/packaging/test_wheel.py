"""The built wheel, looked into and installed into an empty environment: `make wheel`."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHEEL = Path(os.environ.get("WHEEL", "not built")).resolve()
SOURCE = ROOT / "src"

pytestmark = pytest.mark.skipif(
    not WHEEL.is_file(), reason="`make wheel` builds one and sets WHEEL"
)


@pytest.fixture(scope="module")
def names() -> set[str]:
    """The files in the wheel."""
    with zipfile.ZipFile(WHEEL) as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an empty environment keeps its commands, the wheel and its `cli` extra installed."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", str(folder))
    run(str(folder / "bin/python"), "-m", "pip", "install", "--quiet", f"{WHEEL}[cli]")
    return folder / "bin"


def run(*command: str) -> str:
    """Run a command away from the checkout; return what it prints."""
    return subprocess.run(command, capture_output=True, check=True, cwd="/", text=True).stdout


def test_one_top_level_package(names: set[str]) -> None:
    """The wheel holds the package and its metadata, nothing beside them."""
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"dedupkit"}


def test_every_file_is_in(names: set[str]) -> None:
    """Every file of the source is in the wheel: modules, tables, templates and `py.typed`."""
    files = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "dedupkit/py.typed" in files
    assert files == {name for name in names if name.startswith("dedupkit/")}


def test_it_imports(environment: Path) -> None:
    """It imports from where it was installed, not from the checkout."""
    where = run(str(environment / "python"), "-c", "import dedupkit; print(dedupkit.__file__)")
    assert Path(where.strip()).is_relative_to(environment.parent)


def test_the_command_runs(environment: Path) -> None:
    """The command is installed and explains itself."""
    assert "merge" in run(str(environment / "dedupkit"), "--help")
