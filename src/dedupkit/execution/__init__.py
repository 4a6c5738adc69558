"""Executing plans on a host's store, and undoing them."""

from dedupkit.execution.execute import execute
from dedupkit.execution.many import Refusal, Summary, execute_many
from dedupkit.execution.sweep import sweep
from dedupkit.execution.undo import undo

__all__ = ["Refusal", "Summary", "execute", "execute_many", "sweep", "undo"]
