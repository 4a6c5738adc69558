"""HTML and SVG for reprs and reports: escaped elements, tables, bars, and the one stylesheet.

A plain ``str`` is text and is escaped wherever it goes in; only `Markup` is taken as it is, so a
name full of angle brackets cannot become a tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, TypeAlias, final

from attrs import frozen

__all__ = [
    "STYLE",
    "Bar",
    "Child",
    "Markup",
    "bars",
    "element",
    "fragment",
    "join",
    "page",
    "table",
]


@final
class Markup(str):
    """Text that is HTML already: put in as it is.

    >>> element("b", Markup("&amp;"), "&")
    '<b>&amp;&amp;</b>'
    """

    __slots__ = ()


#: What an element may hold: text (escaped), markup, numbers, nothing, or several of these.
Child: TypeAlias = "str | int | float | Iterable[Child] | None"


def element(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """Return one element with its children, both escaped.

    Args:
        name: Name of the tag.
        children: Content in order; None is left out, iterables are taken apart.
        attributes: By name: a trailing underscore goes (``class_``), others become dashes. None
            and False leave the attribute out, True writes its bare name.

    >>> element("td", "<Åse>", class_="taken", colspan=2)
    '<td class="taken" colspan="2">&lt;Åse&gt;</td>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Return children one after the other, text escaped.

    >>> join("a < b", None, ["; ", 2])
    'a &lt; b; 2'
    """
    return Markup("".join(map(_written, children)))


def table(
    caption: Child,
    head: Sequence[Child],
    rows: Iterable[Sequence[Child]],
    *,
    class_: str | None = None,
) -> Markup:
    """Return a table whose first column names the rows.

    A cell that is a ``<td>`` or ``<th>`` already is taken as it is; others are put into one. Wide
    tables scroll inside their own box.

    >>> drawn = table(None, [], [["duplicate", 12]])
    >>> '<tr><th scope="row">duplicate</th><td>12</td></tr>' in drawn
    True
    """
    columns = [_cell("th", cell, scope="col") for cell in head]
    body = [
        element("tr", _cell("th", row[0], scope="row"), [_cell("td", cell) for cell in row[1:]])
        for row in rows
    ]
    return element(
        "div",
        element(
            "table",
            element("caption", caption) if caption else None,
            element("thead", element("tr", columns)) if columns else None,
            element("tbody", body),
            class_=class_,
        ),
        class_="dk-wide",
    )


@final
@frozen(kw_only=True)
class Bar:
    """One bar of `bars`.

    Attributes:
        label: What it stands for.
        start: Where it begins, in the unit of the axis.
        end: Where it ends; left of *start* it speaks against and is drawn orange.
        text: What is written behind it, the number for instance.
        note: More words behind the label, smaller, or nothing.
    """

    label: str
    start: float = 0.0
    end: float
    text: str = ""
    note: str = ""


def bars(
    rows: Sequence[Bar], *, title: str, unit: str = "", marks: Sequence[tuple[float, str]] = ()
) -> Markup:
    """Return horizontal bars on one axis as SVG, 640 wide: a waterfall, or a list of amounts.

    Every bar has its sign in words behind it, so it reads without colour; text can be selected.

    Args:
        rows: The bars, from above.
        title: What a screen reader says of the picture.
        unit: Written under the axis.
        marks: Vertical lines: where, and what they mean.
    """
    reach = [0.0, *(r.start for r in rows), *(r.end for r in rows), *(at for at, _ in marks)]
    low, high = min(reach), max(reach)
    scale = (_PLOT_RIGHT - _PLOT_LEFT) / ((high - low) or 1.0)

    def x(value: float) -> float:
        return round(_PLOT_LEFT + (value - low) * scale, 1)

    top = _MARK_LINE * len(marks) + 4
    bottom = top + _ROW * len(rows)
    parts: list[Markup] = []
    for line, (at, word) in enumerate(marks, 1):
        parts.append(
            element("line", x1=x(at), x2=x(at), y1=_MARK_LINE * line, y2=bottom, class_="dk-mark")
        )
        anchor, shift = ("end", -4) if x(at) > _WIDTH / 2 else ("start", 4)
        parts.append(_svg_text(word, x(at) + shift, _MARK_LINE * line, "dk-small", anchor))
    parts.append(element("line", x1=x(0), x2=x(0), y1=top, y2=bottom, class_="dk-axis"))
    for position, row in enumerate(rows):
        y = top + _ROW * position
        left, right = sorted((x(row.start), x(row.end)))
        side = "dk-against" if row.end < row.start else "dk-for"
        note = element("tspan", row.note, dx=8, class_="dk-small") if row.note else None
        parts += [
            element("text", row.label, note, x=_PLOT_LEFT + 5, y=y + 15, class_="dk-label"),
            element("rect", x=left, y=y + 20, width=max(right - left, 1), height=14, class_=side),
            _svg_text(row.text, _WIDTH, y + 32, "dk-label", "end"),
        ]
    parts.append(_svg_text(unit, x(0), bottom + 14, "dk-small", "middle"))
    height = bottom + (18 if unit else 4)
    return element(
        "svg",
        element("title", title),
        parts,
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        class_="dk-bars",
    )


def fragment(*children: Child, styled: bool = True) -> Markup:
    """Return content with its stylesheet, for a notebook cell or an e-mail.

    Args:
        children: The content.
        styled: False leaves the stylesheet out, where the page around has it already.
    """
    style = element("style", STYLE) if styled else None
    return join(style, element("div", children, class_="dedupkit"))


def page(title: str, *children: Child) -> str:
    """Return a whole page that needs nothing from elsewhere and runs no script."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", STYLE),
    )
    body = element("body", element("main", children, class_="dedupkit"), class_="dk-page")
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


_WIDTH, _ROW, _PLOT_LEFT, _PLOT_RIGHT, _MARK_LINE = 640, 40, 2, 580, 14

_VOID = frozenset({"br", "hr", "img", "input", "meta"})


def _attribute(key: str, value: str | float | bool | None) -> str:  # noqa: FBT001  # a value
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str | int | float):
        return escape(str(child), quote=False)
    return join(*child)


def _cell(name: str, content: Child, **attributes: Any) -> Markup:  # noqa: ANN401  # handed on
    if isinstance(content, Markup) and content.startswith(("<td", "<th")):
        return content
    return element(name, content, **attributes)


def _svg_text(text: str, x: float, y: float, class_: str, anchor: str = "start") -> Markup:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_=class_)


#: The stylesheet of everything that this library draws: light and dark, print, 360 px and up.
STYLE = Markup("""
.dedupkit{--dk-ink:#1d2430;--dk-soft:#5a6472;--dk-paper:#fff;--dk-line:#d5dae1;--dk-tint:#e3eefb;
--dk-for:#1f66b0;--dk-against:#b4530a;--dk-warm:#fdf0e1;--dk-head:#f5f7f9;color:var(--dk-ink);
--dk-cell:#fff3b0;--dk-new:#dff3e1;
background:var(--dk-paper);font:14px/1.45 system-ui,sans-serif;text-align:left;padding:.75rem}
@media(prefers-color-scheme:dark){.dedupkit{--dk-ink:#e4e8ee;--dk-soft:#a3adba;--dk-paper:#171b21;
--dk-line:#3a424d;--dk-tint:#1c3450;--dk-for:#6aaef5;--dk-against:#f0a35e;--dk-warm:#43301a;
--dk-cell:#544a12;--dk-new:#1d3d24;
--dk-head:#20262e}}
body.dk-page{margin:0;background:#fff}
@media(prefers-color-scheme:dark){body.dk-page{background:#171b21}}
.dk-page .dedupkit{max-width:78rem;margin:0 auto}
.dedupkit h1{font-size:1.5rem}.dedupkit h2{font-size:1.15rem}.dedupkit h3{font-size:1rem}
.dedupkit h1,.dedupkit h2,.dedupkit h3{margin:1em 0 .4em;line-height:1.25;color:inherit}
.dedupkit p{margin:.4em 0}.dedupkit ul{margin:.3em 0;padding-left:1.2em}
.dedupkit .dk-wide{overflow-x:auto;margin:.5em 0}
.dedupkit table{border-collapse:collapse;border:0;margin:0;font-size:inherit;color:inherit}
.dedupkit caption{text-align:left;font-weight:600;padding:.25em 0;color:inherit}
.dedupkit th,.dedupkit td{border:1px solid var(--dk-line);padding:.3em .55em;text-align:left;
vertical-align:top;max-width:22rem;overflow-wrap:anywhere;background:none;color:inherit;
white-space:normal;font-weight:400}
.dedupkit thead th{background:var(--dk-head);font-weight:600;min-width:7rem}
.dedupkit tbody th{color:var(--dk-soft);font-weight:400;white-space:nowrap}
.dedupkit .dk-wide th:first-child{position:sticky;left:0;background:var(--dk-paper)}
.dedupkit .dk-wide thead th:first-child{background:var(--dk-head)}
.dedupkit details{margin:.5em 0}.dedupkit summary{cursor:pointer}
.dedupkit del{color:var(--dk-soft)}
.dk-taken{background:var(--dk-tint)!important}
.dk-conflict{outline:2px solid var(--dk-against);outline-offset:-2px}
.dedupkit .dk-wide .dk-result{position:sticky;right:0;background:var(--dk-paper);
box-shadow:-1px 0 var(--dk-line)}
.dedupkit .dk-wide thead .dk-result{background:var(--dk-head)}
.dk-item{display:block;white-space:pre-line}
@media(max-width:599px){.dedupkit .dk-wide th,.dedupkit .dk-wide td{padding:.25em .35em}
.dedupkit .dk-wide thead th{min-width:5.5rem}.dedupkit .dk-wide .dk-result{max-width:8rem}
.dedupkit .dk-wide th:first-child{white-space:normal;min-width:3.5rem;max-width:6rem;
overflow-wrap:break-word}}
.dk-chip,.dk-tag{display:inline-block;border:1px solid var(--dk-line);border-radius:1em;
padding:0 .55em;font-size:.82em;font-weight:400;color:var(--dk-soft);white-space:nowrap}
.dk-tag{border-color:var(--dk-for);color:var(--dk-for);white-space:normal}
.dk-soft{color:var(--dk-soft)}
.dk-finding{border-left:3px solid var(--dk-line);padding:.1em 0 .1em .6em;margin:.35em 0}
.dk-finding.dk-stop{border-color:var(--dk-against);background:var(--dk-warm)}
.dk-warning{border:1px solid var(--dk-against);background:var(--dk-warm);padding:.4em .7em;
border-radius:.3em}
.dk-strip{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0!important}
.dk-strip li{border:1px solid var(--dk-line);border-radius:.3em;padding:.3em .7em}
.dk-strip b{font-size:1.25rem}.dk-fact{margin-right:1.2em;overflow-wrap:anywhere}
.dk-page details{border-top:1px solid var(--dk-line);padding-top:.4em}
.dk-page summary{overflow-wrap:anywhere}.dk-wide .dk-bars{min-width:32rem}
.dk-bars .dk-band-review{fill:var(--dk-warm)}.dk-bars .dk-band-duplicate{fill:var(--dk-tint)}
.dk-cell{background:var(--dk-cell)!important}.dk-new{background:var(--dk-new)!important}
.dk-bars{display:block;width:100%;max-width:640px;height:auto;font:13px system-ui,sans-serif}
.dk-bars text{fill:var(--dk-ink)}.dk-bars .dk-small{font-size:11px;fill:var(--dk-soft)}
.dk-bars .dk-label{paint-order:stroke;stroke:var(--dk-paper);stroke-width:3px}
.dk-bars .dk-axis{stroke:var(--dk-soft)}.dk-bars .dk-mark{stroke:var(--dk-soft);
stroke-dasharray:3 3}
.dk-bars .dk-for{fill:var(--dk-for)}.dk-bars .dk-against{fill:var(--dk-against)}
@media print{.dedupkit{--dk-paper:#fff;--dk-ink:#000;padding:0}.dedupkit tr{break-inside:avoid}}
""")
