"""What a run writes: whole files or none."""

from pathlib import Path

import pytest

from dedupkit.cli.outputs import whole_file
from dedupkit.errors import StoreError


def test_a_file_takes_its_place_when_all_is_written(tmp_path: Path) -> None:
    """Until then, whoever reads it finds the earlier one."""
    path = tmp_path / "plans.jsonl"
    path.write_text("earlier", encoding="utf-8")

    with whole_file(path) as file:
        file.write("later")
        assert path.read_text(encoding="utf-8") == "earlier"

    assert path.read_text(encoding="utf-8") == "later"
    assert [*tmp_path.iterdir()] == [path]


def test_a_place_that_cannot_be_taken_is_told(tmp_path: Path) -> None:
    """The file is named, what is there stays, and no draft is left behind."""
    path = tmp_path / "plans.jsonl"
    path.mkdir()

    with pytest.raises(StoreError, match=r"cannot write .*plans\.jsonl"), whole_file(path) as file:
        file.write("later")

    assert [*tmp_path.iterdir()] == [path]
    assert path.is_dir()
