"""Which column of a file is which field: the names that exports bear in seven languages."""

from collections.abc import Iterable, Mapping
from string import digits
from typing import Final, final

from attrs import field, frozen

from dedupkit.customers import EMPTY, FIELDS, FieldMap, Kind, as_map, as_tuple, check_path
from dedupkit.errors import ConfigurationError
from dedupkit.normalize import fold

__all__ = ["WEB_PROFILE", "FileColumns", "is_column_path", "recognize_columns"]

#: Field path → names of columns, folded and without spaces: English, Norwegian and Danish,
#: Swedish, Dutch, Spanish, German. The names of the fields themselves need no entry.
_ALIASES: Final = {
    "id": """customerid uniqueid uid uuid guid recordid recid rowid contactid accountid clientid
        memberid kundeid kundid kortid klantid relatieid idcliente clienteid idklant kundenid pk""",
    "number": """customernumber customerno custno accountnumber clientnumber membernumber
        membershipnumber kundenummer kundenr kundnummer kundnr medlemsnummer medlemsnr nr no
        klantnummer klantnr relatienummer lidnummer numerodecliente numerocliente ncliente
        kundennummer kundennr mitgliedsnummer""",
    "name": """fullname customername contactname displayname navn fulltnavn kundenavn namn
        fullstandigtnamn kundnamn naam volledigenaam klantnaam nombrecompleto nombreyapellidos
        kundenname vollername""",
    "first_name": """firstname fname forename givenname given fornavn forname fornamn voornaam
        roepnaam nombre nombredepila vorname""",
    "last_name": """lastname lname surname familyname family sname etternavn efternavn efternamn
        achternaam apellido apellidos nachname familienname""",
    "company": """companyname organization organisation organizationname organisationname orgname
        business businessname sitename firm firma firmanavn foretak bedrift bedriftsnavn
        selskap virksomhed virksomhedsnavn organisasjon foretag foretagsnamn bolag bedrijf
        bedrijfsnaam firmanaam organisatie empresa nombreempresa razonsocial compania unternehmen
        firmenname""",
    "email": """emailaddress emailadress mail mailaddress epost epostadresse epostadress mailadresse
        emailadresse emailadres mailadres correo correoelectronico correoe""",
    "mobile": """mobilephone mobilenumber mobileno cell cellphone cellular mobil mobilnummer
        mobilnr mobiltelefon mobiltlf mobiltelefonnummer mobiel mobielnummer gsm movil
        telefonomovil handy handynummer telefonmobil tlfmobil""",
    "home_phone": """phone phonenumber phoneno tel telephone telephonenumber landline homephone
        telefon telefonnummer telefonnr tlf tlfnr hjemmetelefon fasttelefon hemtelefon telefoon
        telefoonnummer vastetelefoon telefono telefonofijo festnetz""",
    "street": """address address1 addressline1 addressline streetaddress postaladdress
        mailingaddress adresse adresse1 gateadresse gate postadresse adress adress1 gatuadress
        gata postadress vej gade adres adres1 straat straatnaam direccion direccion1 calle
        domicilio strasse strassehausnummer anschrift""",
    "street2": """address2 addressline2 adresse2 adress2 adresselinje2 conavn adres2 direccion2
        adresszusatz adressezusatz""",
    "postal_code": """zip zipcode postcode postalcode postnummer postnr postkode
        codigopostal cpostal cp plz postleitzahl""",
    "city": """town placename poststed by sted postort ort stad plaats woonplaats ciudad poblacion
        localidad municipio stadt wohnort""",
    "region": """state province county fylke kommune lan provincie provincia comunidad bundesland
        landsdel""",
    "country": """countrycode countryname land landkode landekode landskod landcode pais codigopais
        landerkennzeichen laenderkennzeichen""",
    "birth_date": """dob dateofbirth birthday birthdate born fodselsdato fodselsdag fodt
        fodelsedatum fodelsedag fodd geboortedatum geboren fechadenacimiento fechadenac
        fechanacimiento nacimiento geburtsdatum geburtstag""",
    "language": "lang locale sprak sprog spraak taal idioma lengua sprache",
    "notes": """note comment comments remark remarks merknad merknader notat notater bemerkning
        bemaerkning bemaerkninger kommentar anteckning anteckningar opmerking opmerkingen notitie
        notities nota notas observaciones comentarios bemerkung bemerkungen notiz notizen""",
    "groups": """group customergroup customergroups customergroupname segment segments gruppe
        grupper kundegruppe kundegrupper grupp kundgrupp kundgrupper groep groepen klantgroep
        klantgroepen grupo grupos gruppen kundengruppe""",
    "flags": "flag tags tag",
    "consents.newsletter.email": """newsletter wantsnewsletter subscribed optin nyhetsbrev
        nyhedsbrev nieuwsbrief boletin""",
    "created_at": """created createdat createdon datecreated creationdate registered registeredat
        registrert opprettet oprettet skapad skapat aangemaakt aangemaaktop creado
        fechadecreacion fechaalta fechadealta fechaderegistro erstellt erstelltam""",
    "updated_at": """updated updatedat updatedon modified modifiedat lastmodified changed changedat
        endret aendret andrad gewijzigd gewijzigdop modificado geandert geaendert geandertam""",
    "web_profile.username": "username userid login loginname brukernavn brugernavn anvandarnamn"
    " gebruikersnaam usuario nombredeusuario benutzername",
}

#: What the register itself keeps; a file does not set it.
_NOT_READ: Final = frozenset(
    ("merged_into", "kept_for", "version", "other_addresses", "other_consents")
)

#: Kinds whose columns bear a longer path, and how many parts follow the field's name.
_LONG: Final = {
    "consents": (2, 2),
    "balances": (2, 3),
    "web_profile": (1, 1),
    "external_ids": (1, 9),
    "flags": (1, 9),
    "extra": (1, 9),
}

#: Where the second column of a field goes.
_FURTHER: Final = {
    "email": "other_emails",
    "mobile": "other_phones",
    "home_phone": "other_phones",
}

#: Parts of the web profile that have a column.
WEB_PROFILE: Final = (
    "id",
    "username",
    "has_password",
    "active",
    "approved_buyer",
    "verified",
    "last_login_at",
)


def _key(name: str) -> str:
    return fold(name).replace(" ", "")


_PATHS: Final = {
    **{alias: path for path, names in _ALIASES.items() for alias in names.split()},
    **{_key(name): name for name, row in FIELDS.items() if row.kind is not Kind.EXTRA},
}


@final
@frozen(kw_only=True)
class FileColumns:
    """How the columns of a file are read.

    Attributes:
        fields: Column path of ours → name in the file.
        own: Names of columns that became own fields of the host (``extra``).
        ignored: Names of columns that are not read.
    """

    fields: FieldMap[str, str] = field(default=EMPTY, converter=as_map)
    own: tuple[str, ...] = field(default=(), converter=as_tuple)
    ignored: tuple[str, ...] = field(default=(), converter=as_tuple)


def recognize_columns(
    header: Iterable[str], columns: Mapping[str, str] | None = None, *, ignore: Iterable[str] = ()
) -> FileColumns:
    """Tell which column is which field.

    A column is known by the name of its field, by a longer path (``balances.loyalty.points``,
    ``consents.offers.sms``, ``web_profile.username``, ``external_ids.crm``, ``flags.vip``,
    ``extra.vat_no``), or by one of the names in use for it; a name fits as a whole or not at all.
    A second e-mail or phone column gives further addresses or numbers. Without a column for the
    id, that of the customer number is the id. What is not known is kept as an own field.

    Args:
        header: Names in the file, in order.
        columns: Path of ours → name in the file; comes before what is recognized.
        ignore: Names that are left alone.

    Raises:
        ConfigurationError: *columns* or *ignore* name columns that the file has not, or paths that
            no column can have; all are named.

    >>> found = recognize_columns(["unique_id", "surname", "Fødselsdato", "cluster"])
    >>> dict(found.fields), found.own
    ({'id': 'unique_id', 'last_name': 'surname', 'birth_date': 'Fødselsdato'}, ('cluster',))
    """
    names = [name for name in header if name.strip()]
    given, left_out = dict(columns or {}), tuple(ignore)
    _check(names, given, left_out)
    taken = {*given.values(), *left_out}
    fields, own, ignored = dict(given), [], list(left_out)
    for name in names:
        if name in taken:
            continue
        path = _path(name)
        if path in _NOT_READ:
            ignored.append(name)
        elif path is None or not _claim(fields, path, name):
            own.append(name)
    if "id" not in fields and "number" in fields:
        fields["id"] = fields.pop("number")
    if "web_profile.id" not in fields:  # nothing would tell one profile from another
        own += [fields.pop(path) for path in [*fields] if path.startswith("web_profile.")]
    is_surname = fields.get("name") not in (None, "name", given.get("name"))
    if is_surname and "first_name" in fields and "last_name" not in fields:
        fields["last_name"] = fields.pop("name")
    return FileColumns(fields=fields, own=own, ignored=ignored)


def _path(name: str) -> str | None:
    bare = name.strip()
    if bare in _NOT_READ or is_column_path(bare):
        return bare
    key = _key(name)
    numbered = _PATHS.get(key.rstrip(digits))  # email2, phone3
    return _PATHS.get(key) or (numbered if numbered in _FURTHER else None)


def is_column_path(path: str) -> bool:
    """Tell whether a column of a file can bear *path*."""
    head, *rest = path.split(".")
    if head not in FIELDS or not all(rest):
        return False
    if not rest:
        return head not in _LONG or head == "flags"
    low, high = _LONG.get(head, (1, 0))
    return low <= len(rest) <= high and (head != "web_profile" or rest[0] in WEB_PROFILE)


def _claim(fields: dict[str, str], path: str, name: str) -> bool:
    """Give *path* to the column, or the path for further values; False where both are taken."""
    for free in (path, _FURTHER.get(path, path)):
        if free not in fields:
            fields[free] = name
            return True
    return False


def _check(names: list[str], given: Mapping[str, str], ignore: tuple[str, ...]) -> None:
    known = frozenset(names)
    problems = [f"no column {name!r}" for name in (*given.values(), *ignore) if name not in known]
    for path in given:
        if not is_column_path(path) or path in _NOT_READ:
            try:
                check_path(path)
            except ConfigurationError as error:
                problems.append(str(error))
            else:
                problems.append(f"no column of a file can be {path!r}")
    if problems:
        raise ConfigurationError(f"{'; '.join(problems)}; the file has: {', '.join(names)}")
