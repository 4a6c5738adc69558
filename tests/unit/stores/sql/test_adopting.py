"""Declaring what rows add up to, on a register that holds rows and balances already."""

import pytest

from dedupkit.customers import Balance, Customer
from dedupkit.errors import ConfigurationError
from dedupkit.plans import Relation, RowBalance
from dedupkit.stores.sql import SqlStore
from dedupkit.stores.sql.connecting import open_engine

LOTS = Relation("lots", balance=RowBalance("loyalty", "points", amount="left"))


class Register:
    """A register that is opened several times, and its database."""

    def __init__(self, *relations: Relation | str) -> None:
        """Make it."""
        self._engine = open_engine("sqlite://")
        self.store = SqlStore.create(self._engine, relations=relations)

    def reopen(self, *relations: Relation | str) -> SqlStore:
        """Open it with declarations."""
        return SqlStore.create(self._engine, relations=relations)


def points(amount: int) -> Balance:
    """So many points."""
    return Balance("loyalty", "points", amount)


def stocked(rows: int = 1, stored: int | None = None) -> Register:
    """A register whose lots are plain rows beside stored amounts; of two points a lot."""
    register = Register("lots")
    balances = () if stored is None else (points(stored),)
    with register.store.transaction() as tx:
        tx.save([(None, Customer(id=str(n), balances=balances)) for n in range(1, rows + 1)])
    lots = {f"l{n}": {"customer": str(n), "left": 2} for n in range(1, rows + 1)}
    register.store.add_rows("lots", lots)
    return register


class TestAdopting:
    @pytest.mark.parametrize("stored", [None, 2])
    def test_stored_amounts_that_the_rows_come_to_are_counted_once(
        self, stored: int | None
    ) -> None:
        """Also where there were none; and the register remembers it."""
        register = stocked(stored=stored)
        register.reopen(LOTS)
        register.reopen(LOTS)
        again = register.reopen()
        assert again.relations == (LOTS,)
        assert again.get(["1"])["1"].balances == (points(2),)

    def test_stored_amounts_that_differ_are_refused_by_customer(self) -> None:
        """The first are named, the rest counted, and nothing is changed."""
        register = stocked(rows=7, stored=3)
        with pytest.raises(ConfigurationError, match=r"customer 1, 2, 3, 4, 5 and 2 more; correct"):
            register.reopen(LOTS)
        assert register.reopen().relations == (Relation("lots"),)

    def test_rows_without_an_amount_are_refused_by_id(self) -> None:
        """Rows that are nothing but references, too."""
        register = stocked()
        register.store.add_rows("lots", {"l8": "1", "l9": {"customer": "1", "left": "two"}})
        with pytest.raises(ConfigurationError, match="'left' holds no exact amount in row l8, l9;"):
            register.reopen(LOTS)

    def test_what_rows_add_up_to_does_not_change_in_passing(self) -> None:
        """Points would become other points, or nothing."""
        register = stocked()
        register.reopen(LOTS)
        other = Relation("lots", balance=RowBalance("stars", "points", amount="left"))
        for declared in ("lots", other):
            with pytest.raises(ConfigurationError, match="rows add up to loyalty in points"):
                register.reopen(declared)

    def test_without_rows_it_may_change(self) -> None:
        """Nothing is held by it."""
        register = Register(LOTS)
        assert register.reopen("lots").relations == (Relation("lots"),)

    def test_two_relations_cannot_add_up_to_one_balance(self) -> None:
        """Whenever they were declared; the second is not remembered."""
        register = Register(LOTS)
        bonus = Relation("bonus", balance=LOTS.balance)
        with pytest.raises(ConfigurationError, match="'bonus' and 'lots'"):
            register.reopen(bonus)
        assert register.reopen().relations == (LOTS,)
