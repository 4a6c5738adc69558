"""Results as rows for people and as JSON data, from the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dedupkit.cli.runs import MergeRun
from dedupkit.customers import Customer
from dedupkit.reports import ReportItem, State
from dedupkit.transfer import CustomerFile, ImportPreview

if TYPE_CHECKING:
    from dedupkit.matching import Cluster, DuplicateReport, Evaluation, Pair, Rates

__all__ = [
    "cluster_lines",
    "evaluation_dict",
    "evaluation_rows",
    "file_dict",
    "file_rows",
    "import_dict",
    "import_rows",
    "run_dict",
    "run_rows",
]

_SEPARATORS = {"\t": "tab"}
#: Items of evidence that a line of a cluster names.
_REASONS = 3
#: Retired rows that the screen lists.
_LISTED = 5


def file_rows(file: CustomerFile) -> list[tuple[str, int | str]]:
    """Return how a file was read."""
    fields = file.columns.fields
    renamed = [f"{column} is {path}" for path, column in fields.items() if path != column]
    by_name = len(fields) - len(renamed)
    named = [f"{by_name:,} by the names of their fields"] if by_name else []
    rows: list[tuple[str, int | str]] = [
        ("rows", len(file.customers)),
        ("read as", f"{file.encoding}, divided by {_separator(file)}"),
        ("columns", ", ".join([*named, *renamed])),
    ]
    if file.columns.own:
        rows.append(("kept, not compared", ", ".join(file.columns.own)))
    if file.columns.ignored:
        rows.append(("left alone", ", ".join(file.columns.ignored)))
    rows += ((f"unreadable in {name}", count) for name, count in file.unreadable.items())
    rows += ((f"malformed in {name}", count) for name, count in file.malformed.items())
    return rows


def file_dict(file: CustomerFile) -> dict[str, Any]:
    """Return how a file was read as JSON data."""
    return {
        "name": file.file,
        "rows": len(file.customers),
        "encoding": file.encoding,
        "separator": file.separator,
        "columns": dict(file.columns.fields),
        "own": list(file.columns.own),
        "ignored": list(file.columns.ignored),
        "unreadable": dict(file.unreadable),
        "malformed": dict(file.malformed),
    }


def _separator(file: CustomerFile) -> str:
    return _SEPARATORS.get(file.separator, f"'{file.separator}'")


def import_rows(preview: ImportPreview) -> list[tuple[str, int | str]]:
    """Return what an import did."""
    rows: list[tuple[str, int | str]] = [
        ("created", len(preview.created)),
        ("changed", len(preview.changed)),
        ("unchanged", len(preview.unchanged)),
    ]
    if preview.retired:
        named = ", ".join(f"{row.customer} is {row.master}" for row in preview.retired[:_LISTED])
        more = len(preview.retired) - _LISTED
        rows.append(("merged before", len(preview.retired)))
        rows.append(("", f"{named}, and {more:,} more" if more > 0 else named))
    if preview.held_back:
        rows.append(("cells not written", len(preview.held_back)))
    return rows


def import_dict(preview: ImportPreview) -> dict[str, Any]:
    """Return what an import did as JSON data."""
    return {
        "created": len(preview.created),
        "changed": len(preview.changed),
        "unchanged": len(preview.unchanged),
        "retired": [
            {"customer": row.customer, "master": row.master, "row": row.row}
            for row in preview.retired
        ],
        "held_back": [
            {"customer": cell.customer, "column": cell.path, "reason": cell.held_back}
            for cell in preview.held_back
        ],
    }


def run_rows(run: MergeRun) -> list[tuple[str, int | str]]:
    """Return what a run found and did."""
    states = (State.MERGED, State.PLANNED, State.HELD, State.FAILED)
    return [
        ("customers", run.found.stats["customers"]),
        ("clusters", len(run.duplicates)),
        ("cards to fold in", _folded(run.duplicates)),
        *((f"clusters {s.value}", run.count(s)) for s in states if run.count(s)),
        ("for review", len(run.review)),
        *((n, count) for n, count in run.found.stats.items() if n.startswith("left out")),
    ]


def run_dict(run: MergeRun, *, executes: bool) -> dict[str, Any]:
    """Return what a run found and did as JSON data."""
    return {
        "executed": executes,
        "customers": run.found.stats["customers"],
        "clusters": len(run.duplicates),
        "cards_to_fold_in": _folded(run.duplicates),
        "merged": run.count(State.MERGED),
        "planned": run.count(State.PLANNED),
        "held": run.count(State.HELD),
        "failed": run.count(State.FAILED),
        "review": len(run.review),
        "stats": dict(run.found.stats),
        "duplicates": [_item(item) for item in run.duplicates],
        "for_review": [_item(item) for item in run.review],
    }


def _folded(items: tuple[ReportItem, ...]) -> int:
    return sum(len(item.ids) - 1 for item in items)


def _item(item: ReportItem) -> dict[str, Any]:
    return {
        "customers": list(item.ids),
        "probability": item.probability,
        "bits": item.weight,
        "state": item.state.name.lower(),
        "reason": item.reason,
        "plan": item.plan.id if item.plan else None,
    }


def cluster_lines(
    cluster: Cluster | Pair, customers: Mapping[str, Customer], found: DuplicateReport
) -> Iterator[str]:
    """Yield a cluster as lines: how sure, who, and the evidence that speaks for it most."""
    first, *others = cluster.ids
    yield f"  {cluster.probability:.4f}  {cluster.weight:+.1f} bits"
    yield f"    {first}  {customers[first].display_name}"
    for other in others:
        result = found.model.compare(customers[first], customers[other], found.profile)
        strongest = sorted(result.evidence, key=lambda item: -item.bits)[:_REASONS]
        reasons = ", ".join(
            f"{' '.join(filter(None, (item.name, item.level)))} {item.bits:+.1f}"
            for item in strongest
            if item.bits > 0
        )
        yield f"    {other}  {customers[other].display_name}  ({reasons})"


def evaluation_rows(evaluation: Evaluation) -> list[tuple[str, int | str]]:
    """Return how well duplicates were found."""
    return [
        ("duplicates", str(evaluation.duplicates)),
        ("duplicates and review", str(evaluation.with_review)),
        ("wrong pairs", int(evaluation.wrong)),
        ("missed pairs", int(evaluation.missed)),
    ]


def evaluation_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Return how well duplicates were found as JSON data."""
    return {
        "duplicates": _rates(evaluation.duplicates),
        "duplicates_and_review": _rates(evaluation.with_review),
        "wrong_pairs": evaluation.wrong,
        "missed_pairs": evaluation.missed,
    }


def _rates(rates: Rates) -> dict[str, float]:
    return {"precision": rates.precision, "recall": rates.recall, "f1": rates.f1}
