"""How a net of the first assignment is told its regularisation: as an attribute, by a parameter of `loss`, or in third place."""

import inspect
from collections.abc import Mapping
from numbers import Real
from typing import Any, NamedTuple

from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import note

BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
IN_ORDER = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class Further(NamedTuple):
    """What `loss` is called with behind x and y."""

    args: tuple[float, ...] = ()
    kwargs: Mapping[str, float] = {}

    def said(self, *before: str) -> str:
        """Return the arguments as in a line of code."""
        return ", ".join((*before, *map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())))


def regularised(model: Any, reg: float) -> Further:
    """Return what `model.loss` is told of a regularisation; a net that keeps it as `reg` is told there, and its loss nothing of weight.

    A third parameter may be anything: its name tells, or that it must be given, or a number as its default. A loss that has no
    place for a regularisation other than 0 is told all the same, and raises TypeError.
    """
    kept = hasattr(model, "reg") and not callable(model.reg)  # the second assignment takes it at construction
    if kept:
        note(f"model.reg = {reg}")
        model.reg, reg = reg, 0.0
    try:
        parameters = list(inspect.signature(model.loss).parameters.values())
    except (TypeError, ValueError):
        return Further((reg,))
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return Further((reg,))
    for p in parameters[2:]:
        if p.kind in BY_NAME and p.name.lower() in SPELT["penalty"] and (p.default in (p.empty, None) or _number(p.default)):
            return Further(kwargs={p.name: reg})
    third = next((p for p in parameters[2:] if p.kind in IN_ORDER), None)
    if third and (third.default is third.empty or (_number(third.default) and not kept)):
        return Further((reg,))
    if not reg:
        return Further()
    return Further(kwargs={"reg": reg}) if third else Further((reg,))


def _number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
