"""E-mail addresses."""

from __future__ import annotations

import pytest

from dedupkit.matching.matchers import EmailMatcher
from dedupkit.matching.matchers.email import Mailbox

MATCHER = EmailMatcher()

ANNA = ("Anna", "Larsen", None)
ANNE = ("Anne", "Larsen", None)
BOB = ("Robert", "Smith", None)
NOBODY = (None, None, None)
Names = tuple[str | None, str | None, str | None]


def prepare(email: str | None, names: Names = NOBODY) -> tuple[Mailbox, ...] | None:
    """Prepare a card with one address."""
    return MATCHER.prepare(email, (), *names)


def level(one: str, its: Names, other: str, others: Names) -> str:
    """Compare two cards with one address each."""
    left, right = prepare(one, its), prepare(other, others)
    assert left
    assert right
    return MATCHER.levels[MATCHER.compare(left, right)]


class TestPrepare:
    @pytest.mark.parametrize("email", [None, " ", "anna at larsen", "test@test.no", "noreply@x.no"])
    def test_missing(self, email: str | None) -> None:
        """Malformed addresses and stopgaps are missing."""
        assert prepare(email) is None

    def test_all_fields(self) -> None:
        """The addresses of all fields come together, also several in one cell."""
        found = MATCHER.prepare("b@x.no; c@x.no", ("a@x.no", "B@X.NO"), *NOBODY)
        assert found
        assert [mailbox.literal for mailbox in found] == ["a@x.no", "b@x.no", "c@x.no"]

    def test_no_other_emails(self) -> None:
        """A table may have nothing where a card has an empty tuple."""
        assert MATCHER.prepare("a@x.no", None, *NOBODY) == prepare("a@x.no")

    @pytest.mark.parametrize(
        ("email", "names", "name"),
        [
            ("anna.larsen2@x.no", ANNA, "anna larsen"),
            ("larsenanna@x.no", ANNA, "anna larsen"),
            ("a.larsen@x.no", ANNA, "anna larsen"),
            ("alarsen@x.no", (None, None, "Larsen, Anna"), "anna larsen"),
            ("anna@x.no", ANNA, "anna larsen"),
            ("annamarialarsen@x.no", ("Anna Maria", "Larsen", None), "anna larsen"),
            ("anna.larsen@x.no", NOBODY, "anna larsen"),
            ("skater.boy@x.no", ANNA, "boy skater"),
            ("skaterboy@x.no", ANNA, ""),
            ("annalarsen@x.no", NOBODY, ""),
            ("a.b@x.no", NOBODY, ""),
            ("larsen.xyz@x.no", ANNA, "larsen xyz"),
            ("bo@x.no", ("Bo", "Ek", None), ""),
        ],
    )
    def test_name_that_it_spells(self, email: str, names: Names, name: str) -> None:
        """A name is read where the card bears it, or where a mark divides two words."""
        found = prepare(email, names)
        assert found
        assert found[0].name == name


class TestCompare:
    @pytest.mark.parametrize(
        ("one", "its", "other", "others", "expected"),
        [
            ("anna@x.no", ANNA, "ANNA@X.no", ANNE, "equal"),
            ("info@x.no", ANNA, "info@x.no", NOBODY, "equal, a role address"),
            ("a.nna@gmail.com", ANNA, "anna+b@gmail.com", ANNA, "equal after the provider's rules"),
            ("skater@x.no", ANNA, "skater@y.se", ANNA, "same local part elsewhere"),
            ("skaterboy@x.no", ANNA, "skaterboi@x.no", ANNA, "nearly equal"),
            ("skaterboy@gmail.com", ANNA, "skaterboy@gmial.com", ANNA, "nearly equal"),
            ("skater1@x.no", ANNA, "skater2@x.no", ANNA, "differs"),
            ("bo@x.no", NOBODY, "ba@x.no", NOBODY, "differs"),
            ("info@x.no", ANNA, "info@y.se", ANNA, "differs"),
            ("info@x.no", ANNA, "anna@x.no", ANNA, "differs"),
            ("anna.larsen@x.no", ANNA, "kari.lund@x.no", ("Kari", "Lund", None), "differs"),
        ],
    )
    def test_levels(self, one: str, its: Names, other: str, others: Names, expected: str) -> None:
        """Addresses agree more or less."""
        assert level(one, its, other, others) == expected

    @pytest.mark.parametrize(
        ("one", "its", "other", "others", "expected"),
        [
            ("anna.larsen2@x.no", ANNA, "larsen.anna@y.se", ANNA, "spells the same name"),
            ("anna.larsen@x.no", NOBODY, "larsen.anna@y.se", NOBODY, "spells the same name"),
            ("anna.larsen@x.no", NOBODY, "anna.larsen@y.se", NOBODY, "spells the same name"),
            ("annalarsen@x.no", NOBODY, "anna.larsen@y.se", NOBODY, "spells the same name"),
            ("anna.larsen@x.no", ANNA, "anne.larsen@x.no", ANNE, "spells the same name"),
            ("anna.larsen@x.no", ANNA, "anna.larson@x.no", ANNA, "nearly equal"),
            (
                "annika.lie@x.no",
                ("Annika", "Lie", None),
                "anna.lie@x.no",
                ("Anna", "Lie", None),
                "spells the same name",
            ),
            (
                "kari.li@x.no",
                ("Kari", "Li", None),
                "karin.li@x.no",
                ("Karin", "Li", None),
                "spells the same name",
            ),
            (
                "evadevries@x.nl",
                ("Eva", "de Vries", None),
                "evadevries@y.nl",
                ("Eva", "de Vries", None),
                "spells the same name",
            ),
            ("bob.smith@x.no", BOB, "robert.smith@y.se", NOBODY, "spells the same name"),
            ("annalarsen87@x.no", ANNA, "larsen.anna87@y.se", ANNA, "spells the same name"),
            ("annalarsen87@x.no", ANNA, "anna.larsen87@y.se", ANNA, "same local part elsewhere"),
            (
                "anna.larsen87@x.no",
                NOBODY,
                "larsen.anna87@y.se",
                NOBODY,
                "same local part elsewhere",
            ),
            (
                "anna.larsen87@x.no",
                NOBODY,
                "anna.larsen87@y.se",
                NOBODY,
                "same local part elsewhere",
            ),
        ],
    )
    def test_names_are_no_evidence(
        self, one: str, its: Names, other: str, others: Names, expected: str
    ) -> None:
        """Two addresses that spell one name are neutral, unless telling digits agree as well."""
        assert level(one, its, other, others) == expected

    def test_agreed(self) -> None:
        """The mailbox is agreed on, several are alternatives."""
        one = MATCHER.prepare("a.nna@gmail.com", ("b@x.no",), *NOBODY)
        other = MATCHER.prepare("anna@gmail.com", ("b@x.no",), *NOBODY)
        third = prepare("b@x.no")
        assert one
        assert other
        assert third
        assert MATCHER.agreed(one, other) == frozenset({"anna@gmail.com", "b@x.no"})
        assert MATCHER.agreed(one, third) == "b@x.no"


class TestKeys:
    @pytest.mark.parametrize(
        ("email", "names", "keys"),
        [
            ("info@x.no", ANNA, ("email:info@x.no",)),
            ("a.b@x.no", NOBODY, ("email:a.b@x.no",)),
            ("bo@x.no", NOBODY, ("email:bo@x.no",)),
            (
                "skater9@x.no",
                ANNA,
                ("email:skater9@x.no", "local:skater9", "spelled:skater"),
            ),
            (
                "anna.larsen@x.no",
                NOBODY,
                (
                    "email:anna.larsen@x.no",
                    "spelled:annalarsen",
                    "name:anna lar",
                    "name:larsen ann",
                ),
            ),
            ("m.larsen@x.no", NOBODY, ("email:m.larsen@x.no", "spelled:mlarsen")),
        ],
    )
    def test_kinds(self, email: str, names: Names, keys: tuple[str, ...]) -> None:
        """The mailbox, what stands before the @, and the name that it spells."""
        found = prepare(email, names)
        assert found
        assert MATCHER.keys(found) == keys
