"""The notebook: from a DataFrame to clusters, evidence and a plan, and what each looks like."""

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
for package in ("ipykernel", "pandas", "pyarrow"):
    pytest.importorskip(package)

TOUR = Path(__file__).parents[2] / "examples" / "notebooks" / "tour.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """Run every cell in a kernel of its own; cell id → what it showed, by MIME type."""
    notebook = nbformat.read(TOUR, as_version=4)
    folder = str(tmp_path_factory.mktemp("tour"))
    nbclient.NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": folder}}
    ).execute()
    return {
        cell.id: [
            dict(output.get("data") or {"text/plain": output.get("text", "")})
            for output in cell.outputs
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


@pytest.mark.parametrize("cell", ["report", "evidence", "review", "merge"])
def test_a_result_draws_itself(executed: dict[str, list[dict[str, str]]], cell: str) -> None:
    """Report, match result and plan come as HTML with their stylesheet, and without a script."""
    (shown,) = executed[cell]
    assert 'class="dedupkit"' in shown["text/html"]
    assert "<script" not in shown["text/html"]


def test_the_tour_ends_with_figures(executed: dict[str, list[dict[str, str]]]) -> None:
    """What was found is held against what is true."""
    (shown,) = executed["figures"]
    assert shown["text/plain"].startswith("duplicates            precision ")


def test_the_notebook_is_kept_without_outputs() -> None:
    """Outputs are made by running it; the file holds none of them, and no execution counts."""
    code = [c for c in nbformat.read(TOUR, as_version=4).cells if c.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count] == []
