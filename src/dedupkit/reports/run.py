"""The report of one run: what was found, what was done, and why, on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final, final

from attrs import field, frozen

from dedupkit.customers import Customer, FieldMap, as_map, as_tuple
from dedupkit.markup import STYLE, Markup, element, join, page, table
from dedupkit.plans import MergePlan
from dedupkit.reports.charts import size_bars, weight_histogram
from dedupkit.transfer import ImportPreview
from dedupkit.transfer.importing import HELD_BACK

if TYPE_CHECKING:
    from dedupkit.matching import DuplicateReport

__all__ = ["ReportItem", "RunReport", "State"]

#: Bytes of a whole page, and the share of it that clusters may take before the review list.
_MOST_BYTES: Final = 4_500_000
_MOST_OF_CLUSTERS: Final = 3_000_000
#: Clusters and review entries that are shown at most.
_SHOWN: Final = 250
#: Pairs of one cluster whose evidence is shown.
_EVIDENCE: Final = 6
#: Rows of a table of the import.
_ROWS: Final = 100


@final
class State(Enum):
    """What has become of a cluster or a pair."""

    PLANNED = "would be merged"
    MERGED = "merged"
    HELD = "for a person"
    FAILED = "not merged"
    REVIEW = "for review"


@final
@frozen(kw_only=True)
class ReportItem:
    """A cluster or pair of a run.

    Attributes:
        ids: Its cards; sorted.
        probability: That they are one customer's.
        weight: The same in bits.
        state: What has become of it.
        reason: Why it is held or failed, in words without personal data.
        plan: The merge that was planned, or that could be.
    """

    ids: tuple[str, ...] = field(converter=as_tuple)
    probability: float
    weight: float
    state: State
    reason: str = ""
    plan: MergePlan | None = field(default=None, repr=False)


@final
@frozen(kw_only=True, eq=False)
class RunReport:
    """All that the report of a run shows; `to_html` draws it.

    Attributes:
        title: Heading of the page.
        facts: What ran on what: name → words.
        found: What was found.
        customers: Id → customer, as they were when duplicates were looked for.
        duplicates: The clusters that are duplicates, surest first.
        review: What a person should look at, surest first.
        imported: What importing the file did, where there was one.
        rest: Where the entries are that the page has no room for.
    """

    title: str
    facts: FieldMap[str, str] = field(converter=as_map)
    found: DuplicateReport
    customers: Mapping[str, Customer] = field(repr=False)
    duplicates: tuple[ReportItem, ...] = field(converter=as_tuple)
    review: tuple[ReportItem, ...] = field(converter=as_tuple)
    imported: ImportPreview | None = None
    rest: str = "plans.jsonl"

    def to_html(self) -> str:
        """Return the page, below 5 MB; it holds personal data."""
        return page(
            self.title,
            element("h1", self.title),
            element("p", [_fact(name, words) for name, words in self.facts.items()]),
            _strip(self),
            _sureness(self),
            _section("Duplicates", _NO_DUPLICATES, self, self.duplicates, _MOST_OF_CLUSTERS),
            _section("For review", _NO_REVIEW, self, self.review, _MOST_BYTES - _MOST_OF_CLUSTERS),
            _import(self.imported) if self.imported else None,
            _left_out(self),
            element(
                "p",
                "This page holds personal data; delete it when nobody needs it.",
                class_="dk-soft",
            ),
        )


_NO_DUPLICATES: Final = "No cards are sure to be one customer's."
_NO_REVIEW: Final = "Nothing needs a person's eye."


def _fact(name: str, words: str) -> Markup:
    return element("span", f"{name}: ", element("b", words), class_="dk-fact")


def _strip(run: RunReport) -> Markup:
    """Return the counts that matter first."""
    states = [item.state for item in run.duplicates]
    cards = sum(len(item.ids) - 1 for item in run.duplicates)
    counts = [
        ("customers", run.found.stats["customers"]),
        ("clusters of duplicates", len(run.duplicates)),
        ("cards to fold in", cards),
        *(
            (f"clusters {state.value}", states.count(state))
            for state in (State.MERGED, State.PLANNED, State.HELD, State.FAILED)
            if state in states
        ),
        ("for review", len(run.review)),
        *(
            (name, count)
            for name, count in run.found.stats.items()
            if name.startswith("left out: ")
        ),
    ]
    return _counts(counts)


def _import(preview: ImportPreview) -> Markup:
    """Return the four numbers of an import, and the rows and cells that wrote nothing."""
    retired = [(row.customer, row.master, row.row) for row in preview.retired[:_ROWS]]
    held = [
        (cell.customer, cell.path, HELD_BACK[cell.held_back or ""])
        for cell in preview.held_back[:_ROWS]
    ]
    return join(
        element("h2", "Import"),
        _counts([*preview.counts.items(), ("merged before", len(preview.retired))]),
        _folded(
            _capped("Rows of retired customers, which wrote nothing", preview.retired),
            table(None, ["customer", "is now", "row"], retired),
        )
        if retired
        else None,
        _folded(
            _capped("Cells that were not written", preview.held_back),
            table(None, ["customer", "column", "why"], held),
        )
        if held
        else None,
    )


def _counts(counts: Iterable[tuple[str, int]]) -> Markup:
    """Return numbers in a strip of boxes."""
    return element(
        "ul",
        [element("li", element("b", f"{count:,}"), " ", name) for name, count in counts],
        class_="dk-strip",
    )


def _folded(words: str, content: Markup) -> Markup:
    """Return content that a line opens."""
    return element("details", element("summary", words), content)


def _capped(words: str, items: Sequence[object]) -> str:
    count = f"{len(items):,}" if len(items) <= _ROWS else f"the first {_ROWS} of {len(items):,}"
    return f"{words}: {count}"


def _sureness(run: RunReport) -> Markup | None:
    """Return the charts, where there is anything to draw."""
    weights = [pair.weight for pair in run.found.pairs]
    if not weights:
        return None
    below = run.found.stats.get("candidate pairs", len(weights)) - len(weights)
    return join(
        element("h2", "How sure"),
        element(
            "p",
            f"{len(weights):,} pairs for review or duplicate, by match weight; another {below:,} "
            "pairs were compared and are distinct. Every bit doubles the odds.",
        ),
        element("div", weight_histogram(weights, run.found.thresholds), class_="dk-wide"),
        [element("h3", "Clusters by number of cards"), size_bars(map(len, run.found.clusters))]
        if run.found.clusters
        else None,
    )


def _section(
    heading: str, empty: str, run: RunReport, items: Sequence[ReportItem], room: int
) -> Markup:
    """Return entries, surest first, as far as there is room."""
    drawn: list[Markup] = []
    for item in items[:_SHOWN]:
        entry = _entry(item, run)
        room -= len(entry.encode())
        if room < 0:
            break
        drawn.append(entry)
    note = None
    if not items:
        note = element("p", empty)
    elif len(drawn) < len(items):
        note = element(
            "p", f"The surest {len(drawn):,} of {len(items):,} are shown; all are in {run.rest}."
        )
    return join(element("h2", f"{heading} ({len(items):,})"), note, drawn)


def _entry(item: ReportItem, run: RunReport) -> Markup:
    """Return one line that opens to the cards side by side and to the evidence."""
    master = item.plan.master_id if item.plan else item.ids[0]
    name = run.customers[master].display_name if master in run.customers else f"customer {master}"
    line = element(
        "summary",
        element("b", element("bdi", name)),
        f" · {', '.join(item.ids[:_NAMED])}",
        f" and {len(item.ids) - _NAMED} more" if len(item.ids) > _NAMED else None,
        f" · probability {item.probability:.4f} ({item.weight:+.1f} bits) ",
        element("span", item.state.value, class_="dk-chip"),
        f" {item.reason}" if item.reason else None,
    )
    card = _unstyled(item.plan._repr_html_()) if item.plan else None  # how IPython asks too
    return element(
        "details", line, card, element("h3", "Why"), list(_evidence(item.ids, master, run))
    )


_NAMED: Final = 8


def _evidence(ids: Sequence[str], master: str, run: RunReport) -> Iterator[Markup]:
    """Yield the evidence between the master and each other card."""
    found = run.found
    others = [i for i in ids if i != master and i in run.customers]
    for other in others[:_EVIDENCE]:
        result = found.model.compare(run.customers[master], run.customers[other], found.profile)
        yield element("p", f"{master} and {other}:")
        yield element("div", _unstyled(result._repr_html_()), class_="dk-wide")  # as above
    if len(others) > _EVIDENCE:
        yield element("p", f"… and {len(others) - _EVIDENCE} more cards.", class_="dk-soft")


def _unstyled(html: str) -> Markup:
    """Take the stylesheet out, which the page has once."""
    return Markup(html.replace(element("style", STYLE), ""))


def _left_out(run: RunReport) -> Markup:
    """Return what was not compared, in words with numbers."""
    unreadable = [
        (name.partition(": ")[2], f"{count:,}")
        for name, count in run.found.stats.items()
        if name.startswith("unreadable: ")
    ]
    rows = [
        (skip.kind, skip.reason, f"{skip.keys:,}", f"{skip.customers:,}", f"{skip.pairs:,}")
        for skip in run.found.skipped
    ]
    return join(
        element("h2", "What was left out"),
        table(
            "Values that too many cards share to compare all who share them",
            ["shared", "why", "values", "cards", "pairs"],
            rows,
        )
        if rows
        else element("p", "Nothing: all cards that share anything were compared."),
        table("Cells that are not what their field holds", ["field", "cells"], unreadable)
        if unreadable
        else None,
        [
            element("p", f"People's judgements contradict each other: {' = '.join(chain)}.")
            for chain in run.found.review.contradictions
        ]
        or None,
    )
