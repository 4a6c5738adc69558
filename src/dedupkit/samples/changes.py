"""What happens to people between two of their cards, and what goes wrong on one card.

Three tables, `LIFE`, `OMISSIONS` and `SLIPS`, give each kind its rate at medium difficulty, and
what it does.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import final

from attrs import evolve, frozen

from dedupkit.samples.cards import Fields
from dedupkit.samples.contacts import Phone, foreign, national
from dedupkit.samples.country import Country
from dedupkit.samples.dice import Dice
from dedupkit.samples.people import Census, Person
from dedupkit.samples.spelling import (
    initials,
    miscopied,
    misheard,
    misread,
    mistyped,
    transliterated,
    without_diacritics,
)
from dedupkit.samples.traits import Kind

_HIGHEST_RATE = 0.9
_MONTHS = 12


@final
@frozen
class Event:
    """Something that may happen to a person between two cards.

    Attributes:
        kind: What.
        rate: How often, at medium difficulty.
        change: Returns the person afterwards; the same one where it cannot happen.
        field: The field of a card that shows it.
    """

    kind: Kind
    rate: float
    change: Callable[[Census, Person], Person]
    field: str


#: Fields with their new values; None takes the field off the card.
Spoiled = dict[str, str | date | None]


@final
@frozen
class Case:
    """A card on which something may go wrong, whose it is, and the dice."""

    card: Fields
    person: Person
    dice: Dice


@final
@frozen
class Slip:
    """Something that may go wrong on a card.

    Attributes:
        kind: What.
        rate: How often it is tried on a further card, at medium difficulty.
        spoil: Returns the fields that are to change, with None for one that is lost; nothing
            where the card leaves nothing to get wrong in that way.
    """

    kind: Kind
    rate: float
    spoil: Callable[[Case], Spoiled]


def live_on(census: Census, person: Person, factor: float) -> tuple[Person, tuple[Event, ...]]:
    """Return a person some time later, and what happened to it meanwhile."""
    happened = []
    for event in LIFE:
        if census.dice.chance(min(event.rate * factor, _HIGHEST_RATE)):
            later = event.change(census, person)
            if later is not person:
                person = later
                happened.append(event)
    return person, tuple(happened)


def spoil(case: Case, slips: Iterable[Slip], factor: float) -> Iterator[Kind]:
    """Let things go wrong on a card, in place; yield what did."""
    card = case.card
    for slip in slips:
        if case.dice.chance(min(slip.rate * factor, _HIGHEST_RATE)):
            changed = {
                name: value for name, value in slip.spoil(case).items() if card.get(name) != value
            }
            for name, value in changed.items():
                if value is None:
                    del card[name]
                else:
                    card[name] = value
            if changed:
                yield slip.kind


def _marry(census: Census, person: Person) -> Person:
    is_likely = person.is_woman or census.dice.chance(0.15)
    if person.is_firm or person.country.two_surnames or not is_likely:
        return person
    surname = census.surname(person.country)
    if census.dice.chance(0.3):
        return evolve(person, surname=person.surname, surname2=surname)
    return evolve(person, surname=surname, surname2="")


def _move(census: Census, person: Person) -> Person:
    """Move to another address, half of the time within the city; the landline stays behind."""
    city = person.home.city if census.dice.chance(0.5) else None
    home = census.home(person.country, city)
    return evolve(person, home=home, landline=person.landline if person.is_firm else None)


def _another_mailbox(census: Census, person: Person) -> Person:
    if person.email is None or person.is_firm:
        return person
    return evolve(person, email=census.email(person))


def _another_mobile(census: Census, person: Person) -> Person:
    return evolve(person, mobile=census.mobile(person.country)) if person.mobile else person


#: What happens to people.
LIFE = (
    Event(Kind.MARRIAGE, 0.06, _marry, "last_name"),
    Event(Kind.MOVED_HOME, 0.14, _move, "street"),
    Event(Kind.SECOND_EMAIL, 0.2, _another_mailbox, "email"),
    Event(Kind.NEW_MOBILE, 0.11, _another_mobile, "mobile"),
)


def _on_names(change: Callable[[str, Case], str]) -> Callable[[Case], Spoiled]:
    """Apply a change of spelling to one of the names of a card."""

    def spoiled(case: Case) -> Spoiled:
        names = [name for name in ("first_name", "last_name", "company") if name in case.card]
        if not names:
            return {}
        name = case.dice.pick(names)
        return {name: change(str(case.card[name]), case)}

    return spoiled


def _misheard(text: str, case: Case) -> str:
    return misheard(text, case.person.country, case.dice)


def _everywhere(change: Callable[[str, Country], str]) -> Callable[[Case], Spoiled]:
    """Apply a change of spelling to names, street and city alike, as a keyboard does."""

    def spoiled(case: Case) -> Spoiled:
        names = ("first_name", "last_name", "company", "street", "city")
        return {
            name: change(str(case.card[name]), case.person.country)
            for name in names
            if name in case.card
        }

    return spoiled


def _nickname(case: Case) -> Spoiled:
    forms = case.person.country.nicknames.get(case.person.first)
    if not forms or "first_name" not in case.card:
        return {}
    return {"first_name": case.dice.pick(forms)}


def _swapped_names(case: Case) -> Spoiled:
    if not case.card.keys() >= {"first_name", "last_name"}:
        return {}
    return {"first_name": case.card["last_name"], "last_name": case.card["first_name"]}


def _initials(case: Case) -> Spoiled:
    return (
        {"first_name": initials(str(case.card["first_name"]))} if "first_name" in case.card else {}
    )


def _dropped_surname(case: Case) -> Spoiled:
    if not case.person.surname2 or "last_name" not in case.card:
        return {}
    keeps_first = case.person.country.two_surnames or case.dice.chance(0.3)
    return {"last_name": case.person.surname if keeps_first else case.person.surname2}


def _dropped_second_name(case: Case) -> Spoiled:
    return (
        {"first_name": case.person.first}
        if case.person.second and "first_name" in case.card
        else {}
    )


def _email_mistyped(case: Case) -> Spoiled:
    if "email" not in case.card:
        return {}
    local, _, domain = str(case.card["email"]).partition("@")
    if case.dice.chance(0.3):
        return {"email": f"{local}@{mistyped(domain, case.dice)}"}
    return {"email": f"{mistyped(local, case.dice)}@{domain}"}


def _gmail_dots(case: Case) -> Spoiled:
    local, _, domain = str(case.card.get("email", "")).partition("@")
    if domain != "gmail.com":
        return {}
    if "." in local:
        return {"email": f"{local.replace('.', '')}@{domain}"}
    at = case.dice.between(1, len(local) - 1)
    return {"email": f"{local[:at]}.{local[at:]}@{domain}"}


def _plus_tag(case: Case) -> Spoiled:
    local, _, domain = str(case.card.get("email", "")).partition("@")
    if domain not in {"gmail.com", "outlook.com", "icloud.com"}:
        return {}
    return {
        "email": f"{local}+{case.dice.pick(('shop', 'tickets', 'news', 'web', 'spam'))}@{domain}"
    }


def _street_short(case: Case) -> Spoiled:
    street = str(case.card.get("street", ""))
    forms = [pair for pair in case.person.country.abbreviations if pair[0] in street]
    return {"street": street.replace(*case.dice.pick(forms))} if forms else {}


def _street_mistyped(case: Case) -> Spoiled:
    return (
        {"street": mistyped(str(case.card["street"]), case.dice)} if "street" in case.card else {}
    )


def _phone_format(case: Case) -> Spoiled:
    phones: tuple[tuple[str, Phone | None], ...] = (
        ("mobile", case.person.mobile),
        ("home_phone", case.person.landline),
    )
    return {
        name: foreign(case.person.country, phone, case.dice)
        for name, phone in phones
        if phone
        and national(case.person.country, phone, spaced=False) == _digits(case.card.get(name))
    }


def _digits(value: object) -> str:
    return "".join(filter(str.isdigit, str(value)))


def _phone_mistyped(case: Case) -> Spoiled:
    phones = [name for name in ("mobile", "home_phone") if name in case.card]
    if not phones:
        return {}
    name = case.dice.pick(phones)
    return {name: miscopied(str(case.card[name]), case.dice)}


def _phone_elsewhere(case: Case) -> Spoiled:
    """Exchange mobile and home phone; with one of them missing, put it into the wrong field."""
    if not case.card.keys() & {"mobile", "home_phone"}:
        return {}
    return {"mobile": case.card.get("home_phone"), "home_phone": case.card.get("mobile")}


def _birth_date(change: Callable[[date, Dice], date]) -> Callable[[Case], Spoiled]:
    def spoiled(case: Case) -> Spoiled:
        born = case.card.get("birth_date")
        return {"birth_date": change(born, case.dice)} if isinstance(born, date) else {}

    return spoiled


def _mistyped_date(born: date, dice: Dice) -> date:
    match dice.below(4):
        case 0:
            return born.replace(day=dice.between(1, 28))
        case 1:
            return born.replace(month=dice.between(1, _MONTHS), day=min(born.day, 28))
        case 2:
            return born.replace(year=born.year + dice.pick((-10, 10, -1, 1)), day=min(born.day, 28))
        case _:
            year = f"{born.year}"
            return born.replace(year=int(f"19{year[3]}{year[2]}"), day=min(born.day, 28))


def _swapped_date(born: date) -> date:
    return born.replace(month=born.day, day=born.month) if born.day <= _MONTHS else born


def _letter_case(case: Case) -> Spoiled:
    change = str.upper if case.dice.chance(0.5) else str.lower
    names = ["first_name", "last_name", "company", "street", "city", "email"]
    if case.dice.chance(0.5):
        names = names[:3]
    return {name: change(str(case.card[name])) for name in names if name in case.card}


def _missing_fields(case: Case) -> Spoiled:
    """Leave out one or two fields, as long as a contact stays."""
    contacts = [name for name in ("email", "mobile", "home_phone", "street") if name in case.card]
    optional = [name for name in ("birth_date", "postal_code", "city") if name in case.card]
    spare = case.dice.shuffled(contacts)[1:] + optional
    lost: set[str] = set(case.dice.shuffled(spare)[: case.dice.between(1, 2)])
    if "street" in lost:
        lost |= case.card.keys() & {"street2", "postal_code", "city"}
    return dict.fromkeys(sorted(lost))


def _company_form(case: Case) -> Spoiled:
    """Leave out the legal form of a company, or write another one."""
    name, _, form = str(case.card.get("company", "")).rpartition(" ")
    if form not in case.person.country.firm_forms:
        return {}
    if case.dice.chance(0.6):
        return {"company": name}
    return {"company": f"{name} {case.dice.pick(case.person.country.firm_forms)}"}


#: What is left out before anything else goes wrong.
OMISSIONS = (Slip(Kind.MISSING_FIELDS, 0.18, _missing_fields),)

#: What goes wrong, in the order in which it happens to a card.
SLIPS = (
    Slip(Kind.DROPPED_SURNAME, 0.3, _dropped_surname),
    Slip(Kind.DROPPED_SECOND_NAME, 0.35, _dropped_second_name),
    Slip(Kind.NICKNAME, 0.09, _nickname),
    Slip(Kind.INITIALS, 0.03, _initials),
    Slip(Kind.COMPANY_FORM, 0.35, _company_form),
    Slip(Kind.TYPING_ERROR, 0.13, _on_names(lambda text, case: mistyped(text, case.dice))),
    Slip(Kind.MISHEARD, 0.06, _on_names(_misheard)),
    Slip(Kind.SCANNING_ERROR, 0.025, _on_names(lambda text, case: misread(text, case.dice))),
    Slip(Kind.SWAPPED_NAMES, 0.035, _swapped_names),
    Slip(Kind.LOST_DIACRITICS, 0.14, _everywhere(lambda text, _: without_diacritics(text))),
    Slip(Kind.TRANSLITERATED, 0.07, _everywhere(transliterated)),
    Slip(Kind.STREET_SHORT_FORM, 0.18, _street_short),
    Slip(Kind.STREET_TYPING_ERROR, 0.05, _street_mistyped),
    Slip(Kind.PHONE_FORMAT, 0.35, _phone_format),
    Slip(Kind.PHONE_TYPING_ERROR, 0.025, _phone_mistyped),
    Slip(Kind.PHONE_IN_WRONG_FIELD, 0.06, _phone_elsewhere),
    Slip(Kind.EMAIL_TYPING_ERROR, 0.04, _email_mistyped),
    Slip(Kind.GMAIL_DOTS, 0.12, _gmail_dots),
    Slip(Kind.PLUS_TAG, 0.05, _plus_tag),
    Slip(Kind.BIRTH_DATE_TYPING_ERROR, 0.05, _birth_date(_mistyped_date)),
    Slip(Kind.BIRTH_DATE_SWAPPED, 0.03, _birth_date(lambda born, _: _swapped_date(born))),
    Slip(
        Kind.BIRTH_DATE_FIRST_OF_JANUARY,
        0.02,
        _birth_date(lambda born, _: born.replace(month=1, day=1)),
    ),
    Slip(Kind.LETTER_CASE, 0.08, _letter_case),
)
