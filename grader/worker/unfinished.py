"""Which functions nobody has filled in yet: `pass`, `return None`, NotImplementedError, or the zeros that the starter code returns."""

import ast
from collections.abc import Iterator

BLANK_CALLS = ("zeros", "zeros_like", "empty", "empty_like")


def unfinished(node: ast.FunctionDef) -> bool:
    """Whether a function computes nothing, and returns nothing but what it began with.

    Whatever is done to the value that it returns, in a loop or otherwise, makes it an answer, if a wrong one.
    """
    statements = list(_own(node.body))
    if all(_idle(s) for s in statements) or _only_raises(node.body, statements):
        return True
    if any(map(_left_open, node.body)):
        return True
    returns = [s.value for s in statements if isinstance(s, ast.Return) and s.value]  # a bare one is a way out, not an answer
    handed_on = {a.arg for a in node.args.args} if any(_waits(s) for s in statements) else set()
    blank = _blank_names(statements, handed_on)
    blank |= {v.id for value in returns if isinstance(v := _first(value), ast.Name)} - _bound(node)
    return bool(returns) and all(_blank(_first(value), blank) for value in returns)


def _left_open(statement: ast.stmt) -> bool:
    """Whether a statement is a gap of starter code that no run gets past: `(m, n) = None`, `for i in range(None)`."""
    match statement:
        case ast.Assign(targets=[ast.Tuple()], value=ast.Constant(value=None)):
            return True
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=None)])):
            return True
    return False


def _bound(node: ast.FunctionDef) -> set[str]:
    """Return the names that a function has: newer starter code returns some that nothing is bound to yet."""
    names: set[str] = set()
    for n in ast.walk(node):
        match n:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names.update(a.asname or a.name for a in imported)
    return names


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


def _waits(statement: ast.stmt) -> bool:
    """Whether a branch holds nothing but `pass`, which the starter code leaves where the answer belongs."""
    branches = (statement.body, statement.orelse) if isinstance(statement, ast.If) else ()
    return any(branch and all(isinstance(s, ast.Pass) for s in branch) for branch in branches)


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


def _first(value: ast.expr) -> ast.expr:
    return value.elts[0] if isinstance(value, ast.Tuple | ast.List) and value.elts else value


def _blank(value: ast.expr, names: set[str]) -> bool:
    return value.id in names if isinstance(value, ast.Name) else _empty(value)


def _blank_names(statements: list[ast.stmt], handed_on: set[str]) -> set[str]:
    """Return names that are bound to None, 0 or zeros, and besides at most to an argument that is `handed_on`, as it is, nor changed.

    In the starter code of dropout, out is None, in test mode x, and in the end `out.astype(...)`.
    """
    blank: set[str] = set()
    touched: set[str] = set()

    def bind(target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    bind(one, its)
            case ast.Name(id=name), _:
                if not _handed_on(name, value, handed_on):
                    (blank if _empty(value) else touched).add(name)
            case ast.Subscript(), ast.Constant(value=None):  # Z[i, h] = None, where the answer belongs
                pass
            case _:
                touched.update(_names(target))

    for statement in statements:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                bind(target, statement.value)
            itself = {n for t in statement.targets for n in _names(t) if _handed_on(n, statement.value, handed_on)}
            touched |= _lent(statement) - itself
        else:
            touched |= _changed(statement)
    return blank - touched


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _lent(statement: ast.Assign) -> set[str]:
    """Return the names of arrays that another name may change: `row = out[i]`, `flat = out.ravel()`, `a = b = zeros`; a cache changes none."""
    both = set().union(*map(_names, statement.targets)) if len(statement.targets) > 1 else set()
    value = statement.value
    kept = isinstance(value, ast.Tuple) and all(isinstance(element, ast.Name | ast.Constant) for element in value.elts)
    return both if kept else both | _names(value)


def _changed(statement: ast.stmt) -> set[str]:
    """Return the names of what a statement, which is no assignment, binds or may change."""
    match statement:
        case ast.For(target=target, iter=over):  # for view in windows(dx): view += ...
            counted = isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "range"
            return _names(target) | (set() if counted else _names(over))
        case ast.AugAssign(target=node) | ast.AnnAssign(target=node) | ast.Expr(value=node):
            return _names(node)  # of an expression: out.fill(3), np.maximum(x, 0, out=out)
        case ast.FunctionDef():
            return _names(statement)
        case ast.With(items=items):
            return {name for item in items for name in _names(item)}
    return set()


def _handed_on(name: str, value: ast.expr, arguments: set[str]) -> bool:
    """Whether a value is one of these arguments, or what the name holds already in another dtype."""
    match value:
        case ast.Name(id=argument):
            return argument in arguments
        case ast.Call(func=ast.Attribute(value=ast.Name(id=itself), attr="astype")):
            return bool(arguments) and itself == name
    return False


def _empty(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=None | 0 | 0.0) | ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="dict" | "list"), args=[], keywords=[]):  # dict(W1=dW1) is an answer
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in BLANK_CALLS
    return False
