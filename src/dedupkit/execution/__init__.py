"""Executing plans on a host's store, and undoing them."""

from dedupkit.execution.execute import execute
from dedupkit.execution.undo import undo

__all__ = ["execute", "undo"]
