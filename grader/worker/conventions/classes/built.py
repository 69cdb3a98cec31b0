"""How a class is constructed: what its parameters mean is read off their names."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from grader.worker.conventions.adapter import Unknown, Unusable, unknown_parameter
from grader.worker.conventions.spelt import SPELT, USUAL
from grader.worker.conventions.transcript import given as by_name
from grader.worker.conventions.transcript import note

RATE = 2.0**20  # of a layer that updates itself: so large that the step is all gradient, and a power of 2 to be divided by again


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return what a class or a bound method may be called with by name."""
    return [p for p in inspect.signature(function).parameters.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]


def built(made: Callable[..., Any], sizes: Mapping[str, Any], held: Mapping[str, Any] | None = None, *, known_as: str = "") -> Any:
    """Construct a layer from the sizes that its parameters ask for by name, or in the usual order.

    `held` are numbers that may stand in an attribute instead: one that has neither keeps its own. What is `known_as` something is noted
    in the transcript.

    Raises:
        Unknown: A size that is not the usual one has no parameter, or a parameter is unknown.
        Unusable: It raises.
    """
    accepted = parameters(made)
    held = held or {}
    given: dict[str, Any] = _switched(accepted) if "outputs" in sizes else {}
    left = {**sizes, **held, "rate": RATE}
    for p in accepted:
        name = next((n for n in left if p.name.lower() in SPELT[n]), None)
        if name:
            given[p.name] = _as_default(name, left.pop(name), p.default)
    later = {name: left.pop(name) for name in held if name in left}
    left.pop("rate", None)
    if "kernel" not in left:
        left = {n: v for n, v in left.items() if n not in ("kernel_h", "kernel_w")}
    if "kernel_h" not in left:
        left.pop("kernel", None)
    for p in accepted:
        if p.name not in given and (p.default is p.empty or "share" in left):  # a probability has no usual value
            left = left or later
            if not left:
                raise unknown_parameter("the class", p.name)
            given[p.name] = left.pop(next(iter(left)))
    usual = {**USUAL, "stride": sizes.get("kernel_h") if "outputs" not in sizes else 1}
    unsaid = [n for n in usual if n in left and left[n] != usual[n]]
    if unsaid:
        raise Unknown(f"the class takes no {unsaid[0]}")
    lines = [f"{known_as} = {made.__name__}({by_name(given)})"]
    try:
        one = made(**given)
    except (TypeError, ValueError) as error:
        asked = ", ".join(f"{name[:60]}={value}" for name, value in given.items())
        raise Unusable(f"it could not be constructed with {asked or 'no arguments'}: {type(error).__name__}: {error}") from error
    for name, value in later.items():
        attribute = next((a for a in SPELT[name] if len(a) > 1 and isinstance(getattr(one, a, None), float)), None)
        if attribute:
            setattr(one, attribute, value)
            lines.append(f"{known_as}.{attribute} = {value!r}")
    note(*lines if known_as else ())
    return one


def _switched(parameters: list[inspect.Parameter]) -> dict[str, Any]:
    """Return what makes a layer add its bias, and no activation."""
    asked = [p for p in parameters if p.default is p.empty or isinstance(p.default, bool)]
    values = {"bias": True, "activation": None}
    return {p.name: value for name, value in values.items() for p in asked if p.name.lower() in SPELT[name]}


def _as_default(name: str, value: Any, default: object) -> Any:
    """Return a size as a pair where the parameter's default is one.

    Raises:
        Unknown: The default is a word, as Keras has it for a padding.
    """
    if name == "padding" and isinstance(default, str):
        raise Unknown(f"the class takes its padding as a word such as {default[:20]!r}, and is asked for numbers")
    return (value, value) if isinstance(default, tuple | list) and len(default) == 2 and type(value) is int else value
