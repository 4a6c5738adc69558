"""Failures as people read them, and the exit code of each; no personal data, no traceback."""

from __future__ import annotations

import sys
from typing import Final

from dedupkit.errors import (
    ConfigurationError,
    DedupkitError,
    InvalidFileError,
    PlanFormatError,
)

__all__ = ["FAILED", "INTERRUPTED", "WRONG_INPUT", "say_failure"]

#: A plan or a store refused, or something failed.
FAILED: Final = 1
#: The command line, a file or an option is wrong; nothing was written.
WRONG_INPUT: Final = 2
#: Stopped by the user.
INTERRUPTED: Final = 130


def say_failure(error: Exception) -> int:
    """Print what went wrong to stderr and return the exit code.

    Only errors of this library are told in their own words; what others say may hold values.
    """
    match error:
        case InvalidFileError():
            lines = [f"{error.file} cannot be read, and nothing was written:"]
            lines += [f"  {fault}" for fault in error.faults]
            code = WRONG_INPUT
        case ConfigurationError() | PlanFormatError():
            lines, code = [str(error)], WRONG_INPUT
        case DedupkitError():
            lines, code = [str(error)], FAILED
        case OSError(strerror=str(reason)):
            lines, code = [f"cannot read or write: {reason}"], FAILED
        case _:
            kind = type(error).__name__
            lines = [f"failed unexpectedly ({kind}); --debug shows where"]
            code = FAILED
    print("dedupkit: " + "\n".join(lines), file=sys.stderr)
    return code
