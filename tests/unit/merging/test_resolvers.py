"""Resolvers: each chooses one field's value."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.merging import (
    Resolution,
    Resolver,
    ask_person,
    concatenate,
    earliest,
    fill_blank,
    keep_master,
    latest,
    longest,
    most_frequent,
    most_recent,
    union,
)
from dedupkit.merging.resolvers import is_blank, resolver_name

OLD, NEW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)

A = Customer(id="1", city="Oslo", updated_at=OLD, birth_date=date(1980, 1, 1), groups=["a"])
B = Customer(id="2", city="Bergen", updated_at=NEW, birth_date=date(1979, 1, 1), groups=["b"])
C = Customer(id="3", city="Bergen", notes="regular", extra={"limit": 5})
BLANK = Customer(id="0")


def test_resolvers_agree_where_nobody_has_a_value() -> None:
    """A field that is blank everywhere stays blank under every resolver."""
    for resolver in (
        keep_master,
        fill_blank,
        most_recent,
        most_frequent,
        longest,
        earliest,
        latest,
        concatenate,
        ask_person,
    ):
        assert resolver("language", A, [B, C]) == Resolution(None)


@pytest.mark.parametrize(
    ("resolver", "field", "master", "expected"),
    [
        (keep_master, "city", A, ("Oslo", "1")),
        (keep_master, "notes", A, (None, None)),
        (fill_blank, "city", A, ("Oslo", "1")),
        (fill_blank, "city", BLANK, ("Bergen", "2")),
        (most_recent, "city", A, ("Bergen", "2")),
        (most_recent, "notes", A, ("regular", "3")),
        (most_frequent, "city", A, ("Bergen", "2")),
        (most_frequent, "birth_date", A, (date(1980, 1, 1), "1")),
        (longest, "city", A, ("Bergen", "2")),
        (longest, "groups", A, (frozenset("a"), "1")),
        (earliest, "birth_date", A, (date(1979, 1, 1), "2")),
        (latest, "birth_date", A, (date(1980, 1, 1), "1")),
        (latest, "extra.limit", A, (5, "3")),
        (union, "groups", A, (frozenset("ab"), None)),
        (union, "other_emails", A, ((), None)),
        (concatenate, "city", A, ("Oslo\nBergen", None)),
        (concatenate, "notes", A, ("regular", "3")),
    ],
)
def test_choice(
    resolver: Resolver, field: str, master: Customer, expected: tuple[Any, str | None]
) -> None:
    """The value, and the card that it comes from."""
    answer = resolver(field, master, [B, C])
    assert (answer.value, answer.source) == expected


@pytest.mark.parametrize(
    ("resolver", "field"),
    [(union, "city"), (concatenate, "birth_date"), (earliest, "city"), (latest, "groups")],
)
def test_resolver_refuses_fields_it_cannot_read(resolver: Resolver, field: str) -> None:
    """A resolver that does not fit the field is the policy's fault, and says so."""
    with pytest.raises(ConfigurationError, match="use another"):
        resolver(field, A, [B])


@pytest.mark.parametrize("resolver", [concatenate, earliest, latest, union], ids=resolver_name)
def test_who_refuses_is_named_with_the_field(resolver: Resolver) -> None:
    """The policy names resolvers and fields, and so does the message."""
    master, other = Customer(id="8", extra={"x": "a"}), Customer(id="9", extra={"x": True})
    with pytest.raises(ConfigurationError, match=rf"^{resolver_name(resolver)} .*'extra\.x'"):
        resolver("extra.x", master, [other])


@pytest.mark.parametrize(
    ("resolver", "field", "reason"),
    [
        (fill_blank, "notes", "blank on the master"),
        (most_recent, "city", "updated"),
        (most_frequent, "city", "most cards"),
        (longest, "city", "longest"),
        (earliest, "birth_date", "earliest"),
        (latest, "birth_date", "latest"),
        (union, "groups", "all cards together"),
        (concatenate, "city", "all cards together"),
        (ask_person, "city", "a person decides"),
    ],
)
def test_reason(resolver: Resolver, field: str, reason: str) -> None:
    """A decision says in a few words why its value is what it is."""
    assert resolver(field, A, [B, C]).reason == reason


def test_the_master_s_own_value_needs_no_reason() -> None:
    """Nothing was filled."""
    assert fill_blank("city", A, [B]).reason == ""


def test_numbers_of_two_kinds_compare() -> None:
    """Whole and decimal numbers have one order."""
    card = Customer(id="4", extra={"limit": Decimal("7.5")})
    assert latest("extra.limit", C, [card]).value == Decimal("7.5")


def test_dates_and_moments_do_not_compare() -> None:
    """A date and a moment in one field have no order."""
    one, other = Customer(id="4", extra={"x": OLD}), Customer(id="5", extra={"x": date(2020, 1, 1)})
    with pytest.raises(ConfigurationError):
        latest("extra.x", one, [other])


class TestAskPerson:
    def test_choices_are_named_by_cards(self) -> None:
        """Each distinct value is one choice, named by the first card that has it."""
        answer = ask_person("city", A, [B, C])
        assert [(c.key, c.value, c.customers) for c in answer.choices] == [
            ("1", "Oslo", ("1",)),
            ("2", "Bergen", ("2", "3")),
        ]

    def test_blank_master_is_a_choice(self) -> None:
        """To leave a blank is an answer too."""
        answer = ask_person("city", BLANK, [B])
        assert [(c.key, c.value) for c in answer.choices] == [("0", None), ("2", "Bergen")]

    def test_agreement_needs_no_answer(self) -> None:
        """Where the duplicates have nothing else, nobody is asked."""
        assert ask_person("city", B, [C, BLANK]).choices == ()


def test_most_recent_prefers_the_master_of_equals() -> None:
    """Without any date the master's value stands."""
    assert most_recent("city", Customer(id="9", city="Moss"), [C]).source == "9"


def test_blank_is_neither_false_nor_zero() -> None:
    """False and 0 are values."""
    blank: list[object] = [None, "", (), frozenset()]
    assert all(map(is_blank, blank))
    assert not any(map(is_blank, [False, 0, Decimal(0), "x"]))


def test_names() -> None:
    """A function is shown by its name, any other callable by its class."""

    class Mine:
        def __call__(self, field: str, master: Customer, duplicates: object, /) -> Resolution:
            """Answer nothing."""
            return Resolution(None)

    assert (resolver_name(keep_master), resolver_name(Mine())) == ("keep_master", "Mine")


def test_the_longest_is_the_largest_collection_and_the_longest_writing() -> None:
    """Members are counted; numbers and dates are as long as they are written."""
    one, two = Customer(id="8", groups=["quartet"]), Customer(id="9", groups=["a", "b"])
    assert longest("groups", one, [two]).source == "9"
    short, long = Customer(id="8", extra={"x": 7}), Customer(id="9", extra={"x": 100})
    assert longest("extra.x", short, [long]).source == "9"


def test_no_word_is_taken_for_a_blank() -> None:
    """Somebody may have written it."""
    one, other = Customer(id="8", notes="None"), Customer(id="9", notes="regular")
    assert concatenate("notes", one, [other]).value == "None\nregular"
