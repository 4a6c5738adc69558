"""Headers of files."""

import pytest

from dedupkit.errors import ConfigurationError
from dedupkit.transfer import recognize_columns

HEADERS = {
    "norwegian": (
        "KundeID;Kundenr;Fornavn;Etternavn;Firma;E-post;Mobil;Telefon;Adresse;Postnr;Poststed;"
        "Land;Fødselsdato;Nyhetsbrev;Opprettet"
    ),
    "danish": (
        "KundeID;Kundenummer;Fornavn;Efternavn;Virksomhed;E-mail;Mobilnummer;Tlf.;Vej;Postnummer;"
        "By;Land;Fødselsdag;Nyhedsbrev;Oprettet"
    ),
    "swedish": (
        "Kund-id;Kundnummer;Förnamn;Efternamn;Företag;E-postadress;Mobiltelefon;Telefonnummer;"
        "Gatuadress;Postnummer;Ort;Land;Födelsedatum;Nyhetsbrev;Skapad"
    ),
    "dutch": (
        "KlantID;Klantnummer;Voornaam;Achternaam;Bedrijfsnaam;E-mailadres;Mobiel;Telefoonnummer;"
        "Straat;Postcode;Woonplaats;Land;Geboortedatum;Nieuwsbrief;Aangemaakt"
    ),
    "spanish": (
        "ID cliente;Número de cliente;Nombre;Apellidos;Razón social;Correo electrónico;"
        "Teléfono móvil;Teléfono fijo;Dirección;Código postal;Población;País;"
        "Fecha de nacimiento;Boletín;Fecha de alta"
    ),
    "german": (
        "Kunden-ID;Kundennummer;Vorname;Nachname;Firma;E-Mail;Handy;Telefon;Straße;PLZ;Ort;Land;"
        "Geburtsdatum;Newsletter;Erstellt am"
    ),
    "english": (
        "Customer ID;Customer number;First Name;Surname;Company name;Email Address;Mobile;Phone;"
        "Address;Zip;Town;Country;Date of birth;Newsletter;Created at"
    ),
}
PERSON = ("id", "number", "first_name", "last_name", "company", "email", "mobile", "home_phone")
PLACE = ("street", "postal_code", "city", "country", "birth_date")
FIELDS = (*PERSON, *PLACE, "consents.newsletter.email", "created_at")


@pytest.mark.parametrize("language", HEADERS)
def test_exports_are_recognized_in_seven_languages(language: str) -> None:
    """Each column of an export finds its field."""
    header = HEADERS[language].split(";")

    found = recognize_columns(header)

    assert found.own == ()
    assert dict(found.fields) == dict(zip(FIELDS, header, strict=True))


def test_our_own_names_are_recognized() -> None:
    """Field names and longer paths need no alias."""
    header = (
        "id",
        "balances.loyalty.points.club",
        "consents.offers.sms",
        "flags.vip",
        "extra.vat.no",
        "external_ids.crm",
        "web_profile.id",
        "web_profile.username",
    )

    assert dict(recognize_columns(header).fields) == dict(zip(header, header, strict=True))


def test_unknown_columns_become_own_fields() -> None:
    """What is not known is kept, and never taken for something similar."""
    found = recognize_columns(
        ["Id", "True Id", "cluster", "Agency", "balances.x", "web_profile.x", ""]
    )

    assert dict(found.fields) == {"id": "Id"}
    assert found.own == ("True Id", "cluster", "Agency", "balances.x", "web_profile.x")


def test_the_register_s_own_bookkeeping_is_not_read() -> None:
    """A file neither retires cards nor sets versions."""
    assert recognize_columns(["id", "merged_into", "version"]).ignored == ("merged_into", "version")


def test_further_addresses_and_numbers_find_a_place() -> None:
    """A second column of a kind gives other e-mails and phones; a third stays an own field."""
    found = recognize_columns(["id", "email", "email 2", "email 3", "tlf", "mobil", "mobil2"])

    assert found.fields["other_emails"] == "email 2"
    assert found.fields["other_phones"] == "mobil2"
    assert found.own == ("email 3",)


def test_without_an_id_the_customer_number_is_the_id() -> None:
    """Many exports know the customer by number alone."""
    assert dict(recognize_columns(["Kundenr", "Navn"]).fields) == {"name": "Navn", "id": "Kundenr"}


def test_a_name_beside_a_first_name_is_the_last_name() -> None:
    """In such files the column of the name holds the surname."""
    assert recognize_columns(["id", "Voornaam", "Naam"]).fields["last_name"] == "Naam"


def test_a_user_name_without_profile_is_an_own_field() -> None:
    """A web profile needs an id of its own."""
    assert recognize_columns(["id", "username"]).own == ("username",)


def test_columns_given_come_first() -> None:
    """The option wins over what would be recognized, and the column is free for nothing else."""
    found = recognize_columns(["id", "name", "navn"], {"first_name": "name"}, ignore=["id"])

    assert dict(found.fields) == {"first_name": "name", "last_name": "navn"}
    assert found.ignored == ("id",)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"first_name": "fornamn"}, "no column 'fornamn'"),
        ({"frist_name": "id"}, "did you mean first_name"),
        ({"address": "id"}, "no column of a file can be 'address'"),
        ({"merged_into": "id"}, "no column of a file can be 'merged_into'"),
        ({"consents.newsletter": "id"}, "unknown field path"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: dict[str, str], problem: str) -> None:
    """A wrong option is named, with the columns that there are."""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        recognize_columns(["id", "navn"], columns)

    assert "the file has: id, navn" in str(caught.value)
