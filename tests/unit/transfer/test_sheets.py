"""Rows of files."""

import pytest

from dedupkit.errors import FileFault, InvalidFileError
from dedupkit.transfer.sheets import MAX_FAULTS, Sheet, read_sheet


def faults_of(content: str | bytes, separator: str | None = None) -> tuple[FileFault, ...]:
    """Return what is wrong with a file."""
    given = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(InvalidFileError) as caught:
        read_sheet(given, "a.csv", separator=separator)
    assert caught.value.file == "a.csv"
    return caught.value.faults


def sheet_of(content: str) -> Sheet:
    """Read a file that is sound."""
    return read_sheet(content.encode(), "a.csv")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_recognized(separator: str) -> None:
    """The separator is the one under which the rows agree with the header."""
    rows = (("id", "name", "note"), ("1", "Anna", "a"), ("2", "Bo", "b"))

    sheet = sheet_of("\n".join(map(separator.join, rows)))

    assert sheet.separator == separator
    assert (sheet.header, *(cells for _, cells in sheet.rows)) == rows


def test_a_separator_inside_cells_does_not_mislead() -> None:
    """Commas inside cells are no reason to take the comma."""
    sheet = sheet_of('id;name\n1;"Ås, Anna"\n2;Berg, Bo\n3;Dahl, Cato\n')

    assert sheet.separator == ";"


def test_a_single_column_is_a_table_too() -> None:
    """Without any separator the file has one column."""
    assert sheet_of("id\n1\n2\n").rows == ((2, ("1",)), (3, ("2",)))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quotes_hold_separators_and_lines(end: str) -> None:
    """A quoted cell may hold anything, and its row counts as one."""
    sheet = sheet_of(f'id;note{end}1;"a;b{end}c ""d"" \u2028"{end}2;x\u2028y{end}')

    assert sheet.rows == ((2, ("1", f'a;b{end}c "d" \u2028')), (3, ("2", "x\u2028y")))


def test_blank_rows_are_counted_and_left_out() -> None:
    """A row without anything in it is no customer, but a row of the spreadsheet."""
    assert [number for number, _ in sheet_of("id;name\n\n1;a\n;\n2;b\n").rows] == [3, 5]


def test_the_hint_of_spreadsheets_is_followed() -> None:
    """A line ``sep=`` above the header names the separator."""
    sheet = sheet_of("sep=|\nid|name\n1|a;b;c\n")

    assert (sheet.separator, sheet.header, sheet.rows) == (
        "|",
        ("id", "name"),
        ((3, ("1", "a;b;c")),),
    )


def test_empty_cells_behind_the_last_column_are_no_fault() -> None:
    """Spreadsheets that divide once more at the end lose nothing."""
    assert sheet_of("id;name\n1;a;\n").rows == ((2, ("1", "a")),)


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff"])
def test_an_empty_file_is_refused(content: str) -> None:
    """A file without a header is no table."""
    assert [fault.problem for fault in faults_of(content)] == [
        "is empty; a header and rows are needed"
    ]


def test_rows_of_another_length_are_named_all_at_once() -> None:
    """A row too short names the column that is missing; one too long has a stray separator."""
    short, long = faults_of("id;name;city\n1;Anna\n2;Bo;Oslo;x\n3;Cato;Bodø\n", ";")

    assert (short.row, short.column) == (2, "city")
    assert "has 2 cells where the header has 3" in short.problem
    assert (long.row, long.column) == (3, None)
    assert "has 4 cells where the header has 3" in long.problem


def test_broken_bytes_are_named_by_their_place() -> None:
    """A byte that is no UTF-8 is found by row and column."""
    (fault,) = faults_of("id;navn\n1;Åse\n".encode() + b"2;Bj\xf8rn\n")

    assert (fault.row, fault.column) == (3, "navn")
    assert "do not fit the encoding" in fault.problem


def test_nul_bytes_are_named_by_their_place() -> None:
    """No customer has a NUL byte."""
    (fault,) = faults_of("id;navn\n1;A\0nna\n2;this is a long row without any\n")

    assert (fault.row, fault.column) == (2, "navn")


def test_utf_16_without_its_mark_is_recognized_as_such() -> None:
    """A file that is half NUL bytes is one fault, not thousands."""
    (fault,) = faults_of("id;navn\n1;Anna\n".encode("utf-16-le"))

    assert "UTF-16 without its mark" in fault.problem


@pytest.mark.parametrize("size", [110_000, 5_000_000])
def test_an_overlong_cell_is_named_by_its_place(size: int) -> None:
    """A cell of megabytes is a mistake, and never a customer."""
    (fault,) = faults_of(f'id;"na""me";note\n1;"An;""na";{"x" * size}\n2;Bo;\n')

    assert fault.row == 2
    assert fault.column in ("3", "note")
    assert "more than 100,000 characters" in fault.problem


@pytest.mark.parametrize(
    ("cells", "column"), [('1;"Anna', "2"), ('1;"An"na;x', "2"), ('1;x;"Anna" "Ås"', "3")]
)
def test_stray_quotes_are_named_by_their_place(cells: str, column: str) -> None:
    """A quote that never closes, or closes too early, would swallow rows."""
    (fault,) = faults_of(f"id;navn;note\n0;Bo;\n{cells}\n2;Cato;\n", ";")

    assert (fault.row, fault.column) == (3, column)
    assert "a quote" in fault.problem


def test_columns_of_one_name_are_refused() -> None:
    """Nobody can tell which of two columns is meant."""
    (fault,) = faults_of("id;name;name\n1;a;b\n")

    assert (fault.row, fault.column) == (1, "name")


def test_many_faults_are_counted() -> None:
    """An error stays readable however broken the file is."""
    faults = faults_of("id;name\n" + "1\n" * 1000, ";")

    assert len(faults) == MAX_FAULTS + 1
    assert faults[-1].problem == "and 980 more faults"


def test_a_separator_is_one_character() -> None:
    """Nothing can be divided by a word."""
    assert "one character" in faults_of("id", "||")[0].problem


def test_a_hint_alone_is_no_table() -> None:
    """A file that names its separator and nothing else has no header."""
    assert faults_of("sep=;\n")[0].problem == "has no header"
