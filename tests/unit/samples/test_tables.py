"""The tables of the countries: big enough, without repetition, with numbers that exist."""

from itertools import chain

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from dedupkit.samples.contacts import landline_number, mobile_number, national
from dedupkit.samples.country import City, Country, cities
from dedupkit.samples.dice import Dice
from dedupkit.samples.people import Census
from dedupkit.samples.tables import COUNTRIES

each_country = pytest.mark.parametrize("country", COUNTRIES.values(), ids=COUNTRIES)

POSTAL_CODES = {
    "NO": r"\d{4}",
    "SE": r"\d{3} \d\d",
    "DK": r"\d{4}",
    "NL": r"\d{4} [A-Z]{2}",
    "ES": r"\d{5}",
    "GB": r"[A-Z]{1,2}\d{1,2} \d[A-Z]{2}",
}


@each_country
class TestEveryCountry:
    def test_has_many_names(self, country: Country) -> None:
        """Sixty given names a sex and eighty surnames, none of them twice."""
        for table, least in ((country.women, 60), (country.men, 60), (country.surnames, 80)):
            assert len(set(table.items)) == len(table.items) >= least

    def test_nicknames_are_of_its_own_names(self, country: Country) -> None:
        """Most nicknames belong to a name of the table; none stands for itself."""
        given_names = {*country.women.items, *country.men.items}
        known = [name for name in country.nicknames if name in given_names]
        assert len(known) >= 25
        assert not [name for name, forms in country.nicknames.items() if name in forms]

    def test_mobile_numbers_are_valid(self, country: Country) -> None:
        """Every series of mobile numbers is one that libphonenumber knows as such."""
        dice = Dice(1)
        for _ in range(300):
            text = national(country, mobile_number(country, dice), spaced=True)
            number = phonenumbers.parse(text, country.code)
            assert phonenumbers.is_valid_number(number), text
            assert phonenumbers.number_type(number) != PhoneNumberType.UNKNOWN

    def test_landline_numbers_are_valid(self, country: Country) -> None:
        """Every area code of every city gives valid numbers."""
        dice = Dice(2)
        for city in country.cities.items * 5:
            text = national(country, landline_number(country, city, dice), spaced=True)
            number = phonenumbers.parse(text, country.code)
            assert phonenumbers.is_valid_number(number), f"{city.name}: {text}"

    def test_postal_codes_have_the_form_of_the_country(self, country: Country) -> None:
        """Spaces and letters stand where the post puts them."""
        from re import fullmatch

        census = Census(Dice(3))
        codes = [census.home(country).postal_code for _ in range(100)]
        assert not [code for code in codes if not fullmatch(POSTAL_CODES[country.code], code)]

    def test_short_forms_of_streets_are_of_its_streets(self, country: Country) -> None:
        """Every part of a street name that has a short form is a part of some street."""
        parts = (*country.street_heads, *country.street_tails)
        long_forms = {long for long, _ in country.abbreviations}
        assert long_forms <= set(chain.from_iterable((part, part.lstrip()) for part in parts))


class TestCities:
    def test_a_line_is_a_city(self) -> None:
        """Name, postcodes with their letters, and area codes are read from a line."""
        (city,) = cities("Bath|BA1-2|1225 122\n").items
        assert city == City(name="Bath", prefix="BA", low=1, high=2, areas=("1225", "122"))
