"""The commands that take personal data out of a register and of files of plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from dedupkit.cli.options import open_register
from dedupkit.cli.outputs import check_places
from dedupkit.cli.plan_files import read_plans, write_plans
from dedupkit.cli.screen import Screen
from dedupkit.plans import redact_plan

__all__ = ["purge", "redact"]


def redact(
    *,
    customer: str,
    register: str,
    screen: Screen,
    active_too: bool,
    plans: Sequence[Path],
    by: str,
) -> None:
    """Take a person's data out of a register, and out of files of plans."""
    from dedupkit.execution import redact as redact_person

    known = {path: read_plans(path) for path in plans}
    check_places(plans)
    store = open_register(register, must_exist=True)
    at = datetime.now(UTC)
    receipt = redact_person(store, customer, by=by, at=at, active_too=active_too)
    ids = receipt.redacted
    count = 0
    for path, given in known.items():
        redacted = [redact_plan(plan, ids) for plan in given]
        count += sum(one is not other for one, other in zip(given, redacted, strict=True))
        write_plans(redacted, path)
    screen.heading(f"customer {customer} redacted")
    screen.line(f"cards: {', '.join(ids)}")
    if plans:
        screen.line(f"plans: {count:,} of {sum(map(len, known.values())):,}")
    active = [card.id for card in store.get(ids).values() if card.is_active]
    if active and not active_too:
        screen.line(f"The active card {', '.join(active)} stays; --active-too empties it as well")
    screen.line("Reports and exported files are yours to delete", "dim")
    screen.result({"redacted": list(ids), "plans": count})


def purge(*, before: datetime, register: str, screen: Screen, by: str) -> None:
    """Take the data of merges of long ago out of a register."""
    from dedupkit.execution import purge as purge_register

    store = open_register(register, must_exist=True)
    begin = before.replace(tzinfo=UTC)
    purged = purge_register(store, before=begin, by=by, at=datetime.now(UTC))
    screen.heading(f"{len(purged.plans):,} merges and other changes can no longer be undone")
    screen.line(f"{len(purged.customers):,} retired cards emptied")
    screen.result({"customers": list(purged.customers), "plans": list(purged.plans)})
