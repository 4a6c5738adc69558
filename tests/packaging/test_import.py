"""What `import dedupkit` costs, and what it leaves for later."""

import json
import subprocess
import sys

import pytest

SECONDS = 0.2
HEAVY = {
    *("click", "django", "hypothesis", "openpyxl", "pandas", "polars", "pyarrow", "pytest"),
    *("email_validator", "numpy", "phonenumbers", "rich", "sqlalchemy"),
}

IMPORT = """
import json, sys, time
begin = time.perf_counter()
import dedupkit
seconds = time.perf_counter() - begin
print(json.dumps([seconds, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.fixture(scope="module")
def imports() -> list[tuple[float, set[str]]]:
    """What several fresh interpreters say: seconds taken, top-level packages loaded."""
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-I", "-c", IMPORT], capture_output=True, check=True, text=True
            ).stdout
        )
        for _ in range(5)
    ]
    return [(seconds, set(packages)) for seconds, packages in runs]


def test_the_import_is_quick(imports: list[tuple[float, set[str]]]) -> None:
    """Importing takes less than 200 ms; the quickest run is the one that no neighbor disturbed."""
    assert min(seconds for seconds, _ in imports) < SECONDS


def test_the_import_loads_nothing_heavy(imports: list[tuple[float, set[str]]]) -> None:
    """Importing loads no extra, and none of the heavy core dependencies."""
    assert imports[0][1] & HEAVY == set()
