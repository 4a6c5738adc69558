"""How long work tells of itself: calls on an object that does nothing by default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar, final

__all__ = ["SILENT", "Reporter", "track"]

T = TypeVar("T")


class Reporter(Protocol):
    """What a host passes as ``progress=``; a progress bar, a log, or a test's list.

    Called from the thread that called the library, a few hundred times a stage at most.
    """

    def start(self, stage: str, total: int | None, /) -> None:
        """Begin a stage of *total* units of work (None: unknown)."""

    def advance(self, stage: str, done: int, /) -> None:
        """Tell that *done* more units of the stage are finished."""

    def finish(self, stage: str, /) -> None:
        """End the stage."""


@final
class _Silent:
    def start(self, stage: str, total: int | None, /) -> None:
        """Say nothing."""

    def advance(self, stage: str, done: int, /) -> None:
        """Say nothing."""

    def finish(self, stage: str, /) -> None:
        """Say nothing."""


#: The reporter that says nothing.
SILENT: Reporter = _Silent()


def track(items: Iterable[T], stage: str, total: int, reporter: Reporter) -> Iterator[T]:
    """Yield *items* while telling *reporter* about every hundredth of them.

    The stage ends when the items do, and also when the consumer stops early.

    >>> list(track("ab", "letters", 2, SILENT))
    ['a', 'b']
    """
    step = max(1, total // 100)
    reporter.start(stage, total)
    pending = 0
    try:
        for item in items:
            yield item
            pending += 1
            if pending == step:
                reporter.advance(stage, pending)
                pending = 0
        if pending:
            reporter.advance(stage, pending)
    finally:
        reporter.finish(stage)
