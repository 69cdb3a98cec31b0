"""What one file defines at its top level, read off its syntax tree; nothing of it is run."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from grader.worker.conventions.adapter import Wanted
from grader.worker.conventions.tensors import FUNCTION, MODULE
from grader.worker.dialect import parsed
from grader.worker.scopes import chain
from grader.worker.unfinished import is_stub, unfinished

DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+([^\W\d]\w*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Definition:
    """One function or class, by the name under which its file has it."""

    path: str
    line: int
    name: str
    least: int = 0  # positional arguments that must be given
    most: int = 99  # positional arguments that can be given
    parameters: frozenset[str] = frozenset()  # of a function, or of a class's constructor
    methods: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()  # by their last name; those of torch in full
    last: int = 0  # the last line of a class
    error: str = ""  # the file does not parse
    unfinished: frozenset[str] = frozenset()  # which of it computes nothing: its own name, or its methods
    unread: frozenset[str] = frozenset()  # and which of that since it holds a mistake

    def answers(self, wanted: Wanted) -> bool:
        """Whether this could be what a convention asks for."""
        if self.error:
            return True
        # A Function of torch's is nothing but that: other conventions cannot call it.
        if wanted.bases.isdisjoint(self.bases) and (wanted.bases or not FUNCTION.isdisjoint(self.bases)):
            return False
        # Of a Module without a backward, autograd derives the gradients, which other conventions want to be written.
        if not wanted.bases and MODULE.intersection(self.bases) and "backward" not in self.methods:
            return False
        fits = wanted.arity is None or self.least <= wanted.arity <= self.most
        if (wanted.parameters and not wanted.parameters & self.parameters) or wanted.not_parameters & self.parameters:
            return False
        called = all(self.methods.intersection(names) for names in wanted.calls.values())
        return fits and called and wanted.methods <= self.methods and not wanted.without & self.methods

    def idle(self, part: str, wanted: Wanted) -> bool:
        """Whether nobody has filled in yet what this part calls: the function itself, or the method of a class."""
        if wanted.versions:
            there = self.methods.intersection(wanted.versions + wanted.besides)
            return bool(there) and there <= self.unfinished
        return bool(self._called(part, wanted) & self.unfinished)

    def passed_over(self, wanted: Wanted) -> frozenset[str]:
        """Return the versions that nobody has filled in, beside one that somebody has."""
        there = self.methods.intersection(wanted.versions)
        return frozenset() if there <= self.unfinished else there & self.unfinished

    def illegible(self, part: str, wanted: Wanted) -> bool:
        """Whether what this part calls was left out, since it does not parse."""
        return bool(self._called(part, wanted) & self.unread)

    def _called(self, part: str, wanted: Wanted) -> frozenset[str]:
        if part in wanted.calls:
            return frozenset([name for name in wanted.calls[part] if name in self.methods][:1])
        own = wanted.methods & ({"backward", "gradient"} if part == "backward" else {"forward", "loss"})
        return own or wanted.methods or self.unfinished


def definitions(path: str, source: str) -> list[Definition]:
    """Return what a file defines, the last one of a name; where it does not parse, the names that its lines begin to define.

    The syntax error itself is a definition without a name.
    """
    try:
        reader = _Reader(path)
        reader.read(parsed(source).body)
        return list(reader.defined.values())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, text = described(error)
        names = dict.fromkeys(match.group(1) for match in DEFINITION.finditer(source))
        return [Definition(path, line, name, error=text) for name in ("", *names)]


def described(error: Exception) -> tuple[int, str]:
    """Return where a text does not parse, and why."""
    return getattr(error, "lineno", None) or 1, f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"


class _Reader:
    """Walks the statements of a module in order, as running it would."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.star = False  # a name that stands nowhere may come from `import *`
        self.makers: set[str] = set()  # functions that make functions
        self.defined: dict[str, Definition] = {}
        self.imported: dict[str, str] = {}  # what a name was called where it comes from
        self.torch: dict[str, str] = {}  # and in full, of what comes from torch

    def read(self, body: Iterable[ast.AST]) -> None:
        for node in body:
            match node:
                case ast.FunctionDef() | ast.Expr() if self._adds(node):
                    pass
                case ast.FunctionDef() | ast.ClassDef():
                    if isinstance(node, ast.FunctionDef) and _makes_functions(node):
                        self.makers.add(node.name)
                    self._keep(node.name, _function(self.path, node) if isinstance(node, ast.FunctionDef) else self._class(node))
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assign(target, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign(target, value)
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    self._import(node, names)
                case ast.If(test=test, orelse=orelse) if as_script(test):
                    self.read(orelse)
                case ast.If() | ast.For() | ast.While() | ast.Try() | ast.With() | ast.ExceptHandler():
                    for block in ("body", "handlers", "orelse", "finalbody"):
                        self.read(getattr(node, block, []))

    def _keep(self, name: str, definition: Definition) -> None:
        # A name that is bound again moves to where it is bound last.
        self.defined.pop(name, None)
        self.defined[name] = definition

    def _import(self, node: ast.stmt, names: list[ast.alias]) -> None:
        for alias in names:
            name = alias.asname or alias.name.partition(".")[0]
            self.star |= name == "*"
            self.imported[name] = alias.name
            self._note_torch(node, alias)
            if isinstance(node, ast.ImportFrom) and name != alias.name:
                self._keep(name, Definition(self.path, node.lineno, name, bases=(self.torch.get(name, alias.name),)))

    def _note_torch(self, node: ast.stmt, alias: ast.alias) -> None:
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) and not node.level else ""
        whole = f"{module}{alias.name}"
        if whole.partition(".")[0] == "torch" and (module or not isinstance(node, ast.ImportFrom)):
            self.torch[alias.asname or (alias.name if module else "torch")] = whole if module or alias.asname else "torch"

    def _class(self, node: ast.ClassDef) -> Definition:
        own = [m for m in node.body if isinstance(m, ast.FunctionDef)]
        named = frozenset(a.arg for m in own if m.name == "__init__" for a in (*m.args.posonlyargs, *m.args.args[1:], *m.args.kwonlyargs))
        made = Definition(
            self.path,
            node.lineno,
            node.name,
            parameters=named,
            methods=frozenset(_members(node.body)),
            bases=tuple(filter(None, map(self._base, node.bases))),
            last=node.end_lineno or 0,
        )
        return _told_idle(made, own)

    def _base(self, base: ast.expr) -> str:
        reference = chain(base)
        if reference is None:
            return ""
        name, rest = reference
        if name in self.torch:
            return f"{self.torch[name]}.{rest}".rstrip(".")
        return rest.rpartition(".")[2] or name

    def _is_class(self, name: str) -> bool:
        return name in self.defined and self.defined[name].last > 0

    def _adds(self, node: ast.FunctionDef | ast.Expr) -> bool:
        """Whether a statement gives a class a method, which is then noted."""
        match node:
            case ast.FunctionDef(name=name, decorator_list=[ast.Call(args=[ast.Name(id=owner)])]) if self._is_class(owner):
                self._add(owner, name, node)  # @add_to_class(Net)
                return True
            case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), ast.Constant(value=str(name)), its])):
                self._add(owner, name, its)
                return True
        return False

    def _add(self, owner: str, name: str, value: ast.AST) -> None:
        """Give a class a method that is written below it."""
        if not self._is_class(owner):
            return
        made, blank = self.defined[owner], frozenset([name])
        known = self.defined.get(value.id) if isinstance(value, ast.Name) else None
        idle = unfinished(value) if isinstance(value, ast.FunctionDef) else known is not None and known.name in known.unfinished
        left = made.unfinished | blank if idle else made.unfinished - blank
        parameters = made.parameters
        if name == "__init__":
            function = _function(self.path, value) if isinstance(value, ast.FunctionDef) else known
            parameters = function.parameters if function else parameters
        self.defined[owner] = replace(made, methods=made.methods | blank, unfinished=left, parameters=parameters)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, its in zip(target.elts, value.elts, strict=True):
                self._assign(one, its)
        elif isinstance(target, ast.Tuple) and _called(value) in self.makers:
            for one in target.elts:
                self._assign(one, value)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            self._add(target.value.id, target.attr, value)
        elif isinstance(target, ast.Name):
            made = self._value(value)
            if made:
                self._keep(target.id, replace(made, name=target.id, line=target.lineno))
            else:
                self.defined.pop(target.id, None)

    def _value(self, value: ast.expr) -> Definition | None:
        """Return what a value can be called as; None for a number, a string or whatever else is no function."""
        unknown = Definition(self.path, value.lineno, "")
        match value:
            case ast.Lambda(args=args):
                return _arity(unknown, args)
            case ast.Name(id=name):
                if name in self.defined:
                    return self.defined[name]
                return replace(unknown, bases=(self.imported.get(name, name),)) if name in self.imported or self.star else None
            case ast.Call(func=ast.Name(id="type"), args=[_, bases, members]):
                return _built(unknown, bases, members)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in self.imported:
                return replace(unknown, bases=(attribute,))
            case ast.Call(args=args) if any(isinstance(a, ast.Lambda) or (isinstance(a, ast.Name) and a.id in self.defined) for a in args):
                return unknown  # functools.partial, a decorator called by hand
            case ast.Call() if _called(value) in self.makers:
                return unknown
        return None


def _built(unknown: Definition, bases: ast.expr, members: ast.expr) -> Definition:
    """Return a class made by `type(name, bases, members)`."""
    match members:
        case ast.Dict(keys=keys, values=values):
            named = {key.value: value for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant)}
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            named = {keyword.arg: keyword.value for keyword in keywords}
        case _:
            named = {}
    init = named.get("__init__")
    parameters = _arity(unknown, init.args).parameters if isinstance(init, ast.Lambda) else frozenset()
    above = tuple(b.id for b in getattr(bases, "elts", []) if isinstance(b, ast.Name))
    methods = frozenset(str(name) for name in named)
    return replace(unknown, methods=methods, parameters=parameters, bases=above, last=members.end_lineno or 0)


def _called(value: ast.expr) -> str:
    return value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""


def _makes_functions(node: ast.FunctionDef) -> bool:
    inside = list(ast.walk(node))
    inner = {i.name for i in inside if isinstance(i, ast.FunctionDef) and i is not node}
    named = [i for i in inside if isinstance(i, ast.Assign) and isinstance(i.value, ast.Lambda)]
    inner |= {target.id for i in named for target in i.targets if isinstance(target, ast.Name)}
    returned = [n for r in inside if isinstance(r, ast.Return) and r.value for n in getattr(r.value, "elts", [r.value])]
    return any(isinstance(n, ast.Lambda) or (isinstance(n, ast.Name) and n.id in inner) for n in returned)


def as_script(test: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`: what it guards never runs when it is graded."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            sides = {left.id if isinstance(left, ast.Name) else getattr(left, "value", None)}
            sides.add(right.id if isinstance(right, ast.Name) else getattr(right, "value", None))
            return sides == {"__name__", "__main__"}
    return False


def _function(path: str, node: ast.FunctionDef) -> Definition:
    return _arity(_told_idle(Definition(path, node.lineno, node.name), [node]), node.args)


def _arity(definition: Definition, args: ast.arguments) -> Definition:
    count = len(args.posonlyargs) + len(args.args)
    named = frozenset(a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs))
    return replace(definition, least=count - len(args.defaults), most=99 if args.vararg else count, parameters=named)


def _told_idle(definition: Definition, functions: list[ast.FunctionDef]) -> Definition:
    idle = [f for f in functions if unfinished(f)]
    return replace(definition, unfinished=frozenset(f.name for f in idle), unread=frozenset(f.name for f in idle if is_stub(f)))


def _members(body: list[ast.stmt]) -> Iterator[str]:
    for member in body:
        match member:
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (t.id for t in targets if isinstance(t, ast.Name))
