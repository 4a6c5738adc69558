"""Write each plan and receipt of test_golden.py whose file is not there yet.

    python tests/unit/plans/golden/write.py

A file that is there stays as it is, for ever: it stands for those that hosts have stored. The id
that is printed belongs beside the plan in test_golden.py. A new version of the format gets a
folder of its own beside v1.
"""

from pathlib import Path
from runpy import run_path


def main() -> None:
    """Write what is missing, and name it."""
    golden = run_path(str(Path(__file__).parents[1] / "test_golden.py"))
    values = {name: plan for name, (plan, _) in golden["PLANS"].items()} | golden["RECEIPTS"]
    for name, value in values.items():
        path = golden["FOLDER"] / f"{name}.json"
        if not path.exists():
            path.write_text(f"{value.to_json()}\n", encoding="utf-8")
            print(name, getattr(value, "id", ""))


if __name__ == "__main__":
    main()
