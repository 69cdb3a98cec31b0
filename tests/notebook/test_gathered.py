"""The code that goes to another process is the code that a session has: all of it that is used, as it stands now."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.errors import NotebookError
from grader.notebook.gathered import CELLS, Gathered


def module(path: Path, text: str) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def again(tmp_path: Path, session: str, *names: str, change: dict[str, Any] | None = None) -> tuple[ModuleType, str]:
    """Return a module of what is gathered for names of a session, and its text."""
    namespace = vars(module(tmp_path / "session.py", session))
    namespace.update(change or {})
    gathered = Gathered(namespace)
    for name in names:
        gathered.add(name)
    text = gathered.files[CELLS]
    return module(tmp_path / "gathered.py", text), text


def test_a_function_brings_its_helpers_constants_and_imports_and_nothing_else(tmp_path: Path):
    session = """
import math
from math import floor
import os
SCALE = {"by": 2.0}
x = [1, 2]
def scaled(x): return SCALE["by"] * floor(x)
def forward(x, *, power=math.pi): return scaled(x) ** (0 * power + 2)
def other(): return os
"""

    made, text = again(tmp_path, session, "forward")

    assert made.forward(3.5) == 36
    assert not {"x", "os", "other"} & vars(made).keys()
    assert text.count("def scaled") == 1


def test_a_value_is_what_it_is_now(tmp_path: Path):
    made, _ = again(tmp_path, "EPS = 1\ndef forward(): return EPS\n", "forward", change={"EPS": 1e-7})

    assert made.forward() == 1e-7


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        pytest.param("def f(): return 1\nforward = f\n", 1, id="another name"),
        pytest.param("def f(): return 2\nforward = f\ndel f\n", 2, id="a name that is gone"),
        pytest.param("forward = lambda: 3\n", 3, id="a lambda"),
        pytest.param("def make(k):\n    def inner(): return k\n    return inner\nforward = make(4)\n", 4, id="made by a function"),
        pytest.param("from functools import lru_cache\n@lru_cache\ndef forward(): return 5\n", 5, id="wrapped"),
        pytest.param("from types import SimpleNamespace\nc = SimpleNamespace()\nc.a = 6\ndef forward(): return c.a\n", 6, id="filled in"),
        pytest.param("a, b = 7, object()\nc = [b] * 7\ndef forward(): return len(c)\n", 7, id="made of others"),
        pytest.param("n = object()\nl = [n]\nl += l * 7\ndef forward(): return len(l)\n", 8, id="grown"),
        pytest.param("def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n and even(n - 1)\ndef forward(): return odd(9) * 9\n", 9, id="in a circle"),
        pytest.param("if True:\n    def k(): return 10\nelse:\n    k = None\ndef forward(): return k()\n", 10, id="in a branch"),
        pytest.param("def forward(): return [PLUS + i for i in range(2)][1]\nPLUS = 10\n", 11, id="inside a comprehension"),
    ],
)  # fmt: skip
def test_a_function_that_came_about_in_another_way_is_gathered(tmp_path: Path, session: str, expected: int):
    made, _ = again(tmp_path, session, "forward")

    assert made.forward() == expected


def test_a_class_brings_its_bases_and_the_methods_it_was_given_below(tmp_path: Path):
    session = """
class Layer:
    def both(self): return self.forward() + self.backward()
class Relu(Layer):
    def forward(self): return 1
    def backward(self): return 0
def backward(self): return 20
Relu.backward = backward
"""

    made, _ = again(tmp_path, session, "Relu")

    assert made.Relu().both() == 21


def test_a_file_of_ones_own_comes_along_with_those_it_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "homework"
    (folder / "common").mkdir(parents=True)
    (folder / "common" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "common" / "im2col_of_mine.py").write_text("def columns(): return 3\n", encoding="utf-8")
    (folder / "layers_of_mine.py").write_text("import json\nfrom common.im2col_of_mine import columns\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    namespace = vars(module(tmp_path / "session.py", "import layers_of_mine as l\ndef forward(): return l.columns()\n"))

    gathered = Gathered(namespace)
    gathered.add("forward")
    for name in ("layers_of_mine", "common.im2col_of_mine", "common"):
        sys.modules.pop(name)

    assert sorted(gathered.files) == [
        "homework/common/__init__.py",
        "homework/common/im2col_of_mine.py",
        "homework/layers_of_mine.py",
        CELLS,
    ]


@pytest.mark.parametrize(
    "session",
    [
        pytest.param("def f(): return 1\nforward = f\ndef f(): return 2\n", id="a function whose name is another's now"),
        pytest.param("globals().update(k=object())\ndef forward(): return k\n", id="a value that no statement made"),
    ],
)
def test_what_cannot_be_made_again_is_refused_rather_than_guessed(tmp_path: Path, session: str):
    with pytest.raises(NotebookError, match="not known here"):
        again(tmp_path, session, "forward")
