"""Unique values."""

import pytest
from attrs import evolve

from dedupkit.customers import Customer, WebProfile
from dedupkit.errors import StoreError
from dedupkit.stores.unique import as_number, claims, released_and_claimed

PATHS = ("number", "web_profile.username")
CARD = Customer(id="1", number="10", web_profile=WebProfile(id="w", username="anna"))


class TestClaims:
    def test_a_card_claims_what_it_has(self) -> None:
        """Nothing for a card that is not there, or has nothing."""
        assert set(claims(CARD, PATHS)) == {("number", "10"), ("web_profile.username", "anna")}
        assert list(claims(Customer(id="1"), PATHS)) == []
        assert list(claims(None, PATHS)) == []

    def test_only_what_differs_is_released_and_claimed(self) -> None:
        """A value that stays is neither."""
        after = evolve(CARD, number="11")
        assert released_and_claimed([(CARD, after)], PATHS) == (
            {("number", "10"): "1"},
            {("number", "11"): "1"},
        )
        assert released_and_claimed([(CARD, None)], ("number",)) == ({("number", "10"): "1"}, {})

    def test_two_claims_of_one_value_are_refused(self) -> None:
        """Both customers are named, the value is not."""
        changes = [(None, Customer(id=i, number="secret")) for i in "ab"]
        with pytest.raises(StoreError, match="customer 'b' is already that of customer 'a'") as e:
            released_and_claimed(changes, PATHS)
        assert "secret" not in str(e.value)


def test_numbers_beyond_what_a_database_counts_to_are_text() -> None:
    """As are those of more digits than Python reads."""
    assert as_number("9" * 18) == 10**18 - 1
    assert [as_number("9" * n) for n in (19, 5_000)] == [0, 0]
