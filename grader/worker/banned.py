"""What graded code should do without, found on its syntax trees; nothing of it is run.

Names are followed through a file's own imports and scopes: with `import numpy as np`, `np.pad` is numpy.pad, and a student's own
function `compile` is not Python's. A file of the submission that is called like a banned module is still told: it may be a copy of
it. Who wants to hide a name can, with `getattr(builtins, "ev" + "al")`: this is a look; the wall is the jail.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from grader.worker.definitions import as_script
from grader.worker.scopes import Scope, chain

MOST = 5  # places told of one task
LONGEST = 80  # characters of a name
IMPORTERS = ("importlib.import_module", "__import__")


class Place(NamedTuple):
    """Where something banned stands: `does` is "imports" or "uses"."""

    path: str
    line: int
    does: str
    name: str


def look(files: Mapping[str, str], imports: Iterable[str], calls: Iterable[str]) -> dict[str, list[Place]]:
    """Return what each file imports and uses of these; of several places with the same name the first."""
    modules, functions = tuple(imports), tuple(calls)
    lasts = {re.escape(rule.rpartition(".")[2]) for rule in (*modules, *functions)}
    if not lasts:
        return {}
    # Most files hold none of the words, and need no second parsing.
    words = re.compile(rf"\b(?:{'|'.join(sorted(lasts))})\b")
    found = {}
    for path in files:
        if words.search(files[path]) and (tree := _parsed(files[path])):
            told: dict[tuple[str, str], int] = {}
            for line, does, name in sorted(_Reader(tree).found(modules, functions)):
                told.setdefault((does, name[:LONGEST]), line)
            if told:
                found[path] = [Place(path, line, *what) for what, line in told.items()]
    return found


def within_reach(files: Mapping[str, str], starts: Iterable[str], found: Mapping[str, list[Place]]) -> list[Place]:
    """Return the first places in these files and in what they import from the submission, whether or not they would run it."""
    if not found:
        return []
    return [place for path in sorted(reached(files, starts) & found.keys()) for place in found[path]][:MOST]


def reached(files: Mapping[str, str], starts: Iterable[str]) -> set[str]:
    """Return these files and what they import from the submission, whether or not they would run it."""
    answering: dict[str, list[str]] = {}
    for path in files:
        *folders, stem = path.removesuffix(".py").split("/")
        answering.setdefault(folders[-1] if stem == "__init__" and folders else stem, []).append(path)
    found: set[str] = set()
    todo = list(starts)
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += [p for word in _imported(files[path]) for p in answering.get(word, [])]
            above = [path.rsplit("/", i)[0] for i in range(1, path.count("/") + 1)]
            todo += [init for folder in ("", *above) if (init := f"{folder}/__init__.py".lstrip("/")) in files]
    return found


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # told elsewhere, and it cannot run
        return None


@cache
def _imported(source: str) -> frozenset[str]:
    """Return every word of every import."""
    words: set[str] = set()
    tree = _parsed(source)
    for node in ast.walk(tree) if tree else ():
        match node:
            case ast.Import(names=names):
                words.update(word for alias in names for word in alias.name.split("."))
            case ast.ImportFrom(names=names, module=module):
                words.update((module or "").split("."), (alias.name for alias in names))
            case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                words.update(name.split("."))  # of import_module, perhaps; too many files do no harm
    return frozenset(words)


class _Reader:
    """Walks a tree, without recursion: a deep one is no reason to fail."""

    def __init__(self, tree: ast.Module) -> None:
        self.imports: list[tuple[int, str, str]] = []  # line, module, and what of it
        self.references: list[tuple[int, Scope, str, str]] = []  # line, scope, name, and what follows its dot
        self.importing: list[tuple[int, Scope, str, str, str]] = []  # a reference that is called, and with which string
        self.given = _given(tree)
        todo: list[tuple[ast.AST, Scope]] = [(tree, Scope())]
        while todo:
            node, scope = todo.pop()
            # The first statement ends on top: `global` stands before what it is about.
            todo += reversed(list(self._enter(node, scope)))

    def found(self, modules: tuple[str, ...], functions: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
        """Yield line, "imports" or "uses", and name."""
        imports = [
            *self.imports,
            *(
                (line, module, module)
                for line, scope, name, rest, module in self.importing
                if any(m in IMPORTERS for m in scope.dotted(name, rest))
            ),
        ]
        for line, module, whole in imports:
            if _among(whole, modules):
                yield line, "imports", module if _among(module, modules) else whole
            elif _among(whole, functions):
                yield line, "uses", whole
        for line, scope, name, rest in self.references:
            for whole in scope.dotted(name, rest):
                if _among(whole, functions):
                    yield line, "uses", whole

    def _enter(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        match node:
            case ast.Constant() | ast.expr_context() | ast.operator():  # first, since a table of numbers is nothing else
                return
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from self._function(node, scope)
                return
            case ast.ClassDef():
                scope.bind(node.name)
                yield from ((child, scope) for child in (*node.decorator_list, *node.bases, *node.keywords))
                inner = Scope(scope, of_class=True)
                yield from ((child, inner) for child in node.body)
                return
            case ast.If(test=test, orelse=orelse) if self._never_runs(test, scope):
                yield from ((child, scope) for child in orelse)
                return
            case ast.Attribute() | ast.Name():
                yield from self._refer(node, scope)
                return
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                scope = Scope(scope, of_comprehension=True)
            case _:
                self._note(node, scope)
        yield from ((child, scope) for child in ast.iter_child_nodes(node))

    def _note(self, node: ast.AST, scope: Scope) -> None:
        """Note what a node binds or calls, besides what is in it."""
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    scope.assign(target, value, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                scope.assign(target, value, scope)
            case ast.NamedExpr(target=target, value=value):
                scope.assign_outside(target, value)
            case ast.Subscript() if reference := chain(node):
                self.references.append((node.lineno, scope, *reference))
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                scope.elsewhere.update(names)
            case ast.Call(func=func, args=[ast.Constant(value=str(module)), *_]):
                if reference := chain(func):
                    self.importing.append((node.lineno, scope, *reference, module))
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                scope.bind(name)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        outside: list[ast.expr | None] = [*node.args.defaults, *node.args.kw_defaults]
        inner = Scope(scope)
        if isinstance(node, ast.Lambda):
            body: list[ast.AST] = [node.body]
        else:
            scope.bind(node.name)
            outside += node.decorator_list
            body = [*node.body]
        for one in ast.walk(node.args):
            if isinstance(one, ast.arg):
                inner.bind(one.arg)
        positional = [*node.args.posonlyargs, *node.args.args]
        pairs = [*zip(reversed(positional), reversed(node.args.defaults), strict=False)]
        for argument, default in (*pairs, *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)):
            if default:
                inner.assign(ast.Name(argument.arg), default, scope)
        yield from ((child, scope) for child in outside if child)
        yield from ((child, inner) for child in body)

    def _never_runs(self, test: ast.expr, scope: Scope) -> bool:
        """Whether what a condition guards never runs when it is graded: it is for a script, or for tools that look at types."""
        if as_script(test):
            return "__name__" not in self.given
        reference = chain(test)
        return "TYPE_CHECKING" not in self.given and bool(reference and "typing.TYPE_CHECKING" in scope.dotted(*reference))

    def _refer(self, node: ast.Attribute | ast.Name, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            scope.bind(node.id)
        elif reference := chain(node):
            self.references.append((node.lineno, scope, *reference))
        first: ast.expr = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if not isinstance(first, ast.Name):
            yield first, scope

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            if isinstance(node, ast.Import):
                self.imports.append((node.lineno, alias.name, alias.name))
                first = alias.name.partition(".")[0]
                scope.bind(alias.asname or first, alias.name if alias.asname else first)
            elif node.level or not node.module:
                scope.bind(name)  # a file of the submission
            elif alias.name == "*":
                self.imports.append((node.lineno, node.module, node.module))
                scope.stars.add(node.module)
            else:
                self.imports.append((node.lineno, node.module, f"{node.module}.{alias.name}"))
                scope.bind(name, f"{node.module}.{alias.name}")


def _given(tree: ast.Module) -> set[str]:
    """Return the names that a file may give itself, by an assignment or as a string: `__name__` decides what runs."""
    given: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.alias(asname=str(name)) | ast.Constant(value=str(name)):
                given.add(name)
            case ast.Attribute(attr="TYPE_CHECKING" as name, ctx=ast.Store()):  # of the module typing
                given.add(name)
    return given


def _among(name: str, rules: tuple[str, ...]) -> bool:
    return any(name == rule or name.startswith(f"{rule}.") for rule in rules)
