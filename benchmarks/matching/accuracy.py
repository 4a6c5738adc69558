"""Measure accuracy and speed of finding duplicates where the truth is known.

    python benchmarks/matching/accuracy.py FOLDER            every set that is in the folder
    python benchmarks/matching/accuracy.py FOLDER fake_1000  some of them
    python benchmarks/matching/accuracy.py --samples 2400 7  the generator: size and seed

The truth is taken out of a table before the finder sees it. Nothing is tuned to these sets.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from dedupkit.matching import Thresholds, evaluate, find_duplicates
from dedupkit.samples import generate_register


class DataSet(NamedTuple):
    """A table with ground truth: its file, its columns by field path, its column of truth."""

    file: str
    columns: dict[str, str]
    truth: str


_REGISTER = {
    "id": "customer_id",
    "number": "customer_number",
    "street": "address",
    "postal_code": "postcode",
}
DATA_SETS = {
    "fake_1000": DataSet(
        "fake_1000.csv",
        {"id": "unique_id", "last_name": "surname", "birth_date": "dob"},
        "cluster",
    ),
    "csv_example": DataSet(
        "csv_example.csv",
        {
            "id": "Id",
            "company": "Site name",
            "street": "Address",
            "postal_code": "Zip",
            "mobile": "Phone",
            "email": "Email Address",
        },
        "True Id",
    ),
    "register_10k": DataSet("register_10k.parquet", _REGISTER, "entity_id"),
    "register_100k": DataSet("register_100k.parquet", _REGISTER, "entity_id"),
    "register_1m": DataSet("register_1m.parquet", _REGISTER, "entity_id"),
}


def read(path: Path) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Read a table; of a CSV every column as text."""
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path)
    header = pyarrow.csv.open_csv(path).schema.names
    return pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True
        ),
    )


def measure(
    name: str,
    customers: Any,  # noqa: ANN401  # a table or customers
    truth: dict[str, str],
    **options: Any,  # noqa: ANN401  # what find_duplicates takes
) -> None:
    """Find, time and print."""
    start, used = time.perf_counter(), time.process_time()
    report = find_duplicates(customers, **options)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{name}: {len(truth):,} customers, {peak:,.0f} MB at most")
    print(f"{seconds:.1f} s, {used:.1f} s of processor")
    print(f"{report.stats['candidate pairs']:,} candidate pairs")
    print(evaluate(report, truth).describe())
    even = report.model.with_thresholds(Thresholds(duplicate=0.5, review=0.5))
    halved = find_duplicates(customers, **{**options, "model": even, "region": None})
    print(f"at one half           {evaluate(halved, truth).with_review}")


def main(arguments: list[str]) -> None:
    """Run what the arguments name."""
    if arguments[0] == "--samples":
        size, seed = map(int, arguments[1:3])
        sample = generate_register(size, seed=seed)
        measure(f"samples {size} {seed}", sample.customers, dict(sample.truth), region=None)
        return
    folder = Path(arguments[0])
    for name in arguments[1:] or [n for n in DATA_SETS if n != "register_1m"]:
        data = DATA_SETS[name]
        table = read(folder / data.file)
        ids = map(str, table.column(data.columns["id"]).to_pylist())
        truth = dict(zip(ids, map(str, table.column(data.truth).to_pylist()), strict=True))
        measure(name, table.drop([data.truth]), truth, columns=data.columns)


if __name__ == "__main__":
    main(sys.argv[1:])
