"""Circles: who belongs together, what they share, and what ties them."""

from collections.abc import Callable

import pytest
from attrs import evolve

from dedupkit.samples.country import Country
from dedupkit.samples.dice import Dice
from dedupkit.samples.households import (
    CIRCLES,
    Circle,
    couple,
    family,
    father_and_son,
    large_firm,
    namesakes,
    small_firm,
    twins,
    with_shared_mailboxes_noted,
)
from dedupkit.samples.people import Census
from dedupkit.samples.tables import COUNTRIES
from dedupkit.samples.traits import Kind

Maker = Callable[[Census, Country], Circle]


def many(make: Maker, code: str = "NO", count: int = 80) -> list[Circle]:
    """Return circles of one sort."""
    census = Census(Dice(11))
    return [make(census, COUNTRIES[code]) for _ in range(count)]


@pytest.mark.parametrize("make", CIRCLES.items, ids=lambda make: make.__name__)
def test_ties_hold_two_or_more_of_the_circle(make: Maker) -> None:
    """A tie names places of the circle, each once, and at least two."""
    for code in COUNTRIES:
        for circle in many(make, code, 10):
            for kind, places in circle.ties:
                assert kind.is_tie
                assert len(set(places)) == len(places) >= 2
                assert set(places) <= set(range(len(circle.persons)))


class TestCouples:
    def test_live_together(self) -> None:
        """A man and a woman of one address and one landline; most of them of one surname."""
        pairs = [circle.persons for circle in many(couple)]
        assert all(a.home == b.home and a.landline == b.landline for a, b in pairs)
        assert all(a.is_woman != b.is_woman for a, b in pairs)
        assert 40 < sum(a.surname == b.surname for a, b in pairs) < 80

    def test_some_share_a_mailbox(self) -> None:
        """Some use one mailbox, most have their own."""
        shared = sum(a.email == b.email is not None for a, b in (c.persons for c in many(couple)))
        assert 2 < shared < 30

    def test_keep_their_surnames_in_spain(self) -> None:
        """Nobody takes the other's surname there."""
        pairs = [circle.persons for circle in many(couple, "ES")]
        assert sum(a.surname == b.surname for a, b in pairs) < 10


class TestTwins:
    def test_differ_in_the_given_name(self) -> None:
        """One birth date, one surname, one home, two given names."""
        for circle in many(twins):
            _, one, other = circle.persons
            assert one.birth_date == other.birth_date
            assert (one.surname, one.home) == (other.surname, other.home)
            assert one.first != other.first

    def test_have_the_same_two_surnames_in_spain(self) -> None:
        """Sisters and brothers do not differ in the mother's surname."""
        for circle in many(twins, "ES"):
            _, one, other = circle.persons
            assert (one.surname, one.surname2) == (other.surname, other.surname2)


class TestFatherAndSon:
    def test_bear_one_name(self) -> None:
        """Same name, same home, a generation apart; some are told apart by Sr and Jr."""
        pairs = [circle.persons for circle in many(father_and_son)]
        for father, son in pairs:
            assert (father.first, father.surname, father.home) == (son.first, son.surname, son.home)
            assert son.birth_date.year - father.birth_date.year >= 23
        assert 0 < sum(bool(son.suffix) for _, son in pairs) < 40


class TestFamilies:
    def test_brothers_and_sisters_are_tied(self) -> None:
        """Two children are siblings; every child is tied to both parents."""
        for circle in many(family):
            kinds = [kind for kind, _ in circle.ties]
            children = len(circle.persons) - 2
            assert kinds.count(Kind.PARENT_AND_CHILD) == 2 * children
            assert kinds.count(Kind.SIBLINGS) == children - 1


class TestNamesakes:
    def test_are_strangers(self) -> None:
        """One name, one city, nothing else in common."""
        for circle in many(namesakes):
            one, other = circle.persons
            assert (one.first, one.surname) == (other.first, other.surname)
            assert one.home.city == other.home.city
            assert one.home != other.home
            assert one.email != other.email or one.email is None


class TestSharedMailboxes:
    def test_are_noted_on_everybody_who_uses_them(self) -> None:
        """Owner and borrower know; who has none shares none."""
        one, other, *_ = (circle.persons[0] for circle in many(couple) if circle.persons[0].email)
        borrower, hermit = evolve(other, email=one.email), evolve(other, email=None)
        noted = with_shared_mailboxes_noted((one, borrower, other, hermit))
        assert [person.shares_mailbox for person in noted] == [True, True, False, False]


class TestFirms:
    def test_share_the_switchboard(self) -> None:
        """Everybody who works in a large firm is reached by its number."""
        for circle in many(large_firm, count=10):
            firm, *staff = circle.persons
            assert 8 <= len(staff) <= 40
            assert {person.landline for person in staff} == {firm.landline}
            assert (Kind.SWITCHBOARD, tuple(range(1, len(staff) + 1))) in circle.ties

    def test_some_of_the_staff_use_the_common_mailbox(self) -> None:
        """Those who do are tied with the firm's own card."""
        found = 0
        for circle in many(small_firm):
            for kind, places in circle.ties:
                if kind is Kind.SHARED_MAILBOX:
                    found += 1
                    assert len({circle.persons[place].email for place in places}) == 1
        assert found
