"""Phones as people write them, mailboxes as people choose them."""

import phonenumbers
import pytest
from email_validator import validate_email

from dedupkit.samples.contacts import (
    foreign,
    landline_number,
    mailbox,
    mobile_number,
    national,
    work_mailbox,
)
from dedupkit.samples.country import Country
from dedupkit.samples.dice import Dice
from dedupkit.samples.tables import COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES.values(), ids=COUNTRIES)
class TestPhones:
    def test_every_spelling_is_the_same_number(self, country: Country) -> None:
        """National or foreign, spaced or not: libphonenumber reads one number."""
        dice = Dice(5)
        for city in country.cities.items:
            for phone in (mobile_number(country, dice), landline_number(country, city, dice)):
                texts = [national(country, phone, spaced=spaced) for spaced in (True, False)]
                texts += [foreign(country, phone, dice) for _ in range(8)]
                assert (
                    len({phonenumbers.parse(t, country.code).national_number for t in texts}) == 1
                )

    def test_foreign_spellings_differ(self, country: Country) -> None:
        """Plus, double zero, brackets and dashes all occur."""
        dice = Dice(6)
        phone = mobile_number(country, dice)
        texts = [foreign(country, phone, dice) for _ in range(60)]
        assert len(set(texts)) >= 6


class TestMailboxes:
    def test_are_valid_addresses(self) -> None:
        """Whatever the name, the local part is one that e-mail allows."""
        dice = Dice(7)
        for _ in range(200):
            local = mailbox("Mª José", "van 't Hof-Åberg", 1980, dice)
            validate_email(f"{local}@gmail.com", check_deliverability=False)

    def test_at_work_bear_the_first_given_name(self) -> None:
        """Firms write given name, dot, surname."""
        assert work_mailbox("Anne Marie", "O'Brien") == "anne.obrien"
