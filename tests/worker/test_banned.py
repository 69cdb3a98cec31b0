"""What graded code should do without is found where it stands, by whatever name it goes; what only looks like it is not."""

import json

import pytest

from grader.worker import banned
from grader.worker.survey import survey

IMPORTS = ["torch", "scipy", "subprocess"]
CALLS = ["eval", "exec", "compile", "__import__", "os.system", "numpy.pad", "numpy.linalg"]
RULES = {"imports": IMPORTS, "calls": CALLS}
RELU = "def relu_forward(x): pass\ndef relu_backward(dout, cache): pass\n"

FOUND = {
    "import torch": ["1 imports torch"],
    "import torch.nn as nn\nnn.Linear(1, 2)": ["1 imports torch.nn"],
    "from torch.nn import functional as F": ["1 imports torch.nn"],
    "from torch import *": ["1 imports torch"],
    "import json, scipy": ["1 imports scipy"],
    "try:\n    import scipy\nexcept ImportError:\n    scipy = None": ["2 imports scipy"],
    "def forward(x):\n    def inner():\n        import torch\n    return inner": ["3 imports torch"],
    "class A:\n    import subprocess": ["2 imports subprocess"],
    "import scipy\nimport scipy": ["1 imports scipy"],
    "import importlib\nimportlib.import_module('torch.nn')": ["2 imports torch.nn"],
    "from importlib import import_module as load\nload('scipy', None)": ["2 imports scipy"],
    "sp = __import__('scipy')": ["1 imports scipy", "1 uses __import__"],
    "eval('1')": ["1 uses eval"],
    "f = eval": ["1 uses eval"],
    "list(map(eval, xs))": ["1 uses eval"],
    "import builtins\nbuiltins.exec('')": ["2 uses exec"],
    "__builtins__.exec('')": ["1 uses exec"],
    "def f(x, call=eval): return call(x)": ["1 uses eval"],
    "@compile\ndef f(): pass": ["1 uses compile"],
    "f = lambda s: exec(s)": ["1 uses exec"],
    "x = [eval(s) for s in lines]": ["1 uses eval"],
    "x[eval('0')].y = 1": ["1 uses eval"],
    "f'{eval(s)}'": ["1 uses eval"],
    "class A:\n    def eval(self):\n        return eval('1')": ["3 uses eval"],
    "def f(eval):\n    return eval('1')\neval('2')": ["3 uses eval"],
    "import os\nos.system('ls')": ["2 uses os.system"],
    "import os.path as p, os as o\no.system('ls')": ["2 uses os.system"],
    "import os.path\nos.system('ls')": ["2 uses os.system"],
    "from os import system": ["1 uses os.system"],
    "from os import *\nsystem('ls')": ["2 uses os.system"],
    "import numpy as np\nnp.pad(x, 1)": ["2 uses numpy.pad"],
    "import numpy\ndef f(x):\n    return numpy.pad(x, 1).sum()": ["3 uses numpy.pad"],
    "from numpy import pad as p\np(x, 1)": ["1 uses numpy.pad"],
    "from numpy import (\n    array,\n    pad as p,\n)": ["1 uses numpy.pad"],
    "import numpy.linalg as la\nla.svd(x)": ["1 uses numpy.linalg", "2 uses numpy.linalg.svd"],
    "import numpy as np\nnp.linalg.norm(x)": ["2 uses numpy.linalg.norm"],
    "def late():\n    return np.pad(x, 1)\nimport numpy as np": ["2 uses numpy.pad"],
    "def load():\n    global np\n    import numpy as np\ndef f(): return np.pad(x, 1)": ["4 uses numpy.pad"],
    "if __name__ == '__main__':\n    pass\nelse:\n    import torch": ["4 imports torch"],
    "import numpy as np\nn = np\nn.pad(x, 1)": ["3 uses numpy.pad"],
    "import numpy\nm = numpy; m.pad": ["2 uses numpy.pad"],
    "def f():\n    return late.pad\nlate: object = np\nimport numpy as np": ["2 uses numpy.pad"],
    "import numpy as np\n(k := np).pad": ["2 uses numpy.pad"],
    "import numpy as np\n[(k := np) for _ in x]\nk.pad": ["3 uses numpy.pad"],
    "import numpy as np\n(k := np)\ndef f(): return k.pad": ["3 uses numpy.pad"],
    "import numpy as np\na, b = np, 1\na.pad": ["3 uses numpy.pad"],
    "import numpy as np\n[a, (b, c)] = d = [1, (2, np)]\nc.pad": ["3 uses numpy.pad"],
    "import numpy as np\na = b = c = np\nd = b\nd.pad": ["4 uses numpy.pad"],
    "import numpy as np\ndef f(x, n=np): return n.pad": ["2 uses numpy.pad"],
    "import numpy as np\ndef f(x, /, y, z=1, *, w, n=np): return n.pad": ["2 uses numpy.pad"],
    "import numpy as np\nf = lambda np=np: np.pad": ["2 uses numpy.pad"],
    "import numpy as np\nclass A:\n    n = np\n    x = n.pad": ["4 uses numpy.pad"],
    "import numpy as np\nnp = np\nnp.pad": ["3 uses numpy.pad"],
    "def load():\n    global n\n    import numpy as np\n    n = np\nn.pad": ["5 uses numpy.pad"],
    "import importlib as i\nload = i.import_module\nload('torch')": ["3 imports torch"],
    "import numpy as np\nvars(np)['pad']": ["2 uses numpy.pad"],
    "import numpy as np\nnp.__dict__['pad'](x)": ["2 uses numpy.pad"],
    "import builtins\nvars(builtins)['eval']('1')": ["2 uses eval"],
    "__builtins__['eval']('1')": ["1 uses eval"],
    "__builtins__['__import__']('torch')": ["1 imports torch", "1 uses __import__"],
    "d = {}[eval('1')]['a']": ["1 uses eval"],
    "__name__ = '__main__'\nif __name__ == '__main__':\n    import torch": ["3 imports torch"],
    "for __name__ in ['__main__']:\n    if __name__ == '__main__':\n        import torch": ["3 imports torch"],
    "globals()['__name__'] = '__main__'\nif __name__ == '__main__':\n    import torch": ["3 imports torch"],
    "from helper import main as __name__\nif __name__ == '__main__':\n    import torch": ["3 imports torch"],
    "if TYPE_CHECKING:\n    import torch": ["2 imports torch"],
    "TYPE_CHECKING = True\nif TYPE_CHECKING:\n    import torch": ["3 imports torch"],
    "import typing\ntyping.TYPE_CHECKING = True\nif typing.TYPE_CHECKING:\n    import torch": ["4 imports torch"],
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import torch": ["5 imports torch"],
    "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    import torch": ["3 imports torch"],
}
NOT_FOUND = [
    "x = 'import torch'  # import scipy, eval(x)",
    '"""import torch"""',
    "import torchlike, numpy",
    "from . import scipy",
    "from .torch import nn",
    "def eval(x): return x\neval(1)",
    "eval = model.evaluate\neval(1)",
    "from mine import compile\ncompile()",
    "def f(compile): return compile(1)",
    "[eval for eval in xs]",
    "for exec in xs: exec()",
    "try:\n    pass\nexcept E as exec:\n    exec()",
    "match x:\n    case [compile, *exec]:\n        compile(exec)",
    "model.eval()",
    "self.net.eval(x)",
    "f().eval()",
    "class A:\n    def eval(self): return self.eval()",
    "import re\nre.compile('a')",
    "import os\nos.path.join('a', 'b')",
    "import numpy as np\nnp.padding, np.linalgo",
    "def f(np):\n    return np.pad(1)",
    "import mine as np\nnp.pad(1)",
    "pad(x)",
    "importlib.import_module(name)",
    "open('torch')",
    "if __name__ == '__main__':\n    import torch",
    "import torch\ndef broken(:",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
    "import typing as t\nif t.TYPE_CHECKING:\n    from torch import Tensor",
    "def f(g): g.__name__ = 'f'\nif __name__ == '__main__':\n    import torch",
    "import numpy as np\ndef f(n=np): pass\nn.pad",
    "import numpy as np\nn, m = np, mine\nm.pad",
    "import numpy as np\nn = np.array(x)\nn.pad",
    "a, b = b, a\na.pad(b)",
    "a = a.b\na.pad",
    "params['eval'], self.x['exec'], vars(self)['eval']",
    "compile = mine = model.compile\ncompile(), mine()",
]


def told(source):
    """Return line, what and name of each place."""
    return [f"{place.line} {place.does} {place.name}" for place in banned.look({"a.py": source}, IMPORTS, CALLS).get("a.py", [])]


@pytest.mark.parametrize("source", FOUND)
def test_what_is_banned_is_found_by_whatever_name_it_goes(source):
    assert told(source) == FOUND[source]


@pytest.mark.parametrize("source", NOT_FOUND)
def test_what_only_looks_like_it_is_not_told(source):
    assert told(source) == []


def test_nothing_banned_is_nothing_found():
    assert banned.look({"a.py": "import torch\neval('1')"}, [], []) == {}


def test_a_deep_tree_is_walked_to_its_end():
    assert told(f"x = {'+'.join(['a'] * 400)}\n" + "".join(f"{' ' * i}if x:\n" for i in range(90)) + " " * 90 + "eval(x)") == [
        "92 uses eval"
    ]


def test_names_that_stand_for_each_other_without_end_are_followed_for_a_while():
    circles = "".join(f"a{i} = a{j}\n" for i in range(40) for j in range(40)) + "b = b.b.b\n"

    assert told(f"import numpy as np\n{circles}a0.pad, b.pad\nn = np\nn.pad") == ["1605 uses numpy.pad"]


def test_a_long_name_is_cut():
    (place,) = banned.look({"a.py": f"import torch.{'n' * 500}"}, IMPORTS, CALLS)["a.py"]

    assert place.name == ("torch." + "n" * 500)[: banned.LONGEST]


def of_task(files):
    """Return the places that are told of one task."""
    return [list(place) for place in survey(files, {"task": ("relu", ["cs231n"])}, **RULES)["tasks"]["task"]["banned"]]


def test_a_task_is_told_of_its_files_and_of_what_they_import():
    files = {
        "hw/layers.py": f"from common.util import im2col\n{RELU}",
        "hw/common/__init__.py": "",
        "hw/common/util.py": "import numpy as np\nfrom . import deep\n",
        "hw/common/deep.py": "import scipy\n",
        "hw/compare.py": "import torch\n",
        "hw/__init__.py": "eval('1')\n",
    }

    assert of_task(files) == [["hw/__init__.py", 1, "uses", "eval"], ["hw/common/deep.py", 1, "imports", "scipy"]]


@pytest.mark.parametrize("imported", ["import helper", "from helper import *", "import importlib\nimportlib.import_module('helper')"])
def test_every_way_of_importing_a_file_reaches_it(imported):
    assert of_task({"layers.py": f"{imported}\n{RELU}", "helper.py": "import torch\nimport layers\n"}) == [
        ["helper.py", 1, "imports", "torch"]
    ]


def test_a_file_that_is_called_like_a_banned_module_is_told_when_it_is_imported():
    assert of_task({"layers.py": f"import scipy\n{RELU}", "scipy.py": "convolve = None\n"}) == [["layers.py", 1, "imports", "scipy"]]
    assert of_task({"layers.py": RELU, "scipy.py": "convolve = None\n"}) == []


def test_the_other_part_of_a_task_may_be_in_another_file():
    files = {"a.py": "def relu_forward(x): pass\n", "b.py": "import torch\ndef relu_backward(dout, cache): pass\n"}

    assert of_task(files) == [["b.py", 1, "imports", "torch"]]


def test_what_is_told_of_two_hundred_files_is_bounded():
    names = [f"f{i:03}" for i in range(200)]
    files = {f"{name}.py": "import torch, scipy, subprocess\neval(exec(compile))\n" for name in names}
    files["layers.py"] = "".join(f"import {name}\n" for name in names) + RELU

    answer = survey(files, {f"task{i}": ("relu", ["cs231n"]) for i in range(13)}, **RULES)

    assert [len(task["banned"]) for task in answer["tasks"].values()] == [banned.MOST] * 13
    assert len(json.dumps([task["banned"] for task in answer["tasks"].values()])) < 4000


def test_a_file_that_does_not_parse_hides_no_other():
    assert of_task(
        {
            "layers.py": f"import broken, helper\n{RELU}",
            "broken.py": "import torch\ndef f(:\n#" + "x" * 100_000,
            "helper.py": "import scipy\n",
        }
    ) == [["helper.py", 1, "imports", "scipy"]]


def test_a_task_without_functions_is_told_nothing():
    assert "banned" not in survey({"a.py": "import torch\n"}, {"task": ("relu", ["cs231n"])}, **RULES)["tasks"]["task"]
