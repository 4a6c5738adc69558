"""The meaning of options."""

import sqlite3
import sys
from pathlib import Path

import pytest

from dedupkit.cli.options import open_register, read_truth
from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError, InvalidFileError, StoreError


def test_a_register_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names what to install."""
    monkeypatch.setitem(sys.modules, "dedupkit.stores.sql", None)

    with pytest.raises(ConfigurationError, match="extra 'sql'"):
        open_register("register.db", must_exist=False)


def test_a_foreign_database_is_refused_in_our_words(tmp_path: Path) -> None:
    """A register of another version is told as such."""
    path = tmp_path / "register.db"
    path.write_text("this is no database " * 100, encoding="utf-8")

    with pytest.raises(ConfigurationError, match="no SQLite database"):
        open_register(str(path), must_exist=True)


@pytest.mark.parametrize(
    ("table", "must_exist"),
    [("guests", False), ("guests", True), ("customers", False), ("counters", False)],
)
def test_nothing_is_written_into_the_database_of_another_application(
    tmp_path: Path, table: str, must_exist: bool
) -> None:
    """Whether its tables bear names of ours or not."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute(f"create table {table} (id integer primary key)")
    database.close()
    before = path.read_bytes()

    with pytest.raises(ConfigurationError, match=r"is no register|is of another application"):
        open_register(str(path), must_exist=must_exist)
    assert path.read_bytes() == before


@pytest.mark.parametrize("url", ["", " ", "sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_register_that_would_be_gone_is_refused(url: str) -> None:
    """What the command writes must be there afterwards."""
    with pytest.raises(ConfigurationError, match="must name a database that stays"):
        open_register(url, must_exist=False)


def test_an_empty_database_is_no_register_to_read(tmp_path: Path) -> None:
    """Reading makes no tables."""
    path = tmp_path / "register.db"
    path.touch()

    with pytest.raises(ConfigurationError, match="is no register"):
        open_register(str(path), must_exist=True)
    assert path.read_bytes() == b""


def test_a_register_that_others_hold_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no wrong usage: the same command may succeed later."""
    path = tmp_path / "register.db"
    open_register(str(path), must_exist=False)
    monkeypatch.setattr("dedupkit.stores.sql.connecting.PATIENCE", 10)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("begin immediate")

    store = open_register(str(path), must_exist=True)  # reading takes no lock
    assert list(store.scan()) == []
    with pytest.raises(StoreError, match="another process is writing"), store.transaction():
        pass
    database.execute("rollback")
    database.execute("begin exclusive")
    with pytest.raises(StoreError, match="another process is writing"):
        open_register(str(path), must_exist=True)
    database.close()


def test_a_register_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    """Writing to it says why it cannot be."""
    path = tmp_path / "register.db"
    open_register(str(path), must_exist=False)

    store = open_register(f"sqlite:///file:{path}?mode=ro&uri=true", must_exist=False)

    assert list(store.scan()) == []
    with pytest.raises(StoreError, match="write-protected"), store.transaction() as tx:
        tx.save([(None, Customer(id="1"))])


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
