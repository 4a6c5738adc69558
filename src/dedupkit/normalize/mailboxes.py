"""What is known of mailboxes: providers' own rules, role addresses, stopgaps."""

from typing import Final, final

from attrs import frozen

from dedupkit.normalize.wordlists import words

__all__ = [
    "NO_MAIL_HOSTS",
    "PLACEHOLDER_HOSTS",
    "PLACEHOLDER_NAMES",
    "PROVIDERS",
    "ROLES",
    "STOPGAPS",
    "ProviderRule",
]


@final
@frozen(kw_only=True)
class ProviderRule:
    """What one provider ignores in the part before the @."""

    domain: str
    """The domain that stands for all that lead to the same mailbox."""

    tag: str = "+"
    """The character that begins a tag, which the provider ignores to the end."""

    ignores_dots: bool = False


def _each(*domains: str) -> dict[str, ProviderRule]:
    return {domain: ProviderRule(domain=domain) for domain in domains}


def _all_as(domain: str, *others: str, ignores_dots: bool = False) -> dict[str, ProviderRule]:
    rule = ProviderRule(domain=domain, ignores_dots=ignores_dots)
    return dict.fromkeys((domain, *others), rule)


#: Domain to rule. A domain that is not here has no rule: companies' own domains decide for
#: themselves whether a dot or a plus matters. Sources: for alias domains, Apple
#: (support.apple.com/118230), Proton (proton.me/support/addresses-and-aliases) and Yandex
#: (yandex.com/support/domain/additional/mailbox-alias.xml); for Yahoo's base name, hyphen and
#: keyword, its help on AddressGuard (the base is chosen beside the user's own name, so that it
#: joins the tagged addresses to each other only). Not from the providers themselves: Gmail's
#: dots and googlemail.com, and the plus of Google, Microsoft, Apple, Fastmail, Proton, Yandex
#: and Zoho, as the documentation of the package email-normalize lists them; Runbox's plus, as
#: Wikipedia's article on e-mail addresses does.
PROVIDERS: Final[dict[str, ProviderRule]] = {
    **_all_as("gmail.com", "googlemail.com", ignores_dots=True),
    **_each("outlook.com", "outlook.de", "outlook.dk", "outlook.es", "outlook.fr"),
    **_each("hotmail.com", "hotmail.co.uk", "hotmail.de", "hotmail.dk", "hotmail.es"),
    **_each("hotmail.fr", "hotmail.nl", "hotmail.no", "hotmail.se"),
    **_each("live.com", "live.co.uk", "live.de", "live.dk", "live.fr", "live.nl", "live.no"),
    **_each("live.se", "msn.com"),
    **_all_as("icloud.com", "me.com", "mac.com"),
    **_all_as("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    **_each("fastmail.com", "fastmail.fm"),
    **_all_as("yandex.ru", "yandex.com", "ya.ru"),
    **_each("runbox.com", "runbox.no", "zoho.com", "zohomail.com", "zohomail.eu"),
    **{
        domain: ProviderRule(domain=domain, tag="-")
        for domain in (
            *("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.dk", "yahoo.es", "yahoo.fr"),
            *("yahoo.nl", "yahoo.no", "yahoo.se", "ymail.com", "rocketmail.com"),
        )
    },
}

#: Local parts, letters alone, of mailboxes that belong to a function, not to a person.
ROLES: Final = words(
    """
    abonnement abuse accounting accounts admin administracion administrasjon administratie
    administration administrator adm ansatte atencionalcliente backoffice bestilling
    bestillinger bestallning bestellung bestellungen betaling betalingen bilag billett billing
    billings boeking bokforing bokning booking bookings buchhaltung butikk butik butiken
    clientes comercial compras compta comptabilite contabilidad contact contacto contactus
    contacten correo crediteuren customercare customerservice debiteuren direccion drift economia
    ekonomi enquiries enquiry epost facturas factuur facturen facturacion faktura fakturor
    feedback finance financial firma firmapost forening formand helpdesk hilfe hjelp hjelpdesk
    hostmaster hr info infomail information informacion inkoop inkjop inkop innkjop invoice
    invoices it jobb jobs jobb kasserer kassor klantenservice kommune kontakt kontor
    kontoret kontorer kundendienst kundensupport kundeservice kundtjanst kundservice kunden
    leder ledelse lonn mail mailbox manager marked marketing marknad media medlem medlemskap
    members membership newsletter nyhetsbrev office officina oficina okonomi ordre ordrer order
    orders pedidos post posten poststelle postkasse postmaster postmottak presse press prensa
    privacy receptie reception recepcion regnskap rektor reklame reserva reservas reservation
    reservations reservering resepsjon root rrhh salg sales salon sekretariat secretaria
    secretariaat secretariat security sekreter service servicio shop skole soporte spam
    sponsor staff stotte stud styret styrelse styreleder styre studio support team tech
    tecnico teknisk ticket tickets tienda tilbud tourist turismo utleie vd vente ventas verkauf
    verkoop vertrieb webmaster web winkel zentrale
    """
)

#: Local parts, letters alone, that say that there is no address, whatever the domain.
STOPGAPS: Final = words(
    """
    donotreply geenemail geenmail ikkeoppgitt ingenemail ingenepost ingenmail intetmail
    keineemail keinemail nobody noemail noemailaddress noexiste nomail noreply
    notprovided notiene notienecorreo sincorreo sinemail test testing tester unknown ukjent ukendt
    okand onbekend unbekannt desconocido
    """
)

#: Words that are a stopgap where the domain repeats them or is a `PLACEHOLDER_HOSTS`:
#: ``no@no.no``, ``asdf@test.com``. A repeated letter (``x@x.com``) counts likewise.
PLACEHOLDER_NAMES: Final = words(
    """
    abc abcd asd asdf asdfg asdfgh blank dummy email epost example fake fiktiv ingen keine mail
    na nada nei nej ninguno no nomail noemail none nope null qwe qwerty sample test tester testing
    ukjent unknown xyz
    """
)

#: First parts of domains that people make up. ``example`` is not among them: texts and trial
#: registers use it for ordinary people; nor is ``mail``, which providers are called.
PLACEHOLDER_HOSTS: Final = PLACEHOLDER_NAMES - {"email", "epost", "example", "mail", "sample"}

#: First parts of domains that say that there is no address, whoever stands before the @.
NO_MAIL_HOSTS: Final = STOPGAPS - {"nobody", "test", "testing", "tester"}
