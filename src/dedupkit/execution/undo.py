"""Undo an execution: planned and executed in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dedupkit.customers import Judgement, Verdict
from dedupkit.errors import ConfigurationError, ExecutionError
from dedupkit.execution.checks import check_signature, check_store, merged_cards
from dedupkit.execution.run import prepare, run
from dedupkit.plans import (
    MoveWebProfile,
    PlanKind,
    Receipt,
    Relation,
    SetField,
    SetWebProfile,
    UndoPlan,
    UndoReason,
    plan_undo,
)
from dedupkit.ports import (
    CustomerStore,
    JudgementStore,
    SupportsHistory,
    SupportsHolders,
    SupportsRows,
    Transaction,
)

__all__ = ["preview_undo", "undo"]


def undo(
    receipt: Receipt,
    store: CustomerStore,
    /,
    *,
    by: str,
    at: datetime,
    because: UndoReason = UndoReason.WRONG_CHOICE,
    with_later: bool = False,
) -> Receipt:
    """Undo what *receipt* tells of, as far as the world still shows it; return what was done.

    `preview_undo` says before what this will do.

    Args:
        receipt: The receipt of the execution; where the store has a journal, the newest one of its
            plan counts.
        store: The register.
        by: Who undoes it.
        at: When; with a time zone.
        because: `NOT_THE_SAME` is remembered as a judgement that the cards are different, where
            the store keeps judgements, so that they are not proposed again.
        with_later: Whether later merges of the same cards are undone as well, the newest first and
            as a wrong choice, instead of standing in the way.

    Returns:
        The receipt of the undo; of one that was made before, where the journal knows it.

    Raises:
        ExecutionError: a later merge still stands, the receipt is that of an undo, or it is that
            of another register.
        StoreError: the store cannot, or did not keep what it was handed.
        ConfigurationError: *receipt* or *because* is none, *by* is blank, or *at* has no time zone.
    """
    check_signature(by, at)
    check_store(store)
    _check_receipt(receipt)
    if not isinstance(because, UndoReason):
        raise ConfigurationError("because must be UndoReason.WRONG_CHOICE or NOT_THE_SAME")
    with store.transaction() as tx:
        return _undo(receipt, tx, store, by=by, at=at, because=because, with_later=with_later)


def preview_undo(receipt: Receipt, store: CustomerStore, /) -> UndoPlan:
    """Return what `undo` would do now; nothing is written.

    This is `plan_undo` with all that the store can tell: the customers of this moment, what came
    later, who holds unique values by now, and the rows that were moved.

    Args:
        receipt: The receipt of the execution; where the store has a journal, the newest one of its
            plan counts.
        store: The register.

    Raises:
        ExecutionError: the receipt is that of another register.
        StoreError: the store cannot.
        ConfigurationError: *receipt* is none.
    """
    check_store(store)
    _check_receipt(receipt)
    with store.transaction() as tx:
        return _planned(_newest(receipt, tx, store), tx, store)


def _newest(receipt: Receipt, tx: Transaction, store: CustomerStore) -> Receipt:
    """Return the newest receipt of the plan; the given one where the journal does not know it.

    Raises:
        ExecutionError: neither the journal knows the plan nor the store any of its customers.
    """
    known = tx.receipt(receipt.plan_id)
    if known is None and isinstance(store, SupportsHistory) and not tx.load(receipt.ids):
        raise ExecutionError(
            receipt.plan_id,
            "it is not undone: this register neither executed it nor has any of its customers; "
            "open the one that did",
        )
    return known or receipt


def _check_receipt(receipt: object) -> None:
    if not isinstance(receipt, Receipt):
        raise ConfigurationError("receipt must be a Receipt; Receipt.from_json reads a stored one")


def _undo(
    receipt: Receipt,
    tx: Transaction,
    store: CustomerStore,
    *,
    by: str,
    at: datetime,
    because: UndoReason,
    with_later: bool,
) -> Receipt:
    tx.load(receipt.ids)  # locked before the journal is asked
    original = _newest(receipt, tx, store)
    if original.undone_by is not None and (done := tx.receipt(original.undone_by)):
        return done
    plan = _planned(original, tx, store)
    if with_later:
        for later in _standing_in_the_way(plan, tx):
            choice = UndoReason.WRONG_CHOICE
            _undo(later, tx, store, by=by, at=at, because=choice, with_later=True)
        plan = _planned(original, tx, store)
    if not plan.is_applicable:
        reasons = "; ".join(blocker.describe() for blocker in plan.blockers)
        raise ExecutionError(original.plan_id, f"it is not undone: {reasons}")
    now = tx.load(original.ids)
    task = prepare(plan, now, store, by=by, at=at, original=original, because=because)
    (done,) = run([task], tx, store)
    if because is UndoReason.NOT_THE_SAME and isinstance(store, JudgementStore):
        pairs = (*merged_cards(original.steps), *_kept_anew(original))
        said = (Judgement(*pair, Verdict.DIFFERENT, by=by, at=at) for pair in pairs)
        store.judge(tuple(dict.fromkeys(said)))
    return done


def _kept_anew(receipt: Receipt) -> Iterator[tuple[str, str]]:
    """Yield (card, master) for cards that were kept for that master before, so no step says it."""
    if receipt.kind is PlanKind.MERGE:
        for card in (change.after for change in receipt.changes):
            if card is not None and card.is_active and card.kept_for in receipt.ids:
                yield card.id, card.kept_for


def _planned(original: Receipt, tx: Transaction, store: CustomerStore) -> UndoPlan:
    """Plan the undo from the customers of this moment."""
    return plan_undo(
        original,
        tx.load(original.ids),
        later=_later(original, store),
        holders=_holders(original, store),
        rows=_rows(original, store),
    )


def _standing_in_the_way(plan: UndoPlan, tx: Transaction) -> list[Receipt]:
    """Return the receipts of the later merges that block an undo, newest first."""
    plans = [b.data["plan_id"] for b in plan.blockers if b.code == "later_merge"]
    found = (tx.receipt(plan_id) for plan_id in reversed(plans))
    return [receipt for receipt in found if receipt is not None]


def _later(receipt: Receipt, store: CustomerStore) -> list[Receipt]:
    """Return the receipts of the same customers that came after *receipt*, oldest first.

    Customers that one of them was part of meanwhile count too.
    """
    if not isinstance(store, SupportsHistory):
        return []
    later: list[Receipt] = []
    ids, wider = set[str](), set(receipt.ids)
    while not wider <= ids:
        ids |= wider
        history = list(store.history(sorted(ids)))
        places = [place for place, other in enumerate(history) if other.plan_id == receipt.plan_id]
        later = history[places[0] + 1 :] if places else []
        undone = (other for other in later if other.undone_by and other.kind is PlanKind.MERGE)
        wider = {customer for other in undone for customer in other.ids}
    return later


def _holders(receipt: Receipt, store: CustomerStore) -> dict[tuple[str, str], str]:
    """Ask the store who holds the unique values that would be set back."""
    if not isinstance(store, SupportsHolders):
        return {}
    wanted: dict[str, set[str]] = {}
    for path, value in _set_back(receipt):
        if isinstance(value, str):
            wanted.setdefault(path, set()).add(value)
    return {
        (path, value): holder
        for path, values in sorted(wanted.items())
        for value, holder in store.holders(path, sorted(values)).items()
    }


def _set_back(receipt: Receipt) -> Iterator[tuple[str, object]]:
    """Yield path and value of what an undo may write again: of fields, logins and whole cards."""
    for step in receipt.steps:
        match step:
            case SetField(field=path, before=before):
                yield path, before
            case MoveWebProfile(profile=profile) | SetWebProfile(before=profile):
                yield "web_profile.username", profile.username
            case _:
                pass
    for before, after in ((change.before, change.after) for change in receipt.changes):
        if before is not None and after is None:
            for name in before.filled():
                yield name, getattr(before, name)
            if before.web_profile is not None:
                yield "web_profile.username", before.web_profile.username


def _rows(receipt: Receipt, store: CustomerStore) -> dict[Relation, list[Mapping[str, Any]]]:
    """Ask the store what rows hold now that an undo hangs on.

    These are rows that add up to a balance or must be unique, and all of customers who were
    created.
    """
    if not isinstance(store, SupportsRows):
        return {}
    whose: dict[str, set[str]] = {}
    concerned = [(rows.relation, rows.source, rows.target) for rows in receipt.moved]
    concerned += [(row.relation, row.source, row.target) for row in receipt.removed]
    for relation, *sides in concerned:
        whose.setdefault(relation, set()).update(sides)
    created = [change.id for change in receipt.changes if change.before is None]
    held: dict[Relation, list[Mapping[str, Any]]] = {}
    for known in store.relations:
        ids = set(whose.get(known.name, ()) if known.balance or known.unique else ())
        if created:
            ids.update(i for i, count in store.counts(known.name, created).items() if count)
        if ids:
            held[known] = [row for one in sorted(ids) for row in store.rows(known.name, one)]
    return held
