"""Code for another Python or NumPy than this one: Python 2 is put into Python 3, and names that NumPy dropped are given back.

Lines stay where they are, so that a traceback names the student's own.
"""

import ast
import contextlib
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from grader.worker.standins import PYTHON_2

# As a statement, `print` stands alone or before what begins a value; `print(x)` and `print = x` are left as they are.
PRINT = re.compile(
    r"""^([ \t]*(?:(?:if|else|elif|for|while|try|except)\b[^#\n]*:[ \t]*)?)print\b
        (?=[ \t]*(?:['"#;]|>>|$) | [ \t]+(?:[\w\[{~+-]))[ \t]*(>>[^,\n]+,?)?(.*)$""",
    re.VERBOSE,
)
# All of a line up to a comment, another statement, or a string that does not end in it.
SAID = re.compile(r"""(?:'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+"|[^;#'"])*+""")
EXCEPT = re.compile(r"^([ \t]*except[ \t]+(?:\([^)\n]*\)|[\w.]+))[ \t]*,[ \t]*(\w+)[ \t]*:", re.MULTILINE)
RAISE = re.compile(r"^((?:[^\n#;]*:)?[ \t]*raise[ \t]+[\w.]+)[ \t]*,[ \t]*(.*)$")
LISTS = {"range", "map", "filter", "zip"}  # what these make, in Python 2
NUMPY_NAME = re.compile(r"\b(?:np|numpy)\.(\w+)")
# What NumPy called so before 1.24 or 2.0.
DROPPED = {
    "float": float,
    "int": int,
    "bool": bool,
    "object": object,
    "str": str,
    "complex": complex,
    "long": int,
    "unicode": str,
    "float_": np.float64,
    "complex_": np.complex128,
    "int0": np.intp,
    "Inf": np.inf,
    "Infinity": np.inf,
    "infty": np.inf,
    "NaN": np.nan,
    "NAN": np.nan,
    "product": np.prod,
    "cumproduct": np.cumprod,
    "alltrue": np.all,
    "sometrue": np.any,
    "row_stack": np.vstack,
    "round_": np.round,
    "asscalar": lambda a: a.item(),
}
# What a dictionary of Python 2 has besides, and what it is today.
METHODS = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys", "has_key": "__contains__"}
METHOD = re.compile(r"\.(?:iteritems\(\)|itervalues\(\)|iterkeys\(\)|has_key\()")
ABOVE = re.compile(r"^[ \t]*from[ \t]+\.\.", re.MULTILINE)  # a relative import that may lead out of the submission
ITERTOOLS = {"izip": zip, "imap": map, "ifilter": filter, "izip_longest": itertools.zip_longest}
# Where numbers of size 1 may be about: looked for first, since most files need no second look. Arrays of that size come of biases with
# the axes of an image, and the functions of deeplearning.ai have those.
SCALARS = re.compile(r"\b(?:float|int)[ \t]*\([ \t]*\w*[a-zA-Z_]|\b(?:hparameters|A_prev|\w+_single_step)\b")

# A name by which a file may be known for Python 2, and by what it is known for both.
LEFT = re.compile(rf"\b(?:{'|'.join(PYTHON_2)}|has_key)\b")
BOTH = re.compile(r"\b(?:version_info|PY[23]|NameError)\b|import[ \t]+(?:division\b|\*)")


def translated(source: str) -> str:
    """Return Python 2 as Python 3, line by line; what is neither is left as it is."""
    text = "\n".join(_called(iter(source.replace("\r\n", "\n").expandtabs(8).split("\n"))))
    text = EXCEPT.sub(r"\1 as \2:", text)
    return text.replace("<>", "!=").replace("sys.maxint", "sys.maxsize")


def readable(source: str) -> str:
    """Return the source itself where it parses, or where nothing helps; else as translated, where that parses."""
    if _parses(source):
        return source
    text = translated(source)
    return text if _parses(text) else source


@lru_cache(maxsize=256)
def parsed(text: str) -> ast.Module:
    """Parse a text, once for all who look at it; nobody may change the tree.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: It cannot be run, be it only for a `return` outside of a function.
    """
    tree = ast.parse(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(tree, "<text>", "exec", dont_inherit=True)
    return tree


def _parses(text: str) -> bool:
    try:
        parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _called(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if found := PRINT.match(line):
            whole = [f"{found[1]}print({found[3]}"]
        elif found := RAISE.match(line):
            whole = [f"{found[1]}({found[2]}"]
        else:
            yield line
            continue
        while whole[-1].endswith("\\") or sum(map(_depth, whole)) > 1:
            following = next(lines, None)
            if following is None:
                break
            whole.append(following)
        whole[-1] = _closed(whole[-1])
        yield from whole


def _depth(line: str) -> int:
    bare = re.sub(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"|#.*", "", line)
    return sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")


def _closed(line: str) -> str:
    found = SAID.match(line)
    end = found.end() if found and line[found.end() :][:1] in ("", ";", "#") else len(line)
    then = "".join(_called(iter([line[end + 1 :].strip()]))) if line[end:].startswith(";") else ""
    return f"{line[:end].rstrip().removesuffix(',')}){then and f'; {then}'}"


def compiled(source: str, path: str) -> CodeType:
    """Compile a file.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: It is no Python at all.
    """
    if not _looked_at(source):
        with contextlib.suppress(SyntaxError):
            return compile(source, path, "exec", dont_inherit=True)
    return compile(adapted(source, path), path, "exec", dont_inherit=True)


def given(source: str) -> dict[str, Any]:
    """Return the names that a file must find: those of Python 2 that it has, and what `adapted` writes into it."""
    old = {name: value for name, value in PYTHON_2.items() if name in source}
    return {**old, "_number_": number, "_fitted_": fitted, "_divided_": divided}


def adapted(source: str, path: str) -> ast.Module:
    """Parse a file for this Python and NumPy; in one of Python 2, / is what it is there."""
    text = readable(source)
    tree = ast.parse(text, path)
    try:
        for node in ast.walk(tree) if text is not source or _looked_at(text) else ():
            _older(node)
            if isinstance(node, ast.ImportFrom):  # above a submission there is nothing but itself
                node.level = min(node.level, path.count("/") + 1)
        if "import division" in text or not (text is not source or python_2(text)):
            return tree
        _Divisions(literals=text is not source).visit(tree)  # in place
        return ast.fix_missing_locations(tree)
    except RecursionError:  # deeper than anybody writes by hand
        return ast.parse(text, path)


def _looked_at(text: str) -> bool:
    return any(form.search(text) for form in (SCALARS, METHOD, ABOVE, LEFT))


def python_2(text: str) -> int:
    """Return the first line of what parses as Python 3 where a name shows that it is Python 2; 0 where none does.

    Such a name is bound nowhere, nor may it come from `import *`, and the file neither asks which Python it is nor has what only Python 3 can
    read.
    """
    if not LEFT.search(text) or BOTH.search(text):
        return 0
    nodes = list(ast.walk(parsed(text)))
    if any(map(_only_python_3, nodes)):
        return 0
    names = [n.lineno for n in python_2_names(nodes)]
    methods = [n.lineno for n in nodes if isinstance(n, ast.Attribute) and n.attr == "has_key"]
    return min([*names, *methods], default=0)


def python_2_names(nodes: Sequence[ast.AST]) -> list[ast.Name]:
    """Return where names of Python 2 are used that the code does not bind itself."""
    bound = bound_names(nodes)
    return [n for n in nodes if isinstance(n, ast.Name) and n.id in PYTHON_2 and n.id not in bound]


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that any of these nodes binds."""
    bound: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                bound.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound.update(alias.asname or alias.name for alias in names)
    return bound


def _only_python_3(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(op=ast.MatMult()) | ast.JoinedStr() | ast.AnnAssign() | ast.Nonlocal() | ast.NamedExpr() | ast.AsyncFunctionDef():
            return True
        case ast.arg(annotation=ast.expr()) | ast.FunctionDef(returns=ast.expr()) | ast.Raise(cause=ast.expr()):
            return True
        case ast.arguments(kwonlyargs=[_, *_]) | ast.Starred(ctx=ast.Store()) | ast.Call(func=ast.Name(id="super"), args=[]):
            return True
    return False


def prepare(source: str) -> None:
    """Give NumPy and itertools the names back that a file uses and they have dropped."""
    for name, value in ITERTOOLS.items() if "itertools" in source else ():
        if name in source:
            setattr(itertools, name, value)
    for name in set(NUMPY_NAME.findall(source)) & DROPPED.keys():
        if name not in vars(np):
            setattr(np, name, DROPPED[name])
    if "lib.pad" in source:
        np.lib.pad = np.pad  # type: ignore[attr-defined]
    if "dims" in source and "unravel_index" in source and np.unravel_index.__module__ == "numpy":
        np.unravel_index = _unravel_index


_numpy_unravel_index = np.unravel_index


def _unravel_index(indices: Any, shape: Any = None, order: Any = "C", *, dims: Any = None) -> Any:
    return _numpy_unravel_index(indices, dims if shape is None else shape, order)


def _older(node: ast.AST) -> None:
    """Write float(x) and a[i] = x as calls of the functions below, and d.iteritems() as d.items(), in place."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) as method, args=args, keywords=[]) if name in METHODS and len(args) == (
            name == "has_key"
        ):
            method.attr = METHODS[name]
        case ast.Call(
            func=ast.Name(id="float" | "int") as kind, args=[ast.Name() | ast.Subscript() | ast.Call() | ast.BinOp()], keywords=[]
        ):
            node.args.insert(0, kind)
            node.func = ast.copy_location(ast.Name(id="_number_", ctx=ast.Load()), kind)
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name() as array, slice=index)], value=ast.Name() | ast.Call() | ast.BinOp() as value
        ):
            indices = index.elts if isinstance(index, ast.Tuple) else [index]
            if all(isinstance(i, ast.Name) for i in indices):  # an element, by what can be looked at twice
                given = ast.Tuple(elts=[*indices], ctx=ast.Load())
                call = ast.Call(func=ast.Name(id="_fitted_", ctx=ast.Load()), args=[value, array, given], keywords=[])
                node.value = ast.fix_missing_locations(ast.copy_location(call, value))


class _Divisions(ast.NodeTransformer):
    """Writes a / b as a call, and makes lists of what is one in Python 2."""

    def __init__(self, *, literals: bool) -> None:
        """Say whether 1 / n is that of Python 2, too: nobody means its 0, so where only a name tells, it was run with Python 3."""
        self.literals = literals

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id in LISTS):
            return node
        return ast.copy_location(ast.Call(func=ast.Name(id="list", ctx=ast.Load()), args=[node], keywords=[]), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or (isinstance(node.left, ast.Constant) and not self.literals):
            return node
        call = ast.Call(func=ast.Name(id="_divided_", ctx=ast.Load()), args=[node.left, node.right], keywords=[])
        return ast.copy_location(call, node)


def _single(value: Any) -> bool:
    return type(value) is np.ndarray and value.ndim > 0 and value.size == 1


SINGLE = "an array of size 1 was taken for a number, which NumPy 2.4 no longer does; accepted"


def number(kind: Any, value: Any) -> Any:
    """Return float(value) or int(value), as NumPy did it before 2.4."""
    if _single(value) and kind in (float, int):
        warnings.warn(SINGLE, stacklevel=2)
        return kind(value.item())
    return kind(value)


def fitted(value: Any, array: Any, index: tuple[Any, ...]) -> Any:
    """Return a value as array[index] can take it, as NumPy did it before 2.4."""
    if _single(value) and type(array) is np.ndarray and np.ndim(array[index]) == 0:
        warnings.warn(SINGLE, stacklevel=2)
        return value.item()
    return value


def divided(left: Any, right: Any) -> Any:
    """Return left / right, as Python 2 did it."""
    return left // right if isinstance(left, int | np.integer) and isinstance(right, int | np.integer) else left / right
