"""Dates as people and spreadsheets write them."""

from datetime import date

import pytest

from dedupkit.normalize import parse_date


@pytest.mark.parametrize(
    "text",
    [
        *("1980-05-03", "19800503", "1980/05/03", "1980.5.3", " 1980-05-03 "),
        *("1980-05-03T00:00:00", "1980-05-03 12:30", "1980-05-03T00:00:00.000Z"),
        *("03.05.1980", "3.5.1980", "03/05/1980", "3-5-1980", "3 5 1980", "3. 5. 1980"),
        *("3. mai 1980", "3 May 1980", "May 3rd, 1980", "3 de mayo de 1980", "3. maj 1980"),
        *("3 mei 1980", "3. Mai 1980", "3 mai 1980"),
    ],
)
def test_every_spelling_is_understood(text: str) -> None:
    """Each of these is the third of May."""
    assert parse_date(text) == date(1980, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("", "foo", "31.02.1980", "1980-13-01", "03.05.80", "80-05-03", "198053", "0000-00-00"),
        *("12/31/1980", "3.5-1980", "1980-05", "3 foo 1980", "32 May 1980", "May 1980"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    """Impossible dates, two-digit years and other text are no dates."""
    assert parse_date(text) is None


def test_the_month_may_stand_first() -> None:
    """The caller says which of two numbers is the month; nothing is guessed."""
    assert parse_date("3/5/1980", day_first=False) == date(1980, 3, 5)
    assert parse_date("31/12/1980", day_first=False) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *(("1 ene 1990", 1), ("1 février 1990", 2), ("1. März 1990", 3), ("1 maart 1990", 3)),
        *(("1 avril 1990", 4), ("1 abr 1990", 4), ("1 juin 1990", 6), ("5 juillet 1990", 7)),
        *(("1 août 1990", 8), ("1 setiembre 1990", 9), ("1. oktober 1990", 10)),
        *(("1 noviembre 1990", 11), ("1. Dezember 1990", 12), ("1. desember 1990", 12)),
    ],
)
def test_months_have_names(text: str, month: int) -> None:
    """Months are known by name in seven languages."""
    found = parse_date(text)
    assert found is not None
    assert found.month == month
