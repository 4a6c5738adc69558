"""Finding receipts in a register by the first characters of their plans' ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dedupkit.errors import ConfigurationError
from dedupkit.plans import PlanKind, Receipt
from dedupkit.ports import CustomerStore, SupportsHistory

__all__ = ["find_receipts", "find_standing_merges"]

#: Characters that tell plans apart for certain, and look up without a search.
_WHOLE = 64


def find_receipts(store: CustomerStore, prefixes: Iterable[str]) -> list[Receipt]:
    """Return the receipts whose plans' ids begin so, in the order of *prefixes*.

    Raises:
        ConfigurationError: a prefix is blank, or fits no receipt, or several.
    """
    prefixes = [prefix.strip() for prefix in prefixes]
    if "" in prefixes:
        raise ConfigurationError("the id of a plan is blank; name the plan to undo")
    return [_receipt(store, prefix) for prefix in prefixes]


def find_standing_merges(store: CustomerStore) -> list[Receipt]:
    """Return the receipts of all merges that stand, newest first: in the order of undoing."""
    receipts = _history(store, [card.id for card in store.scan() if not card.is_active])
    return [r for r in receipts if r.kind is PlanKind.MERGE and r.undone_by is None][::-1]


def _receipt(store: CustomerStore, prefix: str) -> Receipt:
    if len(prefix) == _WHOLE:
        with store.transaction() as transaction:
            found = transaction.receipt(prefix)
        fitting = [] if found is None else [found]
    else:
        retired = [card.id for card in store.scan() if not card.is_active]
        fitting = _fitting(store, retired, prefix)
        if not fitting:  # undone before, or a plan that retired nobody
            fitting = _fitting(store, None, prefix)
    if len(fitting) != 1:
        many = "no receipt" if not fitting else f"more than one receipt ({len(fitting)})"
        raise ConfigurationError(
            f"{many} of this register begins with {prefix!r}; 'dedupkit receipts' lists the merges"
        )
    return fitting[0]


def _fitting(store: CustomerStore, ids: Sequence[str] | None, prefix: str) -> list[Receipt]:
    return [
        receipt
        for receipt in _history(store, ids)
        if receipt.plan_id.startswith(prefix) and receipt.kind is not PlanKind.UNDO
    ]


def _history(store: CustomerStore, ids: Sequence[str] | None) -> list[Receipt]:
    """Return the receipts of these customers; None means of all."""
    if not isinstance(store, SupportsHistory):
        raise ConfigurationError("this register keeps no history; give the whole id of the plan")
    return list(store.history(ids))
