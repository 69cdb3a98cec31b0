"""Python 2 and older NumPy are run as they were meant; lines keep their numbers."""

import ast

import numpy as np
import pytest

from grader.worker.dialect import divided, fitted, number, readable, translated
from grader.worker.loading import install
from grader.worker.recovery import dropped
from grader.worker.unfinished import unfinished

pytestmark = pytest.mark.usefixtures("forgotten")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print x", "print(x)"),
        ("print", "print()"),
        ("print 'a %d' % 3,", "print('a %d' % 3)"),
        ("print >>sys.stderr, 'x'", "print( 'x')"),
        ("if a: print x  # why", "if a: print(x)"),
        ("print 'a', \\\n    b", "print('a', \\\n    b)"),
        ("print 'a' % (1,\n  2)", "print('a' % (1,\n  2))"),
        ("print('kept')", "print('kept')"),
        ("print  (x)", "print  (x)"),
        ("print x.shape", "print(x.shape)"),
        ("print len(x), x[0]", "print(len(x), x[0])"),
        ("print x == y", "print(x == y)"),
        ("print [x][0]", "print([x][0])"),
        ("print 'a;b', x; y = 1", "print('a;b', x); y = 1"),
        ("if a: print x; print y  # why", "if a: print(x); print(y)"),
        ("print 'done';", "print('done')"),
        ("print[0]", "print[0]"),
        ("print = 3", "print = 3"),
        ("try: pass\nexcept (A, B), e: pass", "try: pass\nexcept (A, B) as e: pass"),
        ("raise ValueError, 'no'", "raise ValueError('no')"),
        ("if c: raise ValueError, 'no'", "if c: raise ValueError('no')"),
        ("if m == 'x': raise E, 'a %s' % (\n  m)  # why", "if m == 'x': raise E('a %s' % (\n  m))"),
        ("raise E, 'a'; y = 2", "raise E('a'); y = 2"),
        ("a <> b", "a != b"),
    ],
)
def test_python_2_is_translated_line_by_line(old, new):
    assert translated(old) == new


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("for i in xrange(3): pass", True),
        ("{}.has_key(1)", True),
        ("for i in range(3): pass", False),
        ("from past.builtins import xrange\nfor i in xrange(3): pass", False),
        ("from numpy import *\nfor i in xrange(3): pass", False),
        ("from __future__ import division\nfor i in xrange(3): pass", False),
        ("import sys\nif sys.version_info[0] > 2: xrange = range", False),
        ("for i in xrange(3): pass\ny = f'{i}'", False),
        ("for i in xrange(3): pass\ndef g(x: int): return x @ x", False),
    ],
)
def test_a_name_that_only_python_2_has_shows_that_a_file_divides_as_python_2_does(line, whole):
    module = install({"a.py": f"{line}\ndef f(a, b): return a / b\ndef one(n): return 1 / n\n"}).load("a.py")

    assert (module.f(7, 2), module.one(2)) == (3 if whole else 3.5, 0.5)


def test_python_3_is_left_alone_and_so_is_what_is_neither():
    assert [readable(text) for text in ("x = 1\n", "x = = 1\n")] == ["x = 1\n", "x = = 1\n"]


def test_a_file_in_python_2_divides_as_python_2_does():
    module = install({"a.py": "print 'hello'\ndef f(a, b): return a / b\n"}).load("a.py")

    assert (module.f(7, 2), module.f(7.0, 2), divided(np.int64(7), 2)) == (3, 3.5, 3)


def test_what_made_a_list_in_python_2_makes_one():
    source = "print 'hello'\ndef f(n): return range(n) + map(abs, [-7]) + zip('a', 'b') + filter(None, (0, 8))\nimport sys\nleast = -sys.maxint\n"
    module = install({"a.py": source}).load("a.py")

    assert module.f(2) == [0, 1, 7, ("a", "b"), 8]
    assert module.least < -(2**40)


def test_numbers_of_size_one_and_dropped_names_are_what_they_were():
    source = (
        "import numpy as np\nkinds = np.float, np.int\nplace = np.unravel_index(5, dims=(2, 3))\n"
        "class A:\n    def f(self, a):\n        out = np.zeros((2, 2))\n        for i in range(2):\n            out[i, i] = a + 1\n"
        "        return float(a) + int(a) + out[1, 1]\n"
    )
    module = install({"a.py": source}).load("a.py")

    assert (module.kinds, module.place) == ((float, int), (1, 2))
    with pytest.warns(UserWarning, match="an array of size 1 was taken for a number"):
        assert module.A().f(np.array([[2.0]])) == 7


def test_whatever_else_is_wrong_with_a_number_is_wrong_still():
    with pytest.raises(TypeError):
        number(float, np.ones(2))
    assert fitted(np.ones(2), np.zeros(3), (0,)).shape == (2,)


@pytest.mark.parametrize(
    ("body", "idle"),
    [
        ("pass", True),
        ("'''Say.'''\n    raise NotImplementedError('later')", True),
        ("return", True),
        ("out = None\n    cache = (x, 1)\n    return out, cache", True),
        ("dx, dw = None, None\n    a, b = x\n    return dx, dw", True),
        ("loss = 0.0\n    dW = np.zeros(x.shape)\n    return loss, dW", True),
        ("if x:\n        return None\n    return np.zeros_like(x)", True),
        ("out = None\n    if x.mode:\n        pass\n    else:\n        out = x\n    return out, x", True),
        ("out = None\n    if x.mode:\n        pass\n    out = out.astype(x.dtype, copy=False)\n    return out", True),
        ("out = None\n    if x.mode:\n        pass\n    else:\n        out = 2 * x\n    return out", False),
        ("out = None\n    if x.mode:\n        out = x\n    return out", False),
        ("return Z, x", True),
        ("with open(x) as Z: pass\n    return Z", False),
        ("return x", False),
        ("out = x\n    return out", False),
        ("out = np.zeros(3)\n    out[0] = 1\n    return out", False),
        ("out = np.zeros(3)\n    for i in x: out += i\n    return out", False),
        ("out = np.empty(3)\n    np.maximum(x, 0, out=out)\n    return out", False),
        ("out = 0\n    out += x\n    return out", False),
        ("raise ValueError", False),
        ("a, b = x\n    c = a * b\n    raise NotImplementedError", True),
        ("if x > 1: raise NotImplementedError\n    print(x)", False),
        ("if x > 1: return x\n    raise NotImplementedError", False),
        ("grads = {}\n    more = dict()\n    return more, grads", True),
        ("return dict(W1=x @ x)", False),
        ("out = np.zeros(3)\n    for i in range(3):\n        pass\n    return out", True),
        ("y = np.zeros(3)\n    for i in range(3):\n        near = []\n        pass\n    return y", True),
        ("(m, n) = None\n    Z = None\n    for i in range(None): Z[i] = None\n    return Z + m", True),
        ("A = np.zeros(x.shape)\n    for i in range(None):\n        A[i] = None\n    return A, x", True),
        (
            "A = np.zeros(3)\n    if x:\n        for i in range(3): A[i] = x[i]\n    else:\n        for i in range(None): A[i] = None\n    return A",
            False,
        ),
        ("out = np.zeros(3)\n    for i in x: pass\n    for out in x: pass\n    return out", False),
        ("out = np.zeros((3, 3))\n    for i in range(3):\n        row = out[i]\n        row += x[i]\n    return out", False),
        ("out = np.zeros(3)\n    flat = out.ravel()\n    flat[:] = x\n    return out", False),
        ("a = out = np.zeros(3)\n    a += x\n    return out", False),
        ("out = np.zeros(3)\n    def add(i): out[i] = x[i]\n    [add(i) for i in range(3)]\n    return out", False),
        ("return list(x)", False),
    ],
)
def test_a_function_is_unfinished_where_it_returns_what_it_began_with(body, idle):
    assert unfinished(ast.parse(f"def f(x):\n    {body}\n").body[0]) == idle


def test_of_several_mistakes_each_block_is_dropped():
    source = "def a(): return 1\ndef b(x):\n    y = (1\n    return y\nclass K:\n    def f(self):\n        return 2 +\n    def g(self): return 3\n"

    assert dropped(source) == {2: 4, 6: 7}


def test_the_members_of_a_class_without_a_header_do_not_pass_to_the_class_above():
    source = "class A:\n    def f(self): return 1\nclass B\n    def f(self): return 2\n\n    def g(self): return 3\nx = 1\n"

    assert dropped(source) == {3: 6}


def test_a_return_outside_of_a_function_takes_no_other_line_with_it():
    assert dropped("def f(x):\n    y = x\nreturn y\ndef g(x):\n    return x\n") == {3: 3}


def test_what_dictionaries_itertools_and_numpy_had_is_given_back():
    source = "from itertools import izip\ndef f(d): return [(k, v) for (k, v), _ in izip(d.iteritems(), [1])]\npad = np.lib.pad\n"
    source += "there = {1: 2}.has_key(1), {1: 2}.has_key(2)\n"
    module = install({"a.py": "import numpy as np\n" + source}).load("a.py")

    assert module.f({"a": 1}) == [("a", 1)]
    assert (module.pad, module.there) == (np.pad, (True, False))
