"""What every test shares: random order, Hypothesis profiles, no outside connections.

Needs pytest and Hypothesis alone, so that hosts can run `scenarios` and `contract` as they are.
"""

import gc
import os
import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# --- Hypothesis: the laws always run, only their depth varies -------------------------------------

settings.register_profile(
    "dev",
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the code
)
settings.register_profile(
    "ci", settings.get_profile("dev"), max_examples=50, derandomize=True, print_blob=True
)
settings.register_profile(
    "mutation",
    settings.get_profile("ci"),
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],  # a mutant that is found needs no smaller example
)
settings.register_profile("deep", settings.get_profile("dev"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

# --- Random order: no test may lean on another ----------------------------------------------------

SEED = int(os.environ.setdefault("TEST_SEED", str(random.randrange(1, 1_000_000))))


def pytest_report_header() -> str:
    """Say how to run the tests in this order again."""
    return f"random order: TEST_SEED={SEED}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle the files, and the tests of each file."""
    order = random.Random(SEED)
    order.shuffle(items)
    files: dict[Path, float] = {}
    items.sort(key=lambda item: files.setdefault(item.path, order.random()))


def pytest_collection_finish() -> None:
    """Spare what was imported: searching it for garbage takes a twentieth of the time."""
    gc.freeze()


# --- No outside connections -----------------------------------------------------------------------

HOME = {"", "localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104  # compared with, never bound


def _stay_home(event: str, args: tuple[object, ...]) -> None:
    """Fail the test that looks up or connects to another machine."""
    match event, args:
        case "socket.getaddrinfo", (str() | bytes() as host, *_):
            pass
        case (("socket.connect" | "socket.sendto"), (_, (str() | bytes() as host, *_))):
            pass
        case _:
            return
    name = host.decode() if isinstance(host, bytes) else host
    if name not in HOME:
        pytest.fail(f"a test reached for the network: {event} {name}")


sys.addaudithook(_stay_home)
