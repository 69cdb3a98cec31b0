"""Mutants: the reference with one piece of the code that a layer runs changed.

Each lives in a copy of the reference's modules, so that what is held against it stays right.
"""

import ast
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

import reference
from grader.audit.operators import changes, inside
from grader.audit.students import Audited, Kind, Student
from grader.model import Array, Case
from reference import LayerSpec, ShapeError

SHARED = ("reference.spec", "reference.errors", "reference.misconception")  # no layer's own, and slow to load
SHOWN = 60  # characters of a change


def mutants(spec: LayerSpec, reading: Mapping[str, Any], cases: Sequence[Case], *, backward: bool) -> Iterator[Audited]:
    """Yield every mutant of a layer, by one of its readings, in what its passes run on these cases."""
    home = home_of(spec)
    for name, lines in sorted(_reached(home, reading, cases, backward=backward).items()):
        file = Path(sys.modules[name].__file__ or "")
        tree = ast.parse(file.read_text(encoding="utf-8"))
        place = (Path("reference") / file.relative_to(Path(reference.__file__).parent)).as_posix()
        for function, line, change, code in _changed(tree, str(file), lines):
            student = _student(_copied(home, name, code), reading, backward=backward)
            yield Audited(name=change, kind=Kind.MUTANT, student=student, place=f"{place}:{line} {function}")


def home_of(spec: LayerSpec) -> str:
    """Return the name of the module that holds a layer."""
    return next(name for name, module in _modules().items() if getattr(vars(module).get("SPEC"), "name", None) == spec.name)


def _student(spec: LayerSpec, reading: Mapping[str, Any], *, backward: bool) -> Student:
    return Student(partial(spec.forward, **reading), spec.backward if backward else None)


def _reached(home: str, reading: Mapping[str, Any], cases: Sequence[Case], *, backward: bool) -> dict[str, set[int]]:
    """Return by module the lines of the reference that run where a case has an answer; the others only find words for a refusal."""
    spec = _copied(home)  # a copy remembers nothing of earlier calls, so that whatever can be run is run
    found: dict[str, set[int]] = {}

    def enter(frame: FrameType, _: str, __: Any) -> Callable[..., Any] | None:
        name = frame.f_globals.get("__name__", "")
        if not name.startswith("reference.") or name in SHARED:
            return None
        lines = found.setdefault(name, set())

        def note(inner: FrameType, event: str, _: Any) -> Callable[..., Any]:
            if event == "line":
                lines.add(inner.f_lineno)
            return note

        return note

    for case in cases:
        if not _refused(spec, reading, case):
            before = sys.gettrace()
            sys.settrace(enter)
            try:
                _run(spec, reading, case, backward=backward)
            finally:
                sys.settrace(before)
    return found


def _refused(spec: LayerSpec, reading: Mapping[str, Any], case: Case) -> bool:
    try:
        spec.forward(**case.arrays, **case.options, **reading)
    except ShapeError:
        return True
    return False


def _run(spec: LayerSpec, reading: Mapping[str, Any], case: Case, *, backward: bool) -> None:
    _, cache = spec.forward(**case.arrays, **case.options, **reading)
    if backward and spec.backward and case.dout is not None:
        spec.backward(case.dout, cache)


def _changed(tree: ast.Module, file: str, lines: set[int]) -> Iterator[tuple[str, int, str, CodeType]]:
    """Yield function, line, description and code of a module with one change in a function, at one of the lines."""
    for function in _functions(tree):
        for parent, field, place, node in list(inside(function)):
            if not isinstance(node, ast.stmt | ast.expr) or lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
                continue
            for other in changes(node):
                _put(parent, field, place, ast.fix_missing_locations(ast.copy_location(other, node)))
                code = compile(tree, file, "exec")
                _put(parent, field, place, node)
                yield function.name, node.lineno, _said(node, other), code


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield functions of a module and methods of its classes; what is nested in them belongs to them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (method for method in node.body if isinstance(method, ast.FunctionDef))


def _put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


def _said(node: ast.AST, other: ast.AST) -> str:
    before, after = (_short(ast.unparse(each)) for each in (node, other))
    return f"dropped: {before}" if isinstance(other, ast.Pass) else f"{before} → {after}"


def _short(code: str) -> str:
    line = code.partition("\n")[0]
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 3]}..."


class _Changed(MetaPathFinder, Loader):
    """Finds one module, whose code is another than in its file."""

    def __init__(self, name: str, code: CodeType) -> None:
        self._name, self._code = name, code

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, vars(module))  # noqa: S102 - the reference's own code


def _copied(home: str, name: str = "", code: CodeType | None = None) -> LayerSpec:
    """Return the SPEC of a new copy of a module and of all that it imports of the reference, one of them of other code."""
    with _aside():
        changed = [_Changed(name, code)] if code else []
        sys.meta_path[:0] = changed
        try:
            spec: LayerSpec = importlib.import_module(home).SPEC
        finally:
            del sys.meta_path[: len(changed)]
        for module in _modules().values():
            vars(module).update({alias: other for alias, other in IN_COPIES.items() if alias in vars(module)})
        return spec


def _modules() -> dict[str, ModuleType]:
    return {name: m for name, m in sys.modules.items() if name == "reference" or (name.startswith("reference.") and name not in SHARED)}


@contextmanager
def _aside() -> Iterator[None]:
    """Put the modules of the reference out of sight of imports, and back afterwards."""
    kept = _modules()
    for name in kept:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in _modules():
            del sys.modules[name]
        sys.modules.update(kept)


def strided(x: Array, shape: tuple[int, ...], strides: tuple[int, ...], *, writeable: bool) -> Array:
    """Stand for NumPy's `as_strided`, which a mutant could send anywhere in memory."""
    own, asked = (sum((n - 1) * step for n, step in zip(*each, strict=True)) for each in ((x.shape, x.strides), (shape, strides)))
    if min(shape) < 0 or min(strides, default=0) < 0 or asked > own:
        raise ValueError("the windows reach beyond the array")
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=writeable)


class _Filled:
    """Stands for NumPy, but nothing is empty: what a mutant leaves unwritten is 0 and not what the memory held before."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, {"empty": "zeros", "empty_like": "zeros_like"}.get(name, name))


IN_COPIES = {"as_strided": strided, "np": _Filled()}  # by the names that the reference imports
