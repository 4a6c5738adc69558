"""Street addresses."""

import pytest

from dedupkit.normalize import Street, normalize_address_line, normalize_street


@pytest.mark.parametrize(
    "spellings",
    [
        ("Kirkeveien 12 B", "Kirkevegen 12b", "KIRKEVEI 12 b", "Kirkev. 12B", "kirkevn. 12 B"),
        ("Storgata 5", "Storgaten 5", "Storgt. 5", "Storg. 5", "Stor gata 5", "STORGATE 05"),
        ("Storgatan 5", "Storgade 5", "Storgata 5-7"),
        ("Dorpsstraat 8", "Dorpsstr. 8", "Dorpsstr 8"),
        ("Karl Johans gate 22", "Karl Johansgt. 22", "Karl Johans gt 22"),
        ("High Street 12", "12 High St", "12 High St.", "12, High Street"),
        ("Calle de Alcalá 5", "C/ Alcalá, 5", "Alcala 5"),
        ("Avenida Diagonal 405", "Avda. Diagonal, 405", "Av Diagonal 405"),
        ("12 St Johns Road", "12 Saint Johns Rd"),
        ("Postboks 123", "P.O. Box 123", "PO Box 123", "Postbus 123", "Apartado 123"),
        ("Øvre gate 1", "Oevre gate 1", "OVRE GT 1"),
    ],
)
def test_spellings_of_one_street_agree(spellings: tuple[str, ...]) -> None:
    """Kinds of street, abbreviations and order say nothing."""
    streets = {
        (street.key, street.number, street.letter) for street in map(normalize_street, spellings)
    }
    assert len(streets) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kirkeveien 12 B, H0203", Street(name="kirkevei", number="12", letter="b", unit="h0203")),
        ("Bredgade 69, 3. tv", Street(name="bredgate", number="69", unit="3 tv")),
        ("Storgata 5, 3 etg", Street(name="storgate", number="5", unit="3 etg")),
        ("C/ Mayor, 5, 3º B", Street(name="mayor", number="5", unit="3 b")),
        ("Flat 3, 12 High Street", Street(name="high st", number="12", unit="flat 3")),
        ("12 High Street, Flat 3", Street(name="high st", number="12", unit="flat 3")),
        ("27 Main St Apt 4B", Street(name="main st", number="27", unit="apt 4b")),
        ("27 Main St 4B", Street(name="main st", number="27", unit="4b")),
        ("123 5th Avenue", Street(name="5th ave", number="123")),
        ("17. mai gata 4", Street(name="17 mai gate", number="4")),
        ("1e Helmersstraat 12 hs", Street(name="1e helmersstr", number="12", unit="hs")),
        ("12 rue de la Paix", Street(name="paix", number="12")),
        ("Postboks 123 Sentrum", Street(name="box", number="123", unit="sentrum")),
        ("PO box", Street(name="po box")),
        ("Rose Cottage", Street(name="rose cottage")),
        ("Flat 3, Rose Cottage", Street(name="rose cottage", unit="flat 3")),
        ("Calle 5", Street(name="calle", number="5")),
        ("de la", Street(name="de la")),
        ("5", Street(name="5")),
        ("0 Storgata", Street(name="storgate", number="0")),
        ("", Street()),
    ],
)
def test_streets_are_taken_apart(text: str, expected: Street) -> None:
    """Number, letter and unit are set apart from the name."""
    assert normalize_street(text) == expected


def test_what_cannot_be_read_again_stays_whole() -> None:
    """An address whose parts would be read otherwise is all name."""
    assert normalize_street("5 5th P") == Street(name="5 5th p")


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("Storgata 5B, NO-0150 Oslo", "no", ("storgate 5 b", "0150", "oslo")),
        ("Storgata 5, 0150 Oslo", None, ("storgate 5", "0150", "oslo")),
        ("Storgatan 1, 111 22 Stockholm", "SE", ("storgate 1", "11122", "stockholm")),
        ("Damrak 1, 1012 LG Amsterdam", None, ("damrak 1", "1012LG", "amsterdam")),
        ("10 Downing St, London SW1A 2AA", "GB", ("downing st 10", "SW1A2AA", "london")),
        ("27 Washington Oak Park IL 60302", "US", ("washington oak pk 27", "60302", None)),
        ("27 Washington, Oak Park, IL 60302-1234", "US", ("washington 27", "60302", "oak park")),
        ("Storgata 5, Oslo", None, ("storgate 5", None, "oslo")),
        ("Storgata 5, 3 etg", None, ("storgate 5 3 etg", None, None)),
        ("60302", None, ("60302", None, None)),
        ("", None, ("", None, None)),
    ],
)
def test_one_line_addresses(
    text: str, country: str | None, expected: tuple[str, str | None, str | None]
) -> None:
    """A postal code or a comma divides street and city."""
    line = normalize_address_line(text, country)
    assert (line.street.text, line.postal_code, line.city) == expected


def test_the_repr_shows_no_address() -> None:
    """Addresses are personal data."""
    shown = repr(normalize_address_line("Storgata 5, 0150 Oslo")) + repr(normalize_street("Vei 1"))
    assert not any(part in shown for part in ("storgate", "0150", "oslo", "vei"))
