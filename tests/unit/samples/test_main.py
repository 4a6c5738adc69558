"""The command: files for a register, its truth and its orders."""

from pathlib import Path
from runpy import run_path

import pytest

from dedupkit.samples import __main__
from dedupkit.samples.__main__ import main


def test_writes_the_files_that_are_asked_for(tmp_path: Path) -> None:
    """Customers with a byte order mark, the truth and the orders each in a file of its own."""
    out, truth, orders = (tmp_path / name for name in ("out.csv", "truth.csv", "orders.csv"))
    arguments = [str(out), "--size", "50", "--seed", "7", "--countries", "NO,SE"]
    main([*arguments, "--truth", str(truth), "--orders", str(orders)])
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid;number;first_name;")
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 51
    assert len(truth.read_text(encoding="utf-8-sig").splitlines()) == 51
    assert orders.read_text(encoding="utf-8-sig").startswith("order_id;customer_id\n")


def test_writes_the_customers_alone(tmp_path: Path) -> None:
    """Without the options there is one file."""
    main([str(tmp_path / "out.csv"), "--size", "5"])
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_runs_as_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The arguments are those of the command line."""
    monkeypatch.setattr("sys.argv", ["samples", str(tmp_path / "out.csv"), "--size", "3"])
    run_path(__main__.__file__, run_name="__main__")
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


def test_refuses_an_unknown_country(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error names it, the exit code is 2, and nothing is written."""
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "out.csv"), "--countries", "XX"])
    assert stopped.value.code == 2
    assert "XX" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
