"""Functions that every course spells alike: im2col and col2im, layers with options one by one, and the shape questions."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.worker.conventions.adapter import Adapter, Found, Options, Wanted, called, leading, several, square
from grader.worker.conventions.cs231n import pair
from grader.worker.conventions.deeplearning_ai import THEIR_BATCH
from grader.worker.conventions.spelling import Spelling, cached
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import note
from grader.worker.wire import Array


def named(function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any], *, neutral: float = 0) -> Any:
    """Call with arguments in order, and options by name where every further parameter is told by its name; else with those in order, too.

    Only `neutral` ones may be left out.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    told = {p.name: next((o for o in options if p.name.lower() in SPELT.get(o, (o.lower(),))), None) for p in parameters[len(arguments) :]}
    unsaid = [value for option, value in options.items() if option not in told.values()]
    by_name = all(p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) for p in parameters[len(arguments) :])
    if not by_name or None in told.values() or len(set(told.values())) < len(told) or any(np.any(np.asarray(v) != neutral) for v in unsaid):
        return called(function, (*arguments, *options.values()), neutral=neutral)
    return function(*arguments, **{name: options[option] for name, option in told.items() if option})


def _those(*names: str) -> Callable[[Options], dict[str, Any]]:
    return lambda o: {name: o[name] for name in names}


_window = _those("kernel_h", "kernel_w", "stride", "padding")


def _im2col(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
    return several(named(found["forward"], (arrays["x"],), _window(o)), ("out",)), (arrays["x"].shape, _window(o))


def _col2im(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    shape, window = cache
    return several(named(found["backward"], (dout, shape), window), ("dx",))


def layer(stem: str, arguments: tuple[str, ...], options: Callable[[Options], Mapping[str, Any]]) -> Adapter:
    """Return the adapter of `stem_forward(*arguments, *options) -> (out, cache)` and `stem_backward(dout, cache)`; an option of 0 may be left out."""

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        values = several(named(found["forward"], tuple(arrays[name] for name in arguments), options(o)), ("out", "cache"))
        return {"out": values["out"]}, values["cache"]

    def in_order(o: Options) -> tuple[Any, ...]:
        return tuple(options(o).values())

    return replace(pair(stem, arguments, in_order, usual=True), forward=forward, spelling=cached(arguments, in_order))


def bare(
    name: str,
    arguments: tuple[str, ...],
    options: Callable[[Options], tuple[Any, ...]] = lambda _: (),
    *,
    not_parameters: frozenset[str] = frozenset(),
) -> Adapter:
    """Return the adapter of `name(*arguments, *options) -> out`, without a cache, and `name_backward(dout, *arguments, *options)`."""
    gradients = tuple(f"d{argument}" for argument in arguments)

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        given = (*(arrays[argument] for argument in arguments), *options(o))
        return several(found["forward"](*given), ("out",)), given

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(found["backward"](dout, *cache), gradients)

    wants = {
        "forward": Wanted(names=(name,), not_parameters=not_parameters),
        "backward": Wanted(names=(f"{name}_backward",), not_parameters=not_parameters),
    }
    spelling = Spelling(
        forward=(f"out = $forward({', '.join(arguments)}$more)",),
        backward=(f"{', '.join(gradients)} = $backward(dout, {', '.join(arguments)}$more)",),
        options=options,
    )
    return Adapter(wants=wants, forward=forward, backward=backward, spelling=spelling)


def _global_pool() -> Adapter:
    """Return the adapter of `global_pool_forward(x, mode)`; (N, C, 1, 1) is as good as (N, C), and gets a dout of its shape."""
    inner = layer("global_pool", ("x",), _those("mode"))

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        note(f"out, cache = {found['forward'].__name__}(x, {o['mode']!r})")
        values, kept = inner.forward(found, arrays, o)
        out = values["out"]
        planes = type(out) is np.ndarray and out.ndim == 4 and out.shape[2:] == (1, 1)
        if planes:
            note("out = out[..., 0, 0]")
        return {"out": out[..., 0, 0] if planes else out}, (kept, planes)

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        kept, planes = cache
        note(f"dx = {found['backward'].__name__}({'dout[..., None, None]' if planes else 'dout'}, cache)")
        return inner.backward(found, dout[..., None, None] if planes else dout, kept)

    return Adapter(wants=inner.wants, forward=forward, backward=backward)


def _general(o: Options) -> dict[str, Any]:
    """Return stride, padding and dilation as pairs for height and width, groups and padding_mode: the order of torch.nn.Conv2d."""
    pairs = {name: (o[f"{name}_h"], o[f"{name}_w"]) for name in ("stride", "padding", "dilation")}
    return {**pairs, "groups": o["groups"], "padding_mode": o["padding_mode"]}


def question(name: str, arguments: Mapping[str, str]) -> Adapter:
    """Return the adapter of a function from whole numbers to a whole number; `arguments` says what each option is known as."""

    def forward(found: Found, _: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        return several(named(found["forward"], (), {known: options[name] for name, known in arguments.items()}), ("out",)), None

    spelling = Spelling(forward=("out = $forward($options)",), options=lambda o: tuple(o[a] for a in arguments))
    return Adapter(wants={"forward": Wanted(names=(name,))}, forward=forward, spelling=spelling)


class _Ones:
    """Equal to ones for any number of layers: the dilations of a function that has no parameter for them."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and set(other) == {1}

    def __hash__(self) -> int:
        return hash(_Ones)


def _receptive_field() -> Adapter:
    """Return the adapter of `receptive_field(kernels, strides[, dilations])`, with lists; one that takes no dilations is not asked for any."""
    inner = question("receptive_field", {})

    def forward(found: Found, _: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        given = tuple(list(o[name]) for name in ("kernels", "strides", "dilations"))
        given = leading(found["forward"], given, neutral=1)
        note(f"out = {found['forward'].__name__}({', '.join(map(repr, given))})")
        return several(found["forward"](*given), ("out",)), None

    return Adapter(wants=inner.wants, forward=forward, neutral={"dilations": (_Ones(), SPELT["dilations"])})


def _pool(stem: str) -> Adapter:
    """Return the adapter of `stem_forward(x, kernel_size, stride[, padding])` and `stem_backward(dout, cache)`."""
    plain = layer(stem, ("x",), lambda o: {"kernel": o["kernel_h"], "stride": o["stride"], "padding": o["padding"]})
    return replace(plain, expressible=square, neutral={"padding": (0, SPELT["padding"])})


SIZED = {"size": "size", "kernel": "kernel", "stride": "stride", "padding": "padding"}
COUNTED = {"in_channels": "inputs", "out_channels": "outputs", "kernel_size": "kernel"}
NAME, PLACE = "functions", 40
TASKS = {
    "max_pool2d": _pool("max_pool2d"),
    "avg_pool2d": _pool("avg_pool2d"),
    "im2col": Adapter(
        wants={"forward": Wanted(names=("im2col",)), "backward": Wanted(names=("col2im",))},
        forward=_im2col,
        backward=_col2im,
        spelling=Spelling(
            forward=("out = $forward(x$more)",),
            backward=("dx = $backward(dout, x.shape$more)",),
            options=lambda o: tuple(_window(o).values()),
        ),
    ),
    "conv2d_dilated": layer("conv2d_dilated", ("x", "w", "b"), _those("stride", "padding", "dilation")),
    "conv2d_general": layer("conv2d_general", ("x", "w", "b"), _general),
    "conv2d_grouped": layer("conv2d_grouped", ("x", "w", "b"), _those("stride", "padding", "groups")),
    "conv_single_step": bare("conv_single_step", ("x", "w", "b")),
    "global_pool": _global_pool(),
    "zero_pad": bare("zero_pad", ("x",), lambda o: (o["padding"],), not_parameters=THEIR_BATCH),
    "output_size_dilated": question("output_size_dilated", {**SIZED, "dilation": "dilation"}),
    "parameter_count_grouped": question("parameter_count_grouped", {**COUNTED, "groups": "groups", "bias": "bias"}),
    "receptive_field": _receptive_field(),
    "output_size": question("output_size", SIZED),
    "parameter_count": question("parameter_count", {**COUNTED, "bias": "bias"}),
}
