"""Customers in: objects and tables, shapes, who takes part."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.matching import find_duplicates, intake
from dedupkit.matching.intake import read_register

TABLE = pa.table(
    {
        "nr": [3, 1, 2],
        "fornavn": ["Bjørn", "Bjorn", None],
        "email": ["B@fjord.no", "b@fjord.no", "  "],
        "birth_date": ["1980-05-03", "03.05.1980", "31.02.1980"],
    }
)
COLUMNS = {"id": "nr", "first_name": "fornavn"}


def values(table: object, path: str, columns: dict[str, str] | None = None) -> list[Any]:
    """Return the values of one column, in order of the ids."""
    register = read_register(table, [path], columns)
    column = register.columns[path]
    return [column.values[code] for code in column.codes.tolist()]


@pytest.mark.parametrize(
    "make",
    [lambda t: t, pl.from_arrow, lambda t: t.to_pandas()],
    ids=["pyarrow", "polars", "pandas"],
)
def test_any_table_with_the_capsule_interface_is_read(
    make: Callable[[pa.Table], object],
) -> None:
    """Arrow, polars and pandas give the same clusters."""
    report = find_duplicates(make(TABLE), columns=COLUMNS)
    assert report.ids == ("1", "2", "3")
    assert [cluster.ids for cluster in report.clusters] == [("1", "3")]


def test_dates_are_read_from_text_and_impossible_ones_counted() -> None:
    """A value without its field's shape is missing, and is counted; a blank one is only missing."""
    register = read_register(TABLE, ["birth_date", "email"], COLUMNS)
    assert values(TABLE, "birth_date", COLUMNS) == [date(1980, 5, 3), None, date(1980, 5, 3)]
    assert dict(register.unreadable) == {"birth_date": 1}


def test_a_table_without_ids_numbers_its_rows() -> None:
    """The row position is the id."""
    assert read_register(pa.table({"email": ["a@b.no", "c@d.no"]}), ["email"]).ids == ("0", "1")


def test_cells_of_other_types_are_read_where_they_can_be() -> None:
    """Numbers are text where text is wanted; moments are dates; lists are several values."""
    frame = pd.DataFrame({"postal_code": [155.0, None, 5003.5], "number": [7, 8, 9]})
    assert values(frame, "postal_code") == ["155", None, None]
    assert values(frame, "number") == ["7", "8", "9"]
    moments = pa.table({"birth_date": [datetime(1980, 5, 3, 12), None]})  # noqa: DTZ001  # a cell
    assert values(moments, "birth_date") == [date(1980, 5, 3), None]
    lists = pa.table({"other_emails": [["a@b.no", "a@b.no"], None, []]})
    assert values(lists, "other_emails") == [("a@b.no",), (), ()]
    flags = pa.table({"extra.vip": [True, None], "number": [True, False]})
    assert values(flags, "extra.vip") == [True, None]
    assert values(flags, "number") == [None, None]


@pytest.mark.parametrize(
    ("path", "cells", "expected"),
    [
        ("birth_date", [date(1980, 5, 3), None], [date(1980, 5, 3), None]),
        ("birth_date", [19800503, None], [None, None]),
        ("groups", [["press", "vip", " "], None], [frozenset({"press", "vip"}), frozenset()]),
        ("flags", ["vip", "  "], [frozenset({"vip"}), frozenset()]),
        ("other_phones", [[22334455, 91234567], []], [("22334455", "91234567"), ()]),
        ("other_phones", [[True], None], [(), ()]),
        ("balances", ["10 NOK", None], [(), ()]),
        ("number", ["7", None], ["7", None]),
        ("address", [None, "Storgata 1"], [None, "Storgata 1"]),
    ],
)
def test_cells_are_read_as_their_field(path: str, cells: list[Any], expected: list[Any]) -> None:
    """Values of another shape are missing, as the field's missing values are."""
    assert values(pa.table({path: cells}), path) == expected


def test_values_of_no_shape_are_counted() -> None:
    """A date that is a number, a balance that is text, a word for yes or no that is neither."""
    table = pa.table({"birth_date": [7], "balances": ["10 NOK"], "allow_merge": ["kanskje"]})
    register = read_register(table, table.column_names)
    assert dict(register.unreadable) == {"birth_date": 1, "balances": 1, "allow_merge": 1}


def test_columns_combine_alike_however_many_values_they_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Codes too large for a number are renumbered on the way; the combinations stay."""
    paths = ["first_name", "last_name", "city", "notes"]
    cards = [
        Customer(id=str(n), first_name=f"A{n % 3}", last_name=f"B{n % 5}", city=f"C{n % 2}")
        for n in range(60)
    ]
    register = read_register(cards, paths)
    codes, columns = register.combine(paths)
    monkeypatch.setattr(intake, "_ROOM", 50)
    narrow_codes, narrow_columns = register.combine(paths)
    assert len(columns[0]) == 30
    assert codes.tolist() == narrow_codes.tolist()
    assert columns == narrow_columns


def test_a_dictionary_column_is_read_as_it_is() -> None:
    """Columns that are encoded already stay so."""
    table = pa.table({"country": pa.array(["no", "NO", None]).dictionary_encode()})
    assert values(table, "country") == ["NO", "NO", None]


@pytest.mark.parametrize(
    ("value", "takes_part"),
    [(False, 0), ("nei", 0), ("0", 0), (True, 1), ("ja", 1), ("?", 1), (None, 1)],
)
def test_a_table_bars_cards_too(value: object, takes_part: int) -> None:
    """A column for allow_merge is read as words are written."""
    register = read_register(pa.table({"allow_merge": [value]}), [])
    assert register.eligible.sum() == takes_part


def test_who_does_not_take_part_is_counted_once_by_reason() -> None:
    """Barred, retired and kept cards are left out."""
    cards = [
        Customer(id="1", allow_merge=False, merged_into="9"),
        Customer(id="2", merged_into="9"),
        Customer(id="3", kept_for="9"),
        Customer(id="9"),
    ]
    left_out = read_register(cards, []).left_out
    assert dict(left_out) == {"merge not allowed": 1, "retired": 1, "kept": 1}


@pytest.mark.parametrize(
    ("customers", "columns", "words"),
    [
        ([Customer(id="1"), Customer(id="1")], None, "'1'"),
        ([{"id": "1"}], None, "mapping"),
        ([Customer(id="1")], {"id": "nr"}, "columns="),
        (TABLE, {"email": "epost"}, "'epost'"),
        (TABLE, {"emial": "email"}, "email"),
        (pa.table({"id": ["1", None]}), None, "'id'"),
        (None, None, "must be Customer objects"),
        (TABLE, ["email"], "maps field paths"),
        (pa.table([["1"], ["2"]], names=["email", "email"]), None, "several columns email"),
        (pd.DataFrame({"email": ["secret", 7, b"x"]}), None, "column email with type object"),
    ],
    ids=[
        *("id twice", "no customer", "columns of nothing", "no column", "no path", "no id"),
        *("nothing", "no mapping", "a name twice", "mixed types"),
    ],
)
def test_what_cannot_be_read_is_told(
    customers: object, columns: dict[str, str] | None, words: str
) -> None:
    """The message says what to do and shows ids and names alone."""
    with pytest.raises(ConfigurationError, match=words):
        read_register(customers, ["email"], columns)


def test_cells_that_hold_records_are_missing() -> None:
    """A value of a type that no field has counts as missing, and is counted."""
    register = read_register(pa.table({"id": ["1"], "city": [{"name": "Oslo"}]}), ["city"])

    assert dict(register.unreadable) == {"city": 1}


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow a table is refused with the name of the extra."""
    frame = pl.DataFrame({"email": ["a@b.no"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match="'arrow'"):
        read_register(frame, ["email"])


def test_an_empty_table_is_a_register_of_nobody() -> None:
    """Nothing in, nothing out."""
    assert len(find_duplicates(pa.table({"email": pa.array([], pa.string())})).ids) == 0
    assert len(find_duplicates([]).clusters) == 0
