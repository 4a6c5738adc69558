"""What a matcher is: one strategy that compares two customers in one respect.

A host writes a `Matcher`. The engine runs `ColumnMatcher`, whole columns at a time; every shipped
matcher is both, and `dedupkit.matching.lift` makes any plain matcher one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:  # numpy is loaded where arrays are made
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "ColumnMatcher",
    "Compared",
    "Matcher",
    "SupportsAgreed",
    "SupportsKeys",
]


class Matcher(Protocol):
    """One strategy. It never sees the register; the model does.

    Attributes:
        name: Unique in a model; a lower-case word such as ``"email"``.
        fields: Field paths that it reads, in the order in which `prepare` takes their values.
        levels: Words for the grades of agreement, strongest first; at least one. ``compare``
            returns a position in it.
    """

    @property
    def name(self) -> str:
        """Unique in a model."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Field paths, in the order in which `prepare` takes their values."""

    @property
    def levels(self) -> tuple[str, ...]:
        """Words for the grades of agreement, strongest first."""

    def prepare(self, *values: Any) -> Hashable | None:  # noqa: ANN401  # fields have many types
        """Turn the values of `fields` into one canonical value; None means missing.

        Called once per distinct combination of values. Total: it never raises on values of the
        fields' shapes. A value that is None here adds exactly 0 bits (law M3).
        """

    def compare(self, left: Any, right: Any, /) -> int:  # noqa: ANN401  # the matcher's own values
        """Return the level at which two prepared values agree; symmetric (law M1).

        Called once per distinct pair of prepared values, neither of them None. No value reaches a
        stronger level against another than against itself (law M5).
        """


@runtime_checkable
class SupportsAgreed(Protocol):
    """A matcher that tells on which value two prepared values agree."""

    def agreed(self, left: Any, right: Any, /) -> Hashable | None:  # noqa: ANN401  # as above
        """Return the value agreed on; None where the level rests on no value.

        A tuple of tuples stands for several independent values, each led by its kind:
        ``(("given", "anna"), ("surname", "larsen"))``; a frozenset stands for alternatives, of
        which the rarest counts. The model tempers the level by how many people share the value.
        ``agreed(x, x)`` names every value on which *x* could agree with anything: who holds a
        value is counted from that.
        """


@runtime_checkable
class SupportsKeys(Protocol):
    """A matcher that offers blocking keys."""

    def keys(self, prepared: Any, /) -> Iterable[str]:  # noqa: ANN401  # as above
        """Yield the blocking keys of a prepared value; each names its kind: ``"email:a@b.no"``.

        Two customers are candidates if they share a key that the profile holds open. Kinds are
        common to all matchers of a model: a name read from an e-mail meets the name of another
        card under one kind. A model may join kinds (``surname`` and ``postcode``) and then a kind
        that is only such a part opens nothing by itself.
        """


class Compared(NamedTuple):
    """The result of comparing columns: one entry per pair of codes.

    Attributes:
        levels: Positions in ``matcher.levels``; uint8.
        agreed: Position in `values`, or -1 where nothing is agreed on; int32.
        values: The distinct values agreed on.
    """

    levels: NDArray[np.uint8]
    agreed: NDArray[np.int32]
    values: Sequence[Hashable]


class ColumnMatcher(Matcher, Protocol):
    """A matcher that works on whole columns; the same answers, bit for bit (law M7)."""

    def prepare_columns(self, *columns: Sequence[Any]) -> Sequence[Hashable | None]:
        """Prepare aligned columns, one per field; one prepared value per row."""

    def compare_columns(
        self, values: Sequence[Any], left: NDArray[np.int32], right: NDArray[np.int32], /
    ) -> Compared:
        """Compare pairs of codes; a code is a position in *values* (distinct prepared values).

        The engine passes hardly a pair of distinct values twice.
        """

    def key_columns(self, values: Sequence[Any], /) -> tuple[NDArray[np.int32], Sequence[str]]:
        """Return the keys of all *values*: the position of each key's value, and the keys."""
