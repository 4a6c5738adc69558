"""How much memory this process has had at most."""

from __future__ import annotations

import re
import resource
from pathlib import Path

__all__ = ["peak_megabytes"]


def peak_megabytes() -> float:
    """Return the peak of this program; what started it is not counted, where Linux tells."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
