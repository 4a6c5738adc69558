"""Strings in, strings out: one spelling for what people write in many."""

from dedupkit.normalize.address import (
    AddressLine,
    Street,
    normalize_address_line,
    normalize_street,
)
from dedupkit.normalize.company import CompanyName, normalize_company
from dedupkit.normalize.countries import normalize_country
from dedupkit.normalize.dates import parse_date
from dedupkit.normalize.email import Email, normalize_email, split_emails
from dedupkit.normalize.nicknames import name_roots
from dedupkit.normalize.person import PersonName, normalize_full_name, normalize_person_name
from dedupkit.normalize.phone import Phone, normalize_phone, split_phones
from dedupkit.normalize.places import normalize_city, normalize_postal_code
from dedupkit.normalize.text import fold, spelling_key

__all__ = [
    "AddressLine",
    "CompanyName",
    "Email",
    "PersonName",
    "Phone",
    "Street",
    "fold",
    "name_roots",
    "normalize_address_line",
    "normalize_city",
    "normalize_company",
    "normalize_country",
    "normalize_email",
    "normalize_full_name",
    "normalize_person_name",
    "normalize_phone",
    "normalize_postal_code",
    "normalize_street",
    "parse_date",
    "spelling_key",
    "split_emails",
    "split_phones",
]
