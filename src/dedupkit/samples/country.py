"""What the generator knows of a country: names, places, numbers and habits of writing them."""

from collections.abc import Mapping
from typing import final

from attrs import frozen

from dedupkit.samples.dice import Weighted


@final
@frozen(kw_only=True)
class City:
    """A city with its share of the postcodes and its landline area codes.

    Attributes:
        name: The name as the post writes it.
        prefix: The letters that stand before the number in a postcode; empty but in Great Britain.
        low: The lowest postcode number.
        high: The highest postcode number.
        areas: Landline area codes, without the trunk prefix.
    """

    name: str
    prefix: str
    low: int
    high: int
    areas: tuple[str, ...]


@final
@frozen(kw_only=True)
class Country:
    """The tables of one country; every ``Weighted`` runs from frequent to rare.

    Attributes:
        code: ISO 3166 alpha-2.
        language: ISO 639-1 code that its customers are given.
        currency: ISO 4217 code of its balances.
        women: Given names of women.
        men: Given names of men.
        second_names: Given names that follow a first one, for women and for men.
        second_name_rate: Share of the people who have two given names.
        surnames: The common surnames.
        rare_heads: Beginnings of rare surnames.
        rare_tails: Endings of rare surnames.
        rare_rate: Share of the people with a rare surname.
        two_surnames: Whether everybody bears two surnames, as in Spain.
        double_rate: Share of the people with a double or a middle surname elsewhere.
        double_joint: What stands between the two.
        nicknames: Given name to its short and pet forms.
        spellings: Pairs of letters that sound alike, for misheard names.
        transliterations: Letters to what a keyboard without them writes.
        cities: The cities, by size.
        street_heads: Beginnings of street names.
        street_tails: Endings of street names.
        number_first: Whether the house number stands before the street.
        abbreviations: Pairs of a part of a street name and its short form.
        flat: How a flat in a house is written (``{floor}``, ``{door}``).
        postcode_width: Digits to which a postcode number is filled up.
        postcode_split: Where a space is put into them; 0 for nowhere.
        postcode_tail: What follows them (``9`` a digit, ``@`` a letter).
        calling: International calling code.
        trunk: What is dialled before a national number; often nothing.
        trunk_joint: What stands between the first group of its digits and the others.
        mobile_prefixes: Beginnings of mobile numbers, without the trunk prefix.
        mobile_length: Digits of a mobile number, without the trunk prefix.
        mobile_groups: How its digits are grouped on paper.
        landline_length: Digits of a landline number, without the trunk prefix.
        providers: Domains of private mailboxes.
        domain: The top-level domain of its firms.
        shared_mailboxes: Local parts of a firm's common mailbox.
        firm_words: What firms are called after.
        firm_trades: What they do.
        firm_forms: Their legal forms.
        walk_in: How a clerk names a customer without a name.
    """

    code: str
    language: str
    currency: str
    women: Weighted[str]
    men: Weighted[str]
    second_names: tuple[tuple[str, ...], tuple[str, ...]]
    second_name_rate: float
    surnames: Weighted[str]
    rare_heads: tuple[str, ...]
    rare_tails: tuple[str, ...]
    rare_rate: float
    two_surnames: bool
    double_rate: float
    double_joint: str
    nicknames: Mapping[str, tuple[str, ...]]
    spellings: tuple[tuple[str, str], ...]
    transliterations: tuple[tuple[str, str], ...]
    cities: Weighted[City]
    street_heads: tuple[str, ...]
    street_tails: tuple[str, ...]
    number_first: bool
    abbreviations: tuple[tuple[str, str], ...]
    flat: str
    postcode_width: int
    postcode_split: int
    postcode_tail: str
    calling: str
    trunk: str
    trunk_joint: str
    mobile_prefixes: tuple[str, ...]
    mobile_length: int
    mobile_groups: tuple[int, ...]
    landline_length: int
    providers: Weighted[str]
    domain: str
    shared_mailboxes: tuple[str, ...]
    firm_words: tuple[str, ...]
    firm_trades: tuple[str, ...]
    firm_forms: tuple[str, ...]
    walk_in: tuple[str, ...]


def names(text: str, *, flat: int = 8) -> Weighted[str]:
    """Return the words of a text, most frequent first, with frequencies like Zipf's.

    An underscore stands for a space inside one name. The n-th weighs 1 / (n + *flat*).

    >>> names("Anna Eva Ida").items
    ('Anna', 'Eva', 'Ida')
    """
    return Weighted.zipf(listed(text), flat=flat)


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text; an underscore stands for a space inside one.

    >>> listed("Den_Haag Delft")
    ('Den Haag', 'Delft')
    """
    return tuple(word.replace("_", " ") for word in text.split())


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return pairs written as ``a:b``.

    >>> pairs("ks:x c:k")
    (('ks', 'x'), ('c', 'k'))
    """
    return tuple((left, right) for left, _, right in (word.partition(":") for word in listed(text)))


def short_forms(text: str) -> dict[str, tuple[str, ...]]:
    """Return short forms written as ``Name:Short,Pet``.

    >>> short_forms("Elisabeth:Lise,Beth")
    {'Elisabeth': ('Lise', 'Beth')}
    """
    return {name: tuple(forms.split(",")) for name, forms in pairs(text)}


def cities(text: str) -> Weighted[City]:
    """Return the cities of a table, one a line: ``name|postcodes|area codes``.

    >>> cities('''
    ... Manchester|M1-40|161
    ... ''').items[0]
    City(name='Manchester', prefix='M', low=1, high=40, areas=('161',))
    """
    return Weighted.zipf(tuple(_city(line) for line in text.split("\n") if line), flat=3)


def _city(line: str) -> City:
    name, codes, areas = line.split("|")
    low, high = codes.split("-")
    digits = low.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return City(
        name=name,
        prefix=low.removesuffix(digits),
        low=int(digits),
        high=int(high),
        areas=tuple(areas.split()),
    )
