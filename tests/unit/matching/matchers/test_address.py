"""Postal addresses."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import AddressMatcher
from dedupkit.matching.matchers.address import Building, Place, Postcode

MATCHER = AddressMatcher()


def prepare(text: str, country: str | None = "NO") -> Place:
    """Read ``street|postcode|city``."""
    street, code, city = (part.strip() or None for part in text.split("|"))
    place = MATCHER.prepare(street, None, code, city, country)
    assert place is not None
    return place


class TestPrepare:
    def test_parts(self) -> None:
        """An address is taken apart and folded."""
        assert MATCHER.prepare("Storgata 5B", None, "NO-0155", "OSLO", "Norge") == Place(
            Building("storgate", "5", "b", ""), Postcode("0155", "NO"), "oslo"
        )

    @pytest.mark.parametrize(
        "values",
        [
            (None, None, None, None, "NO"),
            (" ", "-", "", None, None),
            (None, "Flat 3", None, None, "NO"),
        ],
    )
    def test_missing(self, values: tuple[str | None, ...]) -> None:
        """A country, or a flat, alone is no address."""
        assert MATCHER.prepare(*values) is None

    def test_flat_in_second_line(self) -> None:
        """The flat may stand in the second line."""
        place = MATCHER.prepare("12 High Street", "Flat 3", "E19 4BD", None, "GB")
        assert place is not None
        assert place.building is not None
        assert place.building.unit == "flat 3"

    def test_care_of_is_no_flat(self) -> None:
        """Somebody else's name in the second line says nothing of the building."""
        place = MATCHER.prepare("Storgata 5", "c/o Larsen", "0155", "Oslo", "NO")
        assert place == prepare("Storgata 5|0155|Oslo")

    def test_flat_in_both_lines(self) -> None:
        """A flat in the first line stands."""
        place = MATCHER.prepare("Storgata 5, H0203", "2. etg", "0155", "Oslo", "NO")
        assert place is not None
        assert place.building == Building("storgate", "5", "", "h0203")

    def test_street_in_second_line(self) -> None:
        """Where the first line has no house number and the second has, the second is the street."""
        place = MATCHER.prepare("Byporten Senter", "Jernbanetorget 6", "0154", "Oslo", "NO")
        assert place is not None
        assert place.building is not None
        assert place.building.number == "6"

    def test_everything_in_the_street(self) -> None:
        """Without postcode and city they are looked for behind the street."""
        assert MATCHER.prepare("Storgata 5, 0155 Oslo", None, None, None, "NO") == prepare(
            "Storgata 5|0155|Oslo"
        )

    def test_one_line_without_a_city(self) -> None:
        """A street alone stays a street."""
        assert MATCHER.prepare("Storgata 5", None, None, None, None) == Place(
            Building("storgate", "5", "", ""), None, None
        )


class TestCompare:
    @pytest.mark.parametrize(
        ("one", "other", "level"),
        [
            ("Storgata 5|0155|Oslo", "Storgt. 5|0155|OSLO", "street and postcode"),
            ("Storgata 5|0155|Oslo", "Storgata 5||Oslo", "street and city"),
            ("Storgata 5|0155|Oslo", "Storgata 5|7010|Oslo", "street and city"),
            ("Storgata 5|0155|", "Storgata 5|0156|", "street nearly, same place"),
            ("Storgata 5|0155|Oslo", "Storgata 5B|0155|Oslo", "street nearly, same place"),
            ("Storgata 5|0155|Oslo", "Stograta 5|0155|Oslo", "street nearly, same place"),
            ("Storgata|0155|Oslo", "Storgata 5|0155|Oslo", "street nearly, same place"),
            ("Storgata 5||Oslo", "Storgata 5||Bergen", "street, elsewhere"),
            ("Storgata 5||", "Storgata 5||Bergen", "street, elsewhere"),
            ("Storgata 5||Oslo", "Storgata 5A||Bergen", "street nearly, elsewhere"),
            ("Storgata 5|0155|Oslo", "Storgata 7|0155|Oslo", "postcode"),
            ("|0155|Oslo", "Storgata 7|0155|Bergen", "postcode"),
            ("|0155|Trondheim", "|0156|Trondhiem", "postcode and city nearly"),
            ("Storgata 5|0155|Oslo", "Lia 7|0872|Oslo", "city"),
            ("|0155|", "|0156|", "postcode or city nearly"),
            ("||Trondheim", "||Trondhiem", "postcode or city nearly"),
            ("Storgata 5||", "||Oslo", "no part in common"),
            ("Storgata 5|0155|Oslo", "Lia 7|5003|Bergen", "differs"),
            ("Storgata 5||", "Lia 7||", "differs"),
            ("||Oslo", "||Moss", "differs"),
        ],
    )
    def test_levels(self, one: str, other: str, level: str) -> None:
        """Street, postcode and city are put together."""
        assert MATCHER.levels[MATCHER.compare(prepare(one), prepare(other))] == level

    def test_two_flats(self) -> None:
        """Two flats of one house are nearly the same address."""
        one = MATCHER.prepare("12 High Street", "Flat 3", "E19 4BD", None, "GB")
        other = MATCHER.prepare("12 High Street", "Flat 4", "E19 4BD", None, "GB")
        assert one
        assert other
        assert MATCHER.levels[MATCHER.compare(one, other)] == "street nearly, same place"

    def test_part_of_a_postcode(self) -> None:
        """A postcode that stops early is near; a short one says nothing."""
        whole = prepare("|E19 4BD|", "GB")
        assert MATCHER.levels[MATCHER.compare(whole, prepare("|E19|", "GB"))] == (
            "postcode or city nearly"
        )
        assert MATCHER.levels[MATCHER.compare(whole, prepare("|E1|", "GB"))] == "differs"

    def test_part_of_a_street(self) -> None:
        """A street whose name says more is near where the house number agrees."""
        one, other = prepare("Kirkeveien 5||Oslo"), prepare("Øvre Kirkeveien 5||Oslo")
        assert MATCHER.levels[MATCHER.compare(one, other)] == "street nearly, same place"

    def test_one_code_in_two_countries(self) -> None:
        """A postcode means something else in another country; unknown countries are passed over."""
        norway, denmark = prepare("|2000|", "NO"), prepare("|2000|", "DK")
        anywhere = prepare("|2000|", None)
        assert MATCHER.levels[MATCHER.compare(norway, denmark)] == "differs"
        assert MATCHER.levels[MATCHER.compare(norway, anywhere)] == "postcode"


class TestAgreed:
    def test_from_the_whole_to_the_city(self) -> None:
        """All that is equal is named, so that the rarest of it may count."""
        place = prepare("Storgata 5|0155|Oslo")
        assert MATCHER.agreed(place, place) == frozenset(
            {
                "street:storgate 5",
                "street:storgate 5, 0155",
                "street:storgate 5, oslo",
                "postcode:0155",
                "city:oslo",
            }
        )

    def test_one_part(self) -> None:
        """A single part stands for itself."""
        assert MATCHER.agreed(prepare("|0155|Oslo"), prepare("|0872|Oslo")) == "city:oslo"

    def test_nothing(self) -> None:
        """Where nothing is equal, nothing is agreed on."""
        assert MATCHER.agreed(prepare("||Oslo"), prepare("||Moss")) is None


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "keys"),
        [
            (
                "Storgata 5|0155|Oslo",
                ("street:0155 5 sto", "street:oslo 5 sto", "postcode:0155", "city:oslo"),
            ),
            ("Storgata|0155|", ("street:0155 storgate", "postcode:0155")),
            ("Storgata 5||", ("street: 5 sto",)),
            ("Storgata||", ()),
        ],
    )
    def test_kinds(self, text: str, keys: tuple[str, ...]) -> None:
        """Street with place, and the places alone."""
        assert MATCHER.keys(prepare(text)) == keys
