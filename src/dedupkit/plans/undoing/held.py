"""What rows hold now that matter to an undo, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, final

from dedupkit.errors import ConfigurationError
from dedupkit.plans.relations import BalanceKey, Relation
from dedupkit.plans.steps import Repoint, TransferBalance

__all__ = ["HeldRows"]


@final
class HeldRows:
    """The rows of relations, as a store shows them.

    Args:
        rows: Relation → its rows, each with ``"id"``, the column of the customer, those that must
            be unique and that of the amount.

    Raises:
        ConfigurationError: a row lacks its id, its customer or its amount.
    """

    def __init__(self, rows: Mapping[Relation, Iterable[Mapping[str, Any]]]) -> None:
        self._relations: dict[str, Relation] = {relation.name: relation for relation in rows}
        self._rows: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
        self._amounts: dict[tuple[str, str], dict[str, Decimal]] = {}
        for relation, held in rows.items():
            needed = {"id", relation.column} if _counts(relation) else {relation.column}
            for number, row in enumerate(held):
                if missing := sorted(needed - row.keys()):
                    raise ConfigurationError(
                        f"rows of {relation.name!r} lack {', '.join(map(repr, missing))}: each "
                        "shows its id and its customer, as SupportsRows.rows gives them"
                    )
                place = (relation.name, row[relation.column])
                self._rows.setdefault(place, {})[row.get("id", str(number))] = row
                if relation.balance is not None:
                    self._amounts.setdefault(place, {})[row["id"]] = relation.balance.of(row)

    def of(self, customer: str) -> frozenset[tuple[str, str]]:
        """Return relation and id of every known row that refers to a customer."""
        return frozenset(
            (name, row) for name in self._relations for row in self._rows.get((name, customer), ())
        )

    def key(self, relation: str) -> BalanceKey | None:
        """Return what the rows of a relation add up to, None where nothing is known of them."""
        known = self._relations.get(relation)
        return None if known is None or known.balance is None else known.balance.key

    def amounts(self, relation: str, customer: str) -> Mapping[str, Decimal]:
        """Return row id → what the row adds, of all that refer to a customer."""
        return self._amounts.get((relation, customer), {})

    def settle(self, step: TransferBalance) -> bool:
        """Tell whether known rows carry what a step has transferred."""
        key = (step.kind, step.unit, step.programme)
        carriers = [name for name in self._relations if self.key(name) is not None]
        return step.settled_by in carriers or key in map(self.key, carriers)

    def displaced(self, step: Repoint, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Return which rows cannot go back, since their customer has another of the same key.

        Args:
            step: The move that is set back.
            rows: Row id → the row as it was when it was removed, empty where it was moved.
        """
        relation = self._relations.get(step.relation)
        if relation is None:
            return []
        there = self._rows.get((step.relation, step.source), {})
        here = self._rows.get((step.relation, step.target), {})
        taken = {relation.key_of(row) for row in there.values()} - {None}
        displaced = []
        for row_id, copy in sorted(rows.items()):
            key = relation.key_of(here.get(row_id, copy))
            if key in taken:
                displaced.append(row_id)
            elif key is not None:
                taken.add(key)
        return displaced


def _counts(relation: Relation) -> bool:
    """Tell whether it matters which rows refer to a customer, not only whether any do."""
    return relation.balance is not None or bool(relation.unique)
