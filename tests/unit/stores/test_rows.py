"""Moving rows, purely."""

import pytest

from dedupkit.customers import FieldMap
from dedupkit.errors import StoreError
from dedupkit.plans import MovedRows, Relation, RemovedRow
from dedupkit.stores.rows import Row, check_places, row_key, settle_moves

CLUBS = Relation("clubs", collision="keep_master", unique=("club",))


def club(row_id: str, customer: str, name: str | None) -> Row:
    """A membership."""
    return Row(row_id, customer, FieldMap(club=name))


class TestSettleMoves:
    def test_all_rows_of_a_source_move_in_order(self) -> None:
        """And the report says which."""
        rows = [Row("b", "2"), Row("a", "2"), Row("c", "1")]
        settled = settle_moves(Relation("orders"), rows, [("2", "1")])
        assert settled.moved == (Row("a", "1"), Row("b", "1"))
        assert settled.changes.moved == (MovedRows("orders", "2", "1", ("a", "b")),)

    def test_nothing_to_move_is_not_reported(self) -> None:
        """A customer without rows, and rows of another one."""
        settled = settle_moves(
            Relation("orders"),
            [Row("a", "1")],
            [("2", "1"), MovedRows("orders", "3", "1", ("a",))],
        )
        assert (settled.moved, settled.changes.moved) == ((), ())

    def test_moves_follow_each_other(self) -> None:
        """A row that moves twice ends where the last move says."""
        settled = settle_moves(Relation("orders"), [Row("a", "3")], [("3", "2"), ("2", "1")])
        assert settled.moved == (Row("a", "1"),)
        assert len(settled.changes.moved) == 2

    def test_a_colliding_row_goes_and_a_copy_stays_in_the_report(self) -> None:
        """The others move."""
        rows = [club("m1", "1", "chess"), club("m2", "2", "chess"), club("m3", "2", "golf")]
        settled = settle_moves(CLUBS, rows, [("2", "1")])
        assert settled.removed == ("m2",)
        copy: FieldMap[str, str] = FieldMap(customer="2", club="chess")
        assert settled.changes.removed == (RemovedRow("clubs", "2", "1", "m2", copy),)
        assert settled.moved == (club("m3", "1", "golf"),)

    def test_two_sources_collide_with_each_other(self) -> None:
        """The first one in the order of moves stays."""
        rows = [club("m2", "2", "chess"), club("m3", "3", "chess")]
        settled = settle_moves(CLUBS, rows, [("2", "1"), ("3", "1")])
        assert (settled.moved, settled.removed) == ((club("m2", "1", "chess"),), ("m3",))

    def test_a_row_that_moved_and_then_collides_is_only_removed(self) -> None:
        """It is not among the moved ones."""
        rows = [club("m1", "1", "chess"), club("m3", "3", "chess")]
        settled = settle_moves(CLUBS, rows, [("3", "2"), ("2", "1")])
        assert (settled.moved, settled.removed) == ((), ("m3",))

    def test_refused_collisions_are_named_together(self) -> None:
        """Rows and customers, not what they hold."""
        rows = [club("m1", "1", "chess"), club("m2", "2", "chess")]
        refusing = Relation("clubs", unique=("club",))
        with pytest.raises(StoreError, match="m2 of customer 2") as caught:
            settle_moves(refusing, rows, [("2", "1")])
        assert "chess" not in str(caught.value)

    def test_a_key_that_is_not_whole_collides_with_none(self) -> None:
        """As in SQL."""
        assert row_key(CLUBS, club("m1", "1", None)) is None
        assert row_key(CLUBS, Row("m1", "1")) is None
        assert row_key(Relation("orders"), Row("m1", "1")) is None
        rows = [club("m1", "1", None), club("m2", "2", None)]
        assert settle_moves(CLUBS, rows, [("2", "1")]).removed == ()


def test_a_row_comes_back_only_where_its_key_is_free() -> None:
    """Rows of other customers, of other keys and without a key are no matter."""
    relation = Relation("memberships", unique=("club",))
    held = [
        Row("m1", "1", FieldMap(club="choir")),
        Row("m2", "2", FieldMap(club="theater")),
        Row("m3", "1", FieldMap(club=None)),
    ]
    free = [Row("m4", "1", FieldMap(club="theater")), Row("m5", "1", FieldMap(club=None))]
    check_places(relation, held, free)
    with pytest.raises(StoreError, match="m6 of customer 1; solve"):
        check_places(relation, held, [*free, Row("m6", "1", FieldMap(club="choir"))])
