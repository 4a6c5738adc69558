"""What stands on the screen: progress on stderr, results on stdout."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from dedupkit.progress import SILENT, Reporter

__all__ = ["Screen", "reporter"]


@final
class Screen:
    """Prints results to stdout: for people, or as JSON.

    Args:
        as_json: Whether `result` prints JSON, and everything else nothing.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self._as_json = as_json
        self._console = Console(markup=False, highlight=False, soft_wrap=True)

    def result(self, data: Mapping[str, Any]) -> None:
        """Print the result as JSON, where that was asked for."""
        if self._as_json:
            in_full = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
            print(json.dumps(data, ensure_ascii=not in_full, indent=2))

    def heading(self, words: str) -> None:
        """Print a line that begins a part."""
        self._print(Text(_shown(words), style="bold"))

    def line(self, words: str = "", style: str = "") -> None:
        """Print a line."""
        self._print(Text(_shown(words), style=style))

    def table(self, rows: Sequence[tuple[str, int | str]]) -> None:
        """Print names and what belongs to them, aligned; numbers to the right."""
        names = max((len(name) for name, _ in rows), default=0)
        digits = max((len(f"{v:,}") for _, v in rows if isinstance(v, int)), default=0)
        for name, value in rows:
            shown = f"{value:>{digits},}" if isinstance(value, int) else _shown(value)
            self._print(Text.assemble((f"  {_shown(name):<{names}}  ", "dim"), shown))

    def _print(self, what: Any) -> None:  # noqa: ANN401  # whatever rich can draw
        if not self._as_json:
            self._console.print(what)


def _shown(words: str) -> str:
    """Return words of which none steers the terminal, nor turns the line around."""
    return _STEERING.sub("\ufffd", words)


_STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@contextmanager
def reporter() -> Iterator[Reporter]:
    """Show progress on stderr while the block runs, where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield SILENT
        return
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bars(progress)


@final
class _Bars:
    """A reporter that draws one bar a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def start(self, stage: str, total: int | None, /) -> None:
        self._tasks[stage] = self._progress.add_task(stage, total=total, rate="")

    def advance(self, stage: str, done: int, /) -> None:
        task_id = self._tasks[stage]
        speed = self._progress.tasks[task_id].speed
        rate = f"{speed:,.0f}/s" if speed else ""
        self._progress.update(task_id, advance=done, rate=rate)

    def finish(self, stage: str, /) -> None:
        self._progress.remove_task(self._tasks.pop(stage))
