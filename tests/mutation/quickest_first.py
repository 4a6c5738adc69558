"""Plugin of pytest: run first the tests that most likely notice a mutant, so that it dies soon."""

import os

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort what `tests/conftest.py` shuffled: tests of the mutant's module, others, whole shops."""
    module = os.environ.get("MUTANT_UNDER_TEST", "").split(".x")[0].rpartition(".")[2]

    def place(item: pytest.Item) -> tuple[bool, bool]:
        return item.path.stem != f"test_{module}", "scenarios" in item.path.parts

    items.sort(key=place)
