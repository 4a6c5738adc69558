"""What happens to people, and what goes wrong on cards: each kind by itself."""

from datetime import date

import pytest
from attrs import evolve

from dedupkit.samples.cards import Fields
from dedupkit.samples.changes import LIFE, OMISSIONS, SLIPS, Case, Event, Slip, live_on, spoil
from dedupkit.samples.dice import Dice
from dedupkit.samples.people import Census, Home, Person
from dedupkit.samples.tables import COUNTRIES
from dedupkit.samples.traits import Kind

NORWAY = COUNTRIES["NO"]
BJORN = Person(
    country=NORWAY,
    is_woman=False,
    first="Kristoffer",
    second="Arne",
    surname="Bjørnsen",
    surname2="Dahl",
    birth_date=date(1980, 5, 7),
    home=Home(
        city=NORWAY.cities.items[0],
        postal_code="0150",
        street="Storgata",
        number="7",
        flat=None,
    ),
    mobile=("912", "34", "567"),
    landline=("22", "34", "56", "78"),
    email="kris.bjornsen@gmail.com",
    company="Tinden Bygg AS",
)
CARD: Fields = {
    "first_name": "Kristoffer Arne",
    "last_name": "Bjørnsen Dahl",
    "company": "Tinden Bygg AS",
    "email": "kris.bjornsen@gmail.com",
    "mobile": "912 34 567",
    "home_phone": "22345678",
    "street": "Storgata 7",
    "postal_code": "0150",
    "city": "Oslo",
    "birth_date": date(1980, 5, 7),
}
SLIP_OF = {slip.kind: slip for slip in (*OMISSIONS, *SLIPS)}
EVENT_OF = {event.kind: event for event in LIFE}


def spoiled(kind: Kind, card: Fields = CARD, person: Person = BJORN) -> list[Fields]:
    """Return a card after each of many slips of one kind."""
    slip = SLIP_OF[kind]
    results = []
    for seed in range(60):
        after = dict(card)
        happened = list(spoil(Case(after, person, Dice(seed)), [Slip(kind, 9.9, slip.spoil)], 1.0))
        assert (after != card) == (happened == [kind])
        results.append(after)
    return results


def values(
    kind: Kind, field: str, card: Fields = CARD, person: Person = BJORN
) -> set[str | date | None]:
    """Return what one field becomes, where it changes."""
    return {after.get(field) for after in spoiled(kind, card, person)} - {card.get(field)}


class TestSlips:
    @pytest.mark.parametrize("kind", SLIP_OF)
    def test_happen_to_a_full_card(self, kind: Kind) -> None:
        """Every slip can happen to a card that has everything."""
        assert any(after != CARD for after in spoiled(kind))

    @pytest.mark.parametrize("kind", SLIP_OF)
    def test_leave_a_card_without_anything_to_spoil(self, kind: Kind) -> None:
        """A card without contact data comes out as it went in, and nothing is said to happen."""
        assert all(after == {"language": "nb"} for after in spoiled(kind, {"language": "nb"}))

    def test_nicknames_stand_for_the_given_name(self) -> None:
        """A nickname is one of the person's own."""
        assert values(Kind.NICKNAME, "first_name") == {"Kris", "Stoffer"}

    def test_names_are_swapped(self) -> None:
        """Given name and surname stand in each other's field."""
        assert values(Kind.SWAPPED_NAMES, "last_name") == {"Kristoffer Arne"}

    def test_initials_replace_the_given_names(self) -> None:
        """Only initials are left."""
        assert values(Kind.INITIALS, "first_name") == {"K.A."}

    def test_one_of_two_surnames_is_dropped(self) -> None:
        """Elsewhere it is either, in Spain the second."""
        assert values(Kind.DROPPED_SURNAME, "last_name") == {"Bjørnsen", "Dahl"}
        spaniard = evolve(BJORN, country=COUNTRIES["ES"])
        assert values(Kind.DROPPED_SURNAME, "last_name", person=spaniard) == {"Bjørnsen"}

    def test_the_second_given_name_is_dropped(self) -> None:
        """The first one stays."""
        assert values(Kind.DROPPED_SECOND_NAME, "first_name") == {"Kristoffer"}

    def test_diacritics_are_lost_or_written_out(self) -> None:
        """Everywhere on the card at once."""
        assert values(Kind.LOST_DIACRITICS, "last_name") == {"Bjornsen Dahl"}
        assert values(Kind.TRANSLITERATED, "last_name") == {"Bjoernsen Dahl"}

    def test_gmail_addresses_gain_or_lose_dots(self) -> None:
        """A dot is taken out, or put in where there is none; other providers keep theirs."""
        assert values(Kind.GMAIL_DOTS, "email") == {"krisbjornsen@gmail.com"}
        dotted = values(Kind.GMAIL_DOTS, "email", {"email": "kris@gmail.com"})
        assert dotted == {"k.ris@gmail.com", "kr.is@gmail.com", "kri.s@gmail.com"}
        assert not values(Kind.GMAIL_DOTS, "email", {"email": "a.b@online.no"})

    def test_plus_tags_only_where_the_provider_has_them(self) -> None:
        """A tag follows the local part."""
        assert "kris.bjornsen+shop@gmail.com" in values(Kind.PLUS_TAG, "email")
        assert not values(Kind.PLUS_TAG, "email", {"email": "a.b@online.no"})

    def test_addresses_are_mistyped_on_either_side(self) -> None:
        """The local part or the domain has the error."""
        wrong = {str(email).partition("@") for email in values(Kind.EMAIL_TYPING_ERROR, "email")}
        assert {local == "kris.bjornsen" for local, _, _ in wrong} == {True, False}

    def test_streets_are_shortened(self) -> None:
        """By the short forms of the country."""
        assert values(Kind.STREET_SHORT_FORM, "street") == {"Storgt. 7", "Storgaten 7"}

    def test_phones_are_written_as_abroad(self) -> None:
        """The person's own numbers get another spelling; an old number stays as it is."""
        assert "+4791234567" in values(Kind.PHONE_FORMAT, "mobile")
        assert not values(Kind.PHONE_FORMAT, "mobile", {"mobile": "98765432"})

    def test_a_phone_is_in_the_wrong_field(self) -> None:
        """Two numbers are exchanged, one alone stands in the other field."""
        assert values(Kind.PHONE_IN_WRONG_FIELD, "mobile") == {"22345678"}
        moved = spoiled(Kind.PHONE_IN_WRONG_FIELD, {"mobile": "912 34 567"})
        assert {tuple(after) for after in moved} == {("mobile",), ("home_phone",)}

    def test_one_phone_is_mistyped(self) -> None:
        """The other one stays."""
        for after in spoiled(Kind.PHONE_TYPING_ERROR):
            assert after["mobile"] == CARD["mobile"] or after["home_phone"] == CARD["home_phone"]

    def test_birth_dates_stay_dates(self) -> None:
        """Day, month, year or the order of its digits is wrong; leap days survive it."""
        leap: Fields = {"birth_date": date(1984, 2, 29)}
        wrong = values(Kind.BIRTH_DATE_TYPING_ERROR, "birth_date", leap)
        assert {date(1974, 2, 28), date(1948, 2, 28)} <= wrong
        assert values(Kind.BIRTH_DATE_SWAPPED, "birth_date") == {date(1980, 7, 5)}
        assert not values(Kind.BIRTH_DATE_SWAPPED, "birth_date", leap)
        assert values(Kind.BIRTH_DATE_FIRST_OF_JANUARY, "birth_date") == {date(1980, 1, 1)}

    def test_case_is_upper_or_lower(self) -> None:
        """Names alone, or everything."""
        assert values(Kind.LETTER_CASE, "last_name") == {"BJØRNSEN DAHL", "bjørnsen dahl"}
        assert {after["street"] == CARD["street"] for after in spoiled(Kind.LETTER_CASE)} == {
            True,
            False,
        }

    def test_a_contact_stays_where_fields_are_missing(self) -> None:
        """An address goes as a whole, and at least one contact is left."""
        for after in spoiled(Kind.MISSING_FIELDS):
            assert after.keys() & {"email", "mobile", "home_phone", "street"}
            assert "street" in after or not after.keys() & {"postal_code", "city"}

    def test_the_legal_form_is_left_out_or_another(self) -> None:
        """The firm's name itself stays."""
        seen = values(Kind.COMPANY_FORM, "company")
        assert "Tinden Bygg" in seen
        assert all(str(name).startswith("Tinden Bygg") for name in seen)


class TestLife:
    def after(self, kind: Kind, person: Person = BJORN) -> list[Person]:
        """Return a person after many times the same event."""
        return [EVENT_OF[kind].change(Census(Dice(seed)), person) for seed in range(60)]

    def test_some_change_their_surname(self) -> None:
        """Women do more often; the old name stays in front in some; nobody does in Spain."""
        woman = evolve(BJORN, is_woman=True)
        surnames = [person.surname for person in self.after(Kind.MARRIAGE, woman)]
        assert 5 < surnames.count("Bjørnsen") < 40
        assert sum(person is BJORN for person in self.after(Kind.MARRIAGE)) > 30
        spaniard = evolve(woman, country=COUNTRIES["ES"])
        assert all(person is spaniard for person in self.after(Kind.MARRIAGE, spaniard))

    def test_the_landline_stays_behind(self) -> None:
        """Who moves has another address and no landline; a firm takes its number along."""
        assert {person.landline for person in self.after(Kind.MOVED_HOME)} == {None}
        firm = evolve(BJORN, is_firm=True)
        assert {person.landline for person in self.after(Kind.MOVED_HOME, firm)} == {BJORN.landline}

    def test_another_mailbox_or_mobile(self) -> None:
        """Only who has one gets another."""
        assert BJORN.email not in {person.email for person in self.after(Kind.SECOND_EMAIL)}
        assert BJORN.mobile not in {person.mobile for person in self.after(Kind.NEW_MOBILE)}
        without = evolve(BJORN, email=None, mobile=None)
        for kind in (Kind.SECOND_EMAIL, Kind.NEW_MOBILE):
            assert all(person is without for person in self.after(kind, without))

    def test_only_what_happened_is_told(self) -> None:
        """An event that could not happen to somebody did not."""
        without = evolve(BJORN, email=None, mobile=None, country=COUNTRIES["ES"])
        for seed in range(30):
            person, events = live_on(Census(Dice(seed)), without, 100.0)
            assert all(isinstance(event, Event) for event in events)
            assert {event.kind for event in events} <= {Kind.MOVED_HOME}
            assert (person is without) == (not events)
