"""Plugin of pytest: run the quickest tests first, so that most mutants die soon."""

from pathlib import Path

import pytest

PLACES = ("unit", "scenarios", "laws")


def _place(item: pytest.Item) -> int:
    return PLACES.index(item.path.relative_to(Path(item.config.rootpath, "tests")).parts[0])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort what `tests/conftest.py` has shuffled: the tests of modules, then the laws."""
    items.sort(key=_place)
