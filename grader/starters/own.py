"""The functions, or the class, that a layer of an instructor's own is spelt by, as its description has them."""

from grader.worker.conventions.own import camel
from reference import Argument, LayerSpec

FUNCTION = '''\
def {name}({parameters}):
    """{says}"""
    raise NotImplementedError
'''
METHOD = '''\

    def {name}(self, {parameters}):
        """{says}"""
        raise NotImplementedError
'''
CONSTRUCTOR = """\

    def __init__(self, {parameters}):
        {kept}
"""


def starter(spec: LayerSpec, convention: str, *, backward: bool) -> str:
    """Return the text for a convention that spells any layer: "functions" or "classes"."""
    return (_functions if convention == "functions" else _class)(spec, backward and bool(spec.gradients))


def _functions(spec: LayerSpec, backward: bool) -> str:
    parameters = ", ".join([*(a.name for a in spec.arguments), *spec.options])
    if not spec.gradients:
        return FUNCTION.format(name=spec.name, parameters=parameters, says=_forward(spec) + ".")
    text = FUNCTION.format(name=f"{spec.name}_forward", parameters=parameters, says=_forward(spec) + ", and a cache for backward.")
    return (
        f"{text}\n\n{FUNCTION.format(name=f'{spec.name}_backward', parameters='dout, cache', says=_backward(spec))}" if backward else text
    )


def _class(spec: LayerSpec, backward: bool) -> str:
    parameters = ", ".join(a.name for a in spec.arguments)
    text = f'class {camel(spec.name)}:\n    """{spec.name}."""\n'
    if spec.options:
        kept = f"{', '.join(f'self.{option}' for option in spec.options)} = {', '.join(spec.options)}"
        text += CONSTRUCTOR.format(parameters=", ".join(spec.options), kept=kept)
    text += METHOD.format(name="forward", parameters=parameters, says=_forward(spec) + ".")
    return text + (METHOD.format(name="backward", parameters="dout", says=_backward(spec)) if backward else "")


def _forward(spec: LayerSpec) -> str:
    out = "a number" if spec.scalar else f"out {_shape(spec.traits.out)}" if spec.traits.out is not None else "out"
    return f"{', '.join(f'{a.name} {_shape(a.axes)}' for a in spec.arguments)}. Return {out}"


def _backward(spec: LayerSpec) -> str:
    return f"Return {', '.join(_gradient(a) for a in spec.arguments if a.gradient)}."


def _gradient(argument: Argument) -> str:
    return f"{argument.gradient} {_shape(argument.axes)}"


def _shape(axes: str) -> str:
    names = axes.split()
    return f"({', '.join(names)}{',' * (len(names) == 1)})"
