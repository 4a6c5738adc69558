"""The commands and their options."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from dedupkit.cli import commands, privacy
from dedupkit.cli.failures import FAILED, INTERRUPTED, say_failure
from dedupkit.cli.options import POLICIES
from dedupkit.cli.screen import Screen
from dedupkit.normalize import normalize_country
from dedupkit.plans import UndoReason

__all__ = ["run"]

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(dir_okay=False, path_type=Path)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; every failure is told on stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a letter that the terminal lacks ends nothing
        sys.stdout.reconfigure(errors="replace")
    try:
        return int(cli.main(words, prog_name="dedupkit", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        print("dedupkit: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        with suppress(OSError):  # whoever read the output has gone; nothing may be flushed to it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001  # nobody should meet a traceback
        if "--debug" in words:
            traceback.print_exc()
        return say_failure(error)


def _together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return one decorator for several options."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _register(*, required: bool) -> Callable[[F], F]:
    words = "The register: a database URL such as sqlite:///register.db, or the name of a file."
    return click.option("--register", metavar="URL", required=required, help=words)


_reading = _together(
    click.option("--separator", metavar="CHAR", help="What divides cells; recognized otherwise."),
    click.option("--encoding", metavar="NAME", help="Of the file; recognized otherwise."),
    click.option(
        "--columns",
        metavar="FIELD=COLUMN,…",
        multiple=True,
        help="Which column is which field, where it is not recognized; may be given again.",
    ),
)
_truth = _together(
    click.option(
        "--truth", type=_FILE, help="CSV of customer and person: tells precision and recall."
    ),
    click.option(
        "--truth-column", metavar="COLUMN", help="The person, in FILE itself; not read otherwise."
    ),
)


def _country(_context: object, _option: object, text: str | None) -> str | None:
    """Read a country by code or name."""
    if text is None:
        return None
    code = normalize_country(text)
    if code is None:
        raise click.BadParameter("is no country; give its code, such as NO")
    return code


_region = click.option(
    "--region",
    metavar="CODE",
    callback=_country,
    help="Country of the register, for phones without one (NO).",
)
_screen = _together(
    click.option(
        "--json",
        "screen",
        is_flag=True,
        callback=lambda _context, _option, value: Screen(as_json=value),
        help="Print the result as JSON.",
    ),
    click.option("--debug", is_flag=True, hidden=True, expose_value=False),
)
_by = click.option("--by", default="command line", show_default=True, help="Who does it.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dedupkit")
def cli() -> None:
    """Find duplicate customers, plan their merge, execute it, undo it.

    Nothing is merged without --execute. Exit codes: 0 done, 1 refused or failed, 2 wrong usage or
    input.
    """


@cli.command(short_help="Import a file, find its duplicates, merge what is sure.")
@click.argument("file", type=_FILE)
@_register(required=True)
@click.option("--execute", "executes", is_flag=True, help="Merge what is sure.")
@click.option(
    "--report", type=_FILE, help="Where the HTML report goes.  [default: report.html in --out]"
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder for plans.jsonl, review.csv and merged.csv.  [default: here]",
)
@click.option(
    "--policy",
    type=click.Choice(tuple(POLICIES)),
    default="keep-master",
    show_default=True,
    help="What becomes of the fields of merged cards.",
)
@_region
@_reading
@_truth
@_screen
def merge(**options: Any) -> None:  # noqa: ANN401  # click hands them over
    """Import FILE into a register, find duplicates, and merge the sure ones with --execute.

    Writes the register, plans.jsonl with every plan, review.csv with what is left to people, and
    an HTML report; merges, and merged.csv, only with --execute.
    """
    commands.merge(**options)


@cli.command(short_help="Print the duplicates of a file or a register.")
@click.argument("file", type=_FILE, required=False)
@_register(required=False)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Clusters to print; 0 prints all.",
)
@_region
@_reading
@_truth
@_screen
def find(**options: Any) -> None:  # noqa: ANN401  # as above
    """Print the duplicates of FILE, or of a register, with reasons; writes nothing."""
    commands.find(**options)


@cli.command(short_help="Print why two customers match or not, in bits.")
@click.argument("left")
@click.argument("right")
@click.argument("file", type=_FILE, required=False)
@_register(required=False)
@_region
@_reading
@_screen
def explain(**options: Any) -> None:  # noqa: ANN401  # as above
    """Print why the customers LEFT and RIGHT of FILE, or of a register, match or not, in bits."""
    commands.explain(**options)


@cli.command(short_help="Take merges back.")
@click.argument("plans", nargs=-1, metavar="[PLAN]…")
@_register(required=True)
@click.option("--all", "everything", is_flag=True, help="Undo every merge that stands.")
@click.option(
    "--because",
    type=click.Choice([reason.value.replace("_", "-") for reason in UndoReason]),
    callback=lambda _context, _option, value: value and UndoReason(value.replace("-", "_")),
    help="not-the-same is remembered: these cards are not proposed again.  [default: not-the-same; "
    "--all must say]",
)
@_by
@_screen
def undo(**options: Any) -> None:  # noqa: ANN401  # as above
    """Undo merges by the ids of their plans, or the first characters of an id."""
    if not options["plans"] and not options["everything"]:
        raise click.UsageError("name the plans to undo, or give --all")
    if options["plans"] and options["everything"]:
        raise click.UsageError("name plans or give --all, not both")
    if options["everything"] and options["because"] is None:
        raise click.UsageError(
            "--all needs --because: not-the-same is remembered of every card, wrong-choice of none"
        )
    commands.undo(**{**options, "because": options["because"] or UndoReason.NOT_THE_SAME})


@cli.command(short_help="Execute plans that a person has looked at.")
@click.argument("plans", nargs=-1, required=True, metavar="PLAN…")
@_register(required=True)
@click.option(
    "--from",
    "source",
    type=_FILE,
    default=Path("plans.jsonl"),
    show_default=True,
    help="The file that holds the plans.",
)
@_by
@_screen
def execute(**options: Any) -> None:  # noqa: ANN401  # as above
    """Execute plans of plans.jsonl that a person has looked at, by id or its first characters."""
    commands.execute(**options)


@cli.command(short_help="List the merges that stand.")
@_register(required=True)
@_screen
def receipts(**options: Any) -> None:  # noqa: ANN401  # as above
    """List the merges that stand, newest first: what undo can take back."""
    commands.receipts(**options)


@cli.command(short_help="Take a person's data out of the register.")
@click.argument("customer")
@_register(required=True)
@click.option("--active-too", is_flag=True, help="Empty the active card as well.")
@click.option(
    "--plans",
    type=_FILE,
    multiple=True,
    help="A file of plans to redact too, such as plans.jsonl; may be given again.",
)
@_by
@_screen
def redact(**options: Any) -> None:  # noqa: ANN401  # as above
    """Take the data of the person whom CUSTOMER stands for out of the register.

    Cards that were merged are emptied and the receipts of every change to them redacted, so that
    nothing of it can be undone. Ids, redirects, balances and rows stay.
    """
    privacy.redact(**options)


@cli.command(short_help="End the retention of merges of long ago.")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="YYYY-MM-DD",
    help="The first day whose data stays, in UTC.",
)
@_register(required=True)
@_by
@_screen
def purge(**options: Any) -> None:  # noqa: ANN401  # as above
    """Empty cards that were retired before a day and redact the receipts of what was done before.

    Those merges can then no longer be undone. Active cards, ids and redirects stay.
    """
    privacy.purge(**options)
