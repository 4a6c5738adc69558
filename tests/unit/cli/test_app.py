"""The commands, called as a person calls them."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dedupkit.cli import main
from dedupkit.plans import MergePlan, Plan

pytest.importorskip("sqlalchemy")

Run: TypeAlias = Callable[..., tuple[int, str, str]]

CUSTOMERS = """id;first_name;last_name;email;mobile;city;newsletter
1001;Bjørn;Hansen;bjorn@hansen.example;912 34 567;Bodø;ja
1002;Marit;Lie;marit@lie.example;913 45 678;Oslo;
1017;Bjoern;Hansen;BJORN@hansen.example;+47 912 34 567;;nei
1020;Kari;Berg;kari@berg.example;914 56 789;Bergen;
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in which the command runs, with a file of customers."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "truth.csv").write_text(
        "customer;person\n1001;a\n1002;b\n1017;a\n1020;c\n", encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command in *folder*: code, stdout, stderr."""
    assert folder.exists()

    def command(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def data(said: tuple[int, str, str]) -> Any:  # noqa: ANN401  # JSON
    """Return the JSON that a command printed."""
    code, out, err = said
    assert (code, err) == (0, "")
    return json.loads(out)


MERGE = ("merge", "customers.csv", "--register", "sqlite:///register.db")


def test_a_first_look_merges_nothing(run: Run, folder: Path) -> None:
    """The file is imported and plans are written, but every customer stays."""
    code, out, err = run(*MERGE)

    assert (code, err) == (0, "")
    assert "clusters would be merged" in out
    assert "with --execute merges the 1 sure clusters" in out
    assert {path.name for path in folder.iterdir()} == {
        "customers.csv",
        "truth.csv",
        "register.db",
        "report.html",
        "plans.jsonl",
        "review.csv",
    }
    (plan,) = map(Plan.from_json, (folder / "plans.jsonl").read_text("utf-8").splitlines())
    assert isinstance(plan, MergePlan)
    assert (plan.master_id, plan.duplicates[0].customer) == ("1001", "1017")
    assert data(run("receipts", "--register", "register.db", "--json"))["merges"] == []


def test_execute_merges_what_is_sure(run: Run, folder: Path) -> None:
    """The duplicate is retired, and merged.csv holds who is left."""
    result = data(run(*MERGE, "--execute", "--out", "out", "--report", "r.html", "--json"))

    assert (result["merged"], result["planned"], result["import"]["created"]) == (1, 0, 4)
    merged = (folder / "out" / "merged.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in merged] == ["id", "1001", "1002", "1020"]
    assert "Bjørn" in (folder / "r.html").read_text("utf-8")
    assert result["written"]["report"] == "r.html"


def test_running_twice_merges_nothing_new(run: Run) -> None:
    """The retired row is listed with its master, and the register stays as it is."""
    data(run(*MERGE, "--execute", "--json"))

    result = data(run(*MERGE, "--execute", "--json"))

    assert result["merged"] == 0
    assert result["import"]["created"] == result["import"]["changed"] == 0
    assert result["import"]["retired"] == [{"customer": "1017", "master": "1001", "row": 4}]
    code, out, _ = run(*MERGE)
    assert code == 0
    assert "1017 is 1001" in out


def test_undo_brings_the_card_back_and_is_remembered(run: Run) -> None:
    """An undone merge is not proposed again."""
    data(run(*MERGE, "--execute", "--json"))
    plan = data(run("receipts", "--register", "register.db", "--json"))["merges"][0]["plan"]

    code, out, err = run("undo", plan[:8], "--register", "sqlite:///register.db")

    assert (code, err) == (0, "")
    assert "1001, 1017 are as before" in out
    again = data(run(*MERGE, "--execute", "--json"))
    assert (again["merged"], again["import"]["retired"]) == (0, [])


def test_undoing_twice_says_so(run: Run) -> None:
    """The second undo finds the receipt by its beginning and changes nothing."""
    data(run(*MERGE, "--execute", "--json"))
    plan = data(run("receipts", "--register", "register.db", "--json"))["merges"][0]["plan"]
    run("undo", plan, "--register", "register.db", "--because", "wrong-choice")

    code, out, _ = run("undo", plan[:10], "--register", "register.db")

    assert code == 0
    assert "was undone before" in out
    assert "are as before" not in out
    assert "0 merges undone" in out


def test_undo_tells_what_stays(run: Run, folder: Path) -> None:
    """A field that was changed since the merge is not taken back, and that is said."""
    file, text = (
        folder / "customers.csv",
        CUSTOMERS.replace("Bodø", "").replace("+47 912 34 567;;", "+47 912 34 567;Bodø;"),
    )
    file.write_text(text, encoding="utf-8")
    data(run(*MERGE, "--execute", "--policy", "fill-blanks", "--json"))
    file.write_text(text.replace("34 567;;ja", "34 567;Oslo;ja"), encoding="utf-8")
    data(run(*MERGE, "--json"))

    code, out, err = run("undo", "--all", "--because", "not-the-same", "--register", "register.db")

    assert (code, err) == (0, "")
    assert "but address of 1001 was changed since and stays" in out


def test_what_is_held_back_is_counted_and_told(run: Run, folder: Path) -> None:
    """A plan that needs a person stands in the review list with its reason."""
    lines = [line.split(";") for line in CUSTOMERS.splitlines()]
    more = (
        ["web_profile.id", "balances.loyalty.points"],
        ["w1", ""],
        ["", ""],
        ["", "40"],
        ["", ""],
    )
    rows = (";".join([*line, *cells]) for line, cells in zip(lines, more, strict=True))
    (folder / "customers.csv").write_text("\n".join(rows), encoding="utf-8")

    code, out, _ = run(*MERGE, "--execute")

    assert code == 0
    assert "For a person: 1, in review.csv" in out
    assert "not verified" in (folder / "review.csv").read_text("utf-8-sig")


def test_undo_all_takes_every_merge_back(run: Run) -> None:
    """Afterwards no merge stands, and undoing all again is fine."""
    data(run(*MERGE, "--execute", "--json"))

    assert (
        len(
            data(
                run(
                    "undo",
                    "--all",
                    "--because",
                    "not-the-same",
                    "--register",
                    "register.db",
                    "--json",
                )
            )["undone"]
        )
        == 1
    )
    assert (
        data(
            run("undo", "--all", "--because", "not-the-same", "--register", "register.db", "--json")
        )["undone"]
        == []
    )


def test_a_plan_that_was_looked_at_is_executed(run: Run) -> None:
    """Plans of the file can be executed one by one, by their beginning."""
    plan = data(run(*MERGE, "--json"))["duplicates"][0]["plan"]

    code, out, err = run("execute", plan[:9], "--register", "register.db")

    assert (code, err) == (0, "")
    assert "customer 1017 disappears" in out
    code, out, _ = run("receipts", "--register", "register.db")
    assert "command line  1001, 1017" in out


@pytest.mark.parametrize("command", ["find", "explain"])
def test_looking_writes_nothing(run: Run, folder: Path, command: str) -> None:
    """Find and explain leave the folder as it is."""
    before = set(folder.iterdir())
    words = ("1001", "1017") if command == "explain" else ()

    code, out, err = run(command, *words, "customers.csv")

    assert (code, err) == (0, "")
    assert "1001" in out
    assert "email" in out
    assert set(folder.iterdir()) == before


def test_a_register_can_be_looked_at(run: Run) -> None:
    """What was imported needs no file any more."""
    run(*MERGE)

    found = data(run("find", "--register", "register.db", "--json"))
    why = data(run("explain", "1001", "1017", "--register", "register.db", "--json"))

    assert [cluster["ids"] for cluster in found["clusters"]] == [["1001", "1017"]]
    assert why["outcome"] == "duplicate"
    assert why["weight"] == pytest.approx(sum(item["bits"] for item in why["evidence"]))


@pytest.mark.parametrize("where", [("--truth", "truth.csv"), ("--truth-column", "person")])
def test_the_truth_tells_precision_and_recall(
    run: Run, folder: Path, where: tuple[str, str]
) -> None:
    """The truth comes from a file of its own, or from a column that is not read otherwise."""
    lines = zip(CUSTOMERS.splitlines(), ("person", *"abac"), strict=True)
    (folder / "people.csv").write_text("\n".join(map(";".join, lines)), encoding="utf-8")

    found = data(run("find", "people.csv", *where, "--json"))
    code, out, _ = run("find", "people.csv", *where, "--limit", "1")

    assert found["evaluation"]["duplicates"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert ("person" in found["file"]["ignored"]) == (where[0] == "--truth-column")
    assert code == 0
    assert "precision 1.0000, recall 1.0000" in out


def test_a_merge_can_be_held_against_the_truth(run: Run) -> None:
    """The same numbers stand in the JSON and on the screen."""
    result = data(run(*MERGE, "--truth", "truth.csv", "--json"))

    assert result["evaluation"]["duplicates"]["recall"] == 1.0
    assert "recall 1.0000" in run(*MERGE, "--truth", "truth.csv")[1]


def test_a_truth_that_does_not_know_everybody_tells_nothing(run: Run, folder: Path) -> None:
    """Of the file it must know all; other customers of the register leave the figures out."""
    (folder / "short.csv").write_text("customer;person\n1001;a\n", encoding="utf-8")
    code, _, err = run(*MERGE, "--truth", "short.csv")
    assert code == 2
    assert "short.csv lacks 3 customers" in err
    assert not (folder / "register.db").exists()

    data(run(*MERGE, "--json"))
    (folder / "customers.csv").write_text("\n".join(CUSTOMERS.split("\n")[:2]), encoding="utf-8")
    assert "lacks 3 customers of the register" in run(*MERGE, "--truth", "short.csv")[1]


def test_columns_can_be_named(run: Run, folder: Path) -> None:
    """Where a header is not recognized, options say what is what."""
    text = CUSTOMERS.replace("id;first_name", "Nøkkel;Kallenavn", 1).replace(";", "\t")
    (folder / "odd.txt").write_text(text, encoding="cp1252")
    options = ("--columns", "id=Nøkkel,first_name=Kallenavn", "--separator", "tab")

    found = data(run("find", "odd.txt", *options, "--encoding", "cp1252", "--json"))

    assert found["file"]["columns"]["first_name"] == "Kallenavn"
    assert len(found["clusters"]) == 1


def test_many_clusters_are_cut(run: Run, folder: Path) -> None:
    """The screen shows the surest; the rest is counted."""
    people = [
        f"{n}{half};P{n};Q{n}sen;p{n}@q{n}.example;9120{n:04}"
        for n in range(1, 6)
        for half in (0, 5)
    ]
    text = "\n".join(["id;first_name;last_name;email;mobile", *people])
    (folder / "many.csv").write_text(text, encoding="utf-8")

    code, out, _ = run("find", "many.csv", "--limit", "2", "--region", "NO")

    assert code == 0
    assert "more; --limit 0 prints all" in out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("find",), "give a FILE or --register"),
        (("find", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("find", "customers.csv", "--columns", "id"), "should be FIELD=COLUMN"),
        (("find", "customers.csv", "--columns", "id=Key"), "no column 'Key'"),
        (
            ("find", "customers.csv", "--separator", "|"),
            "row 1, column 'id': no column holds the id",
        ),
        (("find", "customers.csv", "--truth", "customers.csv"), "two columns"),
        (("find", "customers.csv", "--region", "Narnia"), "is no country"),
        (("find", "--register", "nowhere.db"), "there is no register at nowhere.db"),
        (("find", "--register", "nowhere.db", "--truth-column", "x"), "there is no register"),
        (("explain", "1001", "9", "customers.csv"), "no active customer has the id '9'"),
        (("explain", "1001", "1001", "customers.csv"), "both ids are '1001'"),
        (("explain", "", " ", "customers.csv"), "has the id '' or ' '"),
        (("find", "customers.csv", "--limit", "-1"), "--limit"),
        (("undo", "abc", "--all", "--register", "nowhere.db"), "not both"),
        (("undo", "--all", "--register", "nowhere.db"), "--all needs --because"),
        (("merge", "customers.csv"), "--register"),
        (("merge", "customers.csv", "--register", "nodb://x"), "cannot be opened"),
        (("undo", "--register", "nowhere.db"), "name the plans to undo"),
        (("undo", "abc", "--register", "nowhere.db"), "there is no register"),
        (("execute", "abc", "--register", "nowhere.db"), "there is no register"),
        (("tidy",), "No such command"),
    ],
)
def test_wrong_use_ends_with_two_and_writes_nothing(
    run: Run, folder: Path, words: tuple[str, ...], problem: str
) -> None:
    """Every wrong word is told on stderr in one clean message."""
    before = set(folder.iterdir())

    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert problem in err
    assert "Traceback" not in err
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("undo", "zz"), "no receipt of this register begins with 'zz'"),
        (("undo", " "), "the id of a plan is blank"),
        (("execute", ""), "the id of a plan is blank"),
        (("undo", "0" * 64), "no receipt"),
        (("execute", "zz"), "no plan of plans.jsonl"),
        (("execute", "zz", "--from", "none.jsonl"), "none.jsonl cannot be read"),
        (("execute", "zz", "--from", "customers.csv"), "customers.csv, line 1 is no plan"),
        (("execute", "zz", "--from", "latin.txt"), "is not UTF-8"),
        (("find", "--truth-column", "x"), "--truth-column needs a FILE"),
    ],
)
def test_wrong_ids_end_with_two(run: Run, words: tuple[str, ...], problem: str) -> None:
    """Unknown plans and receipts are named."""
    Path("latin.txt").write_bytes("Åse".encode("cp1252"))
    run(*MERGE)

    code, _, err = run(*words, "--register", "register.db")

    assert code == 2
    assert problem in err


def test_a_stale_plan_is_refused(run: Run, folder: Path) -> None:
    """A plan whose customers have changed writes nothing and ends with one."""
    plan = data(run(*MERGE, "--json"))["duplicates"][0]["plan"]
    changed = CUSTOMERS.replace("1017;Bjoern", "1017;Bjorn")
    (folder / "customers.csv").write_text(changed, encoding="utf-8")
    (folder / "plans.jsonl").rename(folder / "old.jsonl")
    data(run(*MERGE, "--json"))

    code, _, err = run("execute", plan, "--register", "register.db", "--from", "old.jsonl")

    assert code == 1
    assert "stale" in err


def test_a_place_that_cannot_be_written_is_told(run: Run, folder: Path) -> None:
    """Before anything is imported or merged."""
    (folder / "taken").write_text("a file", encoding="utf-8")

    code, _, err = run(*MERGE, "--report", "taken/report.html", "--execute")

    assert code == 1
    assert "cannot write" in err
    assert not (folder / "register.db").exists()


def test_a_full_disk_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the words of the system, which hold no values."""

    def fail(**_options: object) -> None:
        raise OSError(28, "No space left on device", "Bjørn.csv")

    monkeypatch.setattr("dedupkit.cli.commands.find", fail)

    assert run("find", "customers.csv") == (
        1,
        "",
        "dedupkit: cannot read or write: No space left on device\n",
    )


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_terminal_that_lacks_letters_ends_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """People see a question mark, programs an escape."""
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", terminal)

    assert main(["find", str(folder / "customers.csv"), *words]) == 0

    terminal.seek(0)
    said = terminal.read()
    assert json.loads(said)["clusters"] if words else "Bj?rn" in said


def test_help_tells_the_exit_codes(run: Run) -> None:
    """Nobody has to guess."""
    code, out, _ = run("--help")

    assert code == 0
    assert "0 done, 1 refused or failed, 2 wrong usage" in " ".join(out.split())


def test_unexpected_failures_show_no_values(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other libraries say may hold personal data, so only its kind is told."""

    def fail(**_options: object) -> None:
        raise ValueError("Bjørn Hansen")

    monkeypatch.setattr("dedupkit.cli.commands.find", fail)

    code, _, err = run("find", "customers.csv")
    assert code == 1
    assert "Hansen" not in err
    assert "ValueError" in err
    assert "Traceback" in run("find", "customers.csv", "--debug")[2]


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 1)])
def test_interruptions_end_quietly(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    """Control-C and a closed pipe are no failures to explain."""

    def stop(**_options: object) -> None:
        raise error

    monkeypatch.setattr("dedupkit.cli.commands.find", stop)

    assert main(["find", "customers.csv"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_output_may_go_anywhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into a notebook's stream, which knows no encoding, for instance."""
    said = io.StringIO()
    monkeypatch.setattr("sys.stdout", said)

    assert main(["find", str(folder / "customers.csv"), "--json"]) == 0
    assert json.loads(said.getvalue())["clusters"]
