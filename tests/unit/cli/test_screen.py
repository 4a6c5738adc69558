"""The screen."""

import io
import sys

import pytest

from dedupkit.cli.screen import Screen, reporter
from dedupkit.progress import SILENT


def test_tables_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """Names stand in one column, numbers end in one."""
    Screen().table([("customers", 2400), ("clusters", 7), ("read as", "utf-8")])

    assert capsys.readouterr().out.splitlines() == [
        "  customers  2,400",
        "  clusters       7",
        "  read as    utf-8",
    ]


def test_names_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets in a name are no markup."""
    Screen().line("[bold]Anna[/bold]")
    Screen().heading("[red]x")
    Screen().table([])

    assert capsys.readouterr().out == "[bold]Anna[/bold]\n[red]x\n"


def test_json_comes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Where JSON was asked for, nothing else is printed; otherwise none is."""
    screen = Screen(as_json=True)
    screen.line("words")
    screen.result({"navn": "Åse"})
    Screen().result({"navn": "Åse"})

    assert capsys.readouterr().out == '{\n  "navn": "Åse"\n}\n'


def test_without_a_terminal_there_is_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log file is no place for bars."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    with reporter() as progress:
        assert progress is SILENT


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_terminal_shows_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage has a bar of its own, with or without a known end."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with reporter() as progress:
        progress.start("compare", 10)
        progress.advance("compare", 5)
        progress.advance("compare", 5)
        progress.start("think", None)
        progress.finish("think")

    assert "compare" in terminal.getvalue()


def test_values_steer_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither its colors nor the direction of a line, whatever stands in a name."""
    screen = Screen()
    screen.heading("\x1b[31mAnna")
    screen.line("\x1b]0;x\x07\u202eAnna\r")
    screen.table([("\x9bname", "\x1b[2JAnna")])
    said = capsys.readouterr().out
    assert said.count("Anna") == 3
    assert not {"\x1b", "\x07", "\u202e", "\r", "\x9b"} & set(said)
