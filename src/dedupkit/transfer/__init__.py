"""Customers in and out of files."""

from dedupkit.transfer.headers import FileColumns, recognize_columns
from dedupkit.transfer.reading import CustomerFile, read_customers

__all__ = [
    "CustomerFile",
    "FileColumns",
    "read_customers",
    "recognize_columns",
]
