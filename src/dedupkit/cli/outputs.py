"""The files that a run writes; each appears whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from dedupkit.cli.runs import MergeRun
from dedupkit.errors import StoreError
from dedupkit.transfer.formulas import plain_text

__all__ = ["check_places", "whole_file", "write_review"]


@contextmanager
def whole_file(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Open a file for writing that takes the place of *path* only when all is written.

    Raises:
        StoreError: the place cannot be written to.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding=encoding, newline="") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def check_places(paths: Iterable[Path]) -> None:
    """Refuse places that cannot be written to, before anything is done; their folders are made.

    Raises:
        StoreError: a place cannot be written to.
    """
    for path in paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror}") from None


def write_review(run: MergeRun, path: Path) -> None:
    """Write what is left to people as a table that spreadsheets open."""
    left = [item for item in run.duplicates if item.reason]
    with whole_file(path, encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(("customers", "probability", "bits", "state", "reason", "plan"))
        writer.writerows(
            (
                plain_text(" ".join(item.ids)),
                f"{item.probability:.6f}",
                f"{item.weight:.3f}",
                item.state.value,
                plain_text(item.reason),
                item.plan.id if item.plan else "",
            )
            for item in (*left, *run.review)
        )
