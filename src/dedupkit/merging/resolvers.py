"""Resolvers: callables that choose what one field of the master becomes.

A resolver is called with the field path, the master, and the duplicates that are retired, by
lowest number; it reads values with `read_path`. A kept card takes part in no resolver, since its
fields stay on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol, final

from attrs import field, frozen

from dedupkit.customers import Customer, as_tuple, read_path
from dedupkit.errors import ConfigurationError, PlanningError
from dedupkit.plans import Choice

__all__ = [
    "Resolution",
    "Resolver",
    "ask",
    "ask_person",
    "concatenate",
    "earliest",
    "fill_blank",
    "is_blank",
    "keep_master",
    "latest",
    "longest",
    "most_frequent",
    "most_recent",
    "resolver_name",
    "union",
]


@final
@frozen
class Resolution:
    """What a resolver answers.

    Attributes:
        value: What the master will have; None leaves it blank.
        source: Id of the card that the value comes from; None where no single one is.
        reason: Why, in a few words without personal data.
        choices: Where a person must decide: what may be chosen. The value counts until then.
    """

    value: Any = field(repr=False)
    source: str | None = None
    reason: str = ""
    choices: tuple[Choice, ...] = field(default=(), converter=as_tuple, kw_only=True)


class Resolver(Protocol):
    """Chooses one field's value; a plain function is one.

    Called once per field and plan. It must be pure: the same cards, the same answer.
    """

    def __call__(
        self, field: str, master: Customer, duplicates: Sequence[Customer], /
    ) -> Resolution:
        """Return what *field* of *master* becomes."""


def resolver_name(resolver: Callable[..., Any]) -> str:
    """Return the name under which decisions show a rule: its function's, or its class's.

    >>> resolver_name(keep_master)
    'keep_master'
    """
    return getattr(resolver, "__name__", None) or type(resolver).__name__


def ask(
    resolver: Resolver, path: str, master: Customer, duplicates: Sequence[Customer]
) -> Resolution:
    """Return what a resolver answers.

    Raises:
        PlanningError: it returned no `Resolution`.
    """
    answer: object = resolver(path, master, duplicates)
    if not isinstance(answer, Resolution):
        name = resolver_name(resolver)
        raise PlanningError(f"the resolver {name!r} of {path!r} must return a Resolution")
    return answer


def is_blank(value: object) -> bool:
    """Tell whether a field has no value; False and 0 are values.

    >>> is_blank(None), is_blank(()), is_blank(False)
    (True, True, False)
    """
    return value is None or (not value and not isinstance(value, (int, Decimal)))


def keep_master(
    field: str,
    master: Customer,
    duplicates: Sequence[Customer],  # noqa: ARG001  # every resolver is called with them
    /,
) -> Resolution:
    """Keep the master's value; what is blank there stays blank.

    >>> keep_master("city", Customer(id="1"), [Customer(id="2", city="Oslo")]).value is None
    True
    """
    value = read_path(master, field)
    return Resolution(value, None if is_blank(value) else master.id)


def fill_blank(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Keep the master's value; where it is blank, take that of the lowest number that has one.

    >>> fill_blank("city", Customer(id="1"), [Customer(id="2", city="Oslo")]).source
    '2'
    """
    for card, value in _filled(field, (master, *duplicates)):
        return Resolution(value, card.id, "" if card is master else "blank on the master")
    return keep_master(field, master, duplicates)


def most_recent(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take the value of the card that was updated last; a blank never replaces a value.

    A card without ``updated_at`` counts as the oldest; of equals the master's stands, then the
    lowest number's.
    """
    return _best(field, master, duplicates, lambda card, _: card.updated_at or _NEVER, "updated")


def most_frequent(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take the value that most cards have; of equals the master's, then the lowest number's."""
    values = [value for _, value in _filled(field, (master, *duplicates))]
    return _best(field, master, duplicates, lambda _, value: values.count(value), "most cards")


def longest(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take the longest text or the largest collection; of equals the master's."""
    return _best(field, master, duplicates, lambda _, value: _length(value), "longest")


def earliest(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take the earliest date or moment, or the lowest number.

    Raises:
        ConfigurationError: the values of the field have no order in time or size.
    """
    _ordered("earliest", field, (master, *duplicates))
    lowest = min((value for _, value in _filled(field, (master, *duplicates))), default=None)
    return _best(field, master, duplicates, lambda _, value: value == lowest, "earliest")


def latest(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take the latest date or moment, or the highest number.

    Raises:
        ConfigurationError: the values of the field have no order in time or size.
    """
    _ordered("latest", field, (master, *duplicates))
    return _best(field, master, duplicates, lambda _, value: value, "latest")


def union(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Take every member of a collection, the master's first.

    Raises:
        ConfigurationError: the field is no collection.

    >>> union("groups", Customer(id="1", groups="a".split()), [Customer(id="2")]).value
    frozenset({'a'})
    """
    values = [read_path(card, field) for card in (master, *duplicates)]
    if all(isinstance(value, frozenset) for value in values):
        return Resolution(frozenset[str]().union(*values), None, "all cards together")
    if all(isinstance(value, tuple) for value in values):
        members = dict.fromkeys(member for value in values for member in value)
        return Resolution(tuple(members), None, "all cards together")
    raise ConfigurationError(f"union joins collections, {field!r} is none; use another resolver")


def concatenate(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Write the distinct texts of all cards one under the other, the master's first.

    Raises:
        ConfigurationError: the field is no text.
    """
    texts = [value for _, value in _filled(field, (master, *duplicates))]
    if not all(isinstance(text, str) for text in texts):
        raise ConfigurationError(f"concatenate joins texts, {field!r} is none; use another one")
    joined = ""
    for text in texts:
        if f"\n{text}\n" not in f"\n{joined}\n":  # written already, by itself or inside another
            joined = f"{joined}\n{text}" if joined else text
    if not texts or joined == texts[0]:
        return fill_blank(field, master, duplicates)
    return Resolution(joined, None, "all cards together")


def ask_person(field: str, master: Customer, duplicates: Sequence[Customer], /) -> Resolution:
    """Ask wherever a duplicate has a value that the master has not; until then keep the master's.

    The choices are named by cards: the master's id keeps what it has (nothing, where it is
    blank), another id takes the value of that card.
    """
    kept = keep_master(field, master, duplicates)
    holders: dict[Any, list[str]] = {kept.value: [master.id]}
    for card, value in _filled(field, duplicates):
        holders.setdefault(value, []).append(card.id)
    if len(holders) == 1:
        return kept
    choices = (Choice(key=ids[0], value=value, customers=ids) for value, ids in holders.items())
    return Resolution(kept.value, kept.source, "a person decides", choices=choices)


_NEVER = datetime.min.replace(tzinfo=UTC)


def _filled(field: str, cards: Iterable[Customer]) -> Iterator[tuple[Customer, Any]]:
    for card in cards:
        value = read_path(card, field)
        if not is_blank(value):
            yield card, value


def _best(
    field: str,
    master: Customer,
    duplicates: Sequence[Customer],
    rank: Callable[[Customer, Any], Any],
    reason: str,
) -> Resolution:
    """Take the value of the greatest rank; of equals that of the first card."""
    filled = tuple(_filled(field, (master, *duplicates)))
    if not filled:
        return keep_master(field, master, duplicates)
    card, value = max(filled, key=lambda pair: rank(*pair))
    return Resolution(value, card.id, reason)


def _length(value: object) -> int:
    return len(value) if isinstance(value, tuple | frozenset) else len(str(value))


def _ordered(name: str, field: str, cards: Iterable[Customer]) -> None:
    kinds = {type(value) for _, value in _filled(field, cards)}
    if not kinds <= {int, Decimal} and kinds not in ({date}, {datetime}, set()):
        raise ConfigurationError(
            f"{name} compares dates, moments and numbers, {field!r} holds none; use another one"
        )
