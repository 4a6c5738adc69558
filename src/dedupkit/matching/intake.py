"""Customers in: from objects or from an Arrow table, to columns of distinct values.

A table never becomes a Python object per row: its columns are dictionary-encoded by Arrow, and only
distinct values are read as values of their fields.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, final

from attrs import frozen

from dedupkit.customers import FIELDS, Customer, FieldMap, Kind, check_path, read_path
from dedupkit.errors import ConfigurationError
from dedupkit.normalize.dates import parse_date

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Column", "Register", "read_register"]


class Column(NamedTuple):
    """One column: a code per row, and the distinct values by code.

    Attributes:
        codes: Position in `values`; int32.
        values: Distinct values; a missing one is as the field has it (None or an empty collection).
    """

    codes: NDArray[np.int32]
    values: Sequence[Any]


@final
@frozen(kw_only=True, eq=False)
class Register:
    """The customers of one run as columns, in order of their ids.

    Attributes:
        ids: Sorted, each once.
        columns: By field path; a path that is not in it is missing on every customer.
        order: For each row its position in what was given.
        eligible: Whether a row takes part: neither barred, nor retired, nor kept.
        left_out: How many do not, and why.
        unreadable: Per field path, how many values had not the field's shape; they are missing.
    """

    ids: tuple[str, ...]
    columns: Mapping[str, Column]
    order: NDArray[np.int64]
    eligible: NDArray[np.bool_]
    left_out: FieldMap[str, int]
    unreadable: FieldMap[str, int]

    def __len__(self) -> int:
        return len(self.ids)

    def combine(self, paths: Sequence[str]) -> tuple[NDArray[np.int32], list[list[Any]]]:
        """Return the distinct combinations of several columns: a code per row, and the columns."""
        import numpy as np

        missing = [_missing(path) for path in paths]
        codes = np.zeros(len(self), dtype=np.int64)
        size = 1  # codes are below it
        for path in paths:
            if path in self.columns:
                column = self.columns[path]
                width = len(column.values) + 1
                if size * width > _ROOM:
                    codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
                    size = len(self)
                codes = codes * width + column.codes
                size *= width
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        parts = [
            _pick(self.columns[path], first) if path in self.columns else [blank] * len(first)
            for path, blank in zip(paths, missing, strict=True)
        ]
        return inverse.astype(np.int32), parts


def read_register(
    customers: Any,  # noqa: ANN401  # an iterable of Customer, or any Arrow table
    paths: Iterable[str],
    columns: Mapping[str, str] | None = None,
) -> Register:
    """Read the customers of a run.

    Args:
        customers: An iterable of `Customer`, or a table with ``__arrow_c_stream__``.
        paths: Field paths that are wanted.
        columns: Field path → name of the table's column; default: the same name.

    Raises:
        ConfigurationError: an id is given twice; the argument is neither customers nor a table;
            *columns* names what is not there; the extra ``arrow`` is missing.
    """
    wanted = tuple(dict.fromkeys((*_STANDING, *paths)))
    if columns is not None and not isinstance(columns, Mapping):
        raise ConfigurationError("columns= maps field paths to the columns of a table")
    if hasattr(customers, "__arrow_c_stream__"):
        ids, found, unreadable = _from_table(customers, wanted, columns or {})
    elif columns:
        raise ConfigurationError("columns= names the columns of a table; customers have none")
    else:
        ids, found = _from_customers(customers, wanted)
        unreadable = {}
    return _ordered(ids, found, unreadable)


#: What decides whether a customer takes part.
_STANDING = ("allow_merge", "merged_into", "kept_for")


def _ordered(
    ids: Sequence[str], found: Mapping[str, Column], unreadable: Mapping[str, int]
) -> Register:
    import numpy as np

    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    sorted_ids = tuple(ids[position] for position in order.tolist())
    repeated = {a for a, b in pairwise(sorted_ids) if a == b}
    if repeated:
        shown = ", ".join(map(repr, sorted(repeated)[:5]))
        raise ConfigurationError(
            f"{len(repeated)} ids stand for several customers, such as {shown}; give every "
            "customer an id of its own"
        )
    moved = {path: Column(c.codes[order], c.values) for path, c in found.items()}
    eligible, left_out = _eligible(moved, len(ids))
    return Register(
        ids=sorted_ids,
        columns={path: c for path, c in moved.items() if path not in _STANDING},
        order=order,
        eligible=eligible,
        left_out=FieldMap(left_out),
        unreadable=FieldMap(sorted(unreadable.items())),
    )


def _eligible(columns: Mapping[str, Column], size: int) -> tuple[NDArray[np.bool_], dict[str, int]]:
    import numpy as np

    reasons: dict[str, Callable[[Any], bool]] = {
        "merge not allowed": lambda value: value is False,
        "retired": lambda value: value is not None,
        "kept": lambda value: value is not None,
    }
    eligible = np.ones(size, dtype=np.bool_)
    left_out: dict[str, int] = {}
    for path, (reason, holds) in zip(_STANDING, reasons.items(), strict=True):
        if path not in columns:
            continue
        column = columns[path]
        flags = np.array([holds(value) for value in column.values] or [False], dtype=np.bool_)
        if size and flags[column.codes].any():
            left_out[reason] = int((flags[column.codes] & eligible).sum())
            eligible &= ~flags[column.codes]
    return eligible, left_out


# --- Objects -------------------------------------------------------------------------------------


def _from_customers(
    customers: Any,  # noqa: ANN401  # as the caller gave it
    paths: Sequence[str],
) -> tuple[list[str], dict[str, Column]]:
    given: list[Any] = list(customers) if isinstance(customers, Iterable) else [customers]
    if not all(isinstance(customer, Customer) for customer in given):
        raise ConfigurationError(
            "customers must be Customer objects, or a table with __arrow_c_stream__ (pandas, "
            "polars, pyarrow, duckdb); a mapping turns your own objects into customers"
        )
    columns = {}
    for path in paths:
        if "." in path or path == "address":
            values = [read_path(customer, path) for customer in given]
        else:
            values = [getattr(customer, path) for customer in given]
        columns[path] = _encode(values)
    return [customer.id for customer in given], columns


def _encode(values: Sequence[Hashable]) -> Column:
    from dedupkit.matching.arrays import Numbers, new_numbers, numbered

    numbers: Numbers[Hashable] = new_numbers()
    return Column(numbered(values, numbers), list(numbers))


# --- Tables --------------------------------------------------------------------------------------


def _from_table(
    table: Any,  # noqa: ANN401  # any Arrow producer
    paths: Sequence[str],
    columns: Mapping[str, str],
) -> tuple[list[str], dict[str, Column], dict[str, int]]:
    arrow = _as_arrow(table)
    names = set(arrow.column_names)
    if len(names) < len(arrow.column_names):
        twice = sorted(name for name in names if arrow.column_names.count(name) > 1)
        raise ConfigurationError(f"the table has several columns {', '.join(twice)}; rename them")
    for path, name in columns.items():
        check_path(path)
        if name not in names:
            raise ConfigurationError(f"columns: the table has no column {name!r} for {path!r}")
    found: dict[str, Column] = {}
    unreadable: dict[str, int] = {}
    for path in paths:
        name = columns.get(path, path)
        if name in names:
            found[path], bad = _read_column(arrow.column(name), path)
            if bad:
                unreadable[path] = bad
    name = columns.get("id", "id")
    if name in names:
        id_column, _ = _read_column(arrow.column(name), "id")
        ids = [id_column.values[code] for code in id_column.codes.tolist()]
        if any(value is None for value in ids):
            raise ConfigurationError(f"columns: {name!r} is the id, and some rows have none")
        return ids, found, unreadable
    return [str(row) for row in range(arrow.num_rows)], found, unreadable


def _as_arrow(table: Any) -> Any:  # noqa: ANN401  # any Arrow producer; Arrow, untyped
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ConfigurationError(
            "reading a table needs pyarrow: install the extra 'arrow' of this package"
        ) from error
    try:
        return pa.table(table)
    except (TypeError, ValueError) as error:  # what Arrow says of it quotes the cells
        named = str(error.args[-1]) if error.args else ""
        where = f" ({named})" if named.startswith("Conversion failed for column") else ""
        raise ConfigurationError(
            f"the table cannot be read as Arrow{where}: give every column a name of its own and "
            "values of one type, text for instance"
        ) from None


def _read_column(chunked: Any, path: str) -> tuple[Column, int]:  # noqa: ANN401  # Arrow, untyped
    """Dictionary-encode a column and read its distinct values as the field's."""
    import numpy as np
    import pyarrow as pa

    array = chunked.combine_chunks()
    try:
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        raw = encoded.dictionary.to_pylist()
        codes = encoded.indices.fill_null(len(raw)).to_numpy(zero_copy_only=False)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists and other nested columns
        rows = [_frozen(value) for value in array.to_pylist()]
        numbers: dict[Any, int] = {}
        codes = np.array([numbers.setdefault(row, len(numbers)) for row in rows], dtype=np.int64)
        raw = list(numbers)
    if _is_plain_text(path) and set(map(type, raw)) <= {str}:
        texts = [text.strip() or None for text in raw]
        return _distinct(codes.astype(np.int64), [*texts, None]), 0
    values: list[Any] = []
    wrong: list[bool] = []
    for value in (*raw, None):
        read = _as_field(value, path)
        values.append(_missing(path) if read is None else read)
        wrong.append(read is None and not _is_blank(value))
    bad = int(np.array(wrong)[codes].sum()) if len(codes) else 0
    return _distinct(codes.astype(np.int64), values), bad


def _distinct(codes: NDArray[np.int64], values: Sequence[Hashable]) -> Column:
    """Give values that are equal once read one code."""
    column = _encode(values)
    return Column(column.codes[codes], column.values)


def _frozen(value: Any) -> Any:  # noqa: ANN401  # whatever a table holds
    if isinstance(value, dict):
        return tuple((name, _frozen(part)) for name, part in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _missing(path: str) -> Any:  # noqa: ANN401  # fields have many types
    kind = _kind(path)
    if kind in (Kind.TEXTS, Kind.ADDRESSES, Kind.CONSENTS, Kind.BALANCES):
        return ()
    return frozenset() if kind in (Kind.NAMES, Kind.IDS) else None


def _kind(path: str) -> Kind:
    head, _, key = path.partition(".")
    if head == "address":
        return Kind.TEXT
    kind = FIELDS[head].kind
    return Kind.TEXT if key and kind is Kind.EXTRA else kind


def _is_plain_text(path: str) -> bool:
    """Tell whether a path holds text that only its surrounding blanks are taken off."""
    is_kept = path.startswith("extra.") or path == "country"
    return _kind(path) is Kind.TEXT and not is_kept


def _is_blank(value: object) -> bool:
    return value is None or value in ((), "") or (isinstance(value, str) and not value.strip())


def _as_field(value: Any, path: str) -> Any:  # noqa: ANN401  # one value of a table
    """Read a cell as its field's value; None where it is missing or has not the field's shape."""
    if _is_blank(value):
        return None
    kind = _kind(path)
    if path.startswith("extra."):
        return value
    match kind:
        case Kind.TEXT:
            text = _as_text(value)
            return text.upper() if path == "country" and text else text
        case Kind.DATE:
            return _as_date(value)
        case Kind.BOOL:
            return _as_bool(value)
        case Kind.TEXTS | Kind.NAMES | Kind.IDS:
            parts = value if isinstance(value, tuple) else (value,)
            texts = [text for text in map(_as_text, parts) if text]
            if not texts:
                return None
            return tuple(dict.fromkeys(texts)) if kind is Kind.TEXTS else frozenset(texts)
        case _:
            return None


def _as_text(value: object) -> str | None:
    match value:
        case str():
            return value.strip() or None
        case bool():
            return None
        case int():
            return str(value)
        case float() if value.is_integer():  # a whole number that shared its column with blanks
            return str(int(value))
        case _:
            return None


def _as_date(value: object) -> date | None:
    match value:
        case datetime():
            return value.date()
        case date():
            return value
        case str():
            return parse_date(value)
        case _:
            return None


def _as_bool(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in _YES else False if word in _NO else None


_YES = frozenset({"1", "true", "yes", "y", "ja", "j", "sí", "si"})
_NO = frozenset({"0", "false", "no", "n", "nei", "nej", "nee"})


_ROOM = 2**62


def _pick(column: Column, rows: NDArray[np.int64]) -> list[Any]:
    return [column.values[code] for code in column.codes[rows].tolist()]
