"""What type checkers tell users of the values; read by mypy and basedpyright, never run."""

from collections.abc import Mapping
from typing import assert_type

from dedupkit.customers import Balance, Consent, Customer, FieldMap

customer = Customer(id="1001", first_name="Bjørn", extra=FieldMap(vat_no="NO123"))

assert_type(customer.id, str)
assert_type(customer.first_name, str | None)
assert_type(customer.flags, frozenset[str])
assert_type(customer.consents, tuple[Consent, ...])
assert_type(customer.balances, tuple[Balance, ...])
assert_type(customer.permits("newsletter", "email"), bool)

texts: Mapping[str, str] = FieldMap(city="Oslo")
assert_type(FieldMap({"city": "Oslo"})["city"], str)
