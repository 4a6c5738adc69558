"""The rules of stores, and `check_store`, which tries them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dedupkit.testing import execution_rules as run
from dedupkit.testing import store_rules as plain
from dedupkit.testing.harness import POWERS, StoreHarness
from dedupkit.testing.rules import ContractViolation, Report, Rule, examine

__all__ = ["STORE_RULES", "check_store", "examine_store"]


def check_store(harness: Callable[[], StoreHarness], /, *, lacks: Iterable[str] = ()) -> Report:
    """Try every rule of stores, each on a fresh harness.

    Args:
        harness: Makes a fresh, empty store with its back door; a class will do.
        lacks: Powers of `POWERS` that the store declares not to have; the rules that need them
            are skipped, and the report says so.

    Returns:
        What became of every rule.

    Raises:
        ContractViolation: a rule is broken; ``rule`` on it is the first one.

    >>> from dedupkit.testing.harnesses import MemoryHarness
    >>> check_store(MemoryHarness).broken
    ()
    """
    report = examine_store(harness, lacks=lacks)
    report.raise_broken()
    return report


def examine_store(harness: Callable[[], StoreHarness], /, *, lacks: Iterable[str] = ()) -> Report:
    """Try every rule of stores and return what became of each, without raising."""
    declared = tuple(lacks)
    if unknown := sorted(set(declared) - POWERS.keys()):
        raise ContractViolation(f"unknown powers: {', '.join(unknown)}; known: {', '.join(POWERS)}")
    return examine(STORE_RULES, harness, declared)


def _rule(
    number: int,
    title: str,
    check: Callable[[StoreHarness], None],
    *needs: str,
    builds_on_all: bool = False,
) -> Rule[StoreHarness]:
    return Rule(id=f"S{number}", title=title, check=check, needs=needs, builds_on_all=builds_on_all)


#: Every rule of stores, in order; a number is never used again.
STORE_RULES: tuple[Rule[StoreHarness], ...] = (
    _rule(
        1, "load returns whole customers in id order and leaves unknown out", plain.load_is_whole
    ),
    _rule(2, "save writes every change and nothing else", plain.save_writes_all),
    _rule(3, "a transaction that fails leaves nothing behind", plain.failure_rolls_back),
    _rule(4, "every customer saved gets a new version", plain.saving_gives_versions, "versions"),
    _rule(5, "a stale write is refused by name", plain.stale_writes_are_refused, "versions"),
    _rule(6, "the store chooses the ids of created customers", plain.store_chooses_ids),
    _rule(7, "a deleted customer is gone", plain.delete_removes),
    _rule(8, "move moves all rows of a customer and says so", plain.move_moves_all, "relations"),
    _rule(9, "move moves just the rows named", plain.move_moves_some, "relations"),
    _rule(10, "the newest receipt of a plan counts", plain.receipts_are_remembered, "journal"),
    _rule(11, "redirects resolve through chains and back", plain.redirects_resolve, "redirects"),
    _rule(12, "unique values are released before claimed", plain.unique_values_swap, "fields"),
    _rule(13, "every field is kept exactly and can be cleared", plain.fields_are_exact, "fields"),
    _rule(14, "scan yields every customer once and resumes", plain.scan_yields_all, "scan"),
    _rule(15, "judgements belong to the transaction", plain.judgements_are_kept, "judgements"),
    _rule(
        16,
        "history finds the receipts of a customer",
        run.history_finds_receipts,
        "history",
        builds_on_all=True,
    ),
    _rule(
        17,
        "executing is all or nothing at every call (X1)",
        run.execute_is_atomic,
        builds_on_all=True,
    ),
    _rule(
        18,
        "executing does what the plan says (X5, X7)",
        run.execute_does_what_it_says,
        builds_on_all=True,
    ),
    _rule(
        19, "executing twice is once (X3)", run.execute_twice_is_once, "journal", builds_on_all=True
    ),
    _rule(20, "a stale plan writes nothing (X2)", run.stale_plans_are_refused, builds_on_all=True),
    _rule(21, "undo brings everything back (P11)", run.undo_restores, builds_on_all=True),
    _rule(
        22,
        "cards judged different are not merged",
        run.judged_cards_stay_apart,
        "judgements",
        builds_on_all=True,
    ),
    _rule(
        23,
        "a redaction leaves no value of the person (X8)",
        run.redaction_leaves_nothing,
        "journal",
        "redaction",
        builds_on_all=True,
    ),
)
