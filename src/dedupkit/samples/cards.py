"""How a person comes to stand on a card: by which way, and with which fields filled in."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import final

from attrs import frozen

from dedupkit.samples.contacts import Phone, national
from dedupkit.samples.dice import Dice, Weighted
from dedupkit.samples.people import Person

#: The contact fields of one card by name, as they will be given to ``Customer``.
Fields = dict[str, str | date]


@final
@frozen(kw_only=True)
class Channel:
    """A way into the register, and how often it fills in what the person has.

    Attributes:
        name: What it is called.
        buys: Whether somebody who comes this way has bought something.
        insists: Whether a form insists on its fields, so that none is forgotten.
        profile: Share of the cards that have a web profile.
        first: Share that has a given name; the other fields alike.
    """

    name: str
    buys: bool
    insists: bool
    profile: float
    first: float = 1.0
    last: float = 1.0
    email: float
    mobile: float
    landline: float
    address: float
    birth_date: float


@final
@frozen(kw_only=True)
class Visit:
    """One time that somebody came and got a card.

    Attributes:
        channel: The way.
        person: Who, as the person was at that time.
        origin: The same, as at the first time.
        is_first: Whether it was the first time.
    """

    channel: Channel
    person: Person
    origin: Person
    is_first: bool


#: The fields by which a clerk would know a person again, whole or with a typing error, and the
#: rates at which a channel asks for them.
_CLUES: Mapping[str, Callable[[Channel], float]] = {
    "email": lambda channel: channel.email,
    "mobile": lambda channel: channel.mobile,
    "birth_date": lambda channel: channel.birth_date,
    "home_phone": lambda channel: channel.landline,
    "street": lambda channel: channel.address,
}
_HARDLY_ASKED = 0.1

COUNTER = Channel(
    name="counter",
    buys=True,
    insists=False,
    profile=0.04,
    email=0.6,
    mobile=0.8,
    landline=0.45,
    address=0.6,
    birth_date=0.65,
)
PHONE = Channel(
    name="phone",
    buys=True,
    insists=False,
    profile=0.02,
    email=0.5,
    mobile=0.8,
    landline=0.6,
    address=0.85,
    birth_date=0.5,
)
WEB_SHOP = Channel(
    name="web shop",
    buys=True,
    insists=True,
    profile=0.85,
    email=1.0,
    mobile=0.85,
    landline=0.1,
    address=0.85,
    birth_date=0.7,
)
WEB_REGISTRATION = Channel(
    name="web registration",
    buys=False,
    insists=True,
    profile=1.0,
    first=0.97,
    last=0.93,
    email=1.0,
    mobile=0.4,
    landline=0.02,
    address=0.12,
    birth_date=0.5,
)
NEWSLETTER = Channel(
    name="newsletter",
    buys=False,
    insists=True,
    profile=0.0,
    first=0.45,
    last=0.3,
    email=1.0,
    mobile=0.02,
    landline=0.0,
    address=0.0,
    birth_date=0.0,
)
OLD_SYSTEM = Channel(
    name="old system",
    buys=True,
    insists=False,
    profile=0.0,
    email=0.35,
    mobile=0.55,
    landline=0.75,
    address=0.95,
    birth_date=0.75,
)

#: Ways in of somebody who is not in the register yet.
FIRST_CARD: Weighted[Channel] = Weighted.of(
    [
        (COUNTER, 30),
        (PHONE, 14),
        (WEB_SHOP, 32),
        (WEB_REGISTRATION, 9),
        (NEWSLETTER, 3),
        (OLD_SYSTEM, 12),
    ]
)
#: Ways in of somebody who already is.
FURTHER_CARD: Weighted[Channel] = Weighted.of(
    [
        (COUNTER, 24),
        (PHONE, 13),
        (WEB_SHOP, 30),
        (WEB_REGISTRATION, 21),
        (NEWSLETTER, 4),
        (OLD_SYSTEM, 8),
    ]
)


def way_in(person: Person, table: Weighted[Channel], dice: Dice) -> Channel:
    """Draw the way by which a card of somebody came in; nobody uses the web without an e-mail."""
    if person.is_walk_in:
        return COUNTER
    channel = dice.draw(table)
    if channel.insists and person.email is None:
        return COUNTER
    return PHONE if person.is_firm and channel is NEWSLETTER else channel


def write_card(person: Person, channel: Channel, dice: Dice) -> Fields:
    """Write the card of a person without any error; every card but a walk-in's has a contact."""
    card = _names(person, channel, dice)
    country, home = person.country, person.home
    if person.email and dice.chance(channel.email):
        card["email"] = person.email
    if person.mobile and dice.chance(channel.mobile):
        card["mobile"] = _at_home(person, person.mobile, dice)
    if person.landline and dice.chance(max(channel.landline, 0.9 if person.is_firm else 0.0)):
        card["home_phone"] = _at_home(person, person.landline, dice)
    needs_address = not card.keys() & {"email", "mobile", "home_phone"}
    if person.is_walk_in:
        if dice.chance(0.3):
            card["city"] = home.city.name
    elif needs_address or dice.chance(channel.address):
        card |= _address(person)
    if not person.is_firm and not person.is_walk_in and dice.chance(channel.birth_date):
        card["birth_date"] = person.birth_date
    if dice.chance(0.96):
        card["country"] = country.code
    if dice.chance(0.7):
        card["language"] = country.language
    return card


def last_name(person: Person) -> str:
    """Return the surnames of a person as its papers have them."""
    joint = person.country.double_joint
    return joint.join(filter(None, (person.surname, person.surname2))) + (
        f" {person.suffix}" if person.suffix else ""
    )


def first_name(person: Person) -> str:
    """Return the given names of a person as its papers have them."""
    return " ".join(filter(None, (person.first, person.second)))


def missing_clue(card: Fields, earlier: list[Fields], channel: Channel, dice: Dice) -> Fields:
    """Return what a further card lacks to have a clue in common with an earlier one.

    Nobody could tell from their cards that they belong together otherwise. Nothing is returned
    where they have one.
    """
    if any(_same(card, other, clue) for other in earlier for clue in _CLUES):
        return {}
    other = dice.pick(earlier)
    known = [clue for clue in _CLUES if clue in other]
    asked = [clue for clue in known if _CLUES[clue](channel) > _HARDLY_ASKED] or known
    clue = dice.pick([clue for clue in asked if clue not in card] or asked)
    names = ("street", "street2", "postal_code", "city") if clue == "street" else (clue,)
    return {name: other[name] for name in names if name in other}


def _same(card: Fields, other: Fields, clue: str) -> bool:
    value = card.get(clue)
    if value is None or clue not in other:
        return False
    if clue in {"mobile", "home_phone"}:
        return _digits(value) == _digits(other[clue])
    return value == other[clue]


def _digits(value: str | date) -> str:
    return "".join(filter(str.isdigit, str(value)))


def _at_home(person: Person, phone: Phone, dice: Dice) -> str:
    return national(person.country, phone, spaced=dice.chance(0.45))


def _names(person: Person, channel: Channel, dice: Dice) -> Fields:
    if person.is_firm:
        return {"company": person.company}
    card: Fields = {}
    # Of a card that bore nothing but a mailbox of two people, nobody could say whose it is.
    if person.first and (dice.chance(channel.first) or person.shares_mailbox):
        card["first_name"] = first_name(person)
    if dice.chance(channel.last):
        card["last_name"] = last_name(person)
    if person.company and dice.chance(0.8):
        card["company"] = person.company
    return card


def _address(person: Person) -> Fields:
    home = person.home
    parts = (
        (home.number, home.street) if person.country.number_first else (home.street, home.number)
    )
    card: Fields = {
        "street": " ".join(parts),
        "postal_code": home.postal_code,
        "city": home.city.name,
    }
    if home.flat:
        card["street2"] = home.flat
    return card
