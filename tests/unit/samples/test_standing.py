"""What the register adds to a card."""

from attrs import evolve

from dedupkit.customers import Customer
from dedupkit.samples.cards import COUNTER, NEWSLETTER, WEB_SHOP, Channel, Fields, Visit
from dedupkit.samples.dice import Dice
from dedupkit.samples.people import Census, Person
from dedupkit.samples.standing import Office
from dedupkit.samples.tables import COUNTRIES

NORWAY = COUNTRIES["NO"]


def someone() -> Person:
    """Return a person with everything."""
    census = Census(Dice(1))
    person = census.person(NORWAY, census.home(NORWAY))
    return evolve(person, email="a@online.no", mobile=("912", "34", "567"))


def registered(
    channel: Channel, person: Person, card: Fields | None = None, size: int = 400
) -> list[Customer]:
    """Return many cards of one person."""
    office = Office(size, Dice(2))
    visit = Visit(channel=channel, person=person, origin=person, is_first=True)
    return [Customer(**office.register(slot, card or {}, visit)) for slot in range(size)]


class TestOffice:
    def test_numbers_and_dates_follow_the_order(self) -> None:
        """Ids, numbers and dates rise with the slot; no card is changed before it is made."""
        cards = registered(COUNTER, someone())
        numbers = [int(card.number) for card in cards if card.number]
        moments = [card.created_at for card in cards if card.created_at]
        assert numbers == sorted(set(numbers))
        assert moments == sorted(moments)
        assert len(moments) == len(cards) == len({card.id for card in cards})
        assert all(c.created_at <= c.updated_at for c in cards if c.created_at and c.updated_at)

    def test_web_registrations_have_numbers_of_their_own(self) -> None:
        """Who has not bought anything has a number from the web's series."""
        numbers = {(card.number or "W")[0] for card in registered(NEWSLETTER, someone())}
        assert numbers == {"W"}

    def test_the_newsletter_is_wanted_by_who_signed_up(self) -> None:
        """Who came for the newsletter wants it; of the others some do."""
        card: Fields = {"email": "a@online.no", "mobile": "91234567"}
        asked = registered(NEWSLETTER, someone(), card)
        assert all(c.consents[0].state.value == "granted" for c in asked)
        wanting = sum(
            Customer(id="1", email="a@online.no", consents=c.consents).wants_newsletter
            for c in registered(WEB_SHOP, someone(), card)
        )
        assert 80 < wanting < 200

    def test_user_names_are_unique(self) -> None:
        """The second profile of one e-mail address gets another user name."""
        cards = registered(WEB_SHOP, someone(), {"email": "A@online.no"})
        names = [card.web_profile.username for card in cards if card.web_profile]
        assert names[0] == "a@online.no"
        assert len(set(names)) == len(names) > 200

    def test_firms_buy_on_account(self) -> None:
        """The cards of a firm are in a group of their own, and some owe something."""
        cards = registered(COUNTER, Census(Dice(3)).firm(NORWAY))
        assert {card.groups for card in cards} == {frozenset({"companies"})}
        amounts = [b.amount for card in cards for b in card.balances if b.kind == "on_account"]
        assert 60 < len(amounts) < 200
        assert min(amounts) < 0

    def test_who_never_bought_has_no_balances(self) -> None:
        """Nor has a walk-in."""
        walk_in = Census(Dice(4)).walk_in(NORWAY)
        for cards in (registered(NEWSLETTER, someone()), registered(COUNTER, walk_in)):
            assert not [card for card in cards if card.balances]

    def test_an_old_contact_is_kept_beside_now_and_then(self) -> None:
        """Who has a new mailbox or mobile has the old one among the others on some cards."""
        person = someone()
        later = evolve(person, email="b@online.no", mobile=("987", "65", "432"))
        office = Office(300, Dice(5))
        visit = Visit(channel=COUNTER, person=later, origin=person, is_first=False)
        cards = [Customer(**office.register(slot, {}, visit)) for slot in range(300)]
        assert {card.other_emails for card in cards} == {(), ("a@online.no",)}
        assert {card.other_phones for card in cards} == {(), ("912 34 567",)}

    def test_few_cards_are_barred_from_merging(self) -> None:
        """They exist, and are few."""
        barred = [c for c in registered(COUNTER, someone(), size=4000) if not c.allow_merge]
        assert 0 < len(barred) < 30
