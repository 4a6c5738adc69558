"""The tables of the library's own register."""

from dedupkit.customers import FIELDS
from dedupkit.stores.sql.schema import CHILDREN, COLUMNS


class TestSchema:
    def test_every_field_has_just_one_place(self) -> None:
        """A field that the schema forgot would be lost silently."""
        places = ["id", "version", *(c.name for c in COLUMNS), *(c.field for c in CHILDREN)]
        assert sorted(FIELDS) == sorted(places)
