"""The command line; the only place that prints, exits, and reads a clock."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command ``dedupkit`` and return its exit code.

    Codes: 0 done; 1 refused or failed; 2 wrong usage or input; 130 interrupted.

    Args:
        arguments: Words of the command line; None reads those of the process.
    """
    try:
        from dedupkit.cli.app import run
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("click", "rich"):
            raise
        print(
            f"dedupkit: the command line needs {missing}; install the extra 'cli'",
            file=sys.stderr,
        )
        return 2
    return run(arguments)
