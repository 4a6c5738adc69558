"""The names that users import."""

import importlib
import pkgutil

import pytest

import dedupkit

PACKAGES = [
    "dedupkit",
    *(m.name for m in pkgutil.walk_packages(dedupkit.__path__, "dedupkit.") if m.ispkg),
]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_there(name: str) -> None:
    """Each name in a package's `__all__` resolves, and stands there once."""
    package = importlib.import_module(name)
    public = getattr(package, "__all__", [])
    assert [n for n in public if not hasattr(package, n)] == []
    assert len(public) == len(set(public))


def test_the_top_level_stays_small() -> None:
    """At most 45 names at the top level: what is rarely needed has a room of its own."""
    assert len(getattr(dedupkit, "__all__", [])) <= 45


def test_the_top_level_lists_its_names() -> None:
    """`dir(dedupkit)` shows every public name, also one that is loaded on first use."""
    assert set(getattr(dedupkit, "__all__", [])) <= set(dir(dedupkit))
