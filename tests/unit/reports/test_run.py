"""Reports of runs."""

import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser

from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.matching import DuplicateReport, find_duplicates
from dedupkit.merging import plan_merge
from dedupkit.reports import ReportItem, RunReport, State
from dedupkit.stores.memory import MemoryStore
from dedupkit.transfer import ImportPreview, plan_import, read_customers
from dedupkit.transfer.importing import CellChange, RetiredRow

ANNA = Customer(
    id="1",
    first_name="Anna",
    last_name="Dahl",
    email="anna@dahl.example",
    mobile="+4791234567",
    birth_date=date(1980, 5, 3),
)
VOID = {"meta", "br", "hr", "img", "input", "link", "line", "rect", "path"}


class Reader(HTMLParser):
    """Keeps the tags of a page, and notices where they do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Open a tag."""
        self.seen.append(tag)
        self.seen += [f"{name}=" for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open."""
        if tag not in VOID:
            assert self.open.pop() == tag


def tags_of(html: str) -> set[str]:
    """Return the tags of a page that nests rightly."""
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return set(reader.seen)


def report_of(*cards: Customer, found: DuplicateReport | None = None) -> RunReport:
    """Return the report on these cards, nothing merged."""
    found = found or find_duplicates(cards, region="NO")
    by_id = {card.id: card for card in cards}

    def item(ids: tuple[str, ...], state: State) -> ReportItem:
        master, *others = (by_id[i] for i in ids)
        plan = plan_merge(master, others)
        return ReportItem(ids=ids, probability=0.99, weight=7.0, state=state, plan=plan)

    return RunReport(
        title="Duplicates of a.csv",
        facts={"file": "a.csv"},
        found=found,
        customers=by_id,
        duplicates=[item(cluster.ids, State.PLANNED) for cluster in found.clusters],
        review=[item(entry.ids, State.REVIEW) for entry in found.review],
    )


def test_a_page_shows_counts_cards_and_evidence() -> None:
    """Everything is there: who, how sure, what would happen, and why."""
    html = report_of(ANNA, evolve(ANNA, id="2"), Customer(id="3", last_name="Lie")).to_html()

    assert tags_of(html) >= {"details", "summary", "table", "svg"}
    for words in ("Anna Dahl", "would be merged", "Merge into 1", "anna@dahl.example", "Why"):
        assert words in html
    assert "<b>1</b> clusters of duplicates" in html


def test_the_page_needs_nothing_from_elsewhere() -> None:
    """No script, no link, no picture: it opens from a mail or a stick."""
    html = report_of(ANNA, evolve(ANNA, id="2")).to_html()

    assert not tags_of(html) & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"(src|href|url\()", html)
    assert html.count("<style>") == 1


def test_hostile_values_stay_text() -> None:
    """A name full of tags is a name."""
    hostile = evolve(
        ANNA,
        first_name="<script>alert(1)</script>",
        last_name='"><img src=x onerror=alert(1)>',
        notes="</table></details></body>",
        groups=["<b>"],
    )

    html = report_of(hostile, evolve(hostile, id="<i>2</i>")).to_html()

    assert not tags_of(html) & {"script", "img", "i", "onerror="}


def test_an_empty_register_has_a_page_too() -> None:
    """Nothing found is said in words."""
    html = report_of().to_html()

    assert "No cards are sure" in html
    assert "Nothing needs a person" in html
    assert "Nothing: all cards that share anything were compared." in html
    tags_of(html)


def test_a_large_cluster_names_a_few_and_counts_the_rest() -> None:
    """Forty cards of one customer open as fast as two."""
    cards = [evolve(ANNA, id=str(n)) for n in range(1, 41)]
    report = report_of(*cards, found=find_duplicates(cards[:2]))
    plan = plan_merge(cards[0], cards[1:])
    item = ReportItem(
        ids=[card.id for card in cards],
        probability=1.0,
        weight=20.0,
        state=State.HELD,
        reason="too many",
        plan=plan,
    )

    html = evolve(report, duplicates=[item]).to_html()

    assert "and 32 more" in html
    assert "33 more cards" in html
    assert "too many" in html


def test_the_page_stays_small() -> None:
    """Thousands of clusters are counted, the surest shown, and the rest named by its file."""
    notes = "long " * 4_000
    pair = (evolve(ANNA, notes=notes), evolve(ANNA, id="2", notes=f"{notes}!"))
    report = report_of(*pair)
    many = report.duplicates * 1_000

    html = evolve(report, duplicates=many, review=many).to_html()

    assert len(html.encode()) < 5_000_000
    assert re.search(r"The surest \d+ of 1,000 are shown; all are in plans\.jsonl", html)


def test_a_cluster_without_plan_or_card_is_still_listed() -> None:
    """What was left out of planning is shown by its ids."""
    item = ReportItem(ids=["8", "9"], probability=0.6, weight=0.5, state=State.REVIEW)

    html = evolve(report_of(ANNA), review=[item]).to_html()

    assert "customer 8" in html
    tags_of(html)


def test_the_import_is_told() -> None:
    """Counts, retired rows with their masters, and cells that were not written."""
    file = read_customers(b"id;navn\n1;Anna\n", "a.csv")
    preview = evolve(
        plan_import(file, MemoryStore(), request="1"),
        retired=[RetiredRow("17", "3", 5)] * 150,
        cells=[CellChange(customer="3", path="city", after="Oslo", held_back="merged")],
    )

    html = evolve(report_of(ANNA), imported=preview).to_html()

    assert "<b>1</b> created" in html
    assert "which wrote nothing: the first 100 of 150" in html
    assert "a merge has put another value in its place" in html
    assert "Oslo" not in html
    assert "Cells" not in evolve(report_of(ANNA), imported=ImportPreview()).to_html()


def test_what_was_left_out_is_told_in_numbers() -> None:
    """Shared contacts and unreadable cells are no secret."""
    cards = [
        Customer(id=str(n), first_name=f"P{n}", last_name=f"Q{n}", email="post@firm.example")
        for n in range(60)
    ]
    found = find_duplicates(cards)
    said = evolve(found, stats=found.stats.with_items({"unreadable: birth_date": 3}))
    chained = evolve(said, review=evolve(said.review, contradictions=(("1", "2", "3"),)))

    html = report_of(*cards, found=chained).to_html()

    assert "Values that too many cards share" in html
    assert "birth_date" in html
    assert "1 = 2 = 3" in html
