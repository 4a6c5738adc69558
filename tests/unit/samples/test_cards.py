"""Cards: which fields a way in fills in, and that a further card can be recognized."""

from datetime import date

from attrs import evolve

from dedupkit.samples.cards import (
    COUNTER,
    FIRST_CARD,
    NEWSLETTER,
    OLD_SYSTEM,
    PHONE,
    WEB_SHOP,
    Channel,
    Fields,
    first_name,
    last_name,
    missing_clue,
    way_in,
    write_card,
)
from dedupkit.samples.dice import Dice, Weighted
from dedupkit.samples.people import Census, Home, Person
from dedupkit.samples.tables import COUNTRIES

BRITAIN = COUNTRIES["GB"]
LEEDS = BRITAIN.cities.items[3]
ANNE = Person(
    country=BRITAIN,
    is_woman=True,
    first="Anne",
    second="Jane",
    surname="Hall",
    surname2="Ward",
    birth_date=date(1980, 5, 17),
    home=Home(city=LEEDS, postal_code="LS1 4AA", street="Elm Road", number="7", flat="Flat 2"),
    mobile=("7400", "123456"),
    landline=("1132", "34", "56", "78"),
    email="anne.hall@gmail.com",
)


def cards(person: Person, channel: Channel = OLD_SYSTEM, count: int = 200) -> list[Fields]:
    """Return many cards of one person."""
    dice = Dice(21)
    return [write_card(person, channel, dice) for _ in range(count)]


class TestWayIn:
    def test_nobody_is_on_the_web_without_an_email(self) -> None:
        """Who has no mailbox comes to the counter instead."""
        only_web = Weighted.of([(WEB_SHOP, 1)])
        assert way_in(evolve(ANNE, email=None), only_web, Dice(1)) is COUNTER
        assert way_in(ANNE, only_web, Dice(1)) is WEB_SHOP

    def test_firms_do_not_sign_up_for_the_newsletter(self) -> None:
        """A firm calls."""
        only_newsletter = Weighted.of([(NEWSLETTER, 1)])
        assert way_in(evolve(ANNE, is_firm=True), only_newsletter, Dice(1)) is PHONE

    def test_walk_ins_stand_at_the_counter(self) -> None:
        """Nobody asks for more than the money."""
        assert way_in(evolve(ANNE, is_walk_in=True), FIRST_CARD, Dice(1)) is COUNTER


class TestWriteCard:
    def test_a_full_card_shows_the_person(self) -> None:
        """Every field is the person's own, written as in its country."""
        fullest = max(cards(ANNE), key=len)
        assert fullest == {
            "first_name": "Anne Jane",
            "last_name": "Hall-Ward",
            "email": "anne.hall@gmail.com",
            "mobile": fullest["mobile"],
            "home_phone": fullest["home_phone"],
            "street": "7 Elm Road",
            "street2": "Flat 2",
            "postal_code": "LS1 4AA",
            "city": "Leeds",
            "birth_date": date(1980, 5, 17),
            "country": "GB",
            "language": "en",
        }

    def test_every_card_has_a_contact(self) -> None:
        """Somebody without any number or mailbox has at least an address."""
        hermit = evolve(ANNE, email=None, mobile=None, landline=None)
        assert all("street" in card for card in cards(hermit, COUNTER))

    def test_a_walk_in_has_none(self) -> None:
        """A walk-in has a name that is none, and sometimes a city."""
        seen = cards(Census(Dice(1)).walk_in(BRITAIN), COUNTER)
        assert {"city" in card for card in seen} == {True, False}
        assert not [card for card in seen if card.keys() & {"street", "email", "birth_date"}]

    def test_a_firm_has_no_personal_name(self) -> None:
        """The card of a firm bears its company and no birth date."""
        seen = cards(Census(Dice(1)).firm(BRITAIN))
        assert not [card for card in seen if card.keys() & {"first_name", "birth_date"}]
        assert all("company" in card for card in seen)

    def test_who_shares_a_mailbox_gives_a_name(self) -> None:
        """Nobody could tell otherwise whose card it is."""
        sharing = evolve(ANNE, shares_mailbox=True)
        assert all("first_name" in card for card in cards(sharing, NEWSLETTER))
        assert not all("first_name" in card for card in cards(ANNE, NEWSLETTER))

    def test_names_are_those_of_the_papers(self) -> None:
        """Second names and suffixes are written out."""
        junior = evolve(ANNE, surname2="", suffix="Jr")
        assert (first_name(junior), last_name(junior)) == ("Anne Jane", "Hall Jr")


class TestMissingClue:
    def test_nothing_is_missing_where_a_clue_is_shared(self) -> None:
        """The same number in another spelling is a clue."""
        card: Fields = {"mobile": "07400 123456"}
        assert missing_clue(card, [{"mobile": "07400123456"}], COUNTER, Dice(1)) == {}
        assert missing_clue({"email": "a@b.no"}, [{"email": "a@b.no"}], COUNTER, Dice(1)) == {}

    def test_a_clue_of_an_earlier_card_is_given(self) -> None:
        """It is one that the card has not, where there is one."""
        card: Fields = {"email": "new@b.no"}
        earlier: list[Fields] = [{"email": "old@b.no", "birth_date": date(1980, 5, 17)}]
        given = {"birth_date": date(1980, 5, 17)}
        assert missing_clue(card, earlier, COUNTER, Dice(1)) == given

    def test_an_address_is_given_as_a_whole(self) -> None:
        """Street, postcode and city come together."""
        earlier: list[Fields] = [{"street": "7 Elm Road", "postal_code": "LS1", "city": "Leeds"}]
        assert missing_clue({}, earlier, COUNTER, Dice(1)) == earlier[0]

    def test_a_channel_gives_what_it_asks_for(self) -> None:
        """Who signs up for a newsletter with something known does it with the old mailbox."""
        card: Fields = {"email": "new@b.no"}
        earlier: list[Fields] = [{"email": "old@b.no", "street": "7 Elm Road"}]
        for seed in range(20):
            assert missing_clue(card, earlier, NEWSLETTER, Dice(seed)) == {"email": "old@b.no"}
