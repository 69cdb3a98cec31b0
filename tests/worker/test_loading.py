"""Imports inside a submission work from wherever a course puts its files, and reach nothing that they should not."""

import sys
import traceback

import numpy as np
import pytest

from grader.worker import loading
from grader.worker.loading import ROOT, SourceFinder, install

pytestmark = pytest.mark.usefixtures("forgotten")
UTIL = "def im2col(): return 'columns'\n"


def load(files, path):
    """Run one file of a submission."""
    return install(files).load(path)


def test_a_lone_file_is_run():
    module = load({"layers.py": "answer = 42\nme = __name__, __file__\n"}, "layers.py")

    assert (module.answer, module.me) == (42, (f"{ROOT}.layers", "layers.py"))


def test_a_file_is_run_once():
    finder = install({"layers.py": "values = []\n"})

    assert finder.load("layers.py") is finder.load("layers.py")


@pytest.mark.parametrize(
    "statement",
    ["from common.util import im2col", "import common.util as u; im2col = u.im2col", "from common import util; im2col = util.im2col"],
)
@pytest.mark.parametrize("root", ["", "hw/", "a/b/c/"])
@pytest.mark.parametrize("package", [True, False])
def test_an_absolute_import_starts_at_the_folder_of_the_file_wherever_that_is(statement, root, package):
    files = {f"{root}net.py": f"{statement}\nfound = im2col()\n", f"{root}common/util.py": UTIL}
    files |= {f"{root}common/__init__.py": ""} if package else {}

    assert load(files, f"{root}net.py").found == "columns"


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("common/layers.py", "common/util.py"),
        ("deep/er/net/layers.py", "deep/common/util.py"),
        ("layers.py", "deep/er/common/util.py"),
        ("one/layers.py", "two/common/util.py"),
    ],
)
def test_an_absolute_import_finds_its_package_above_the_file_and_anywhere_else(path, there):
    files = {path: "from common.util import im2col\nfound = im2col()\n", there: UTIL}

    assert load(files, path).found == "columns"


def test_the_nearest_of_several_files_of_one_name_is_imported():
    files = {f"{folder}util.py": f"here = {folder!r}\n" for folder in ("", "a/", "a/b/", "z/")} | {
        "a/b/layers.py": "from util import here\n"
    }

    nearest = load(files, "a/b/layers.py").here
    sys.modules.pop("util")
    sys.meta_path.pop()
    del files["a/b/util.py"]
    sys.modules.pop(f"{ROOT}.a.b.layers")
    above = load(files, "a/b/layers.py").here

    assert (nearest, above) == ("a/b/", "a/")


def test_a_sibling_is_imported_by_its_bare_name():
    files = {"assignment/layers.py": "from im2col import *\nfound = im2col()\n", "assignment/im2col.py": UTIL}

    assert load(files, "assignment/layers.py").found == "columns"


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("cs231n/classifiers/net.py", "from ..util import im2col"),
        ("cs231n/classifiers/net.py", "from .. import util; im2col = util.im2col"),
        ("cs231n/net.py", "from .util import *"),
        ("assignment1/cs231n/classifiers/net.py", "from ..util import im2col"),
        ("assignment1/cs231n/classifiers/net.py", "from cs231n.util import im2col"),
    ],
)
def test_a_relative_import_works_in_nested_folders(path, statement):
    root = path.partition("cs231n")[0]
    files = {path: f"{statement}\nfound = im2col()\n", f"{root}cs231n/util.py": UTIL, f"{root}cs231n/__init__.py": ""}

    assert load(files, path).found == "columns"


def test_a_relative_import_works_in_a_lone_file_too():
    assert load({"layers.py": "from .util import im2col\nfound = im2col()\n", "util.py": UTIL}, "layers.py").found == "columns"


def test_the_code_of_every_package_on_the_way_is_run():
    files = {"__init__.py": "zero = 0\n", "a/__init__.py": "from .. import zero\none = zero + 1\n", "a/b.py": "from . import one\n"}

    assert load(files, "a/b.py").one == 1


@pytest.mark.parametrize("path", ["hw.1/my.layers.py", "과제 1/층.py"])
def test_folders_that_are_no_identifiers_are_no_hindrance(path):
    folder = path.rpartition("/")[0]

    assert load({path: "from .util import im2col\nfrom util import im2col\n", f"{folder}/util.py": UTIL}, path).im2col() == "columns"


@pytest.mark.parametrize("name", ["numpy", "colorsys", "math", "sys"])
def test_a_file_cannot_stand_in_for_numpy_or_the_standard_library(name):
    files = {f"{name}.py": "raise RuntimeError('shadow')\n", f"{name}/__init__.py": "raise RuntimeError('shadow')\n"}
    sys.modules.pop("colorsys", None)

    module = load(files | {"layers.py": f"import {name} as found\n"}, "layers.py")

    assert module.found.__name__ == name
    assert getattr(module.found, "__file__", None) != f"{name}.py"


def test_a_file_named_like_a_module_of_the_standard_library_can_itself_be_graded():
    assert load({"random.py": "import random\ndraw = random.random\n"}, "random.py").draw() < 1


@pytest.mark.parametrize("statement", ["import numpy.nothing", "import json.nothing", "from __future__ import x", "from other import x"])
def test_what_python_and_numpy_and_the_submission_do_not_have_is_missing(statement):
    with pytest.raises((ImportError, SyntaxError)):
        load({"layers.py": statement, "other.py": ""}, "layers.py").x  # noqa: B018 - asking is what raises


def test_a_file_below_a_real_package_is_not_found_through_it():
    finder = install({"numpy/extra.py": ""})

    assert finder.find_spec("numpy.extra", np.__path__) is None


def test_an_interrupt_passes_through_and_leaves_no_module_behind():
    before = set(sys.modules)

    with pytest.raises(KeyboardInterrupt):
        load({"a/layers.py": "import colorsys\nraise KeyboardInterrupt\n", "a/__init__.py": ""}, "a/layers.py")

    assert {name for name in set(sys.modules) - before if "layers" in name} == set()


@pytest.mark.parametrize("path", ["__init__.py", "a/__init__.py", "a/helper.py"])
def test_what_an_imported_file_raises_is_kept_with_its_path(path):
    finder = install({"a/layers.py": "import helper\nx = 1\n", path: "raise ValueError('no')\n"})

    assert finder.load("a/layers.py").x == 1
    assert (path, 1, "no") in [(where, line, str(error)) for where, line, error in finder.failed]


@pytest.mark.parametrize(
    ("path", "statement", "there"),
    [
        ("net.py", "from ..util import im2col", "util.py"),
        ("net.py", "from .. import util; im2col = util.im2col", "util.py"),
        ("hw/net.py", "from ..util import im2col", "hw/util.py"),
        ("hw/net.py", "from ...cs231n.util import im2col", "hw/cs231n/util.py"),
        ("net.py", "from ..util import *", "deep/util.py"),
    ],
)
def test_a_relative_import_of_a_file_taken_out_of_its_folders_finds_what_was_handed_in_with_it(path, statement, there):
    files = {path: f"{statement}\nfound = im2col()\n", there: UTIL}

    assert SourceFinder(files).answers(path, statement.split()[1] if "util" in statement.split()[1] else "..util")
    assert load(files, path).found == "columns"


def test_a_relative_import_above_the_root_of_what_nobody_has_is_stood_in_for():
    assert load({"knn.py": "from ..data_utils import load_CIFAR10\nx = 1\n"}, "knn.py").x == 1
    assert not SourceFinder({"knn.py": ""}).answers("knn.py", "..data_utils")


def test_a_syntax_error_names_file_and_line():
    with pytest.raises(SyntaxError) as caught:
        load({"a/layers.py": "x = 1\ny = = 2\n"}, "a/layers.py")

    assert (caught.value.filename, caught.value.lineno) == ("a/layers.py", 2)


def test_a_traceback_shows_the_students_line_and_not_that_of_a_file_of_this_name_nearby(tmp_path, monkeypatch):
    (tmp_path / "layers.py").write_text("# not\n# this\n# file\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    module = load({"layers.py": "def f():\n    # the student's\n    return 1 / 0\n"}, "layers.py")

    with pytest.raises(ZeroDivisionError) as caught:
        module.f()

    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == ("layers.py", 3, "return 1 / 0")


def test_the_source_is_there_for_whoever_asks():
    module = load({"layers.py": UTIL}, "layers.py")

    assert module.__loader__.get_source("anything") == UTIL


def test_future_statements_of_the_grader_are_not_inherited():
    module = load({"layers.py": "def f(x: int): pass\n"}, "layers.py")

    assert module.f.__annotations__ == {"x": int}


def test_the_finder_comes_last_and_holds_the_root_package():
    finder = install({"layers.py": ""})

    assert sys.meta_path[-2] is finder  # before what stands in for a module that nobody has
    assert finder.find_spec(ROOT).submodule_search_locations == [f"{ROOT}:"]
    assert finder.find_spec("nothing.of.the.kind") is None
    assert loading.ROOT not in sys.modules
