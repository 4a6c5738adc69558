"""Phone numbers as people write them, and mailbox names as people choose them."""

from dedupkit.samples.country import City, Country, listed
from dedupkit.samples.dice import Dice, Weighted
from dedupkit.samples.spelling import without_diacritics

#: A phone number without trunk prefix, in the groups in which people write its digits.
Phone = tuple[str, ...]

#: What clerks and customers type where a field must not stay empty; ``{domain}`` is the country's.
PLACEHOLDER_PHONES = ("00000000", "99999999", "12345678", "11111111")
PLACEHOLDER_EMAILS = ("test@test.{domain}", "x@x.{domain}", "noemail@example.com")

_PET_WORDS = listed("""
    sunshine rock blue tiger star rose wolf sea happy moon storm lucky magic fox sky green pony
    football biker dancer rocket panda
    """)
_PATTERNS: Weighted[str] = Weighted.of(
    [
        ("{first}.{last}", 34),
        ("{first}{last}", 14),
        ("{first}_{last}", 5),
        ("{initial}.{last}", 6),
        ("{initial}{last}", 5),
        ("{last}.{first}", 4),
        ("{first}.{last}{year}", 9),
        ("{first}{last}{year}", 6),
        ("{first}{year}", 4),
        ("{first}{number}", 3),
        ("{word}{number}", 5),
        ("{first}{word}", 3),
        ("{last}{number}", 2),
    ]
)


def mailbox(first: str, last: str, year: int, dice: Dice) -> str:
    """Return the local part of a private e-mail address, in most cases made of the name.

    >>> mailbox("Bjørn Erik", "van den Berg", 1980, Dice(1))
    'bjorn.vandenberg'
    """
    first_word = _slug(first.partition(" ")[0])
    return dice.draw(_PATTERNS).format(
        first=first_word,
        initial=first_word[:1],
        last=_slug(last),
        year=f"{year % 100:02}",
        number=dice.between(1, 99),
        word=dice.pick(_PET_WORDS),
    )


def work_mailbox(first: str, last: str) -> str:
    """Return the local part of an address at work.

    >>> work_mailbox("Åse", "Dahl")
    'ase.dahl'
    """
    return f"{_slug(first.partition(' ')[0])}.{_slug(last)}"


def web_name(text: str) -> str:
    """Return a name as a domain: ASCII letters and digits.

    >>> web_name("Nøkken Bygg")
    'nokkenbygg'
    """
    return _slug(text)


def mobile_number(country: Country, dice: Dice) -> Phone:
    """Return a mobile number of the country."""
    prefix = dice.pick(country.mobile_prefixes)
    digits = prefix + dice.digits(country.mobile_length - len(prefix))
    groups, at = [], 0
    for size in country.mobile_groups:
        groups.append(digits[at : at + size])
        at += size
    return tuple(groups)


def landline_number(country: Country, city: City, dice: Dice) -> Phone:
    """Return a landline number of the city: area code, then groups of two or three."""
    area = dice.pick(city.areas)
    length = country.landline_length - len(area)
    rest = str(dice.between(2, 8)) + dice.digits(length - 1)
    odd = length % 2 * 3
    head = (rest[:odd],) if odd else ()
    return (area, *head, *(rest[at : at + 2] for at in range(odd, length, 2)))


def national(country: Country, phone: Phone, *, spaced: bool) -> str:
    """Return a phone number as people at home write it.

    >>> from dedupkit.samples.tables import COUNTRIES
    >>> national(COUNTRIES["SE"], ("70", "123", "45", "67"), spaced=True)
    '070-123 45 67'
    >>> national(COUNTRIES["SE"], ("70", "123", "45", "67"), spaced=False)
    '0701234567'
    """
    if not spaced:
        return country.trunk + "".join(phone)
    head, *rest = phone
    return f"{country.trunk}{head}{country.trunk_joint}{' '.join(rest)}"


def foreign(country: Country, phone: Phone, dice: Dice) -> str:
    """Return a phone number in one of the spellings with a calling code, or with odd signs.

    >>> from dedupkit.samples.tables import COUNTRIES
    >>> foreign(COUNTRIES["NO"], ("912", "34", "567"), Dice(2))
    '91-23-45-67'
    """
    digits = "".join(phone)
    match dice.below(8):
        case 0 | 1:
            return f"+{country.calling}{digits}"
        case 2 | 3:
            return f"+{country.calling} {' '.join(phone)}"
        case 4:
            return f"00{country.calling}{digits}"
        case 5:
            return f"00{country.calling} {' '.join(phone)}"
        case 6:
            trunk = f"({country.trunk})" if country.trunk else ""
            return f"+{country.calling} {trunk}{digits}"
        case _:
            rest = country.trunk + digits
            return "-".join(rest[at : at + 2] for at in range(0, len(rest), 2))


def _slug(text: str) -> str:
    return "".join(filter(str.isalnum, without_diacritics(text).lower()))
