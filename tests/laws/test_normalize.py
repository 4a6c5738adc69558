"""Law N: normalizing is total, deterministic, idempotent."""

import unicodedata
from collections.abc import Callable

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.normalize import (
    fold,
    name_roots,
    normalize_address_line,
    normalize_city,
    normalize_company,
    normalize_country,
    normalize_email,
    normalize_full_name,
    normalize_person_name,
    normalize_phone,
    normalize_postal_code,
    normalize_street,
    parse_date,
    spelling_key,
    split_emails,
    split_phones,
)

#: Words and marks that the normalizers treat in a way of their own, to be combined at will.
HARD = (
    *("Bjørn", "Åse", "oe", "aae", "ueue", "iij", "Straße", "ŁÓDŹ", "İ", "ſ", "Ǆ", "ﬁ", "Ⅷ", "½"),
    *(
        "e\u0301",
        "\u0345",
        "\u200b",
        "\u00ad",
        "が",
        "हिन्दी",
        "각",
        "ά",
        "Ёж",
        "١٢٣",
        "²",
        "𝐀",
        "ª",
    ),
    *(
        "O'",
        "Mc",
        "d",
        "van",
        "de",
        "la",
        "y",
        "i",
        "Jr.",
        "Senior",
        "III",
        "PhD",
        "Mr",
        "Don",
        "Sr",
    ),
    *("Walk-in", "Test", "N/A", "xxx", "kunde", "(x)", '"y"', ",", ", ", ";", "/", "-", ".", "&"),
    *("AS", "A/S", "S.L.", "GmbH & Co. KG", "The", "and", "og", "e", "V", "Stichting", "limited"),
    *(
        "12",
        "12B",
        "12-14",
        "3º",
        "H0203",
        "flat",
        "etg",
        "Street",
        "St",
        "veien",
        "gt.",
        "v.",
        "g.",
    ),
    *(
        "calle",
        "C/",
        "rue",
        "po",
        "box",
        "Postboks",
        "north",
        "17.",
        "mai",
        "1e",
        "5th",
        "012",
        "0",
    ),
    *(
        "Oslo 3",
        "K",
        "sankt",
        "the",
        "hague",
        "Copenhagen",
        "NO-",
        "SE",
        "0150",
        "1234 AB",
        "SW1A 1AA",
    ),
    *("@", "@gmail.com", "@outlook.com", "@yahoo.com", "+tag", ".", "anna", "<a@b.no>", "mailto:"),
    *(
        "@xn--rlig-koa.no",
        "@ærlig.no",
        "@example.no",
        "..",
        "+47",
        "0047",
        "(0)",
        "x",
        "ext. 5",
        "#7",
    ),
    *(
        "912 34 567",
        "22334455",
        "07911 123456",
        "tel:",
        " eller ",
        "00000000",
        "1980-05-03",
        "3. mai",
    ),
)
texts = st.text() | st.lists(st.sampled_from(HARD) | st.text(max_size=3)).flatmap(
    lambda parts: st.sampled_from(("", " ")).map(lambda between: between.join(parts))
)
countries = st.none() | st.sampled_from(
    ("NO", "se", "DK", "NL", "ES", "gb", "UK", "US", "DE", "XX")
)
digits = st.text("0123456789", max_size=15)

TOTAL: tuple[Callable[[str], object], ...] = (
    *(fold, spelling_key, name_roots, normalize_address_line, normalize_city, normalize_company),
    *(normalize_country, normalize_email, normalize_full_name, normalize_phone, parse_date),
    *(normalize_postal_code, normalize_street, split_emails, split_phones),
)


class TestLawN:
    """N: normalizing is total, deterministic, idempotent."""

    @pytest.mark.parametrize("normalize", TOTAL)
    @given(text=texts)
    def test_every_text_has_one_answer(self, normalize: Callable[[str], object], text: str) -> None:
        """Whatever the text, there is an answer, and the same one again."""
        assert normalize(text) == normalize(text)

    @given(text=texts)
    def test_fold_is_idempotent(self, text: str) -> None:
        """Folding what is folded changes nothing."""
        assert fold(fold(text)) == fold(text)

    @given(text=texts)
    def test_fold_ignores_how_unicode_spells_it(self, text: str) -> None:
        """Composed and decomposed text, and capitals, fold alike."""
        assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))

    @given(text=texts)
    def test_spelling_key_is_idempotent_and_coarser_than_fold(self, text: str) -> None:
        """The key of a key, and of what is folded, is the key."""
        key = spelling_key(text)
        assert spelling_key(key) == key == spelling_key(fold(text))

    @given(token=texts)
    def test_roots_of_a_token_are_sorted_keys(self, token: str) -> None:
        """Every token has a root if it has a letter, and roots are keys."""
        roots = name_roots(token)
        assert bool(roots) == bool(spelling_key(token))
        assert list(roots) == sorted({spelling_key(root) for root in roots})

    @given(text=texts, country=countries, region=countries)
    def test_a_normalized_phone_is_its_own_spelling(
        self, text: str, country: str | None, region: str | None
    ) -> None:
        """The text of a phone is read as the same number, whatever the region."""
        phone = normalize_phone(text, country, region)
        again = normalize_phone(phone.text, None if phone.e164 else country, region)
        assert (again.e164, again.extension, again.national) == (
            *(phone.e164, phone.extension, phone.national),
        )
        assert phone.is_valid <= (phone.e164 is not None)

    @given(text=texts)
    def test_a_normalized_email_is_its_own_spelling(self, text: str) -> None:
        """A literal is its own literal, and a canonical address its own canonical."""
        email = normalize_email(text)
        if email.literal is not None and email.canonical is not None:
            assert normalize_email(email.literal).literal == email.literal
            assert normalize_email(email.literal).canonical == email.canonical
            assert normalize_email(email.canonical).canonical == email.canonical

    @given(first=texts, last=texts)
    def test_a_normalized_name_is_its_own_spelling(self, first: str, last: str) -> None:
        """The parts of a name, put back into two fields, are read as the same parts."""
        name = normalize_person_name(first, last)
        assert normalize_person_name(name.first, name.last) == name

    @given(text=texts)
    def test_a_full_name_is_its_own_spelling(self, text: str) -> None:
        """A name that was divided stays divided so."""
        name = normalize_full_name(text)
        assert normalize_person_name(name.first, name.last) == name

    @given(text=texts)
    def test_a_normalized_company_is_its_own_spelling(self, text: str) -> None:
        """The text of a company's name is read as the same name."""
        name = normalize_company(text)
        assert normalize_company(name.text) == name

    @given(text=texts)
    def test_a_normalized_street_is_its_own_spelling(self, text: str) -> None:
        """The text of a street is read as the same street."""
        street = normalize_street(text)
        assert normalize_street(street.text) == street

    @given(text=texts, country=countries)
    def test_a_normalized_place_is_its_own_spelling(self, text: str, country: str | None) -> None:
        """Postal codes, cities and countries are their own normal forms."""
        code = normalize_postal_code(text, country)
        assert code is None or normalize_postal_code(code, country) == code
        city = normalize_city(text)
        assert city is None or normalize_city(city) == city
        found = normalize_country(text)
        assert found is None or normalize_country(found) == found

    @given(moment=st.dates())
    def test_a_date_is_its_own_spelling(self, moment: object) -> None:
        """Every date is read from its ISO form."""
        assert parse_date(str(moment)) == moment


def _read_by_phonenumbers(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class TestOracles:
    """Beside each short cut stands the long way."""

    @pytest.mark.parametrize("region", ["NO", "SE", "DK", "NL", "ES", "GB", "DE", "AR", "MX", "IT"])
    @given(
        prefix=st.sampled_from(("", "+3", "0", "00", "46", "+44", "0034", "1", "549")), rest=digits
    )
    def test_phones_are_read_as_phonenumbers_reads_them(
        self, region: str, prefix: str, rest: str
    ) -> None:
        """Digits give the E.164 form that the full parser ends at, for possible numbers."""
        text = prefix + rest
        expected = _read_by_phonenumbers(text, region)
        while expected != (again := expected and _read_by_phonenumbers(expected, None)):
            expected = again
        assert normalize_phone(text, region).e164 == expected

    @given(email=st.emails().filter(lambda email: not email.startswith("'")))
    def test_plain_addresses_are_read_as_the_full_parser_reads_them(self, email: str) -> None:
        """The short cut accepts no address that email-validator refuses, and gives its form."""
        from email_validator import EmailNotValidError, validate_email

        try:
            parsed = validate_email(email, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError:
            expected = None
        else:
            expected = parsed.normalized.lower()
        assert normalize_email(email).literal == expected
