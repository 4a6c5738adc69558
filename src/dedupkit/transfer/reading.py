"""A file to customers: sheet, columns and cells put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, final

from attrs import field, frozen

from dedupkit.customers import (
    EMPTY,
    FIELDS,
    BalanceColumn,
    ConsentColumn,
    ConsentState,
    Customer,
    CustomerMapping,
    FieldMap,
    Joined,
    Kind,
    WebProfileColumns,
    as_amount,
    as_map,
    as_tuple,
)
from dedupkit.customers.cells import moment_of, state_of, truth_of
from dedupkit.errors import ConfigurationError, FileFault, InvalidCustomerError, InvalidFileError
from dedupkit.normalize import normalize_country, normalize_email, normalize_phone, parse_date
from dedupkit.progress import SILENT, Reporter, track
from dedupkit.transfer.formulas import given_text
from dedupkit.transfer.headers import FileColumns, recognize_columns
from dedupkit.transfer.sheets import Sheet, capped, read_sheet

__all__ = ["JOINT", "CustomerFile", "read_customers"]

#: Divides several values of one cell.
JOINT: Final = "|"


@final
@frozen(kw_only=True)
class CustomerFile:
    """The customers of a file, and how they were read.

    Attributes:
        file: Name of the file.
        encoding: What it is encoded in.
        separator: What divides its cells.
        columns: Which column is which field.
        customers: The customers, in the order of the rows. A consent ``NEVER_ASKED`` is an
            unticked box.
        rows: Id → number of its row, as a spreadsheet shows it.
        unreadable: Column → how many of its cells were not what their field holds; they count as
            missing.
        malformed: Column → how many of its cells are no e-mail address or no possible phone
            number; they are kept as given.
    """

    file: str
    encoding: str
    separator: str
    columns: FileColumns
    customers: tuple[Customer, ...] = field(converter=as_tuple)
    rows: FieldMap[str, int] = field(default=EMPTY, converter=as_map)
    unreadable: FieldMap[str, int] = field(default=EMPTY, converter=as_map)
    malformed: FieldMap[str, int] = field(default=EMPTY, converter=as_map)


def read_customers(
    content: bytes,
    file: str,
    *,
    columns: Mapping[str, str] | None = None,
    ignore: Iterable[str] = (),
    separator: str | None = None,
    encoding: str | None = None,
    region: str | None = None,
    progress: Reporter = SILENT,
) -> CustomerFile:
    r"""Read customers from the content of a CSV file.

    Cells are read as people write them: dates and numbers in national formats, countries in words,
    yes and no in seven languages; several values of one cell are divided by ``|``. Phones and
    e-mail addresses stay as given. A cell that is not what its field holds counts as missing, and
    is counted; only a balance that is no number is an error.

    Args:
        content: The bytes of the file.
        file: Its name, for errors.
        columns: Path of ours → name in the file, where it is not recognized.
        ignore: Names of columns that are left alone.
        separator: One character; None recognizes it.
        encoding: A Python codec; None recognizes it.
        region: ISO 3166 alpha-2 code of the country of phones that have none, for counting
            malformed ones.
        progress: Hears how far it is.

    Raises:
        InvalidFileError: the file or rows of it cannot be read, a row has no id, or an id stands
            twice; all are named by row and column, up to a number.
        ConfigurationError: *columns* or *ignore* do not fit the file.

    Cost: about 0.1 ms a row.

    >>> found = read_customers("kundenr;navn;by\n7;Anna Ås;Bodø\n".encode(), "kunder.csv")
    >>> print(found.customers[0].describe())
    id: 7
    name: Anna Ås
    city: Bodø
    """
    faults: list[FileFault] = []
    sheet = read_sheet(content, file, separator=separator, encoding=encoding, faults=faults)
    if len(set(filter(None, sheet.header))) < sum(map(bool, sheet.header)):
        raise InvalidFileError(file, capped(faults))  # nothing tells the columns apart
    found = recognize_columns(sheet.header, columns, ignore=ignore)
    if "id" not in found.fields:
        places = faults if found.fields else ()  # else they would repeat what may be values
        raise InvalidFileError(file, capped([_no_id(sheet, found), *places]))
    mapping = _mapping(found)
    reader = _CellReader(found)
    rows: dict[str, int] = {}
    profiles = _Unique(found, "web_profile.id"), _Unique(found, "web_profile.username")
    customers = []
    for number, cells in track(sheet.rows, "read", len(sheet.rows), progress):
        row = dict(zip(sheet.header, map(given_text, cells), strict=True))
        reader.convert(row, number, faults)
        customer = _customer(mapping, row, number, found, faults)
        if customer is None:
            continue
        first = rows.setdefault(customer.id, number)
        if first != number:
            problem = f"repeats the id {customer.id!r} of row {first}; ids are unique"
            faults.append(FileFault(row=number, column=found.fields["id"], problem=problem))
        for unique in profiles:
            faults += unique.check(row, number)
        customers.append(customer)
    if faults:
        raise InvalidFileError(file, capped(faults))
    return CustomerFile(
        file=file,
        encoding=sheet.encoding,
        separator=sheet.separator,
        columns=found,
        customers=customers,
        rows=rows,
        unreadable=reader.unreadable,
        malformed=_malformed(customers, found, region),
    )


def _malformed(
    customers: Iterable[Customer], found: FileColumns, region: str | None
) -> Counter[str]:
    """Count e-mail addresses and phones that are none; a phone without any country may be one."""
    counts: Counter[str] = Counter()
    column = found.fields.get
    for card in customers:
        if card.email is not None and normalize_email(card.email).literal is None:
            counts[column("email", "email")] += 1
        country = card.country or region
        for name in ("mobile", "home_phone") if country else ():
            phone = getattr(card, name)
            if phone is not None and normalize_phone(phone, country=country).e164 is None:
                counts[column(name, name)] += 1
    return counts


def _no_id(sheet: Sheet, found: FileColumns) -> FileFault:
    names = ", ".join(map(repr, filter(None, sheet.header)))
    problem = f"no column holds the id of a customer; say which does. There are: {names}"
    if not found.fields:  # perhaps no header at all, but a customer
        count = f"{len(sheet.header)} column" + ("s" if len(sheet.header) > 1 else "")
        problem = (
            f"no column holds the id of a customer; say which does. Row 1 has {count}, "
            f"divided by {sheet.separator!r}, and no name that is known; is that the separator, "
            "and does row 1 name the columns?"
        )
    return FileFault(row=1, column="id", problem=problem)


def _customer(
    mapping: CustomerMapping,
    row: Mapping[str, Any],
    number: int,
    found: FileColumns,
    faults: list[FileFault],
) -> Customer | None:
    try:
        return mapping.read(row)
    except InvalidCustomerError as error:
        faults += (
            FileFault(
                row=number,
                column=found.fields.get(fault.field, fault.field),
                problem="is blank; every row needs an id" if fault.field == "id" else fault.problem,
            )
            for fault in error.faults
        )
        return None


def _mapping(found: FileColumns) -> CustomerMapping:
    """Return the columns of a file as a mapping of rows."""
    plain: dict[str, Any] = {"extra": {column: column for column in found.own}}
    parts: dict[str, dict[tuple[str, ...], str]] = {}
    for path, column in found.fields.items():
        head, *rest = path.split(".")
        if rest:
            parts.setdefault(head, {})[tuple(rest)] = column
        elif FIELDS[head].kind in (Kind.TEXTS, Kind.NAMES):
            plain[head] = Joined(column, JOINT)
        else:
            plain[head] = column
    plain["consents"] = [
        ConsentColumn(column, purpose, channel, false_means=ConsentState.NEVER_ASKED)
        for (purpose, channel), column in parts.pop("consents", {}).items()
    ]
    plain["balances"] = [
        BalanceColumn(column, kind, unit, programme=programme[0] if programme else None)
        for (kind, unit, *programme), column in parts.pop("balances", {}).items()
    ]
    if "web_profile" in parts:
        profile = {part: column for (part,), column in parts.pop("web_profile").items()}
        plain["web_profile"] = WebProfileColumns(**profile)
    for head, columns in parts.items():
        named = {".".join(rest): column for rest, column in columns.items()}
        plain[head] = {**plain.get(head, {}), **named}
    return CustomerMapping(**plain)


@final
class _Unique:
    """Finds values that stand in a column twice and may not."""

    def __init__(self, found: FileColumns, path: str) -> None:
        self._column = found.fields.get(path)
        self._rows: dict[str, int] = {}

    def check(self, row: Mapping[str, Any], number: int) -> Iterator[FileFault]:
        """Yield a fault where an earlier row has the value."""
        value = str(row[self._column]).strip() if self._column is not None else ""
        first = self._rows.setdefault(value, number) if value else number
        if first != number:
            problem = f"repeats the value of row {first}; every web profile has its own"
            yield FileFault(row=number, column=self._column, problem=problem)


@final
class _CellReader:
    """Reads the cells that spreadsheets write in national ways, and counts what it cannot read."""

    def __init__(self, found: FileColumns) -> None:
        self._readers = [
            (column, reader)
            for path, column in found.fields.items()
            if (reader := _READERS.get(path) or _READERS.get(path.partition(".")[0]))
        ]
        self.unreadable: Counter[str] = Counter()

    def convert(self, row: dict[str, Any], number: int, faults: list[FileFault]) -> None:
        """Put values in the place of texts."""
        for column, reader in self._readers:
            text = row[column]
            if not text or text.isspace():
                continue
            try:
                value = reader(text)
            except ConfigurationError:
                problem = "is no number; write it like 1234.50"
                faults.append(FileFault(row=number, column=column, problem=problem))
                value = Decimal(0)
            if value is None:
                self.unreadable[column] += 1
            row[column] = value


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")


def _amount(text: str) -> Decimal:
    """Read a number with a point or a comma before its decimals, with or without thousands.

    Raises:
        ConfigurationError: it is none, or may mean two: ``1,234``.
    """
    bare = text.strip()
    grouped = _GROUPED.fullmatch(bare)
    if grouped and (grouped[1] not in ".," or len(re.findall(r"[.,]", bare)) > 1):
        bare = bare.replace(grouped[1], "")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", bare):
        bare = "ambiguous"
    return as_amount(bare.replace(",", "."))


def _moment(text: str) -> object:
    return moment_of(text) or moment_of(parse_date(text))


def _state(text: str) -> object:
    return state_of(text, ConsentState.NEVER_ASKED)


#: Field path or its head → what reads the text of a cell; None where it cannot.
_READERS: Mapping[str, Callable[[str], Any]] = {
    "birth_date": parse_date,
    "country": normalize_country,
    "created_at": _moment,
    "updated_at": _moment,
    "web_profile.last_login_at": _moment,
    "allow_merge": truth_of,
    "consents": _state,
    "balances": _amount,
}
