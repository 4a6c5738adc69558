"""Text to rows: the separator is recognized, and rows of the wrong shape are named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final, final

from attrs import frozen

from dedupkit.errors import FileFault, InvalidFileError
from dedupkit.transfer.decoding import decode, has_broken_byte

__all__ = ["MAX_FAULTS", "Sheet", "capped", "read_sheet"]

#: Faults that an error lists; the last one says how many more there are.
MAX_FAULTS: Final = 20
#: Characters in one cell; more than any spreadsheet holds.
MAX_CELL: Final = 100_000

_SEPARATORS: Final = (";", ",", "\t", "|")
_SAMPLE: Final = 50


@final
@frozen(kw_only=True)
class Sheet:
    """A table of texts.

    Attributes:
        file: Name of the file.
        encoding: What it is encoded in.
        separator: What divides its cells.
        header: Names of the columns, each once; blank where a column has none.
        rows: Number of each row that holds anything, as a spreadsheet shows it, and its cells.
    """

    file: str
    encoding: str
    separator: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(
    content: bytes,
    file: str,
    *,
    separator: str | None = None,
    encoding: str | None = None,
    faults: list[FileFault] | None = None,
) -> Sheet:
    r"""Read a file of separated values whose first row names the columns.

    Args:
        content: The bytes of the file.
        file: Its name, for errors.
        separator: One character; None recognizes ``;``, ``,``, tab and ``|``.
        encoding: A Python codec; None recognizes UTF-8, UTF-16 with its mark, and cp1252.
        faults: Takes the faults of rows, which are then left out; None raises them.

    Raises:
        InvalidFileError: the file is empty, broken, or rows have not the shape of the header; as
            many faults as fit are named at once.

    >>> read_sheet(b"id;name\n1;Anna\n", "a.csv").rows
    ((2, ('1', 'Anna')),)
    """
    if separator is not None and len(separator) != 1:
        raise InvalidFileError(file, [FileFault(problem="a separator is one character")])
    text, found = decode(content, encoding, file)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InvalidFileError(file, [FileFault(problem="is empty; a header and rows are needed")])
    if text.count("\0") > len(text) // 10:
        problem = "is mostly NUL bytes, as UTF-16 without its mark is; name its encoding"
        raise InvalidFileError(file, [FileFault(problem=problem)])
    named = re.match(r"sep=(.)\r?\n", text)  # what spreadsheets write above the header
    lines = list(io.StringIO(text, newline=""))  # csv wants the ends of lines as they are
    chosen = separator or (named and named[1]) or _recognized(lines)
    found_faults: list[FileFault] = [] if faults is None else faults
    rows = list(_rows(lines, chosen, found_faults))
    first = 1 if named else 0
    if len(rows) <= first:
        raise InvalidFileError(file, found_faults or [FileFault(problem="has no header")])
    header = tuple(name.strip() for name in rows[first][1])
    found_faults += _header_faults(header, rows[first][0])
    body = tuple(_body(rows[first + 1 :], header, found_faults))
    if found_faults and faults is None:
        raise InvalidFileError(file, capped(found_faults))
    return Sheet(file=file, encoding=found, separator=chosen, header=header, rows=body)


def capped(faults: list[FileFault]) -> list[FileFault]:
    """Return the first faults in the order of the rows, and how many more there are."""
    faults = sorted(faults, key=lambda fault: fault.row or 0)
    if len(faults) <= MAX_FAULTS:
        return faults
    more = FileFault(problem=f"and {len(faults) - MAX_FAULTS:,} more faults")
    return [*faults[:MAX_FAULTS], more]


def _recognized(lines: list[str]) -> str:
    """Return the separator under which the first rows agree with a header of most columns."""

    def fitness(separator: str) -> tuple[float, int]:
        try:
            rows = [row for row in csv.reader(lines[:_SAMPLE], delimiter=separator) if row]
        except csv.Error:
            return 0.0, 0
        width = len(rows[0]) if rows else 0
        agree = sum(len(row) == width for row in rows) / max(len(rows), 1)
        return (agree if width > 1 else 0.0), width

    return max(_SEPARATORS, key=fitness)


def _rows(
    lines: list[str], separator: str, faults: list[FileFault]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows with their numbers; a row that cannot be divided ends them."""
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    number, begin = 0, 0
    while True:
        number, begin = number + 1, reader.line_num
        try:
            yield number, tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(_unreadable(lines[begin:], separator, number, str(error)))
            return


def _unreadable(lines: list[str], separator: str, row: int, error: str) -> FileFault:
    """Say what the csv module stumbled over, and in which column."""
    text, mark = "".join(lines), re.escape(separator)
    cell = re.compile(rf' *(?:"(?:[^"]|"")*"|[^"{mark}\r\n][^{mark}\r\n]*|)')
    column, start, end = 0, 0, -1
    while end - start <= MAX_CELL and (end < 0 or text[end : end + 1] == separator):
        column, start = column + 1, end + 1
        found = cell.match(text, start)
        end = found.end() if found else start
    if "field larger" in error:
        problem = f"a cell of more than {MAX_CELL:,} characters; is a quote never closed?"
    else:
        problem = 'a quote is not closed, or stands inside a cell (write it twice: "")'
    return FileFault(row=row, column=str(column), problem=problem)


def _header_faults(header: tuple[str, ...], row: int) -> Iterator[FileFault]:
    seen: set[str] = set()
    for name in header:
        if name and name in seen:
            yield FileFault(row=row, column=name, problem="two columns bear this name; rename one")
        seen.add(name)


def _body(
    rows: list[tuple[int, tuple[str, ...]]], header: tuple[str, ...], faults: list[FileFault]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    width = len(header)
    for number, row in rows:
        if not any(map(str.strip, row)):
            continue
        misfit = _misfit(row, header)
        if misfit is not None:
            faults.append(FileFault(row=number, column=misfit[0], problem=misfit[1]))
            continue
        cells = row[:width]
        faults += (
            FileFault(row=number, column=header[at] or str(at + 1), problem=problem)
            for at, cell in enumerate(cells)
            if (problem := _cell_problem(cell))
        )
        yield number, cells


def _misfit(cells: tuple[str, ...], header: tuple[str, ...]) -> tuple[str | None, str] | None:
    counts = f"has {len(cells)} cells where the header has {len(header)}"
    if len(cells) < len(header):
        return header[len(cells)], f"{counts}; the row ends before this column"
    if any(map(str.strip, cells[len(header) :])):
        return None, f"{counts}; put cells that hold the separator in quotes"
    return None


def _cell_problem(cell: str) -> str | None:
    if len(cell) > MAX_CELL:
        return f"a cell of more than {MAX_CELL:,} characters; is a quote never closed?"
    if "\0" in cell:
        return "holds a NUL byte; take it out, or name the encoding if it is UTF-16"
    if has_broken_byte(cell):
        return "holds bytes that do not fit the encoding; name it, or save the file as UTF-8"
    return None
