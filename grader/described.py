"""What must be right about the description of a layer before anything is drawn from it: axes, options, and what has a gradient."""

import inspect
import keyword
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from reference import Argument, Claim, LayerSpec, Misconception, Scenario

TAKEN = ("out", "dout")  # what is called so whatever the layer is


def faults(spec: LayerSpec) -> Iterator[str]:
    """Yield what is wrong with a description, and what to do, a sentence each; the later ones rest on the earlier."""
    yield from _strangers(spec)
    yield from _names(spec)
    for where in (spec.where, *(s.where for s in spec.scenarios if s.where)):
        yield from _condition(where)
    told = [(spec.axes, spec.options, spec.arguments), *((s.axes, s.options, s.arguments) for s in spec.scenarios)]
    for axes, options, arguments in told:
        yield from _ranges(axes)
        yield from _choices(options)
        yield from (fault for argument in arguments for fault in _unknown(argument, spec.axes))
    for axis in (spec.traits.out or "").split() if spec.unreferenced else ():
        if axis not in spec.axes:
            yield f"out has the axis {axis}, whose length nothing tells; {_add(axis)}."
    for scenario in spec.scenarios:
        for name in [*(scenario.axes.keys() - spec.axes.keys()), *(scenario.options.keys() - spec.options.keys())]:
            yield f"its scenario {scenario.title!r} speaks of {name}, which is none of its axes and options."
    if spec.backward and not spec.gradients:
        yield 'there is a backward, and nothing has a gradient; say what it returns, as in Argument(name="x", axes="N D", gradient="dx").'


def _strangers(spec: LayerSpec) -> Iterator[str]:
    told = (
        ("arguments", spec.arguments, Argument, 'Argument(name="x", axes="N D", gradient="dx")'),
        ("scenarios", spec.scenarios, Scenario, 'Scenario(title="any sizes")'),
        ("misconceptions", spec.misconceptions, Misconception, "Misconception(id=..., of=..., cause=..., advice=..., wrong=...)"),
        ("claims", spec.claims, Claim, 'a function below @claim("what it says")'),
    )
    for key, given, kind, right in told:
        for one in given:
            if not isinstance(one, kind):
                yield f"{key}: {getattr(one, '__name__', repr(one))} is none; write {right}."


def _names(spec: LayerSpec) -> Iterator[str]:
    names = [*(a.name for a in spec.arguments), *spec.options, *spec.gradients]
    for name, times in Counter(names).items():
        if not name.isidentifier() or keyword.iskeyword(name):
            yield f"{name!r} is no name for an argument, option or gradient: Python could not call it so."
        elif name in TAKEN:
            yield f"{name} is what every layer has; give the argument, option or gradient another name."
        elif times > 1:
            yield f"{name} names {times} of its arguments, options and gradients; give each a name of its own, such as d{name} for a gradient."


def _condition(where: Any) -> Iterator[str]:
    try:
        inspect.signature(where).bind({})
    except TypeError:
        yield 'where must take one argument, the sizes and options by name, as in where=lambda sizes: sizes["N"] > 1.'


def _add(axis: str) -> str:
    return f'add "{axis}": (smallest, largest) to axes'


def _ranges(axes: Mapping[str, Any]) -> Iterator[str]:
    for axis, span in axes.items():
        match span:
            case (int(least), int(most)) if 0 <= least <= most:
                pass
            case (int(least), int(most)) if 0 <= most < least:
                yield f'axes: "{axis}" goes from {least} to {most}; write the smaller first, ({most}, {least}).'
            case _:
                yield f'axes: "{axis}" is {span!r}; write the smallest and the largest length, as in (1, 4).'


def _choices(options: Mapping[str, Any]) -> Iterator[str]:
    for option, values in options.items():
        if not isinstance(values, tuple | list) or not values:
            yield f'options: "{option}" is {values!r}; write the values that cases take, as in (0, 1).'


def _unknown(argument: Argument, axes: Mapping[str, Any]) -> Iterator[str]:
    for axis in argument.axes.split():
        if axis not in axes:
            yield f"{argument.name} has the axis {axis}, whose length nothing tells; {_add(axis)}."
    if argument.labels and "K" not in axes:
        yield f"{argument.name} holds labels, and nothing tells how many classes there are; {_add('K')}."
