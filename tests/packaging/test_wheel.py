"""The built wheel, looked into and installed into an empty environment: `make wheel`."""

import os
import subprocess
import sys
import zipfile
from importlib.metadata import metadata
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
    """Where an environment that holds the wheel and all its extras keeps its commands."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", str(folder))
    extras = ",".join(metadata("dedupkit").get_all("Provides-Extra", []))
    run(str(folder / "bin/python"), "-m", "pip", "install", "--quiet", f"{WHEEL}[{extras}]")
    return folder / "bin"


def run(*command: str) -> str:
    """Run a command away from the checkout; return what it prints."""
    done = subprocess.run(command, capture_output=True, check=False, cwd="/", text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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


@pytest.mark.parametrize("folder", ["contract", "scenarios"])
def test_pytest_and_the_extras_suffice(environment: Path, folder: str) -> None:
    """The tests that hosts may run need no other package than those that the extras name."""
    tests = ROOT / "tests" / folder
    if not any(tests.rglob("test_*.py")):
        pytest.skip(f"tests/{folder} is empty")
    summary = run(
        str(environment / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)
    )
    assert "passed" in summary
