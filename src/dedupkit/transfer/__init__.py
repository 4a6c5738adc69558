"""Customers in and out of files."""

from dedupkit.transfer.headers import FileColumns, recognize_columns
from dedupkit.transfer.importing import CellChange, ImportPreview, RetiredRow, plan_import
from dedupkit.transfer.reading import CustomerFile, read_customers
from dedupkit.transfer.writing import write_customers

__all__ = [
    "CellChange",
    "CustomerFile",
    "FileColumns",
    "ImportPreview",
    "RetiredRow",
    "plan_import",
    "read_customers",
    "recognize_columns",
    "write_customers",
]
