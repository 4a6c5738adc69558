"""One customer against all: the batch's candidates and the batch's numbers, in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, final

from attrs import evolve, frozen

from dedupkit.customers import Customer
from dedupkit.matching.evidence import MatchResult, Outcome
from dedupkit.matching.roles import Model

if TYPE_CHECKING:
    from dedupkit.matching.profile import RegisterProfile

__all__ = ["CustomerIndex", "Found"]


@final
@frozen
class Found:
    """A customer that an index knows, and how it compares with the one that was asked about.

    Attributes:
        id: The customer.
        result: How the two compare.
    """

    id: str
    result: MatchResult


@final
@frozen(kw_only=True, eq=False)
class CustomerIndex:
    """Checks single customers against a register; frozen, made by `MatchModel.index`.

    Candidates are those that share an open key with the customer asked about, as in a batch
    with the same profile (law M8). Cards that may not be merged are found here too.

    Attributes:
        model: What weighs.
        profile: Of the register, as it was when the index was made.
        customers: Id → customer.
    """

    model: Model
    profile: RegisterProfile
    customers: dict[str, Customer]
    _hashes: Any
    _owners: Any

    @classmethod
    def build(
        cls,
        model: Model,
        customers: Iterable[Customer],
        profile: RegisterProfile | None = None,
    ) -> CustomerIndex:
        """Index customers.

        Args:
            model: What weighs; fit it before, where it is to be fitted.
            customers: All that `check` should find.
            profile: Of the register; None: made here.
        """
        import numpy as np

        from dedupkit.matching.survey import keys_under, survey

        given = tuple(customers)
        register = model.read(given)
        profile = profile or survey(model, register).profile
        everyone = evolve(register, eligible=np.ones(len(register), dtype=np.bool_))
        keys = keys_under(model, everyone, profile)
        order = np.argsort(keys.hashes, kind="stable")
        return cls(
            model=model,
            profile=profile,
            customers={customer.id: customer for customer in given},
            hashes=keys.hashes[order],
            owners=tuple(register.ids[row] for row in keys.rows[order].tolist()),
        )

    def check(self, customer: Customer) -> tuple[Found, ...]:
        """Return the duplicates of a customer and those for review, surest first, then by id.

        Args:
            customer: Known to the index or not; a customer of its id is not compared with itself.
        """
        found = (
            Found(other, self.model.compare(customer, self.customers[other], self.profile))
            for other in self.candidates(customer)
        )
        shown = [one for one in found if one.result.outcome is not Outcome.DISTINCT]
        return tuple(sorted(shown, key=lambda one: (-one.result.millibits, one.id)))

    def candidates(self, customer: Customer) -> tuple[str, ...]:
        """Return the sorted ids of the customers that share an open key with this one."""
        import numpy as np

        from dedupkit.matching.survey import keys_under

        alone = self.model.read((customer,))
        everyone = evolve(alone, eligible=np.ones(1, dtype=np.bool_))
        wanted = np.unique(keys_under(self.model, everyone, self.profile).hashes)
        low = np.searchsorted(self._hashes, wanted, side="left").tolist()
        high = np.searchsorted(self._hashes, wanted, side="right").tolist()
        others = {
            self._owners[at]
            for start, end in zip(low, high, strict=True)
            for at in range(start, end)
        }
        return tuple(sorted(others - {customer.id}))
