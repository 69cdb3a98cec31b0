"""What can stand in the place of a piece of code: the slips of a hand that knows the formula.

No operator makes a loop longer than what it runs over, and none makes a `while`: a changed layer always comes to an end.
"""

import ast
from collections.abc import Iterator

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NAMES = {
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "argmax": "argmin",
    "sum": "mean",
    "mean": "sum",
    "zeros": "ones",
    "zeros_like": "ones_like",
}
UNTOUCHED = (ast.Raise, ast.JoinedStr, ast.arguments)  # words, and defaults that every call overrides
FIELDS = ("annotation", "returns", "decorator_list")


def inside(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield every piece of code below a node, as its parent, the field that holds it, the place in that field and itself."""
    for field, value in ast.iter_fields(node):
        if field in FIELDS:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, UNTOUCHED):
                yield node, field, place, child
                yield from inside(child)


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what can stand in the place of a node, each a mistake of its own; a statement that is dropped becomes `pass`."""
    match node:
        case ast.stmt():
            yield from _statements(node)
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.Compare(left, [op], comparators):
            for other in COMPARISONS.get(type(op), ()):
                yield ast.Compare(left, [other()], comparators)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield operand
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.Attribute(value, "T"):
            yield value
        case ast.Attribute(value, name, ctx) if name in NAMES:
            yield ast.Attribute(value, NAMES[name], ctx)
        case ast.Name(name, ctx) if name in ("max", "min"):
            yield ast.Name(NAMES[name], ctx)
        case ast.Constant(value):
            yield from _constants(value)


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign(target, op, value):
            yield ast.Assign([target], value)
            yield ast.Pass()
            if type(op) in ARITHMETIC:
                yield ast.AugAssign(target, ARITHMETIC[type(op)](), value)
        case ast.Assign([ast.Subscript()]) | ast.If(body=[ast.Raise()]):
            yield ast.Pass()
        case ast.Expr(value) if not isinstance(value, ast.Constant):
            yield ast.Pass()
        case ast.If(_, body, orelse):
            yield from (ast.If(ast.Constant(held), body, orelse) for held in (True, False))


def _constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + step) for step in (1, -1))
    elif isinstance(value, float):
        yield ast.Constant(2 * value or 1.0)
