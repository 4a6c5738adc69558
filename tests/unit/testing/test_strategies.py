"""The strategies that hosts draw from."""

from hypothesis import given

from dedupkit.customers import Customer
from dedupkit.plans import MergePlan
from dedupkit.testing.strategies import merge_plans


class TestMergePlans:
    @given(merge_plans())
    def test_they_merge_their_register_into_its_first_card(
        self, drawn: tuple[MergePlan, tuple[Customer, ...]]
    ) -> None:
        """Master, duplicates and what is expected are the register's."""
        plan, (master, *others) = drawn
        assert plan.master_id == master.id
        assert {card.customer for card in plan.duplicates} == {card.id for card in others}
        assert {held.customer for held in plan.expects} == {master.id, *(c.id for c in others)}
