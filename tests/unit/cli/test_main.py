"""The entry point."""

import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from dedupkit.cli import main


@pytest.mark.parametrize("missing", ["click", "rich.console"])
def test_a_missing_extra_is_named(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not installed is named by its package."""
    for module in [name for name in sys.modules if name.startswith("dedupkit.cli.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, missing, None)

    assert main(["--help"]) == 2
    assert f"needs {missing.partition('.')[0]}; install" in capsys.readouterr().err


def test_a_broken_installation_is_no_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is missing is a fault to see."""
    monkeypatch.delitem(sys.modules, "dedupkit.cli.app", raising=False)
    monkeypatch.setitem(sys.modules, "dedupkit.cli.commands", None)
    monkeypatch.delattr("dedupkit.cli.commands", raising=False)

    with pytest.raises(ImportError):
        main(["--help"])


def test_what_a_host_catches_is_printed_there() -> None:
    """Standard output may be any stream of text."""
    with redirect_stdout(StringIO()) as caught:
        assert main(["--help"]) == 0

    assert "Usage: dedupkit" in caught.getvalue()
