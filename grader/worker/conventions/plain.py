"""Functions that every course spells alike: im2col and col2im, layers with options one by one, and the shape questions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, called, several, square
from grader.worker.conventions.classes.built import SPELT
from grader.worker.conventions.deeplearning_ai import THEIR_BATCH
from grader.worker.conventions.spelling import Spelling, cached
from grader.worker.wire import Array


def _window(o: Options) -> tuple[int, int, int, int]:
    return o["kernel_h"], o["kernel_w"], o["stride"], o["padding"]


def _im2col(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
    window = _window(o)
    return several(found["forward"](arrays["x"], *window), ("out",)), (arrays["x"].shape, *window)


def _col2im(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    return several(found["backward"](dout, *cache), ("dx",))


def layer(stem: str, arguments: tuple[str, ...], options: Callable[[Options], tuple[Any, ...]]) -> Adapter:
    """Return the adapter of `stem_forward(*arguments, *options) -> (out, cache)` and `stem_backward(dout, cache)`; an option of 0 may be left out."""
    gradients = tuple(f"d{name}" for name in arguments)

    def usual(arrays: Mapping[str, Array], o: Options) -> tuple[Any, ...]:
        return (*(arrays[name] for name in arguments), *options(o))

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        values = several(called(found["forward"], usual(arrays, o)), ("out", "cache"))
        return {"out": values["out"]}, values["cache"]

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(found["backward"](dout, cache), gradients)

    wants = {part: Wanted(names=(f"{stem}_{part}",)) for part in ("forward", "backward")}
    return Adapter(wants=wants, forward=forward, backward=backward, usual_cache=usual, spelling=cached(arguments, options))


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
    inner = layer("global_pool", ("x",), lambda o: (o["mode"],))

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        values, kept = inner.forward(found, arrays, o)
        out = values["out"]
        planes = type(out) is np.ndarray and out.ndim == 4 and out.shape[2:] == (1, 1)
        return {"out": out[..., 0, 0] if planes else out}, (kept, planes)

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        kept, planes = cache
        return inner.backward(found, dout[..., None, None] if planes else dout, kept)

    return Adapter(wants=inner.wants, forward=forward, backward=backward)


def _general(o: Options) -> tuple[Any, ...]:
    """Return stride, padding and dilation as pairs for height and width, groups and padding_mode: the order of torch.nn.Conv2d."""
    pairs = ((o[f"{name}_h"], o[f"{name}_w"]) for name in ("stride", "padding", "dilation"))
    return *pairs, o["groups"], o["padding_mode"]


def question(name: str, arguments: tuple[str, ...]) -> Adapter:
    """Return the adapter of a function from whole numbers to a whole number."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        del arrays
        return several(found["forward"](*(options[a] for a in arguments)), ("out",)), None

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        raise Unusable("a shape question has no backward")

    spelling = Spelling(forward=("out = $forward($options)",), options=lambda o: tuple(o[a] for a in arguments))
    return Adapter(wants={"forward": Wanted(names=(name,))}, forward=forward, backward=backward, spelling=spelling)


def _receptive_field() -> Adapter:
    """Return the adapter of `receptive_field(kernels, strides[, dilations])`, with lists; dilations of 1 may be left out."""
    inner = question("receptive_field", ())

    def forward(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
        del arrays
        return several(
            called(found["forward"], tuple(list(o[name]) for name in ("kernels", "strides", "dilations")), neutral=1), ("out",)
        ), None

    return Adapter(wants=inner.wants, forward=forward, backward=inner.backward)


def _pool(stem: str) -> Adapter:
    """Return the adapter of `stem_forward(x, kernel_size, stride[, padding])` and `stem_backward(dout, cache)`."""
    plain = layer(stem, ("x",), lambda o: (o["kernel_h"], o["stride"], o["padding"]))
    return replace(plain, expressible=square, neutral={"padding": (0, SPELT["padding"])})


TASKS = {
    "max_pool2d": _pool("max_pool2d"),
    "avg_pool2d": _pool("avg_pool2d"),
    "im2col": Adapter(
        wants={"forward": Wanted(names=("im2col",)), "backward": Wanted(names=("col2im",))},
        forward=_im2col,
        backward=_col2im,
        spelling=Spelling(forward=("out = $forward(x$more)",), backward=("dx = $backward(dout, x.shape$more)",), options=_window),
    ),
    "conv2d_dilated": layer("conv2d_dilated", ("x", "w", "b"), lambda o: (o["stride"], o["padding"], o["dilation"])),
    "conv2d_general": layer("conv2d_general", ("x", "w", "b"), _general),
    "conv2d_grouped": layer("conv2d_grouped", ("x", "w", "b"), lambda o: (o["stride"], o["padding"], o["groups"])),
    "conv_single_step": bare("conv_single_step", ("x", "w", "b")),
    "global_pool": _global_pool(),
    "zero_pad": bare("zero_pad", ("x",), lambda o: (o["padding"],), not_parameters=THEIR_BATCH),
    "output_size_dilated": question("output_size_dilated", ("size", "kernel", "stride", "padding", "dilation")),
    "parameter_count_grouped": question("parameter_count_grouped", ("in_channels", "out_channels", "kernel_size", "groups", "bias")),
    "receptive_field": _receptive_field(),
    "output_size": question("output_size", ("size", "kernel", "stride", "padding")),
    "parameter_count": question("parameter_count", ("in_channels", "out_channels", "kernel_size", "bias")),
}
