"""A notebook that is run in a kernel: `grader.check` and the magics, as a student has them."""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebook.cells import CELLS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What each cell showed."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text.strip()) for text in CELLS.values()])
    client = NotebookClient(notebook, timeout=100, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder), "PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells), strict=True))


def shown(output: list[Any], kind: str = "text/plain") -> str:
    (card,) = [one for one in output if one.output_type == "execute_result"]
    return str(card.data[kind])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the kernel's own libraries
def test_a_notebook_is_checked_as_its_student_goes_on(outputs: dict[str, list[Any]]):
    assert "full marks  relu  5 / 5" in shown(outputs["right"])
    assert "full marks  relu" not in shown(outputs["redefined"])
    assert "✗" in shown(outputs["redefined"])
    assert "full marks  relu  5 / 5" in shown(outputs["magic"])
    assert "sigmoid_forward: forward is not finished yet" in shown(outputs["unfinished"])
    assert [name in shown(outputs["all"]) for name in ("relu", "tanh", "sigmoid", "conv2d")] == [True, True, True, False]
    assert "dx[" in shown(outputs["class"])
    assert float(outputs["seconds"][0].text) < 1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_cannot_be_checked_is_one_sentence(outputs: dict[str, list[Any]]):
    said = {name: ["\n".join(one.traceback) for one in outputs[name] if one.output_type == "error"] for name in outputs}

    assert said["unknown"] == ["There is no task rely. Did you mean relu?"]
    assert said["without source"] == [
        "The source of tanh_forward is not known here, so it cannot be checked. Define it in a cell or in a file, or import it again."
    ]
    assert [(bool(one), "ZeroDivisionError" in "".join(one)) for one in [said["raises"]]] == [(True, True)]
    assert [one for one in outputs["raises"] if one.output_type == "execute_result"] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_notebook_has_the_card_in_its_three_forms(outputs: dict[str, list[Any]]):
    (card,) = [one for one in outputs["class"] if one.output_type == "execute_result"]

    assert set(card.data) == {"text/plain", "text/markdown", "text/html"}
    assert 'lang="ko"' in card.data["text/html"]
    assert "<script" not in card.data["text/html"]
    assert "The smallest input" not in card.data["text/html"]
