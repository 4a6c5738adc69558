"""What rows that add up to balances hold now, and which customers they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, final

from dedupkit.errors import ConfigurationError
from dedupkit.plans.relations import BalanceKey, Relation
from dedupkit.plans.steps import TransferBalance

__all__ = ["HeldRows"]


@final
class HeldRows:
    """The rows of relations that add up to balances, as a store shows them.

    Args:
        rows: Relation → its rows, each with ``"id"``, the column of the customer and that of the
            amount; relations that add up to nothing are passed over.

    Raises:
        ConfigurationError: a row lacks one of the three.
    """

    def __init__(self, rows: Mapping[Relation, Iterable[Mapping[str, Any]]]) -> None:
        self._keys: dict[str, BalanceKey] = {}
        self._amounts: dict[tuple[str, str], dict[str, Decimal]] = {}
        for relation, held in rows.items():
            if relation.balance is None:
                continue
            self._keys[relation.name] = relation.balance.key
            for row in held:
                if missing := sorted({"id", relation.column} - row.keys()):
                    raise ConfigurationError(
                        f"rows of {relation.name!r} lack {', '.join(map(repr, missing))}: each "
                        "shows its id and its customer, as SupportsRows.rows gives them"
                    )
                own = self._amounts.setdefault((relation.name, row[relation.column]), {})
                own[row["id"]] = relation.balance.of(row)

    def key(self, relation: str) -> BalanceKey | None:
        """Return what the rows of a relation add up to, None where nothing is known of them."""
        return self._keys.get(relation)

    def amounts(self, relation: str, customer: str) -> Mapping[str, Decimal]:
        """Return row id → what the row adds, of all that refer to a customer."""
        return self._amounts.get((relation, customer), {})

    def settle(self, step: TransferBalance) -> bool:
        """Tell whether known rows carry what a step has transferred."""
        key = (step.kind, step.unit, step.programme)
        return step.settled_by in self._keys or key in self._keys.values()
