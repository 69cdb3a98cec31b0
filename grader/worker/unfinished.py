"""Which functions nobody has filled in yet: `pass`, `return None`, NotImplementedError, or the zeros that the starter code returns."""

import ast
from collections.abc import Iterator

BLANK_CALLS = ("zeros", "zeros_like", "empty", "empty_like")


def unfinished(node: ast.FunctionDef) -> bool:
    """Whether a function computes nothing, and returns nothing but what it began with.

    A loop, or whatever else is done to the value that it returns, makes it an answer, if a wrong one.
    """
    statements = list(_own(node.body))
    if all(_idle(s) for s in statements) or _only_raises(node.body, statements):
        return True
    if any(isinstance(s, ast.For | ast.While | ast.Yield) for s in statements):
        return False
    returns = [s.value for s in statements if isinstance(s, ast.Return)]
    blank = _blank_names(statements)
    return bool(returns) and all(_blank(_first(value), blank) for value in returns)


def is_stub(node: ast.FunctionDef) -> bool:
    """Whether a function was put in the place of one that does not parse (see `holes`)."""
    rest, keywords = node.args.vararg, node.args.kwarg
    return bool(rest and keywords and (rest.arg, keywords.arg) == ("_", "__"))


def _only_raises(body: list[ast.stmt], statements: list[ast.stmt]) -> bool:
    """Whether there is no other way out than NotImplementedError, whatever is unpacked before it."""
    return any(map(_not_implemented, body)) and not any(isinstance(s, ast.Return) for s in statements)


def _own(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements at any depth, but not those of functions inside."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            for block in ("body", "orelse", "finalbody", "handlers"):
                yield from _own(getattr(statement, block, []))


def _idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=None | ast.Constant(value=None)):
            return True
    return _not_implemented(statement)


def _not_implemented(statement: ast.stmt) -> bool:
    match statement:
        case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def _first(value: ast.expr | None) -> ast.expr | None:
    return value.elts[0] if isinstance(value, ast.Tuple | ast.List) and value.elts else value


def _blank(value: ast.expr | None, names: set[str]) -> bool:
    match value:
        case None:
            return True
        case ast.Name(id=name):
            return name in names
    return _empty(value)


def _blank_names(statements: list[ast.stmt]) -> set[str]:
    """Return names that are never bound to anything but None, 0 or zeros, nor changed."""
    blank: set[str] = set()
    touched: set[str] = set()

    def bind(target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    bind(one, its)
            case ast.Name(id=name), _:
                (blank if _empty(value) else touched).add(name)
            case _:
                touched.update(n.id for n in ast.walk(target) if isinstance(n, ast.Name))

    for statement in statements:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    bind(target, value)
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
                touched.update(n.id for n in ast.walk(target) if isinstance(n, ast.Name))
            case ast.Expr(value=ast.Call() as call):  # out.fill(3), np.maximum(x, 0, out=out)
                touched.update(n.id for n in ast.walk(call) if isinstance(n, ast.Name))
            case ast.With():
                touched.update(n.id for item in statement.items for n in ast.walk(item) if isinstance(n, ast.Name))
    return blank - touched


def _empty(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=None | 0 | 0.0) | ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="dict" | "list"), args=[], keywords=[]):  # dict(W1=dW1) is an answer
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in BLANK_CALLS
    return False
