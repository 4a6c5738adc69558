"""What the options of the commands mean: names of files, stores, policies and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from dedupkit.errors import (
    ConfigurationError,
    DedupkitError,
    FileFault,
    InvalidFileError,
    StoreError,
)
from dedupkit.merging import MergePolicy
from dedupkit.ports import CustomerStore
from dedupkit.progress import Reporter
from dedupkit.transfer import CustomerFile, read_customers
from dedupkit.transfer.sheets import read_sheet

__all__ = [
    "POLICIES",
    "open_register",
    "read_columns",
    "read_file",
    "read_truth",
]

#: Name of a policy on the command line → what makes it.
POLICIES: Final = {
    "keep-master": MergePolicy,
    "fill-blanks": MergePolicy.fill_blanks,
    "keep-all-contacts": MergePolicy.keep_all_contacts,
    "web-shop": MergePolicy.web_shop,
}


def open_register(url: str, *, must_exist: bool) -> CustomerStore:
    """Open the register at a database URL, or in the SQLite file of that name.

    Raises:
        ConfigurationError: the extra is missing, the URL is none, or no register is there.
        StoreError: another process holds it.
    """
    try:
        from dedupkit.stores.sql import SqlStore
        from dedupkit.stores.sql.connecting import BUSY, open_engine, why
        from dedupkit.stores.sql.opening import Found, look_into
    except ImportError:
        raise ConfigurationError("--register needs SQLAlchemy; install the extra 'sql'") from None
    if url.strip().partition(":")[2] in ("//", "///", "///:memory:") or not url.strip():
        raise ConfigurationError("--register must name a database that stays, such as register.db")
    if "://" not in url:
        url = f"sqlite:///{url}"
    scheme, _, path = url.partition(":///")
    if must_exist and scheme.startswith("sqlite") and path and not Path(path).exists():
        raise ConfigurationError(
            f"there is no register at {path}; 'dedupkit merge FILE --register {url}' makes one"
        )
    try:
        engine = open_engine(url)
        with engine.connect() as connection:
            found = look_into(connection)
        is_register = found is Found.REGISTER or (found is Found.NOTHING and not must_exist)
        store = SqlStore.create(engine) if is_register else None
    except DedupkitError:
        raise
    except Exception as error:  # whatever a database driver raises; it may show the URL
        reason = why(error)
        if reason == BUSY:
            raise StoreError(reason) from None
        if type(error).__name__ in reason:  # nothing that we know
            reason += "; is the URL right, and its driver installed?"
        raise ConfigurationError(f"the register cannot be opened: {reason}") from error
    if store is None:
        raise ConfigurationError("the database at --register is no register; name another one")
    return store


def read_columns(words: Iterable[str]) -> Mapping[str, str]:
    """Read ``first_name=Fornavn,city=Sted`` as path → column.

    Raises:
        ConfigurationError: a part has no ``=``.

    >>> read_columns(["first_name=Fornavn,city=Sted, land", "email=E-post"])
    {'first_name': 'Fornavn', 'city': 'Sted, land', 'email': 'E-post'}
    """
    columns = {}
    for part in (part for word in words for part in _COMMA.split(word)):
        path, mark, column = part.partition("=")
        if not mark or not column.strip():
            raise ConfigurationError(f"--columns: {part!r} should be FIELD=COLUMN")
        columns[path.strip()] = column.strip()
    return columns


_COMMA: Final = re.compile(r",(?=\s*[a-z][\w.]*=)")


def read_file(
    path: Path,
    *,
    columns: Iterable[str] = (),
    separator: str | None = None,
    encoding: str | None = None,
    ignore: Iterable[str] = (),
    region: str | None = None,
    progress: Reporter,
) -> CustomerFile:
    """Read a file of customers.

    Raises:
        InvalidFileError: it cannot be read as customers.
        ConfigurationError: the options do not fit it.
    """
    return read_customers(
        _content(path),
        path.name,
        columns=read_columns(columns),
        ignore=ignore,
        separator=_SEPARATORS.get(separator or "", separator),
        encoding=encoding,
        region=region,
        progress=progress,
    )


_SEPARATORS: Final = {"tab": "\t", "\\t": "\t", "": None}


def read_truth(
    path: Path,
    columns: tuple[str, str] | None = None,
    *,
    separator: str | None = None,
    encoding: str | None = None,
) -> Mapping[str, str]:
    """Read who is who: id of a customer → the person.

    Args:
        path: A file of two columns, customer and person; or the file of customers itself.
        columns: Names of these two columns, where the file has more.
        separator: As for the file of customers.
        encoding: As for the file of customers.

    Raises:
        InvalidFileError: the file has not these columns.
    """
    divider = _SEPARATORS.get(separator or "", separator)
    sheet = read_sheet(_content(path), path.name, separator=divider, encoding=encoding)
    if columns is None and len(sheet.header) != 2:  # noqa: PLR2004  # customer and person
        problem = "the truth is a file of two columns, customer and person"
        raise InvalidFileError(path.name, [FileFault(row=1, problem=problem)])
    customer, person = map(sheet.header.index, columns or sheet.header)
    return {cells[customer].strip(): cells[person].strip() for _, cells in sheet.rows}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidFileError(
            path.name, [FileFault(problem=f"cannot be read: {error.strerror}")]
        ) from None
