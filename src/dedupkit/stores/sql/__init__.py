"""A register in a database, on SQLAlchemy Core; needs the extra ``sql``."""

try:
    import sqlalchemy as _sqlalchemy  # noqa: F401  # only to say what is missing
except ImportError as _missing:
    raise ImportError("dedupkit.stores.sql needs SQLAlchemy: install the extra 'sql'") from _missing

from dedupkit.stores.sql.store import SqlStore
from dedupkit.stores.sql.transaction import SqlTransaction

__all__ = ["SqlStore", "SqlTransaction"]
