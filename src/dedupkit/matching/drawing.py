"""What a report and a match result look like, in text and in HTML."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from dedupkit.markup import Bar, bars, fragment, table
from dedupkit.matching.bits import BIT, weight_at

if TYPE_CHECKING:
    from dedupkit.matching.evidence import Evidence, MatchResult
    from dedupkit.matching.report import DuplicateReport

__all__ = ["report_html", "report_text", "waterfall_html", "waterfall_text"]

_SHOWN = 20

_PLACES = frozenset({"city", "postcode", "street"})  # what an address agrees on bears its kind


def value_words(value: Hashable | None) -> str:
    """Return a value agreed on as a person reads it.

    >>> value_words((("given", "anna"), ("surname", "larsen")))
    'anna, larsen'
    >>> value_words(frozenset({"city:oslo", "street:storgata 1", "street:storgata 1, oslo"}))
    'storgata 1, oslo'
    """
    match value:
        case None:
            return ""
        case frozenset():  # of an address and its parts, the whole says it
            words = sorted(map(value_words, value))
            return " or ".join(w for w in words if not any(w != x and w in x for x in words))
        case tuple() if value and all(isinstance(part, tuple) for part in value):
            return ", ".join(map(value_words, value))
        case (str(), *rest) if rest:
            return " ".join(str(part) for part in rest)
        case _:
            kind, _, place = str(value).partition(":")
            return place if place and kind in _PLACES else str(value)


def waterfall_text(result: MatchResult) -> str:
    """Return the evidence as aligned lines, from the prior to the sum."""
    rows = [(item.name, item.level, f"{item.bits:+.3f}", _why(item)) for item in result.evidence]
    rows.append(("sum", f"probability {result.probability:.4f}", f"{result.weight:+.3f}", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d}".rstrip() for a, b, c, d in rows
    ]
    return "\n".join([result.outcome.value, *lines])


def _why(item: Evidence) -> str:
    shared = value_words(item.agreed)
    if not shared or item.people is None:
        return shared
    return f"{shared} ({_people(item.people)})"


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count} people"


def waterfall_html(result: MatchResult) -> str:
    """Return the evidence as a waterfall in bits, with the two thresholds drawn in."""
    rows = []
    total = 0.0
    for item in result.evidence:
        words = item.name.replace("_", " ")
        name = f"{words}: {item.level}" if item.level else words
        rows.append(
            Bar(
                label=name,
                start=total,
                end=total + item.bits,
                text=f"{item.bits:+.1f}",
                note=_why(item),
            )
        )
        total += item.bits
    verdict = f"{result.outcome.value}, probability {result.probability:.3f}"
    rows.append(Bar(label="sum", end=result.weight, text=f"{result.weight:+.1f}", note=verdict))
    limits = {"review": result.thresholds.review, "duplicate": result.thresholds.duplicate}
    marks = [
        (weight_at(share) / BIT, f"{word} {share:g}")
        for word, share in limits.items()
        if 0 < share < 1
    ]
    return fragment(bars(rows, title=f"Match weight: {verdict}", unit="bits", marks=marks))


def report_text(report: DuplicateReport) -> str:
    """Return a report as text: counts, the surest clusters, what was skipped."""
    width = max(len(name) for name in report.stats)
    lines = [f"{name:<{width}}  {count:>12,}" for name, count in report.stats.items()]
    if report.clusters:
        lines += ["", "surest clusters"]
        lines += [
            f"  {cluster.probability:.4f}  {', '.join(cluster.ids)}"
            for cluster in report.clusters[:_SHOWN]
        ]
    if report.skipped:
        lines += ["", "skipped"]
        lines += [
            f"  {skip.kind}: {skip.reason} ({skip.keys} keys, {skip.customers} customers, "
            f"{skip.pairs} pairs)"
            for skip in report.skipped
        ]
    return "\n".join(lines)


def report_html(report: DuplicateReport) -> str:
    """Return a report as tables: the counts, and the surest clusters."""
    shown = report.clusters[:_SHOWN]
    counts = table("Duplicates", [], [(name, f"{count:,}") for name, count in report.stats.items()])
    clusters = table(
        f"Surest clusters, {len(shown)} of {len(report.clusters)}",
        ["ids", "probability", "weight in bits"],
        [(", ".join(c.ids), f"{c.probability:.4f}", f"{c.weight:.1f}") for c in shown],
    )
    return fragment(counts, clusters)
