"""Redacting and purging, called as a person calls them."""

import json
from pathlib import Path

import pytest

from dedupkit.cli import main
from dedupkit.plans import Plan

pytest.importorskip("sqlalchemy")

CUSTOMERS = """id;first_name;last_name;email;mobile
1001;Bjørn;Hansen;bjorn@hansen.example;912 34 567
1002;Marit;Lie;marit@lie.example;913 45 678
1017;Bjoern;Hansen;BJORN@hansen.example;+47 912 34 567
"""
REGISTER = ("--register", "register.db")


@pytest.fixture(autouse=True)
def merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """Return a folder with a register in which 1017 was merged into 1001."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    assert main(["merge", "customers.csv", *REGISTER, "--execute"]) == 0
    capsys.readouterr()
    return tmp_path


def test_a_person_is_taken_out_of_the_register_and_the_plans(
    merged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No name is left in either file, but that of the others."""
    assert b"hansen" in (merged / "register.db").read_bytes()
    words = ["redact", "1017", *REGISTER, "--active-too", "--plans", "plans.jsonl"]
    assert main(words) == 0

    assert "cards: 1001, 1017\nplans: 1 of 1\n" in capsys.readouterr().out
    for name in ("register.db", "plans.jsonl"):
        data = (merged / name).read_bytes().lower()
        assert b"hansen" not in data
    assert b"marit" in (merged / "register.db").read_bytes().lower()
    (plan,) = map(Plan.from_json, (merged / "plans.jsonl").read_text("utf-8").splitlines())
    assert not plan.is_applicable


def test_the_active_card_stays_and_that_is_told(
    merged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever redacts learns what is left to do."""
    assert main(["redact", "1001", *REGISTER]) == 0

    assert "The active card 1001 stays; --active-too empties it" in capsys.readouterr().out
    assert b"hansen" in (merged / "register.db").read_bytes()


def test_the_result_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The ids, and how many plans."""
    assert main(["redact", "1001", *REGISTER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"redacted": ["1001", "1017"], "plans": 0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("redact", "99"), "nothing is known of customer '99'"),
        (("redact", "1001", "--plans", "none.jsonl"), "none.jsonl cannot be read"),
        (("redact", "1001", "--plans", "customers.csv"), "customers.csv, line 1 is no plan"),
        (("purge", "--before", "soon"), "does not match the format"),
    ],
)
def test_what_is_refused_changes_nothing(
    words: tuple[str, ...], said: str, merged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The register stays as it is."""
    before = (merged / "register.db").read_bytes()
    assert main([*words, *REGISTER]) == 2
    assert said in capsys.readouterr().err
    assert (merged / "register.db").read_bytes() == before


def test_a_purge_ends_what_can_be_undone(capsys: pytest.CaptureFixture[str]) -> None:
    """The merge, the import and the retired card of before a day to come."""
    assert main(["purge", "--before", "2999-01-01", *REGISTER]) == 0

    assert "1 retired cards emptied" in capsys.readouterr().out
    assert main(["undo", "--all", "--because", "not-the-same", *REGISTER]) == 1
    assert "the data of 1001 and 1017 was taken out" in capsys.readouterr().err


def test_a_purge_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is older than that."""
    assert main(["purge", "--before", "2001-01-01", *REGISTER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"customers": [], "plans": []}
