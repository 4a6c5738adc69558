"""Equal or not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dedupkit.errors import ConfigurationError
from dedupkit.matching.matchers import ExactMatcher


class TestExactMatcher:
    def test_name_is_the_path(self) -> None:
        """The path names the matcher and the one field that it reads."""
        matcher = ExactMatcher("extra.vat_no")
        assert (matcher.name, matcher.fields) == ("extra.vat_no", ("extra.vat_no",))

    def test_unknown_path_is_refused(self) -> None:
        """A path that names no field is told at once."""
        with pytest.raises(ConfigurationError, match="mobile"):
            ExactMatcher("mobil")

    @pytest.mark.parametrize(
        ("value", "prepared"),
        [
            (None, None),
            ("  ", None),
            (" Straße\n5 ", ("strasse 5",)),
            (True, ("true",)),
            (Decimal("1.50"), ("1.50",)),
            (date(2020, 1, 2), ("2020-01-02",)),
            (frozenset({"b", "A ", "a"}), ("a", "b")),
            (("x", None), ("x",)),
            (frozenset(), None),
        ],
    )
    def test_prepare(self, value: object, prepared: tuple[str, ...] | None) -> None:
        """Values of every shape become texts without case and blanks."""
        assert ExactMatcher("extra.any").prepare(value) == prepared

    def test_one_in_common_is_enough(self) -> None:
        """Sets of ids are equal where they meet; the common one is agreed on."""
        matcher = ExactMatcher("external_ids.app")
        assert matcher.compare(("a", "b"), ("b", "c")) == 0
        assert matcher.agreed(("a", "b"), ("b", "c")) == "b"

    def test_several_in_common(self) -> None:
        """Several common values are alternatives."""
        assert ExactMatcher("groups").agreed(("a", "b"), ("a", "b")) == frozenset({"a", "b"})

    def test_differs(self) -> None:
        """Without a common value nothing is agreed on."""
        matcher = ExactMatcher("number")
        assert matcher.levels[matcher.compare(("a",), ("b",))] == "differs"
        assert matcher.agreed(("a",), ("b",)) is None

    def test_keys(self) -> None:
        """Each value is a key of the kind of the path."""
        assert ExactMatcher("groups").keys(("a", "b")) == ("groups:a", "groups:b")

    def test_a_value(self) -> None:
        """Two matchers of one path are one."""
        assert ExactMatcher("city") == ExactMatcher("city")
        assert hash(ExactMatcher("city")) == hash(ExactMatcher("city"))
