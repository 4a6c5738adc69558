"""What needs an extra says which one where it is missing."""

import importlib
import sys

import pytest

NEEDS = {
    "dedupkit.stores.sql": ("sqlalchemy", "sql"),
    "dedupkit.testing.contract": ("pytest", "testing"),
}


@pytest.mark.parametrize("module", NEEDS)
def test_a_missing_extra_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the module fails with the name of the extra to install."""
    package, extra = NEEDS[module]
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ImportError, match=f"install the extra '{extra}'"):
        importlib.import_module(module)
