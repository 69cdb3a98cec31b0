"""The code that goes to another process is the code that a session has: all of it that is used, as it stands now."""

import ast
import importlib.util
import linecache
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.errors import NotebookError
from grader.notebook.gathered import CELLS, Gathered


def module(path: Path, text: str) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    linecache.checkcache(str(path))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made  # a dataclass looks there for what its annotations mean
    try:
        spec.loader.exec_module(made)
    finally:
        del sys.modules[path.stem]
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
        pytest.param("def f(): return 12\nforward = f\ndef f(): return 2\n", 12, id="a name that is another's"),
        pytest.param("globals().update(k=[13])\ndef forward(): return k[0]\n", 13, id="a value that no statement made"),
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


def test_a_variable_of_a_file_is_what_it_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "constants_of_mine.py").write_text("EPS, SIZE = 0, 2 * 2\nT = 1\nP = {'a': 1}\ndef sum_of(): return EPS + T + P['a']\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    changed = "from constants_of_mine import sum_of\nimport constants_of_mine as c\nc.EPS, c.P['a'] = 10, 30\n"
    session = module(tmp_path / "session.py", f"{changed}def forward(): return sum_of(), c.SIZE\ndef mine(): return 3\n")
    c = sys.modules["constants_of_mine"]

    gathered = Gathered(vars(session))
    gathered.add("forward")
    vars(c).update(sum_of=session.mine)

    assert "T = 1" not in gathered.files[CELLS]
    with pytest.raises(NotebookError, match=r"^constants_of_mine\.sum_of was changed"):
        Gathered(vars(session)).add("c")
    del sys.modules["constants_of_mine"]
    assert module(tmp_path / "gathered.py", gathered.files[CELLS]).forward() == (41, 4)
    del sys.modules["constants_of_mine"]


ARRAYS = "import numpy as np\n"
NOW = {
    "a name that is only counted up": "calls = 4\ndef forward():\n    global calls\n    calls += 1\n    return calls\n",
    "a name that the function itself binds": "def forward():\n    global m\n    m = 3\n    return m\nforward()\n",
    "an array that was filled": ARRAYS + "M = np.ones(3)\nM.fill(0)\ndef forward(): return M\n",
    "an array that a loop changed": ARRAYS + "Z = np.zeros(1) - 3.\nfor _ in range(3): Z += 1\ndef forward(): return Z\n",
    "an array whose name a comprehension has": ARRAYS + "M = np.zeros(3)\nxs = [1 for M in range(3)]\ndef forward(): return M\n",
    "an array of what was bound again": ARRAYS + "n = 0\nM = np.full(3, n)\nn = 7\ndef forward(): return M\n",
    "an array in another order": ARRAYS + "M = np.arange(6.).reshape(2, 3).T\ndef forward(): return M, M.flags.f_contiguous\n",
    "numbers of every kind": ARRAYS + "M = [np.array([np.nan, -0.0, np.inf]), np.float32(0.1), complex(-0.0, 1), np.array(['a', '\\n'])]\n"
    "M += [np.zeros((0, 3)), np.array([True, False]), np.arange(3, dtype='>i2'), np.array([1 + 2j, 0])]\ndef forward(): return M\n",
    "an array of some size": ARRAYS + "M = np.random.default_rng(0).random((60, 60))\ndef forward(): return M.sum()\n",
    "a large array of zeros": ARRAYS + "M = np.zeros((1000, 1000))\ndef forward(): return M.shape, M.dtype, M.any()\n",
    "a list that grew": ARRAYS + "L = []\nL.append(np.zeros(1))\ndef forward(): return L\n",
    "a table of functions": "def f(): return 1\nops = {}\nops.update(f=f, g=lambda: 2, h=len)\ndef forward(): return ops['f'](), ops['g'](), ops['h']([3])\n",
    "a table that has its user": "ops = {}\ndef forward(n=2): return n and ops['f'](n - 1) + 1\nops.update(f=forward)\n",
    "an object that a function changed": "class C: pass\ncfg = C()\ndef setup(c): c.t = 0\nsetup(cfg)\ndef forward(): return cfg.t\n",
    "objects that have each other": "class N: pass\na, b = N(), N()\na.o, b.o, b.v = b, a, 3\ndef forward(): return a.o.o is a, a.o.v\n",
    "an object of slots": "class N:\n    __slots__ = ('v',)\nn = N()\nn.v = 4\ndef forward(): return n.v\n",
    "a record": "from dataclasses import dataclass, field\nT = 1\n@dataclass(frozen=True)\nclass C:\n    e: float = T\n    l: list = field(default_factory=list)\n"
    "c = C(2)\nT = 3\ndef forward(): return c.e, c.l, C().e\n",
    "named tuples": "from collections import namedtuple\nA = namedtuple('A', 'x y', defaults=[2])\na = A(1)\ndef forward(): return a, A(3)\n",
    "an object that answers to any name": "class D(dict):\n    def __getattr__(self, k): return self[k]\nd = D(a=1)\ndef forward(): return d.a\n",
    "one thing in two places": "P = {'a': [1]}\nP['b'] = P['a']\ndef forward():\n    P['a'].append(2)\n    return P\n",
    "two names of one thing": "import numpy as np\nW = np.eye(2)\nP = {'W': W}\ndef forward():\n    P['W'] += 1\n    return W\n",
    "random numbers": ARRAYS + "rng = np.random.default_rng(0)\nrng.random()\ndef forward(): return rng.random()\n",
    "a default of what was bound again": "T = 0\ndef forward(x=1, t=T, *, k={'a': T}): return x + t, k\nT = 5\n",
    "a default that is an array": ARRAYS + "W = np.eye(2)\ndef forward(w=W):\n    w += 1\n    return w, W\nW[0] = 5\n",
    "a default that was changed": "def forward(seen=[]):\n    seen.append(1)\n    return seen\nforward()\n",
    "a default that is an older function": "def act(x): return 2 * x\ndef forward(x=1, act=act): return act(x)\ndef act(x): return 0\n",
    "a variable of a factory": "def make(t):\n    def f(): return t\n    return f\nt = 1\nforward = make(t)\nt = 9\n",
    "a factory that is another now": "def make(t):\n    def f(n=2): return n and t + f(n - 1)\n    return f\nforward = make(1)\ndef make(t): return None\n",
    "a variable that two functions share": "def make():\n    c = None\n    def f(x):\n        nonlocal c\n        c = x\n    def b(): return c\n    return f, b\n"
    "f, b = make()\nf(9)\ndef forward(): return b(), f(3), b()\n",
    "a decorator that is another now": "from functools import wraps\ndef deco(f):\n    @wraps(f)\n    def w(*a): return f(*a) + 1\n    return w\n"
    "@deco\ndef forward(): return 2\ndef deco(f): return f\n",
    "a decorated method": "def deco(f):\n    def w(self): return f(self) + 1\n    return w\nclass N:\n    @deco\n    def f(self): return 1\ndeco = None\n"
    "def forward(): return N().f()\n",
    "several lambdas in a line": "k = 2\nf, forward = lambda: 1, lambda: (lambda x: x * k)(3)\n",
    "a name that is local elsewhere": "y = 3\ndef forward(): return [y for y in range(2)] + [y]\n",
    "a method of an object": "class R:\n    n = 1\n    def f(self): return self.n\nr = R()\nr.n = 5\nforward = r.f\n",
    "names that Python has": "float, W = 3, [1e999, 2j, set(), frozenset({1})]\ndef forward(): return float, W\n",
    "arrays of one number": ARRAYS + "M = [np.zeros(2, complex), np.full(3, ''), np.full(2, -0.0), np.full((2, 2), np.nan)]\ndef forward(): return M\n",
    "names that were swapped": "def a(): return 1\ndef b(): return 2\na, b = b, a\ndef forward(): return a(), b()\n",
    "an older function of the same name": "def f(x): return x and f(x - 1) + 1\nold = f\ndef f(x): return 100\ndef forward(): return old(3), f(3)\n",
    "attributes of a class": ARRAYS + "T = 1\nclass N:\n    s = T\n    __p = 2\n    gone = 1\n    def f(self, t=T): return self.s, self.__p, self.k, t, hasattr(self, 'gone')\n"
    "T = 5\nN.k = np.ones(2)\nN._N__p = 3\ndel N.gone\ndef forward(): return N().f()\n",
    "a base that is another now": "class A:\n    def f(self): return 1\nclass B(A):\n    def g(self): return super().f()\nclass A:\n    def f(self): return 2\n"
    "def forward(): return B().g(), A().f()\n",
    "properties": "class N:\n    _v = 2\n    @property\n    def v(self): return self._v\n    @v.setter\n    def v(self, x): self._v = x\n"
    "    @staticmethod\n    def s(k=2): return k\nn = N()\nn.v = 4\ndef forward(): return n.v, N.s()\n",
    "a method put on one object": "from types import MethodType\nclass A:\n    def g(self): return 3\ndef f(self): return 2\na = A()\na.f = MethodType(f, a)\n"
    "a.h = MethodType(A.g, a)\ndef forward(): return a.f(), a.h(), a.f.__self__ is a\n",
    "fields whose attributes were changed": "from dataclasses import dataclass, field\nT = 1\n@dataclass\nclass C:\n    a: int = T\n    b: int = field(default=T)\n    c: int = T\n"
    "T = 2\nC.a = 5\ndel C.c\ndef forward(): return C(), C.a, C.b, hasattr(C, 'c')\n",
    "a lambda of a factory": "def make(t): return (lambda x, *, k=2: x + t + k), lambda: t\nf, forward = make(1)\n",
    "a cache that holds what the function alone says": "from functools import cache\n@cache\ndef forward(n=9): return n and n + forward(n - 1)\nforward()\n",
    "names that a shell has, too": "_ = lambda: 4\n_1, In, Out = 1, 2, 3\ndef forward(): return _(), _1, In, Out\n",
    "attributes of a function": "def forward():\n    forward.n += 1\n    return forward.n\nforward.n = 5\n",
}  # fmt: skip


@pytest.mark.parametrize("session", NOW.values(), ids=NOW.keys())
def test_what_is_gathered_does_what_the_session_would_do_now(tmp_path: Path, session: str):
    made, _ = again(tmp_path, session, "forward")

    assert repr(made.forward()) == repr(module(tmp_path / "once_more.py", session).forward())


@pytest.mark.slow
def test_a_tensor_is_what_it_is_now(tmp_path: Path):
    pytest.importorskip("torch")

    made, _ = again(
        tmp_path,
        "import torch\nt = torch.arange(3, dtype=torch.float32)\nt += 1\ndef forward(): return t.tolist(), str(t.dtype)\n",
        "forward",
    )

    assert made.forward() == ([1, 2, 3], "torch.float32")


def test_a_function_is_as_it_was_written_where_nothing_in_it_is_another(tmp_path: Path):
    session = "def forward(x, *, k=-1):  # as is\n    return  (x +\n            k)\n"

    assert session.strip() in again(tmp_path, session, "forward")[1]


def test_a_function_that_a_shell_compiled_apart_from_the_imports_of_its_cell_is_known(tmp_path: Path):
    text = "import math\ndef forward(x): return math.floor(x)\n"
    file = tmp_path / "cell.py"
    namespace = vars(module(file, text))
    for statement in ast.parse(text).body:
        exec(compile(ast.Module([statement], []), str(file), "exec", dont_inherit=True), namespace)  # noqa: S102 - as a shell does

    gathered = Gathered(namespace)
    gathered.add("forward")

    assert "def forward(x): return math.floor(x)" in gathered.files[CELLS]


def test_a_function_of_a_module_that_was_imported_again_is_its_own_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "layers_of_before.py"
    file.write_text("SCALE = 1\ndef forward(): return SCALE\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    session = (
        "import importlib\nimport layers_of_before\nfrom layers_of_before import forward\nSCALE = 5\nimportlib.reload(layers_of_before)\n"
    )

    made, _ = again(tmp_path, session, "forward")
    namespace = vars(module(tmp_path / "session.py", session))
    file.write_text("def forward(): return 2\n", encoding="utf-8")
    linecache.checkcache()

    assert made.forward() == 1
    with pytest.raises(NotebookError, match="import it again"):
        Gathered(namespace).add("forward")


@pytest.mark.parametrize(
    ("session", "said"),
    [
        pytest.param("exec('def k(): return 1')\ndef forward(): return k()\n", "forward uses k.* not known here", id="a function without a text"),
        pytest.param("import numpy as np\nA = np.zeros(4)\nB = A[1:]\ndef forward(): return A, B\n", "^B shares its memory with A", id="views"),
        pytest.param("import numpy as np\nA = np.array([1, None])\ndef forward(): return A\n", "^A, of type ndarray, cannot", id="an array of objects"),
        pytest.param("import numpy as np\nA = np.broadcast_to(1., 3)\ndef forward(): return A\n", "^A is read-only", id="an array that may not be changed"),
        pytest.param("import numpy as np\nA = {'a': np.random.default_rng(0).random(70000)}\ndef forward(): return A\n", "^A, of type .* too large", id="a huge array"),
        pytest.param("W = [1]\nclass C:\n    W = 2\n    def f(self, w=None): return w\nC.f.__defaults__ = (W,)\ndef forward(): return C\n", "^C, .* cannot", id="a default that has another name in its class"),
        pytest.param("L = []\nL.append(L)\ndef forward(): return L\n", "^L, of type list, cannot", id="a list in itself"),
        pytest.param("G = {'g': (i for i in range(3))}\ndef forward(): return G\n", "^G, of type generator, cannot", id="a generator"),
        pytest.param("def make(k):\n    class L:\n        def f(self): return k\n    return L\nL = make(3)\ndef forward(): return L\n", "^L, .* cannot", id="a class of a function"),
        pytest.param("class C:\n    def __reduce__(self): raise SystemExit\nc = C()\ndef forward(): return c\n", "^c, of type C, cannot", id="an object that is copied in its own way"),
        pytest.param("W = 1\ndef make(W):\n    def f(x=None): return W, x\n    return f\nforward = make(3)\nforward.__defaults__ = ()\n", "^forward, .* cannot", id="defaults that its text does not have"),
        pytest.param("import colorsys\ncolorsys.hls_to_rgb = lambda *a: a\ndef forward(x): return colorsys.hls_to_rgb(x, 0, 0)\n", r"^colorsys\.hls_to_rgb was changed", id="a function put into a library"),
        pytest.param("import colorsys\ncolorsys.relu = lambda x: x\ndef forward(x): return colorsys.relu(x)\n", r"^colorsys\.relu was changed", id="a function added to a library"),
        pytest.param("from functools import cache\nt = 1\n@cache\ndef forward(n): return n + t\nforward(1)\nt = 2\n", "^forward remembers", id="a cache that is filled"),
        pytest.param("def forward(): return eval('1')\n", r"^forward uses eval\(\)", id="code found at run time"),
        pytest.param("def f(): return globals()['t']\ndef forward(): return f()\nt = 1\n", r"^f uses globals\(\)", id="names found at run time"),
        pytest.param("from dataclasses import dataclass\nclass C:\n    a: int = 1\ndataclass(C)\ndef forward(): return C(3)\n", "^C, .* cannot", id="a dataclass that was made one below"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_again_is_refused_rather_than_guessed(tmp_path: Path, session: str, said: str):
    with pytest.raises(NotebookError, match=said):
        again(tmp_path, session, "forward")
