"""Relations: what refers to customers."""

from decimal import Decimal
from typing import Any

import pytest

from dedupkit.errors import ConfigurationError
from dedupkit.plans import (
    Collision,
    Relation,
    RemovedRow,
    RowBalance,
    Rows,
    derived_balances,
)

POINTS = RowBalance("loyalty", "points", amount="left")


def test_rows_move_and_collisions_are_refused_unless_said() -> None:
    """The safe answers are the defaults."""
    relation = Relation("orders")
    assert (relation.rows, relation.collision) == (Rows.MOVE, Collision.REFUSE)


def test_words_are_read() -> None:
    """A host writes words, the value holds the choice."""
    relation = Relation("orders", rows="leave", collision="keep_master")
    assert (relation.rows, relation.collision) == (Rows.LEAVE, Collision.KEEP_MASTER)


def test_removed_rows_keep_their_columns_out_of_sight() -> None:
    """They are needed for undo and may be personal."""
    row = RemovedRow("orders", "2", "1", "o1", {"note": "for Anna"})
    assert row.columns["note"] == "for Anna"
    assert "Anna" not in repr(row)


class TestRowBalance:
    @pytest.mark.parametrize(
        ("left", "expected"), [("2.50", "2.50"), (-3, "-3"), (Decimal("0.1"), "0.1")]
    )
    def test_a_row_adds_what_its_column_holds(self, left: object, expected: str) -> None:
        """Exactly, below zero too."""
        assert POINTS.of({"left": left}) == Decimal(expected)

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ({}, "'left' is missing"),
            ({"left": 0.5}, "'left': an amount is"),
            ({"left": "much"}, "'left': an amount is"),
            ({"left": None}, "'left': an amount is"),
        ],
    )
    def test_what_is_no_exact_amount_is_refused_by_its_column(
        self, row: dict[str, Any], reason: str
    ) -> None:
        """The value is not repeated."""
        with pytest.raises(ConfigurationError, match=reason) as caught:
            POINTS.of(row)
        assert "much" not in str(caught.value)

    @pytest.mark.parametrize(
        ("kind", "unit", "column"),
        [("", "points", "left"), ("loyalty", "Points", "left"), ("loyalty", "points", " ")],
    )
    def test_it_is_a_balance_and_a_column(self, kind: str, unit: str, column: str) -> None:
        """What no balance can be is refused."""
        with pytest.raises(ConfigurationError, match=r"Balance: "):
            RowBalance(kind, unit, amount=column)

    def test_a_blank_programme_is_none(self) -> None:
        """As in a balance."""
        assert RowBalance("loyalty", "points", programme=" ").key == ("loyalty", "points", None)


class TestUnique:
    def test_the_customer_counts_without_being_named(self) -> None:
        """A key that holds it would never be another customer's."""
        with pytest.raises(ConfigurationError, match="'clubs': leave 'member' out of unique"):
            Relation("clubs", column="member", unique=["member", "club"])

    def test_a_row_without_one_of_the_columns_has_no_key(self) -> None:
        """It collides with none; so does each, where no column is declared."""
        clubs = Relation("clubs", unique=["club", "year"])
        assert clubs.key_of({"club": "go", "year": 2020, "by": "web"}) == ("go", 2020)
        assert clubs.key_of({"club": "go"}) is None
        assert Relation("clubs").key_of({"club": "go"}) is None


class TestDerivedBalances:
    def test_rows_that_add_up_to_a_balance_are_never_dropped(self) -> None:
        """An amount would be lost with the row."""
        with pytest.raises(ConfigurationError, match="'lots': its rows add up"):
            Relation("lots", collision="keep_master", balance=POINTS)

    def test_a_word_is_no_balance(self) -> None:
        """What is meant stands in the message."""
        with pytest.raises(ConfigurationError, match="must be a RowBalance"):
            Relation("lots", balance="loyalty")  # type: ignore[arg-type]  # what is told

    @pytest.mark.parametrize(
        ("wrong", "problem"),
        [
            ({"rows": "stay"}, "rows of a relation must be 'move' or 'leave'"),
            ({"collision": "drop"}, "collision of a relation must be 'refuse' or 'keep_master'"),
        ],
    )
    def test_a_word_of_neither_enumeration(self, wrong: dict[str, str], problem: str) -> None:
        """What is meant stands in the message."""
        with pytest.raises(ConfigurationError, match=problem):
            Relation("orders", **wrong)  # type: ignore[arg-type]  # what is told

    def test_two_relations_cannot_add_up_to_one_balance(self) -> None:
        """All of them are named; other programmes are other balances."""
        lots, bonus = (Relation(name, balance=POINTS) for name in ("lots", "bonus"))
        with pytest.raises(ConfigurationError, match="'lots' and 'bonus' to loyalty in points"):
            derived_balances([lots, bonus])
        club = Relation("club", balance=RowBalance("loyalty", "points", programme="club"))
        assert derived_balances([lots, club, Relation("orders")]) == {
            ("loyalty", "points", None): lots,
            ("loyalty", "points", "club"): club,
        }
