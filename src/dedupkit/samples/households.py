"""Who belongs together: households, firms, namesakes; persons who are easily taken for one."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import final

from attrs import evolve, frozen

from dedupkit.samples.country import Country
from dedupkit.samples.dice import Weighted
from dedupkit.samples.people import Census, Person, landline_rate
from dedupkit.samples.traits import Kind

_PARENTS = (
    date(1945, 1, 1),
    date(1972, 12, 31),
)  # between which those of grown-up children were born
_YOUNGEST_PARTNER = 2006


@final
@frozen
class Circle:
    """Persons made together, and what ties them.

    Attributes:
        persons: The persons.
        ties: A kind, and the positions in ``persons`` of those whom it ties: two or more.
    """

    persons: tuple[Person, ...]
    ties: tuple[tuple[Kind, tuple[int, ...]], ...] = ()


def with_shared_mailboxes_noted(persons: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return persons of one circle such that each knows whether another uses its mailbox."""
    emails = Counter(person.email for person in persons if person.email)
    return tuple(
        evolve(person, shares_mailbox=emails[person.email] > 1) if person.email else person
        for person in persons
    )


#: Makes a circle of one sort in one country.
CircleMaker = Callable[[Census, Country], Circle]


def single(census: Census, country: Country) -> Circle:
    """Return one person."""
    return Circle((_householder(census, country),))


def couple(census: Census, country: Country) -> Circle:
    """Return two adults of one address, most of them with one surname and some one mailbox."""
    one = _householder(census, country)
    other = evolve(_member(census, one), is_woman=not one.is_woman)
    names = country.men if one.is_woman else country.women
    other = evolve(other, first=census.dice.draw(names), second="")
    if not country.two_surnames and census.dice.chance(0.72):
        other = evolve(other, surname=one.surname, surname2="")
    other = _with_own_email(census, other)
    return Circle((one, _sharing(census, other, one, 0.14, 0.07)), ((Kind.COUPLE, (0, 1)),))


def twins(census: Census, country: Country) -> Circle:
    """Return twins and the parent at whose address they live; some use the parent's contacts."""
    parent = evolve(_householder(census, country), birth_date=census.birth_date(*_PARENTS))
    born, mother = census.child_birth_date(parent), census.surname(country)
    first = _child(census, parent, mother, born)
    other = _child(census, parent, mother, born)
    while other.first == first.first or (
        other.first[0] != first.first[0] and census.dice.chance(0.3)
    ):
        other = _child(census, parent, mother, born)
    children = tuple(_sharing(census, child, parent, 0.35, 0.3) for child in (first, other))
    return Circle((parent, *children), ((Kind.TWINS, (1, 2)), *_parenthood((0, 1), (0, 2))))


def father_and_son(census: Census, country: Country) -> Circle:
    """Return a father and a son of one name at one address; some with ``Sr`` and ``Jr``."""
    father = _householder(census, country)
    name = census.dice.draw(country.men)
    born = census.birth_date(*_PARENTS)
    suffixes = ("Sr", "Jr") if census.dice.chance(0.2) else ("", "")
    father = evolve(
        father, is_woman=False, first=name, birth_date=born, second="", suffix=suffixes[0]
    )
    father = _with_own_email(census, father)
    mother = census.surname(country)
    son = _child(census, father, mother, census.child_birth_date(father))
    son = evolve(
        son,
        is_woman=False,
        first=name,
        second="",
        suffix=suffixes[1],
    )
    son = _sharing(census, _with_own_email(census, son), father, 0.1, 0.05)
    return Circle((father, son), ((Kind.FATHER_AND_SON, (0, 1)),))


def family(census: Census, country: Country) -> Circle:
    """Return a couple and their one or two children."""
    pair = couple(census, country).persons
    pair = tuple(evolve(person, birth_date=census.birth_date(*_PARENTS)) for person in pair)
    children = []
    for _ in range(census.dice.between(1, 2)):
        born = census.child_birth_date(pair[0])
        child = _child(census, pair[0], pair[1].surname, born)
        children.append(_sharing(census, child, census.dice.pick(pair), 0.12, 0.08))
    places = range(2, 2 + len(children))
    ties = [(Kind.COUPLE, (0, 1)), *_parenthood(*((old, new) for old in (0, 1) for new in places))]
    if len(children) > 1:
        ties.append((Kind.SIBLINGS, tuple(places)))
    return Circle((*pair, *children), tuple(ties))


def namesakes(census: Census, country: Country) -> Circle:
    """Return two strangers of one name in one city."""
    one = _householder(census, country)
    home = census.home(country, one.home.city)
    stranger = census.person(country, home)
    other = evolve(
        stranger,
        is_woman=one.is_woman,
        first=one.first,
        second="",
        surname=one.surname,
        surname2=one.surname2,
        landline=census.household_landline(home, country, landline_rate(stranger)),
    )
    return Circle((one, _with_own_email(census, other)), ((Kind.NAMESAKES, (0, 1)),))


def small_firm(census: Census, country: Country) -> Circle:
    """Return a firm, and up to four who work there."""
    return _firm(census, country, census.dice.below(5), Kind.COLLEAGUES)


def large_firm(census: Census, country: Country) -> Circle:
    """Return a firm, a school or an office with its switchboard, and eight to forty people."""
    return _firm(census, country, census.dice.between(8, 40), Kind.SWITCHBOARD)


def walk_in(census: Census, country: Country) -> Circle:
    """Return somebody whose name nobody asked for."""
    return Circle((census.walk_in(country),))


#: How often each sort of circle is made.
CIRCLES: Weighted[CircleMaker] = Weighted.of(
    [
        (single, 7200),
        (couple, 1150),
        (family, 300),
        (small_firm, 420),
        (namesakes, 150),
        (father_and_son, 120),
        (twins, 120),
        (walk_in, 60),
        (large_firm, 9),
    ]
)


def _householder(census: Census, country: Country) -> Person:
    home = census.home(country)
    person = census.person(country, home)
    landline = census.household_landline(home, country, landline_rate(person))
    return evolve(person, landline=landline)


def _member(census: Census, of: Person) -> Person:
    """Return another person of the same home, of a similar age."""
    person = census.person(of.country, of.home)
    year = min(of.birth_date.year + census.dice.between(-6, 6), _YOUNGEST_PARTNER)
    born = of.birth_date.replace(year=year, day=census.dice.between(1, 28))
    month = census.dice.between(1, 12)
    return evolve(person, landline=of.landline, birth_date=born.replace(month=month))


def _child(census: Census, parent: Person, mother: str, born: date) -> Person:
    """Return a child; where people have two surnames, one is of each parent."""
    person = census.person(parent.country, parent.home)
    surname2 = mother if parent.country.two_surnames else parent.surname2
    child = evolve(
        person,
        surname=parent.surname,
        surname2=surname2,
        landline=parent.landline,
        birth_date=born,
    )
    return _with_own_email(census, child)


def _with_own_email(census: Census, person: Person) -> Person:
    """Give a person whose name was changed an address that fits the name."""
    return evolve(person, email=census.email(person)) if person.email else person


def _sharing(
    census: Census, person: Person, other: Person, email_rate: float, mobile_rate: float
) -> Person:
    """Let a person use the mailbox or the mobile of another one, at these rates."""
    if other.email and census.dice.chance(email_rate):
        person = evolve(person, email=other.email)
    if other.mobile and census.dice.chance(mobile_rate):
        person = evolve(person, mobile=other.mobile)
    return person


def _firm(census: Census, country: Country, size: int, tie: Kind) -> Circle:
    dice = census.dice
    firm = census.firm(country)
    domain = (firm.email or "").partition("@")[2]
    staff, with_mailbox = [], [0]
    for place in range(1, size + 1):
        person = census.person(country, census.home(country, firm.home.city))
        person = evolve(person, landline=firm.landline)
        if dice.chance(0.6):
            person = evolve(person, company=firm.company)
        if dice.chance(0.12):
            person = evolve(person, email=firm.email)
            with_mailbox.append(place)
        elif dice.chance(0.5):
            person = evolve(person, email=census.work_email(person, domain))
        if dice.chance(0.5):
            person = evolve(person, home=firm.home)
        if dice.chance(0.3):
            person = evolve(person, mobile=None)
        staff.append(person)
    places = tuple(range(1, size + 1))
    ties: list[tuple[Kind, tuple[int, ...]]] = [
        (Kind.FIRM_AND_EMPLOYEE, (0, place)) for place in places
    ]
    if size > 1:
        ties.append((tie, places))
    if len(with_mailbox) > 1:
        ties.append((Kind.SHARED_MAILBOX, tuple(with_mailbox)))
    return Circle((firm, *staff), tuple(ties))


def _parenthood(*pairs: tuple[int, int]) -> tuple[tuple[Kind, tuple[int, ...]], ...]:
    return tuple((Kind.PARENT_AND_CHILD, pair) for pair in pairs)
