"""The main job from end to end: a file of customers becomes a register without duplicates.

Makes a register of which it is known who is who, runs the command on it three times, and says how
well it did. All files are in `demo/`.
"""

import json
import os
import shutil
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import Any

from dedupkit.cli import main
from dedupkit.samples import generate_register, write_customers, write_orders, write_truth

SIZE = 2_400
ROOT = Path(__file__).parents[1]
FOLDER = Path("demo")


def say(words: str) -> None:
    """Print a heading."""
    print(f"\n=== {words}", flush=True)


def command(*words: str) -> None:
    """Run a command as a person would, and stop where it fails."""
    print(f"$ dedupkit {' '.join(words)}", flush=True)
    if code := main(words):
        sys.exit(code)


def result_of(*words: str) -> dict[str, Any]:
    """Run a command for its numbers."""
    print(f"$ dedupkit {' '.join(words)}", flush=True)
    output = StringIO()
    with redirect_stdout(output):
        code = main([*words, "--json"])
    if code:
        sys.exit(code)
    result: dict[str, Any] = json.loads(output.getvalue())
    return result


def percent(rates: dict[str, float]) -> str:
    """Return precision and recall in words."""
    return f"precision {rates['precision']:.2%}, recall {rates['recall']:.2%}"


def run() -> None:
    """Make the register, then look, merge, and merge again."""
    begin = monotonic()
    os.chdir(ROOT)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    customers, truth = FOLDER / "customers.csv", FOLDER / "truth.csv"
    register = generate_register(SIZE, seed=1)
    for path, write, what in (
        (customers, write_customers, register.customers),
        (truth, write_truth, register),
        (FOLDER / "orders.csv", write_orders, register),
    ):
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            write(what, file)  # type: ignore[operator]  # each writes its own kind
    people = len(set(register.truth.values()))
    say(f"{len(register.customers):,} cards of {people:,} people are in {customers}")
    options = ("--register", f"sqlite:///{FOLDER / 'register.db'}", "--out", str(FOLDER))
    merge = ("merge", str(customers), *options, "--region", "NO")
    register_url = ("--register", f"sqlite:///{FOLDER / 'register.db'}")
    merge = ("merge", str(customers), *register_url, "--region", "NO")
    say("First look: nothing is merged")
    command(*merge, "--out", str(FOLDER))
    say("Merge what is sure")
    command(*merge, "--out", str(FOLDER), "--execute")
    say("The same again: nothing new may be merged")
    again = result_of(*merge, "--out", str(FOLDER / "again"), "--execute")
    print(f"merged {again['merged']}, created {again['import']['created']}")
    if again["merged"]:
        sys.exit("the second run merged something")
    say("Against the truth, which the command was not shown before")
    find = ("find", str(customers), "--region", "NO", "--truth", str(truth))
    evaluation = result_of(*find)["evaluation"]
    print(f"duplicates             {percent(evaluation['duplicates'])}")
    print(f"duplicates and review  {percent(evaluation['duplicates_and_review'])}")
    say(f"Done in {monotonic() - begin:.0f} s")
    print(
        f"Open {FOLDER / 'report.html'} in a browser and {FOLDER / 'review.csv'} in a spreadsheet."
    )
    print(f"Take it all back: dedupkit undo --all --because wrong-choice {' '.join(register_url)}")


if __name__ == "__main__":
    run()
