"""Layers that no convention lists, such as an instructor's own, of which a worker knows no more than a signature: as functions, and as a class."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from grader.worker.conventions.adapter import Adapter, Found, Options, Wanted, no_backward, several
from grader.worker.conventions.plain import named
from grader.worker.conventions.spelling import Spelling
from grader.worker.wire import Array


class Signature(NamedTuple):
    """What a layer takes and returns, by name and in order; without gradients it has no backward."""

    arguments: tuple[str, ...]
    options: tuple[str, ...]
    gradients: tuple[str, ...]


def conventions(own: Mapping[str, Signature]) -> Mapping[str, Mapping[str, Adapter]]:
    """Return all conventions, with these layers besides in the two that spell any layer alike."""
    from grader.worker.conventions import CONVENTIONS  # of which this module is one file

    if not own:
        return CONVENTIONS
    return MappingProxyType({
        name: {**known, **({layer: ALIKE[name](layer, signature) for layer, signature in own.items()} if name in ALIKE else {})}
        for name, known in CONVENTIONS.items()
    })  # fmt: skip


def functions(name: str, signature: Signature) -> Adapter:
    """Return the adapter of `name_forward(*arguments, *options) -> (out, cache)` and `name_backward(dout, cache) -> gradients`.

    What has no backward needs no cache: `name(*arguments, *options) -> out`.
    """
    arguments, options, gradients = signature
    results = ("out", "cache") if gradients else ("out",)

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        returned = named(found["forward"], tuple(arrays[a] for a in arguments), {option: o[option] for option in options})
        values = several(returned, results)
        return {"out": values["out"]}, values.get("cache")

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(found["backward"](dout, cache), gradients)

    names = {"forward": (f"{name}_forward",), "backward": (f"{name}_backward",)} if gradients else {"forward": (name, f"{name}_forward")}
    return Adapter(
        wants={part: Wanted(names=known) for part, known in names.items()},
        forward=forward,
        backward=backward if gradients else no_backward,
        spelling=Spelling(
            forward=(f"{', '.join(results)} = $forward({', '.join(arguments)}$more)",),
            backward=(f"{', '.join(gradients)} = $backward(dout, cache)",) if gradients else (),
            options=lambda o: tuple(o[option] for option in options),
        ),
    )


def class_(name: str, signature: Signature) -> Adapter:
    """Return the adapter of `Name(*options)`, `.forward(*arguments) -> out` and `.backward(dout) -> gradients`."""
    arguments, options, gradients = signature
    methods = frozenset({"forward", "backward"} if gradients else {"forward"})

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        layer = named(found["forward"], (), {option: o[option] for option in options})
        return {"out": layer.forward(*(arrays[a] for a in arguments))}, layer

    def backward(found: Found, dout: Array, layer: Any) -> dict[str, Any]:
        return several(layer.backward(dout), gradients)

    wanted = Wanted(names=tuple(dict.fromkeys((camel(name), name))), methods=methods)
    return Adapter(
        wants=dict.fromkeys(("forward", "backward") if gradients else ("forward",), wanted),
        forward=forward,
        backward=backward if gradients else no_backward,
        spelling=Spelling(
            forward=("layer = $forward($options)", f"out = layer.forward({', '.join(arguments)})"),
            backward=(f"{', '.join(gradients)} = layer.backward(dout)",) if gradients else (),
            options=lambda o: tuple(o[option] for option in options),
        ),
    )


def camel(name: str) -> str:
    """Return what a class is called whose function is `name`: SoftSign for soft_sign."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


ALIKE: Mapping[str, Callable[[str, Signature], Adapter]] = MappingProxyType({"functions": functions, "classes": class_})
