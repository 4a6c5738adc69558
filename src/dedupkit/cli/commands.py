"""The commands: each reads, calls the library, and shows what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from dedupkit.cli.options import POLICIES, open_register, read_file, read_truth
from dedupkit.cli.outputs import check_places, whole_file, write_review
from dedupkit.cli.plan_files import find_plan, read_plans, write_plans
from dedupkit.cli.receipts import find_receipts, find_standing_merges
from dedupkit.cli.runs import MergeRun, import_file, merge_register
from dedupkit.cli.screen import Screen, reporter
from dedupkit.cli.summaries import (
    cluster_lines,
    evaluation_dict,
    evaluation_rows,
    file_dict,
    file_rows,
    import_dict,
    import_rows,
    run_dict,
    run_rows,
)
from dedupkit.customers import Customer
from dedupkit.errors import ConfigurationError
from dedupkit.plans import UndoReason
from dedupkit.progress import Reporter
from dedupkit.reports import RunReport, State
from dedupkit.transfer import CustomerFile, write_customers

if TYPE_CHECKING:
    from dedupkit.matching import DuplicateReport, Evaluation

__all__ = ["execute", "explain", "find", "merge", "receipts", "undo"]


def merge(
    *,
    file: Path,
    register: str,
    screen: Screen,
    executes: bool,
    out: Path,
    report: Path | None,
    policy: str,
    region: str | None,
    columns: Sequence[str],
    separator: str | None,
    encoding: str | None,
    truth: Path | None,
    truth_column: str | None,
) -> None:
    """Import a file, find and plan, execute if asked to, write what there is to look at."""
    begin = monotonic()
    reading = {
        "columns": columns,
        "separator": separator,
        "encoding": encoding,
        "region": region,
    }
    with reporter() as progress:
        cards = _read(file, truth_column, reading, progress)
        people = _people(file, cards, truth, truth_column)
        written = {
            "report": report or out / "report.html",
            "plans": out / "plans.jsonl",
            "review": out / "review.csv",
            **({"merged": out / "merged.csv"} if executes else {}),
        }
        check_places(written.values())
        store = open_register(register, must_exist=False)
        at = datetime.now(UTC)
        preview = import_file(cards, store, at=at, by=f"import of {cards.file}", progress=progress)
        run = merge_register(
            store,
            region=region,
            policy=POLICIES[policy](),
            executes=executes,
            clock=lambda: datetime.now(UTC),
            progress=progress,
        )
        evaluation = _evaluation(run.found, people, screen)
        page = RunReport(
            title=f"Duplicates of {cards.file}",
            facts={
                "file": cards.file,
                "looked at": f"{at:%Y-%m-%d %H:%M} UTC",
                "policy": policy,
                "merges": "executed where sure" if executes else "planned, nothing merged",
            },
            found=run.found,
            customers=run.customers,
            duplicates=run.duplicates,
            review=run.review,
            imported=preview,
            rest="plans.jsonl and review.csv",
        )
        with whole_file(written["report"]) as target:
            target.write(page.to_html())
        write_plans(run.plans, written["plans"])
        write_review(run, written["review"])
        if executes:
            with whole_file(written["merged"], encoding="utf-8-sig") as target:
                write_customers((card for card in store.scan() if card.is_active), target)
    result = {
        "file": file_dict(cards),
        "import": import_dict(preview),
        **run_dict(run, executes=executes),
        "evaluation": evaluation and evaluation_dict(evaluation),
        "written": {name: str(target) for name, target in written.items()},
    }
    screen.heading(cards.file)
    screen.table([*file_rows(cards), *import_rows(preview)])
    screen.heading("Duplicates")
    screen.table(run_rows(run))
    _show_evaluation(evaluation, screen)
    screen.heading("Written")
    screen.table([("register", register), *((name, str(to)) for name, to in written.items())])
    for line in _next_steps(run, register, written, executes=executes):
        screen.line(line)
    screen.line(f"{monotonic() - begin:.1f} s", "dim")
    screen.result(result)


def _next_steps(
    run: MergeRun, register: str, written: Mapping[str, Path], *, executes: bool
) -> Iterator[str]:
    """Yield what to do next, most likely first."""
    yield f"Next: open {written['report']}."
    planned, merged = run.count(State.PLANNED), run.count(State.MERGED)
    if planned and not executes:
        yield f"Nothing was merged: the same with --execute merges the {planned:,} sure clusters."
    left = len(run.review) + run.count(State.HELD)
    if left:
        yield (
            f"For a person: {left:,}, in {written['review']}. Merge one that nothing stands in the "
            "way of: "
            f"dedupkit execute PLAN --register {register} --from {written['plans']}"
        )
    if merged:
        yield f"Undo a merge: dedupkit undo PLAN --register {register}"


def find(
    *,
    file: Path | None,
    screen: Screen,
    register: str | None,
    limit: int,
    region: str | None,
    columns: Sequence[str],
    separator: str | None,
    encoding: str | None,
    truth: Path | None,
    truth_column: str | None,
) -> None:
    """Print the duplicates of a file or a register, with reasons."""
    reading = {
        "columns": columns,
        "separator": separator,
        "encoding": encoding,
        "region": region,
    }
    with reporter() as progress:
        customers, read = _customers(file, register, truth_column, reading, progress)
        people = _people(file, read, truth, truth_column)
        found = _found(customers, region, progress)
    evaluation = _evaluation(found, people, screen)
    if read is not None:
        screen.heading(read.file)
        screen.table(file_rows(read))
    for heading, clusters in (("Duplicates", found.clusters), ("For review", [*found.review])):
        shown = clusters[: limit or None]
        screen.heading(f"{heading}: {len(clusters):,}")
        for cluster in shown:
            for line in cluster_lines(cluster, customers, found):
                screen.line(line)
        if len(shown) < len(clusters):
            screen.line(f"  … and {len(clusters) - len(shown):,} more; --limit 0 prints all", "dim")
    _show_evaluation(evaluation, screen)
    screen.result(
        {
            "file": read and file_dict(read),
            **found.to_dict(),
            "evaluation": evaluation and evaluation_dict(evaluation),
        }
    )


def explain(
    *,
    screen: Screen,
    left: str,
    right: str,
    file: Path | None,
    register: str | None,
    region: str | None,
    columns: Sequence[str],
    separator: str | None,
    encoding: str | None,
) -> None:
    """Print the evidence between two customers, with the numbers of the whole register."""
    reading = {
        "columns": columns,
        "separator": separator,
        "encoding": encoding,
        "region": region,
    }
    with reporter() as progress:
        customers, _ = _customers(file, register, None, reading, progress)
        unknown = [repr(i) for i in dict.fromkeys((left, right)) if i not in customers]
        if unknown:
            raise ConfigurationError(f"no active customer has the id {' or '.join(unknown)}")
        if left == right:
            raise ConfigurationError(f"both ids are {left!r}; name two customers")
        found = _found(customers, region, progress)
    result = found.model.compare(customers[left], customers[right], found.profile)
    screen.heading(f"{left} and {right}")
    screen.line(result.describe())
    screen.result({"left": left, "right": right, **result.to_dict()})


def undo(
    *,
    plans: Sequence[str],
    register: str,
    screen: Screen,
    everything: bool,
    because: UndoReason,
    by: str,
) -> None:
    """Undo merges, newest first, and tell what stays as it is."""
    from dedupkit.execution import preview_undo
    from dedupkit.execution import undo as undo_receipt

    store = open_register(register, must_exist=True)
    receipts = find_standing_merges(store) if everything else find_receipts(store, plans)
    undone = []
    for receipt in receipts:
        if receipt.undone_by is not None:
            screen.line(f"{receipt.plan_id[:12]} was undone before")
            continue
        undoing = preview_undo(receipt, store)
        undo_receipt(receipt, store, by=by, at=datetime.now(UTC), because=because)
        screen.line(f"{receipt.plan_id[:12]} undone: {', '.join(receipt.ids)} are as before")
        for notice in undoing.notices:
            screen.line(f"  but {notice.describe()}")
        undone.append({"plan": receipt.plan_id, "customers": list(receipt.ids)})
    screen.heading(f"{len(undone):,} merges undone")
    if undone and because is UndoReason.NOT_THE_SAME:
        screen.line("Remembered: these cards are not the same, and are not proposed again.")
    screen.result({"undone": undone})


def execute(*, plans: Sequence[str], register: str, screen: Screen, source: Path, by: str) -> None:
    """Execute plans of a file by the first characters of their ids."""
    from dedupkit.execution import execute as execute_plan

    store = open_register(register, must_exist=True)
    known = read_plans(source)
    chosen = [find_plan(prefix, known, source) for prefix in plans]
    for plan in chosen:
        execute_plan(plan, store, by=by, at=datetime.now(UTC))
        screen.line(f"{plan.id[:12]} executed: {plan.warning}")
    screen.line(f"Undo: dedupkit undo {chosen[0].id[:12]} --register {register}", "dim")
    screen.result({"executed": [plan.id for plan in chosen]})


def receipts(*, register: str, screen: Screen) -> None:
    """List the merges that stand, newest first."""
    found = find_standing_merges(open_register(register, must_exist=True))
    for receipt in found:
        who = ", ".join(receipt.ids)
        screen.line(f"{receipt.plan_id[:12]}  {receipt.at:%Y-%m-%d %H:%M}  {receipt.by}  {who}")
    screen.heading(f"{len(found):,} merges stand")
    screen.result(
        {
            "merges": [
                {
                    "plan": receipt.plan_id,
                    "at": receipt.at.isoformat(),
                    "by": receipt.by,
                    "customers": list(receipt.ids),
                }
                for receipt in found
            ]
        }
    )


def _read(
    path: Path, truth_column: str | None, reading: Mapping[str, Any], progress: Reporter
) -> CustomerFile:
    ignore = () if truth_column is None else (truth_column,)
    return read_file(path, ignore=ignore, progress=progress, **reading)


def _customers(
    path: Path | None,
    register: str | None,
    truth_column: str | None,
    reading: Mapping[str, Any],
    progress: Reporter,
) -> tuple[Mapping[str, Customer], CustomerFile | None]:
    """Return the customers of a file or else of a register, by id."""
    if (path is None) == (register is None):
        raise ConfigurationError("give a FILE or --register, one of them")
    if path is not None:
        file = _read(path, truth_column, reading, progress)
        return {card.id: card for card in file.customers}, file
    store = open_register(register or "", must_exist=True)
    return {card.id: card for card in store.scan() if card.is_active}, None


def _found(
    customers: Mapping[str, Customer], region: str | None, progress: Reporter
) -> DuplicateReport:
    from dedupkit.matching import find_duplicates

    return find_duplicates(customers.values(), region=region, progress=progress)


def _people(
    path: Path | None, file: CustomerFile | None, truth: Path | None, truth_column: str | None
) -> Mapping[str, str] | None:
    """Return who is who, where an option says where that stands."""
    if truth is not None:
        people = read_truth(truth)
        unknown = [] if file is None else [c.id for c in file.customers if c.id not in people]
        if unknown:
            raise ConfigurationError(
                f"{truth.name} lacks {len(unknown):,} customers of the file, such as {unknown[0]!r}"
            )
        return people
    if truth_column is None:
        return None
    if path is None or file is None:
        raise ConfigurationError("--truth-column needs a FILE that has it")
    columns = (file.columns.fields["id"], truth_column)
    return read_truth(path, columns, separator=file.separator, encoding=file.encoding)


def _evaluation(
    found: DuplicateReport, people: Mapping[str, str] | None, screen: Screen
) -> Evaluation | None:
    """Hold what was found against the truth, where it knows every customer."""
    from dedupkit.matching import evaluate

    if people is None:
        return None
    unknown = sum(customer not in people for customer in found.ids)
    if unknown:
        screen.line(f"The truth lacks {unknown:,} customers of the register: no precision, recall.")
        return None
    return evaluate(found, people)


def _show_evaluation(evaluation: Evaluation | None, screen: Screen) -> None:
    if evaluation is not None:
        screen.heading("Against the truth")
        screen.table(evaluation_rows(evaluation))
