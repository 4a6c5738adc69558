"""Progress: what a reporter hears while items pass."""

import pytest

from dedupkit.progress import track


class Listener:
    """Writes down what it hears."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.heard: list[tuple[object, ...]] = []

    def start(self, stage: str, total: int | None, /) -> None:
        """Note the beginning."""
        self.heard.append(("start", stage, total))

    def advance(self, stage: str, done: int, /) -> None:
        """Note an advance."""
        self.heard.append(("advance", stage, done))

    def finish(self, stage: str, /) -> None:
        """Note the end."""
        self.heard.append(("finish", stage))

    @property
    def advances(self) -> list[int]:
        """The sizes of the advances."""
        return [int(str(call[2])) for call in self.heard if call[0] == "advance"]


@pytest.mark.parametrize("total", [0, 1, 99, 299, 1_000])
def test_the_advances_add_up_to_the_items(total: int) -> None:
    """A hundred or two of them, the rest at the end included."""
    listener = Listener()

    assert list(track(range(total), "cards", total, listener)) == list(range(total))
    assert sum(listener.advances) == total
    assert len(listener.advances) < 200
    assert (listener.heard[0], listener.heard[-1]) == (
        ("start", "cards", total),
        ("finish", "cards"),
    )


def test_the_stage_ends_where_the_consumer_stops() -> None:
    """Whoever takes only some of the items leaves no stage open."""
    listener = Listener()
    items = track(range(3), "cards", 3, listener)

    next(items)
    items.close()  # type: ignore[attr-defined]  # a generator

    assert listener.heard == [("start", "cards", 3), ("finish", "cards")]
