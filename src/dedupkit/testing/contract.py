"""The rules of stores as pytest tests; needs the extra ``testing``.

The one place where a host subclasses: pytest finds tests in classes.
"""

from __future__ import annotations

from collections.abc import Callable

try:
    import pytest
except ImportError as _missing:
    raise ImportError(
        "dedupkit.testing.contract needs pytest: install the extra 'testing'"
    ) from _missing

from dedupkit.testing.harness import StoreHarness
from dedupkit.testing.rules import Result, Rule, examine
from dedupkit.testing.stores import STORE_RULES

__all__ = ["StoreContract"]


class StoreContract:
    """Every rule of stores as one test.

    A host's test module declares a class ``TestMyStore(StoreContract)`` with two attributes.

    Attributes:
        harness: Makes a fresh, empty store with its back door; a class will do.
        lacks: Powers that the store declares not to have; the rules that need them are skipped.
    """

    harness: Callable[[], StoreHarness]
    lacks: tuple[str, ...] = ()

    @pytest.mark.parametrize("rule", STORE_RULES, ids=lambda rule: rule.id)
    def test_rule(self, rule: Rule[StoreHarness]) -> None:
        """The store keeps the rule."""
        report = examine([rule], type(self).harness, self.lacks)
        (finding,) = report.findings
        if finding.result is Result.SKIPPED:
            pytest.skip(finding.reason)
        report.raise_broken()
