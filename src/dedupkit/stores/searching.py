"""What a clerk types, and whether a card fits it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dedupkit.customers import Address, Customer, lowest_number
from dedupkit.normalize import fold

__all__ = ["SEARCHED", "card_text", "ranked", "search_words"]

_FIELDS = (
    *("number", "id", "name", "first_name", "last_name", "company"),
    *("email", "other_emails", "mobile", "home_phone", "other_phones"),
    *("street", "street2", "postal_code", "city", "region", "other_addresses"),
)
#: Fields that `card_text` reads.
SEARCHED = frozenset({*_FIELDS, "web_profile"})

_PHONES = frozenset({"mobile", "home_phone", "other_phones"})


def search_words(query: str) -> tuple[str, ...]:
    """Return the folded words of a query, each once.

    >>> search_words(" Bjørn  HANSEN ")
    ('bjorn', 'hansen')
    """
    return tuple(dict.fromkeys(fold(query).split()))


def card_text(customer: Customer) -> str:
    """Return all that a card is found by, folded, with phones also as one run of digits.

    >>> card_text(Customer(id="7", first_name="Bjørn", mobile="912 34"))
    ' 7 bjorn 912 34 91234 '
    """
    words: list[str] = []
    for name in _FIELDS:
        for text in _texts(getattr(customer, name)):
            folded = fold(text)
            words.append(folded)
            if name in _PHONES:
                words.append(folded.replace(" ", ""))
    if customer.web_profile is not None and customer.web_profile.username is not None:
        words.append(fold(customer.web_profile.username))
    return f" {' '.join(dict.fromkeys(words))} "


def ranked(words: tuple[str, ...], cards: Iterable[tuple[Customer, str]]) -> Iterator[Customer]:
    """Yield the customers whose text has every word: most whole words first, then lowest number.

    A word fits anywhere inside the text, so that the beginning of a name or a part of a number
    finds the card. No words find nothing.
    """
    fitting = [(card, text) for card, text in cards if words and all(w in text for w in words)]
    fitting.sort(key=lambda found: (-_whole(words, found[1]), lowest_number(found[0])))
    return (card for card, _ in fitting)


def _whole(words: tuple[str, ...], text: str) -> int:
    return sum(f" {word} " in text for word in words)


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401  # fields have many types
    if value is None:
        return ()
    if isinstance(value, tuple):
        return tuple(str(part) if isinstance(part, Address) else part for part in value)
    return (value,)
