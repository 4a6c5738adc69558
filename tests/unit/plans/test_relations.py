"""Relations: what refers to customers."""

import pytest

from dedupkit.plans import Collision, Relation, RemovedRow, Rows


def test_rows_move_and_collisions_are_refused_unless_said() -> None:
    """The safe answers are the defaults."""
    relation = Relation("orders")
    assert (relation.rows, relation.collision) == (Rows.MOVE, Collision.REFUSE)


def test_words_are_read() -> None:
    """A host writes words, the value holds the choice."""
    relation = Relation("orders", rows="leave", collision="keep_master")
    assert (relation.rows, relation.collision) == (Rows.LEAVE, Collision.KEEP_MASTER)


def test_unknown_words_are_refused() -> None:
    """A typing error must not move rows."""
    with pytest.raises(ValueError, match="leaf"):
        Relation("orders", rows="leaf")


def test_removed_rows_keep_their_columns_out_of_sight() -> None:
    """They are needed for undo and may be personal."""
    row = RemovedRow("orders", "2", "1", "o1", {"note": "for Anna"})
    assert row.columns["note"] == "for Anna"
    assert "Anna" not in repr(row)
