"""The persons: consistent, and nobody has by chance what is another's."""

from datetime import date

from dedupkit.samples.dice import Dice
from dedupkit.samples.people import Census
from dedupkit.samples.tables import COUNTRIES

NORWAY, SPAIN = COUNTRIES["NO"], COUNTRIES["ES"]


class TestCensus:
    def test_contacts_are_unique(self) -> None:
        """No mailbox (dots and underscores aside) and no number is given out twice."""
        census = Census(Dice(1))
        people = [census.person(NORWAY, census.home(NORWAY)) for _ in range(3000)]
        emails = [p.email.replace(".", "").replace("_", "") for p in people if p.email]
        mobiles = [p.mobile for p in people if p.mobile]
        assert len(set(emails)) == len(emails)
        assert len(set(mobiles)) == len(mobiles)

    def test_an_address_that_is_taken_gets_a_number(self) -> None:
        """Two people of one name at one firm have two addresses."""
        census = Census(Dice(1))
        person = census.person(NORWAY, census.home(NORWAY))
        first, second = (census.work_email(person, "shop.no") for _ in range(2))
        assert second == first.replace("@", "2@")

    def test_a_taken_number_is_drawn_again(self) -> None:
        """Numbers run out of luck, never into another's."""
        census = Census(Dice(1))
        oslo = NORWAY.cities.items[0]
        phones = [census.landline(NORWAY, oslo) for _ in range(8000)]
        assert len(set(phones)) == len(phones)

    def test_spaniards_have_two_surnames(self) -> None:
        """Elsewhere only some have."""
        census = Census(Dice(2))
        spaniards = [census.person(SPAIN, census.home(SPAIN)) for _ in range(50)]
        norwegians = [census.person(NORWAY, census.home(NORWAY)) for _ in range(200)]
        assert all(person.surname2 for person in spaniards)
        assert 0 < sum(bool(person.surname2) for person in norwegians) < 60

    def test_parents_are_a_generation_older(self) -> None:
        """A child is born when its parent is 24 to 41 years old."""
        census = Census(Dice(3))
        parent = census.person(NORWAY, census.home(NORWAY))
        years = [
            (census.child_birth_date(parent) - parent.birth_date).days / 365.25 for _ in range(200)
        ]
        assert min(years) >= 23.9
        assert max(years) <= 41.1

    def test_birth_dates_include_both_ends(self) -> None:
        """Both days of the range occur."""
        census, day = Census(Dice(4)), date(1980, 2, 28)
        assert {census.birth_date(day, date(1980, 2, 29)) for _ in range(50)} == {
            day,
            date(1980, 2, 29),
        }

    def test_firms_have_domains_of_their_own(self) -> None:
        """Two firms of one name share neither mailbox nor phone."""
        census = Census(Dice(5))
        firms = [census.firm(NORWAY) for _ in range(900)]
        assert len({firm.email for firm in firms}) == 900
        assert len({firm.landline for firm in firms}) == 900
        assert len({firm.company for firm in firms}) < 900
