"""What a clerk types."""

from dedupkit.customers import Address, Customer, WebProfile
from dedupkit.stores.searching import card_text, ranked, search_words


class TestCardText:
    def test_it_holds_contact_details_and_user_names_folded(self) -> None:
        """Phones also as one run of digits."""
        card = Customer(
            id="7",
            number="A-1",
            last_name="Ødegård",
            other_phones=["22 33"],
            other_addresses=[Address(street="Storgata 1", city="Oslo")],
            web_profile=WebProfile(id="w", username="Åse"),
            notes="secret",
        )
        words = card_text(card).split()
        assert {"7", "a", "odegard", "2233", "storgata", "oslo", "ase"} <= set(words)
        assert "secret" not in words

    def test_a_profile_without_a_user_name_adds_nothing(self) -> None:
        """Only the id is left."""
        assert card_text(Customer(id="7", web_profile=WebProfile(id="w"))) == " 7 "


class TestRanked:
    def test_whole_words_come_first_then_the_lowest_number(self) -> None:
        """Cards that lack a word are left out."""
        cards = [
            Customer(id="1", last_name="Hansenius"),
            Customer(id="3", last_name="Hansen"),
            Customer(id="2", last_name="Hansen"),
            Customer(id="4", last_name="Larsen"),
        ]
        texts = [(card, card_text(card)) for card in cards]
        assert [card.id for card in ranked(search_words("Hansen"), texts)] == ["2", "3", "1"]

    def test_no_words_find_nothing(self) -> None:
        """Punctuation is none."""
        assert list(ranked(search_words("?!"), [(Customer(id="1"), " 1 ")])) == []
