"""Redirects of retired cards."""

import pytest

from dedupkit.customers.redirects import follow
from dedupkit.errors import StoreError


def test_redirects_are_followed_to_their_end() -> None:
    """However long the chain; an id without a redirect stands for itself."""
    into = {str(n): str(n + 1) for n in range(5_000)}
    assert follow("0", into.get) == "5000"
    assert follow("x", into.get) == "x"


def test_a_circle_is_an_error_that_names_it() -> None:
    """It never runs for ever."""
    with pytest.raises(StoreError, match="'a' lead in a circle; one of a, b, c must be active"):
        follow("a", {"a": "b", "b": "c", "c": "b"}.get)
