"""What must be right about the description of a layer before anything is drawn from it: axes, options, and what has a gradient."""

from collections.abc import Iterator, Mapping
from typing import Any

from reference import Argument, LayerSpec


def faults(spec: LayerSpec) -> Iterator[str]:
    """Yield what is wrong with a description, and what to do, a sentence each."""
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
