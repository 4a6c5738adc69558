"""HTML building: what is text stays text."""

from html.parser import HTMLParser

import pytest

from dedupkit.markup import Bar, Markup, bars, element, fragment, join, page, table

HOSTILE = "<script>alert('&')</script>\""


class Reader(HTMLParser):
    """Reads markup back: its tags and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


@pytest.mark.parametrize(
    "markup",
    [
        element("b", HOSTILE),
        element("b", [HOSTILE, None]),
        join(HOSTILE),
        fragment(HOSTILE, styled=False),
        table(HOSTILE, [HOSTILE], [[HOSTILE, HOSTILE]]),
        bars([Bar(label=HOSTILE, end=1, text=HOSTILE, note=HOSTILE)], title=HOSTILE, unit=HOSTILE),
    ],
    ids=["element", "list", "join", "fragment", "table", "bars"],
)
def test_text_never_becomes_a_tag(markup: Markup) -> None:
    """Hostile text comes out as text, wherever it goes in."""
    read = Reader(markup)
    assert "script" not in read.tags
    assert HOSTILE in read.text


def test_attributes_are_escaped() -> None:
    """A quote in an attribute does not end it."""
    assert Reader(element("td", title=HOSTILE)).attributes == [("title", HOSTILE)]


def test_attributes_by_value() -> None:
    """None and False are left out, True is a bare name."""
    assert element("i", a=None, b=False, open=True, c_d=0) == '<i open c-d="0"></i>'


def test_void_element_has_no_end() -> None:
    """A line break is not closed."""
    assert element("br") == "<br>"


def test_table_takes_ready_cells() -> None:
    """A cell that is one already is not wrapped again."""
    cell = element("td", "x", class_="dk-taken")
    assert table(None, [], [["row", cell]]).count("<td") == 1


def test_bars_show_which_side_they_speak_for() -> None:
    """A bar that goes left speaks against."""
    drawn = bars(
        [Bar(label="name", end=4.0), Bar(label="city", start=4.0, end=1.0)],
        title="evidence",
        marks=[(2.0, "review")],
    )
    assert ("dk-for" in drawn, "dk-against" in drawn, "review" in drawn) == (True, True, True)


def test_bars_of_nothing() -> None:
    """No rows draw an empty picture."""
    assert "<rect" not in bars([], title="none")


def test_styled_fragment_carries_its_stylesheet() -> None:
    """A cell of a notebook has all that it needs."""
    assert "prefers-color-scheme" in fragment("x")


def test_page_is_whole() -> None:
    """A page states its language, character set and width, and loads nothing."""
    html = page("Report", element("h1", "Report"))
    read = Reader(html)
    assert read.tags[:2] == ["html", "head"]
    assert ("charset", "utf-8") in read.attributes
    assert not {"link", "script", "img"} & set(read.tags)
