"""What a name stands for where it is written: followed through imports, assignments and scopes; nothing of it is run."""

import ast
from collections.abc import Iterator
from typing import Any

MOST = 20  # names that are followed from one: assignments may go on for ever, or in circles


class Scope:
    """What names stand for in one block: modules and what is in them, other names; nothing for what is the student's own."""

    def __init__(self, outer: "Scope | None" = None, *, of_class: bool = False, of_comprehension: bool = False) -> None:
        """Nothing is bound yet."""
        self.outer, self.of_class, self.of_comprehension = outer, of_class, of_comprehension
        self.bound: dict[str, set[str]] = {}
        self.others: dict[str, list[tuple[Scope, str, str]]] = {}  # where another name is looked up, the name, what follows its dot
        self.stars: set[str] = set()
        self.elsewhere: set[str] = set()

    def bind(self, name: str, *meaning: str) -> None:
        """Note what a name stands for, beside what it did before."""
        self._home(name).bound.setdefault(name, set()).update(meaning)

    def assign(self, target: ast.expr, value: ast.expr, there: "Scope") -> None:
        """Note that a target stands for the name or attribute that `value` is in the scope `there`; nothing where it is neither."""
        match target, value:
            case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), (ast.Tuple(elts=values) | ast.List(elts=values))):
                for one, its in zip(targets, values, strict=False):  # with a star in one the rest is a guess
                    self.assign(one, its, there)
            case ast.Name(id=name), _ if (reference := chain(value)) and (there, *reference) != (self, name, ""):
                self.bind(name)
                self._home(name).others.setdefault(name, []).append((there, *reference))

    def assign_outside(self, target: ast.Name, value: ast.expr) -> None:
        """Note what `(target := value)` does: a name bound in a comprehension is one of the block around it."""
        home = self
        while home.of_comprehension and home.outer:
            home.elsewhere.add(target.id)
            home = home.outer
        home.assign(target, value, self)

    def dotted(self, name: str, rest: str) -> Iterator[str]:
        """Yield every name that `name.rest` may stand for, in full: numpy.pad for np.pad."""
        found: dict[str, None] = {}
        todo: list[tuple[Scope, str, str]] = [(self, name, rest)]
        seen = set(todo)
        while todo:
            scope, other, after = todo.pop()
            meanings, others = scope._meanings(other)
            found.update((_joined(meaning, after), None) for meaning in meanings)
            for there, another, before in others:
                step = (there, another, _joined(before, after))
                if step not in seen and len(seen) < MOST:
                    seen.add(step)
                    todo.append(step)
        yield from (whole.removeprefix("__builtins__.").removeprefix("builtins.") for whole in found)

    def _home(self, name: str) -> "Scope":
        scope = self
        while name in scope.elsewhere and scope.outer:
            scope = scope.outer
        return scope

    def _meanings(self, name: str) -> tuple[set[str], list[tuple["Scope", str, str]]]:
        scope: Scope | None = self
        stars: set[str] = set()
        while scope:
            if name in scope.bound and (scope is self or not scope.of_class):
                return scope.bound[name], scope.others.get(name, [])
            stars, scope = scope.stars, scope.outer
        return {name, *(f"{star}.{name}" for star in stars)}, []


def _joined(*names: str) -> str:
    return ".".join(filter(None, names))


def chain(node: Any) -> tuple[str, str] | None:
    """Return a name and what follows its first dot; None for what begins with no name.

    `vars(np)["pad"]`, `np.__dict__["pad"]` and `(n := np).pad` are np.pad.
    """
    rest: list[str] = []
    inner: ast.expr | None
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=inner, attr=name):
                rest.append(name)
            case ast.Subscript(value=namespace, slice=ast.Constant(value=str(name))) if inner := _whose(namespace):
                rest.append(name)
            case ast.NamedExpr(value=inner):
                pass
            case _:
                return None
        node = inner
    return node.id, ".".join(reversed(rest))


def _whose(namespace: ast.expr) -> ast.expr | None:
    """Return the module whose dictionary this is, perhaps."""
    match namespace:
        case ast.Call(func=ast.Name(id="vars"), args=[module]) | ast.Attribute(value=module, attr="__dict__"):
            return module
        case ast.Name(id="__builtins__"):  # a module, or its dictionary, as Python likes
            return namespace
    return None
