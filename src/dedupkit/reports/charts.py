"""Charts of a run: how sure it is, and how large the clusters are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from dedupkit.markup import Bar, Markup, bars, element
from dedupkit.matching import Thresholds
from dedupkit.matching.bits import BIT, weight_at

__all__ = ["size_bars", "weight_histogram"]

_WIDTH: Final = 640
_HEIGHT: Final = 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 632, 24, 140
#: More bins than this are merged into wider ones.
_BINS: Final = 40


def weight_histogram(weights: Iterable[float], thresholds: Thresholds) -> Markup:
    """Return how many pairs have which match weight, the bands shaded and named.

    Args:
        weights: Match weights in bits, prior included.
        thresholds: Where the bands begin.

    Returns:
        SVG, 640 wide; the numbers are in it as text for each bin.

    >>> drawn = weight_histogram([1.5, 9.25, 9.5], Thresholds())
    >>> "9 to 10 bits: 2 pairs" in drawn
    True
    """
    given = list(weights)
    limits = [
        (weight_at(thresholds.review) / BIT, "review"),
        (weight_at(thresholds.duplicate) / BIT, "duplicate"),
    ]
    marks = [(at, word) for at, word in limits if abs(at) < BIT]
    reach = [*given, *(at for at, _ in marks)] or [0.0]
    low, high = math.floor(min(reach)), math.floor(max(reach)) + 1
    step = max(1, math.ceil((high - low) / _BINS))
    high = low + step * math.ceil((high - low) / step)
    counts = Counter(min(math.floor((w - low) / step), (high - low) // step - 1) for w in given)
    most = max(counts.values(), default=1)

    def x(weight: float) -> float:
        return round(_LEFT + (weight - low) / (high - low) * (_RIGHT - _LEFT), 1)

    parts = list(_bands(marks, low, high, x))
    for place, count in sorted(counts.items()):
        start, end = low + place * step, low + (place + 1) * step
        height = max(round((_BOTTOM - _TOP) * count / most, 1), 1)
        noun = "pair" if count == 1 else "pairs"
        parts.append(
            element(
                "rect",
                element("title", f"{start} to {end} bits: {count:,} {noun}"),
                x=x(start) + 0.5,
                y=_BOTTOM - height,
                width=max(x(end) - x(start) - 1, 1),
                height=height,
                class_="dk-for",
            )
        )
    parts += _axes(low, high, step, most, x)
    return element(
        "svg",
        element("title", "Pairs by match weight in bits"),
        parts,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        class_="dk-bars",
    )


def _bands(
    marks: Sequence[tuple[float, str]], low: int, high: int, x: Callable[[float], float]
) -> Iterator[Markup]:
    """Yield a shade and a word for each band, from its threshold to the next."""
    ends = [*(at for at, _ in marks), float(high)][1:]
    for (at, word), end in zip(marks, ends, strict=True):
        start = max(at, low)
        if end > start:
            yield element(
                "rect",
                x=x(start),
                y=_TOP,
                width=x(end) - x(start),
                height=_BOTTOM - _TOP,
                class_=f"dk-band-{word}",
            )
        yield element("line", x1=x(at), x2=x(at), y1=_TOP - 4, y2=_BOTTOM, class_="dk-mark")
        yield _text(f"{word} from {at:.1f}", x(at) + 3, _TOP - 8)


def _axes(
    low: int, high: int, step: int, most: int, x: Callable[[float], float]
) -> Iterator[Markup]:
    yield element("line", x1=_LEFT, x2=_RIGHT, y1=_BOTTOM, y2=_BOTTOM, class_="dk-axis")
    stride = step * max(1, math.ceil((high - low) / step / 10))
    for weight in range(low, high + 1, stride):
        yield _text(str(weight), x(weight), _BOTTOM + 14, "middle")
    yield _text("match weight in bits", (_LEFT + _RIGHT) / 2, _BOTTOM + 28, "middle")
    yield _text(f"{most:,}", _LEFT - 4, _TOP + 8, "end")
    yield _text("0", _LEFT - 4, _BOTTOM, "end")


def _text(words: str, x: float, y: float, anchor: str = "start") -> Markup:
    return element("text", words, x=x, y=y, text_anchor=anchor, class_="dk-small")


def size_bars(sizes: Iterable[int]) -> Markup:
    """Return how many clusters have how many cards, as bars; larger ones share the last.

    >>> "3 cards" in size_bars([2, 2, 3])
    True
    """
    counts = Counter(min(size, _LARGE) for size in sizes)
    rows = [
        Bar(
            label=f"{size} cards" if size < _LARGE else f"{_LARGE} cards or more",
            end=counts[size],
            text=f"{counts[size]:,}",
        )
        for size in sorted(counts)
    ]
    return bars(rows, title="Clusters by number of cards")


_LARGE: Final = 8
