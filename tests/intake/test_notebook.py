"""A notebook becomes one module, and the files it writes; what is left out is said by cell."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.hostile.notebooks import notebook
from grader.intake import read
from grader.intake.notebook import convert
from grader.worker.cells import MARK

READ = "net.ipynb: read as net.py; `# cell 1` in it is the first code cell."
COLAB: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 0,
    "metadata": {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}, "accelerator": "GPU"},
    "cells": [
        {"cell_type": "markdown", "source": ["# Assignment 2\n", "**Do** it!"], "metadata": {"id": "a"}},
        {
            "cell_type": "code",
            "source": ["!pip install -q numpy\n", "%matplotlib inline\n", "import numpy as np"],
            "metadata": {},
            "outputs": [],
        },
        {
            "cell_type": "code",
            "source": ["def relu_forward(x):\n", "    return np.maximum(x, 0), x\n"],
            "execution_count": 7,
            "metadata": {"id": "b"},
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["[1, 2, 3]\n"]},
                {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" * 100_000}},
            ],
        },
        {"cell_type": "raw", "source": "raw(", "metadata": {}},
    ],
}


def put(folder: Path, document: Any, name: str = "net.ipynb") -> Path:
    (folder / name).write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return folder / name


def test_a_notebook_of_colab_with_magics_and_images_is_one_module(tmp_path: Path):
    bundle = read(put(tmp_path, COLAB))

    assert (bundle.id, list(bundle.files)) == ("net.ipynb", ["net.py"])
    assert bundle.files["net.py"] == (
        f"{MARK}\n# cell 1\npass\npass\nimport numpy as np\n\n\n# cell 2\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
    )
    assert bundle.notes == (
        "net.ipynb, cell 1: left out !pip install -q numpy, it is no Python.",
        "net.ipynb, cell 1: left out %matplotlib inline, it is no Python.",
        READ,
    )


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_old_notebook_is_read(version: int, tmp_path: Path):
    source = {1: "code"}.get(version, "input")
    cells = [{"cell_type": "code", source: "x = 1", "language": "python", "prompt_number": 3, "collapsed": False, "outputs": []}]
    cells += [{"cell_type": "heading", "level": 2, "source": ["Convolution"]}, {"cell_type": "text", "text": "y"}]
    sheets: dict[str, Any] = {"cells": cells} if version == 1 else {"worksheets": [{"cells": cells, "metadata": {}}]}

    bundle = read(put(tmp_path, {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}} | sheets))

    assert (dict(bundle.files), bundle.notes) == ({"net.py": f"{MARK}\n# cell 1\nx = 1\n"}, (READ,))


def test_a_notebook_without_what_its_schema_demands_is_read(tmp_path: Path):
    bundle = read(put(tmp_path, {"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "code"}]}))

    assert bundle.files == {"net.py": f"{MARK}\n# cell 1\nx = 1\n"}


def test_a_byte_order_mark_is_no_part_of_a_notebook(tmp_path: Path):
    assert read(put(tmp_path, b"\xef\xbb\xbf" + notebook("x = 1"))).files == {"net.py": f"{MARK}\n# cell 1\nx = 1\n"}


def test_one_scratch_cell_does_not_lose_the_notebook(tmp_path: Path):
    bundle = read(put(tmp_path, notebook("x = 1", "def f(:", "y = 2")))

    assert bundle.files == {"net.py": f"{MARK}\n# cell 1\nx = 1\n\n\n# cell 3\ny = 2\n"}
    assert bundle.notes == ("net.ipynb, cell 2: left out, line 1: invalid syntax.", READ)


def test_a_cell_that_writes_a_file_is_that_file_beside_the_notebook(tmp_path: Path):
    (tmp_path / "kim" / "hw").mkdir(parents=True)
    put(
        tmp_path / "kim" / "hw",
        notebook("%%writefile layers.py\nx = 1", "%%writefile -a layers.py\ny = 2", "from layers import *"),
        "net.ipynb",
    )

    bundle = read(tmp_path / "kim")

    assert bundle.files == {"hw/net.py": f"{MARK}\n# cell 3\nfrom layers import *\n", "hw/layers.py": "x = 1\ny = 2\n"}
    assert bundle.notes == (
        "hw/net.ipynb, cell 1: read as the file layers.py that it writes.",
        "hw/net.ipynb, cell 2: read as the file layers.py that it writes.",
        "hw/net.ipynb: read as hw/net.py; `# cell 1` in it is the first code cell.",
    )


def test_a_python_file_counts_more_than_a_notebook_of_its_name(tmp_path: Path):
    put(tmp_path, notebook("x = 1"))
    (tmp_path / "net.py").write_text("x = 2\n", encoding="utf-8")

    bundle = read(tmp_path)

    assert (dict(bundle.files), bundle.notes) == ({"net.py": "x = 2\n"}, ("net.ipynb: left out, net.py beside it is read instead.",))


def test_future_imports_of_any_cell_come_first():
    module = convert(notebook("x = 1", "from __future__ import annotations\ny = 2").decode())["module"]

    assert module == f"{MARK}\nfrom __future__ import annotations\n# cell 1\nx = 1\n\n\n# cell 2\npass\ny = 2\n"
    compile(module, "", "exec")


def test_notes_on_lines_are_few_and_those_on_cells_come_first(tmp_path: Path):
    bundle = read(put(tmp_path, notebook("!ls\n" * 30, "def f(:")))

    assert bundle.notes[0] == "net.ipynb, cell 2: left out, line 1: invalid syntax."
    assert bundle.notes[1:-2] == ("net.ipynb, cell 1: left out !ls, it is no Python.",) * 6
    assert bundle.notes[-2:] == ("net.ipynb: and 24 more cells or lines like these.", READ)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is no notebook that can be read; save it in Jupyter and hand it in again"),
        ("5", "it is no notebook that can be read; save it in Jupyter and hand it in again"),
        ('{"nbformat": true, "cells": []}', "it is no notebook that can be read; save it in Jupyter and hand it in again"),
        ('{"nbformat": 4, "cells": "x"}', "it is no notebook that can be read; save it in Jupyter and hand it in again"),
        (
            '{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}',
            "it is no notebook that can be read; save it in Jupyter and hand it in again",
        ),
        ("[" * 100_000, "it is no notebook that can be read, it is nested too deep"),
        ("[" * 500_001, "it holds more than 500,000 values; clear its outputs and hand it in again"),
        ('{"nbformat": 4, "cells": [' + "5," * 1000 + "5]}", "it has more than 1000 cells; hand in only your own"),
        (notebook("x " * 30_001).decode(), "its cells hold too much code; move some of it to .py files"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(text: str, reason: str):
    assert convert(text) == {"refused": reason}


def test_a_long_line_is_shown_in_part():
    assert convert(notebook("!" + "a" * 500 + "\nx = 1").decode())["notes"] == [f", cell 1: left out !{'a' * 59}..., it is no Python."]
