"""The values: customers and what they carry, and the one table of their fields."""

from dedupkit.customers.addresses import Address
from dedupkit.customers.balances import LOYALTY, ON_ACCOUNT, STORE_CREDIT, Balance
from dedupkit.customers.canonical import canonical_json
from dedupkit.customers.codec import (
    customer_from_dict,
    customer_to_dict,
    from_plain,
    judgement_from_dict,
    judgement_to_dict,
    to_plain,
)
from dedupkit.customers.columns import (
    BalanceColumn,
    ConsentColumn,
    Deactivate,
    Delete,
    Joined,
    Mark,
    Retirement,
    WebProfileColumns,
)
from dedupkit.customers.consents import (
    NEWSLETTER,
    Consent,
    ConsentState,
    is_permitted,
    same_endpoint,
)
from dedupkit.customers.customer import (
    Customer,
    ExtraValue,
    lowest_number,
    numeric_first,
    value_text,
)
from dedupkit.customers.fieldmap import EMPTY, FieldMap
from dedupkit.customers.fields import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    FIELDS,
    Field,
    FieldClass,
    Kind,
)
from dedupkit.customers.fingerprints import fingerprint
from dedupkit.customers.judgements import Judgement, JudgementSet, Verdict
from dedupkit.customers.mapping import CustomerMapping
from dedupkit.customers.paths import check_path, read_path, with_path
from dedupkit.customers.shapes import amount_text, as_amount, as_map, as_tuple, exact_sum
from dedupkit.customers.totals import sum_balances
from dedupkit.customers.web_profiles import WebProfile

__all__ = [
    "ADDRESS_FIELDS",
    "CONTACT_FIELDS",
    "EMPTY",
    "FIELDS",
    "LOYALTY",
    "NEWSLETTER",
    "ON_ACCOUNT",
    "STORE_CREDIT",
    "Address",
    "Balance",
    "BalanceColumn",
    "Consent",
    "ConsentColumn",
    "ConsentState",
    "Customer",
    "CustomerMapping",
    "Deactivate",
    "Delete",
    "ExtraValue",
    "Field",
    "FieldClass",
    "FieldMap",
    "Joined",
    "Judgement",
    "JudgementSet",
    "Kind",
    "Mark",
    "Retirement",
    "Verdict",
    "WebProfile",
    "WebProfileColumns",
    "amount_text",
    "as_amount",
    "as_map",
    "as_tuple",
    "canonical_json",
    "check_path",
    "customer_from_dict",
    "customer_to_dict",
    "exact_sum",
    "fingerprint",
    "from_plain",
    "is_permitted",
    "judgement_from_dict",
    "judgement_to_dict",
    "lowest_number",
    "numeric_first",
    "read_path",
    "same_endpoint",
    "sum_balances",
    "to_plain",
    "value_text",
    "with_path",
]
