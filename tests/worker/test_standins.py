"""What stands in for a missing module takes part in an import, and in no number."""

import math
import warnings

import numpy as np
import pytest

from grader.worker.loading import install
from grader.worker.standins import Clock, MissingError, StandIn

pytestmark = pytest.mark.usefixtures("forgotten")


def load(source, **others):
    return install({"layers.py": source, **{f"{name}.py": text for name, text in others.items()}}).load("layers.py")


@pytest.mark.parametrize(
    "statement",
    [
        "import plotlib.pyplot as plt; plt.rcParams['figure.figsize'] = (10.0, 8.0); plt.plot([1]).x = 3; plt.show()",
        "import plotlib.pyplot as plt; fig, ((a, b), c) = plt.subplots(); a.plot([1])",
        "from tensorlib import nn, optim\nclass Net(nn.Module):\n    pass\nNet()",
        "import tensorlib\nwith tensorlib.no_grad():\n    t = tensorlib.tensor([1.0]) * 2 + 1 - tensorlib.pi",
        "import cupie\nif cupie.cuda.is_available():\n    raise ValueError",
        "import tensorlib\nfor batch in tensorlib.utils.data.DataLoader():\n    raise ValueError",
        "from .missing import *\nfrom .other import f, g\nfrom . import h\nimport a.b.c",
        "from testCases import *\nX, Y = test_case()\nprint(len)",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "import tqdm\nassert list(tqdm.tqdm(range(3))) == [0, 1, 2]",
        "from past.builtins import xrange\nfrom past.utils import old_div\nassert old_div(7, 2) == 3 and list(xrange(2)) == [0, 1]",
        "import tensorlib\nassert not isinstance(3, tensorlib.Tensor)\n{tensorlib.float: 1}\nrepr(tensorlib)",
    ],
)
def test_a_file_is_run_though_modules_are_missing(statement):
    load(statement)


def test_a_star_of_a_missing_module_takes_no_name_that_the_file_has():
    module = load("pi = 3\nfrom testCases import *\nn = len([pi])\ntau = 2 * pi\n")

    assert (module.pi, module.n, module.tau) == (3, 1, 6)


def test_a_decorator_of_a_missing_module_leaves_the_function_as_it_is():
    module = load("import numba\n@numba.jit\ndef f(x): return x\n@numba.njit(parallel=True)\ndef g(x): return x\n")

    assert (module.f(1), module.g(2)) == (1, 2)


@pytest.mark.parametrize("error", ["ImportError", "ModuleNotFoundError", "Exception", "(ImportError, OSError)"])
def test_a_file_that_is_prepared_for_a_missing_module_misses_it(error):
    module = load(f"try:\n    from .cython import fast\nexcept {error}:\n    fast = None\ntry:\n    import scipie\nexcept KeyError: pass\n")

    assert module.fast is None
    assert module.scipie.stats is not None


@pytest.mark.parametrize(
    "use",
    [
        *["float(s)", "int(s)", "len(s)", "list(s)", "bool(s)", "np.asarray(s)", "math.sqrt(s)", "next(s)", "np.ones(2) * s", "np.maximum(0, s)"],
        *["[1][s]", "1 in s", "np.sum(s)", "np.add(s, 1)", "x.__iadd__(s)"],
    ],
)  # fmt: skip
def test_nothing_can_be_made_of_a_stand_in(use):
    with pytest.raises(MissingError, match="No module named 'tensorlib'"):
        eval(use, {"s": StandIn("tensorlib.tensor"), "np": np, "math": math, "x": np.ones(2)})  # noqa: S307 - of the lines above


def test_a_use_in_a_graded_call_is_a_warning():
    with pytest.warns(UserWarning, match="tensorlib.tensor is used, which is not installed here"):
        StandIn("tensorlib.tensor")([1.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Clock.running += 1
        StandIn("tensorlib.tensor")([1.0])
        Clock.running -= 1


def test_a_graded_call_that_imports_misses_what_is_missing():
    module = load("def f():\n    import tensorlib\n    return tensorlib\n")

    with pytest.raises(ModuleNotFoundError):
        module.f()
