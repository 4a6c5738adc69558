"""From a file of customers to a register without duplicates, and back."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

pytest.importorskip("click")
pytest.importorskip("rich")
pytest.importorskip("sqlalchemy")

from dedupkit.cli import main
from dedupkit.customers import Customer
from dedupkit.plans import Plan
from dedupkit.samples import Kind, generate_register, write_customers
from dedupkit.stores.sql import SqlStore

REGISTER = ("--register", "sqlite:///register.db")


def merge(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401  # JSON
    """Run the command and return its numbers."""
    assert main(["merge", "customers.csv", *REGISTER, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def held() -> Mapping[str, Customer]:
    """Return the customers of the register, without what every write changes."""
    store = SqlStore.create(REGISTER[1])
    cards = {card.id: evolve(card, version=None, updated_at=None) for card in store.scan()}
    store.close()
    return cards


def test_a_file_becomes_a_register_and_every_merge_comes_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Look, merge, merge again, undo all: the register is the imported one, field for field."""
    monkeypatch.chdir(tmp_path)
    register = generate_register(250, seed=11)
    with Path("customers.csv").open("w", encoding="utf-8-sig", newline="") as file:
        write_customers(register.customers, file)

    look = merge(capsys)
    imported = held()

    assert look["merged"] == 0
    assert look["planned"] > 0
    assert [*imported] == sorted(card.id for card in register.customers)
    assert all(card.is_active for card in imported.values())
    assert not Path("merged.csv").exists()

    done = merge(capsys, "--execute")
    after = held()
    retired = {i for i, card in after.items() if not card.is_active}

    assert done["merged"] == look["planned"]
    assert done["cards_to_fold_in"] >= len(retired) > 0
    apart = register.near_misses(Kind.COUPLE, Kind.TWINS)
    assert [p for p in apart if after[p[0]].merged_into == p[1]] == []
    with Path("merged.csv").open(encoding="utf-8-sig", newline="") as merged:
        assert {row["id"] for row in csv.DictReader(merged, delimiter=";")} == {*after} - retired
    plans = map(Plan.from_json, Path("plans.jsonl").read_text(encoding="utf-8").splitlines())
    assert {plan.id for plan in plans} >= {item["plan"] for item in done["duplicates"]}

    again = merge(capsys, "--execute")

    assert again["merged"] == 0
    assert {row["customer"] for row in again["import"]["retired"]} == retired
    assert held() == after

    assert main(["undo", "--all", "--because", "not-the-same", *REGISTER]) == 0
    assert held() == imported


ROWS = "".join(f"{n};Anna{n};Ås;anna{n}@x.example\n" for n in range(3, 40))
HEADER = "id;fornavn;etternavn;epost\n"
SOUND = f"{HEADER}1;Bo;Bø;bo@x.example\n2;Åse;Li;ase@x.example\n{ROWS}"


@pytest.mark.parametrize(
    ("content", "options", "place"),
    [
        (SOUND, ["--separator", ","], "row 1, column 'id'"),
        (SOUND.replace("id;", "nøkkel;"), [], "row 1, column 'id'"),
        (SOUND.replace("\n2;", "\n1;"), [], "row 3, column 'id'"),
        (SOUND.encode().replace(b"Li;", b"L\xe5;"), [], "row 3, column 'etternavn'"),
        ("", [], "is empty"),
        (SOUND.replace("Li;", f"{'x' * 5_000_000};"), [], "row 3, column"),
        (SOUND.replace("Li;ase@x.example", "Li"), [], "row 3, column 'epost'"),
        (SOUND.replace("Li;", "Li;;"), [], "row 3"),
        (SOUND.replace("Li;", '"Li;'), [], "row 3, column"),
        (SOUND.replace("Li;", "L\0i;"), [], "row 3, column 'etternavn'"),
        (SOUND, ["--encoding", "utf-16"], "is not utf-16"),
        (SOUND, ["--columns", "id=kundenr"], "no column 'kundenr'"),
    ],
    ids=[
        "wrong separator",
        "no id column",
        "repeated id",
        "broken encoding",
        "empty file",
        "cell of 5 MB",
        "row too short",
        "row too long",
        "open quote",
        "NUL byte",
        "wrong encoding",
        "unknown column",
    ],
)
def test_a_broken_file_is_told_by_its_place_and_nothing_is_written(  # noqa: PLR0917  # fixtures
    content: str | bytes,
    options: list[str],
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message names file, row and column; the exit code is 2; no register appears."""
    monkeypatch.chdir(tmp_path)
    given = content if isinstance(content, bytes) else content.encode()
    Path("customers.csv").write_bytes(given)

    code = main(["merge", "customers.csv", *REGISTER, "--execute", *options])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert place in said.err
    assert "customers.csv" in said.err or options
    assert "Åse" not in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["customers.csv"]
