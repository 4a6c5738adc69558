"""The meaning of options."""

import sqlite3
import sys
from pathlib import Path

import pytest

from dedupkit.cli.options import open_register, read_truth
from dedupkit.errors import ConfigurationError, InvalidFileError


def test_a_register_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names what to install."""
    monkeypatch.setitem(sys.modules, "dedupkit.stores.sql", None)

    with pytest.raises(ConfigurationError, match="extra 'sql'"):
        open_register("register.db", must_exist=False)


def test_a_foreign_database_is_refused_in_our_words(tmp_path: Path) -> None:
    """A register of another version is told as such."""
    path = tmp_path / "register.db"
    path.write_text("this is no database " * 100, encoding="utf-8")

    with pytest.raises(ConfigurationError, match="cannot be opened"):
        open_register(str(path), must_exist=True)


def test_a_register_of_another_version_is_told_as_such(tmp_path: Path) -> None:
    """What the store says in its own words is not hidden."""
    path = tmp_path / "register.db"
    open_register(str(path), must_exist=False)
    with sqlite3.connect(path) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master")]
        counters = next(name for name in tables if "counter" in name)
        database.execute(f"update {counters} set value = 99 where name = 'schema'")  # noqa: S608  # our own
    database.close()

    with pytest.raises(ConfigurationError, match="version 99"):
        open_register(str(path), must_exist=True)


def test_the_truth_may_have_any_names(tmp_path: Path) -> None:
    """Two columns are enough, whatever they are called."""
    path = tmp_path / "truth.csv"
    path.write_text("a,b\n1, x\n2,x\n", encoding="utf-8")

    assert read_truth(path) == {"1": "x", "2": "x"}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """What cannot be read is told with the system's reason."""
    with pytest.raises(InvalidFileError, match="cannot be read"):
        read_truth(tmp_path)
