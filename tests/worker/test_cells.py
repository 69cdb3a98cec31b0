"""A module that was a notebook runs as a notebook does: what one cell raises takes nothing from the others."""

import sys
import traceback

import pytest

from benchmarks.hostile.notebooks import notebook
from grader.intake.notebook import convert
from grader.worker import calls
from grader.worker.jail import UnloadedError
from grader.worker.loading import install

pytestmark = pytest.mark.usefixtures("forgotten")
DEMOS = [
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "display(5)",
    "import a_library_that_is_not_here as plt",
    "from google.colab import drive\ndrive.mount('/content')",
    "assert 1 == 2",
    "raise RecursionError",
]


def load(*cells, path="net.py", **files):
    """Convert a notebook and run what it becomes."""
    return install({path: convert(notebook(*cells).decode())["module"], **files}).load(path)


@pytest.mark.parametrize("demo", DEMOS)
def test_a_cell_that_fails_takes_no_other_with_it(demo):
    module = load("def before(): return shared", demo, "shared = 42\ndef after(): return before()")

    assert module.after() == 42


def test_a_notebook_that_jupyter_saved_as_a_py_file_runs_cell_by_cell():
    source = "# coding: utf-8\n# In[1]:\ndef f(x): return x\n# In[ ]:\nf(data)\n# In[12]:\ndef g(x): return f(x)\n"

    assert install({"net.py": source}).load("net.py").g(5) == 5


def test_a_notebook_is_put_into_this_python_and_numpy_as_any_file():
    module = load("import numpy as np\ndef f(b): return [float(b) for _ in xrange(2)]")

    with pytest.warns(UserWarning, match="an array of size 1 was taken for a number"):
        assert module.f(module.np.ones((1, 1))) == [1.0, 1.0]


def test_a_cell_ends_where_it_fails_and_keeps_what_it_did():
    module = load("a = 1\nraise ValueError('no')\na = 2", "b = a")

    assert (module.a, module.b) == (1, 1)


def test_what_is_missing_then_is_told_with_what_the_first_cell_raised():
    module = load("x = 1", "def f():\n    return 1 / 0\nf()\ndef relu_forward(x): pass", "display(5)")

    for _ in range(2):
        with pytest.raises(ZeroDivisionError) as caught:
            module.relu_forward  # noqa: B018 - asking is what raises

        told = calls.failure(caught.value, {"net.py": ""})
        assert told["text"] == "ZeroDivisionError: division by zero"
        assert [(f.filename, f.lineno, f.line) for f in traceback.extract_tb(caught.value.__traceback__) if f.filename == "net.py"] == [
            ("net.py", 9, "f()"),
            ("net.py", 8, "return 1 / 0"),
        ]
        assert told["trace"].count("net.py") == 2


def test_what_another_file_imports_from_a_notebook_is_there_or_raises_what_its_cell_did():
    net = convert(notebook("def f(): return 1", "1 / 0\ndef g(): pass").decode())["module"]
    finder = install({"net.py": net, "a.py": "from net import f", "b.py": "from net import *", "c.py": "from net import g\nx = 1"})

    assert finder.load("a.py").f() == finder.load("b.py").f() == 1
    with pytest.raises(ZeroDivisionError):
        finder.load("c.py").g  # noqa: B018 - asking is what raises
    assert finder.load("c.py").x == 1


def test_where_no_cell_fails_what_is_missing_is_missing():
    with pytest.raises(AttributeError, match="no attribute 'relu_forward'"):
        load("x = 1").relu_forward  # noqa: B018 - asking is what raises


def test_an_error_that_counts_as_false_is_an_error():
    module = load("class E(Exception):\n    def __len__(self): return 0\nraise E('first')", "raise ValueError('second')")

    with pytest.raises(module.E, match="first"):
        module.f  # noqa: B018 - asking is what raises


def test_an_interrupt_ends_the_notebook_and_an_exit_does_not():
    assert load("x = 1", "raise SystemExit(3)", "y = 2", path="other.py").y == 2
    with pytest.raises(KeyboardInterrupt):
        load("x = 1", "raise KeyboardInterrupt", "y = 2")

    assert not any(name.endswith(".net") for name in sys.modules)


def test_imports_from_the_future_hold_in_every_cell():
    module = load("def f(x: int): pass", "from __future__ import annotations\ny = 1", "def g(x: nowhere): pass")

    assert (module.f.__annotations__, module.g.__annotations__) == ({"x": "int"}, {"x": "nowhere"})


def test_what_looks_like_the_beginning_of_a_cell_harms_nothing():
    module = load("x = '''\n# cell 7\n'''\n# cell 8\ny = x", "@staticmethod\n# cell 9\ndef f(): return y")

    assert module.f() == "\n# cell 7\n"


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("import numpy as np; np.load('data/cifar.npz')", "FileNotFoundError"),
        ("import sys; sys.exit(2)", "sys.exit(2)"),
        ("import argparse; argparse.ArgumentParser(usage=' ').add_argument('data').nothing", "AttributeError"),
        ("for i in (\n    1,\n    2,\n):\n    display(i)", "NameError: name 'display' is not defined"),
        ("@display\ndef g(): pass", "NameError: name 'display' is not defined"),
        ("class A:\n    f = display()", "NameError: name 'display' is not defined"),
    ],
)
def test_a_statement_of_a_file_that_fails_takes_only_itself_down(statement, text):
    finder = install({"net.py": f"def before(): return shared\n{statement}\nshared = 42\ndef after(): return before()\n"})

    assert finder.load("net.py").after() == 42
    ((path, line, error),) = finder.failed
    assert (path, line in (2, 3, 6)) == ("net.py", True)
    assert text in calls.failure(error, {})["text"]


def test_what_a_file_is_missing_then_is_told_with_what_was_raised_first():
    module = install({"net.py": "x = 1\nraise ValueError('first')\ndisplay(5)\n"}).load("net.py")

    with pytest.raises(ValueError, match="first"):
        module.f  # noqa: B018 - asking is what raises


def test_what_the_grader_left_out_fails_the_file_that_imports_it():
    source = "from grader.worker.jail import UnloadedError\nraise UnloadedError('ours')\ndef f(): pass\n"

    with pytest.raises(UnloadedError):
        install({"net.py": source}).load("net.py")
