"""Registers of made-up customers of whom it is known who is who, from a seed."""

from dedupkit.samples.flat import write_customers, write_orders, write_truth
from dedupkit.samples.register import DIFFICULTIES, SampleRegister, generate_register
from dedupkit.samples.tables import COUNTRIES
from dedupkit.samples.traits import TIES, Kind, Trait

__all__ = [
    "COUNTRIES",
    "DIFFICULTIES",
    "TIES",
    "Kind",
    "SampleRegister",
    "Trait",
    "generate_register",
    "write_customers",
    "write_orders",
    "write_truth",
]
