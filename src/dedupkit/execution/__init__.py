"""Executing plans on a host's store, undoing them, and taking personal data out of it."""

from dedupkit.execution.execute import execute
from dedupkit.execution.many import Refusal, Summary, execute_many
from dedupkit.execution.redact import Purged, purge, redact
from dedupkit.execution.sweep import sweep
from dedupkit.execution.undo import preview_undo, undo

__all__ = [
    "Purged",
    "Refusal",
    "Summary",
    "execute",
    "execute_many",
    "preview_undo",
    "purge",
    "redact",
    "sweep",
    "undo",
]
