"""Summaries."""

from attrs import evolve

from dedupkit.cli.summaries import file_rows, import_rows
from dedupkit.transfer import CellChange, ImportPreview, RetiredRow, read_customers


def test_a_file_is_told_as_it_was_read() -> None:
    """Renamed columns, own ones, those left alone, and cells that were no good."""
    text = "id\tnavn\tfarge\tversion\tfødt\te-post\n1\tAnna\tblå\t7\tx\ty\n"

    assert file_rows(read_customers(text.encode(), "a.csv")) == [
        ("rows", 1),
        ("read as", "utf-8, divided by tab"),
        (
            "columns",
            "1 by the names of their fields, navn is name, født is birth_date, e-post is email",
        ),
        ("kept, not compared", "farge"),
        ("left alone", "version"),
        ("unreadable in født", 1),
        ("malformed in e-post", 1),
    ]


def test_many_retired_rows_are_counted() -> None:
    """A few are named."""
    preview = evolve(
        ImportPreview(),
        retired=[RetiredRow(str(n), "1", n) for n in range(2, 12)],
        cells=[CellChange(customer="1", path="city", held_back="merged")],
    )

    assert import_rows(preview)[-3:] == [
        ("merged before", 10),
        ("", "2 is 1, 3 is 1, 4 is 1, 5 is 1, 6 is 1, and 5 more"),
        ("cells not written", 1),
    ]
