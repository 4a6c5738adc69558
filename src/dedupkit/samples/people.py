"""The persons behind the cards, and the firms: who they really are, where, with what numbers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import final

from attrs import evolve, frozen

from dedupkit.samples.contacts import (
    Phone,
    landline_number,
    mailbox,
    mobile_number,
    web_name,
    work_mailbox,
)
from dedupkit.samples.country import City, Country
from dedupkit.samples.dice import Dice

_LETTERS = "ABDEGHJLNPRTWXZ"  # those that both the British and the Dutch post use in postcodes
_FLAT_RATE = 0.12
_LANDLINE_RATE = 0.3
_NO_EMAIL_RATE = 0.08
_NO_MOBILE_RATE = 0.06
_LANDLINE_GENERATION = 1965  # people born before it keep theirs
_OLDEST, _YOUNGEST = date(1935, 1, 1), date(2006, 12, 31)
_ADULT_AGES = 24, 40  # how much older than a child its parents are


@final
@frozen(kw_only=True)
class Home:
    """Where somebody lives, or a firm has its house."""

    city: City
    postal_code: str
    street: str
    number: str
    flat: str | None


@final
@frozen(kw_only=True)
class Person:
    """A person, or a firm, as it really is; a phone is without its trunk prefix.

    Attributes:
        country: The tables of its country.
        is_woman: Decides the given names.
        first: Given name.
        second: Second given name, or empty.
        surname: Surname; of a double one, and of a Spaniard's two, the first.
        surname2: The second surname, or empty.
        suffix: ``Jr`` or ``Sr``, or empty.
        birth_date: The day of birth.
        home: The address.
        mobile: Mobile number, or None.
        landline: Landline number, shared by all of a home, or None.
        email: Private or work address, or None.
        shares_mailbox: Whether another person of the register uses the same address.
        company: Name of the firm: of the card's own, or of the employer that stands on it.
        is_firm: Whether it is the firm itself.
        is_walk_in: Whether the card stands for somebody whose name nobody asked for.
    """

    country: Country
    is_woman: bool
    first: str
    second: str
    surname: str
    surname2: str
    suffix: str = ""
    birth_date: date
    home: Home
    mobile: Phone | None
    landline: Phone | None
    email: str | None
    shares_mailbox: bool = False
    company: str = ""
    is_firm: bool = False
    is_walk_in: bool = False


@final
class Census:
    """Makes persons, and sees to it that no two of them get one mailbox or number by chance."""

    __slots__ = ("_taken", "dice")

    def __init__(self, dice: Dice) -> None:
        """Begin with nobody."""
        self.dice: Dice = dice
        self._taken: set[str] = set()

    def person(self, country: Country, home: Home) -> Person:
        """Return somebody who lives in a home; the landline is the home's, not the person's."""
        dice = self.dice
        is_woman = dice.chance(0.53)
        first = dice.draw(country.women if is_woman else country.men)
        second = ""
        if dice.chance(country.second_name_rate):
            second = dice.pick(country.second_names[0 if is_woman else 1])
        surname = self.surname(country)
        surname2 = ""
        if country.two_surnames or dice.chance(country.double_rate):
            surname2 = self.surname(country)
        born = self.birth_date(_OLDEST, _YOUNGEST)
        person = Person(
            country=country,
            is_woman=is_woman,
            first=first,
            second="" if second == first else second,
            surname=surname,
            surname2="" if surname2 == surname and not country.two_surnames else surname2,
            birth_date=born,
            home=home,
            mobile=None if dice.chance(_NO_MOBILE_RATE) else self.mobile(country),
            landline=None,
            email=None,
        )
        return person if dice.chance(_NO_EMAIL_RATE) else evolve(person, email=self.email(person))

    def surname(self, country: Country) -> str:
        """Return a surname of the country: a common one, or one put together."""
        if self.dice.chance(country.rare_rate):
            return self.dice.pick(country.rare_heads) + self.dice.pick(country.rare_tails)
        return self.dice.draw(country.surnames)

    def birth_date(self, first: date, last: date) -> date:
        """Return a day between two, both included."""
        return first + timedelta(days=self.dice.below((last - first).days + 1))

    def child_birth_date(self, parent: Person) -> date:
        """Return a day on which a child of somebody may have been born."""
        years = self.dice.between(*_ADULT_AGES)
        return parent.birth_date + timedelta(days=365 * years + self.dice.below(365))

    def home(self, country: Country, city: City | None = None) -> Home:
        """Return an address in a city, else in any city of the country."""
        dice = self.dice
        place = city or dice.draw(country.cities)
        street = dice.pick(country.street_heads) + dice.pick(country.street_tails)
        number = str(1 + dice.below(dice.pick((12, 30, 60, 120))))
        if not country.number_first and dice.chance(0.12):
            number += dice.pick("ABCD")
        flat = None
        if dice.chance(_FLAT_RATE):
            flat = country.flat.format(
                floor=dice.between(1, 5),
                door=dice.between(1, 6),
                side=dice.pick(("tv", "th", "mf")),
                letter=dice.pick("ABCD"),
            )
        return Home(
            city=place,
            postal_code=_postal_code(country, place, dice),
            street=street,
            number=number,
            flat=flat,
        )

    def household_landline(self, home: Home, country: Country, rate: float) -> Phone | None:
        """Return the landline of a home, where it has one."""
        return self.landline(country, home.city) if self.dice.chance(rate) else None

    def mobile(self, country: Country) -> Phone:
        """Return a mobile number that nobody else has."""
        return self._own_number(country, lambda: mobile_number(country, self.dice))

    def landline(self, country: Country, city: City) -> Phone:
        """Return a landline number that no other house has."""
        return self._own_number(country, lambda: landline_number(country, city, self.dice))

    def email(self, person: Person) -> str:
        """Return a private address that nobody else has, dots and underscores aside."""
        local = mailbox(person.first, person.surname, person.birth_date.year, self.dice)
        domain = self.dice.draw(person.country.providers)
        return self._own_address(local, domain)

    def work_email(self, person: Person, domain: str) -> str:
        """Return an address at a firm that nobody else has."""
        return self._own_address(work_mailbox(person.first, person.surname), domain)

    def firm(self, country: Country) -> Person:
        """Return a firm: its phone is a landline, and its address the common mailbox."""
        dice = self.dice
        word = dice.pick((*country.firm_words, *country.surnames.items[:30]))
        name = f"{word} {dice.pick(country.firm_trades)}"
        domain = f"{web_name(name)}.{country.domain}"
        number = 1
        while not self._take(f"@{domain}"):
            number += 1
            domain = f"{web_name(name)}{number}.{country.domain}"
        home = self.home(country)
        return Person(
            country=country,
            is_woman=False,
            first="",
            second="",
            surname="",
            surname2="",
            birth_date=_OLDEST,
            home=home,
            mobile=None,
            landline=self.landline(country, home.city),
            email=f"{dice.pick(country.shared_mailboxes)}@{domain}",
            company=f"{name} {dice.pick(country.firm_forms)}",
            is_firm=True,
        )

    def walk_in(self, country: Country) -> Person:
        """Return somebody whose name nobody asked for."""
        return evolve(
            self.person(country, self.home(country)),
            first="",
            second="",
            surname="Walk-in" if self.dice.chance(0.5) else self.dice.pick(country.walk_in),
            surname2="",
            mobile=None,
            email=None,
            is_walk_in=True,
        )

    def _own_number(self, country: Country, drawn: Callable[[], Phone]) -> Phone:
        phone = drawn()
        while not self._take(country.calling + "".join(phone)):
            phone = drawn()
        return phone

    def _own_address(self, local: str, domain: str) -> str:
        plain = local.replace(".", "").replace("_", "")
        number = 1
        while not self._take(f"{plain}{'' if number == 1 else number}@{domain}"):
            number += 1
        return f"{local}{'' if number == 1 else number}@{domain}"

    def _take(self, key: str) -> bool:
        is_free = key not in self._taken
        self._taken.add(key)
        return is_free


def landline_rate(person: Person) -> float:
    """Return how likely the home of somebody has a landline: older people keep theirs."""
    is_older = person.birth_date.year < _LANDLINE_GENERATION
    return _LANDLINE_RATE * (1.6 if is_older else 0.5)


def _postal_code(country: Country, city: City, dice: Dice) -> str:
    digits = f"{dice.between(city.low, city.high):0{country.postcode_width}}"
    split = country.postcode_split
    spaced = f"{digits[:split]} {digits[split:]}" if split else digits
    tail = "".join(
        dice.digits(1) if sign == "9" else dice.pick(_LETTERS) if sign == "@" else sign
        for sign in country.postcode_tail
    )
    return f"{city.prefix}{spaced}{tail}"
