"""Layers between arrays: fully connected, convolution, pooling, activations, and those that only reshape."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, both, square
from grader.worker.conventions.classes import layout
from grader.worker.conventions.classes.built import built, parameters
from grader.worker.conventions.classes.layout import Layout, ordered, restored
from grader.worker.conventions.classes.running import BACKWARD, CALLS, gradients, in_code, needed, run
from grader.worker.conventions.classes.slots import BIASES, WEIGHTS, first_array, slots
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import note, turned
from grader.worker.wire import Array

DERIVATIVES = ("grad", "gradient", "derivative")
AT_INPUT = (["x"], ["z"], ["input"], ["inputs"])
ANY = Layout(())  # of what treats every entry alike


class Kept(NamedTuple):
    """What backward needs of forward: the layers that ran, how they have their arrays, and ours."""

    layers: list[Any]
    layout: Layout
    out: Layout
    arrays: Mapping[str, Array]


def _forward(make: Callable[[], Any], found: Layout, out: Layout, arrays: Mapping[str, Array]) -> tuple[dict[str, Any], Kept]:
    layers, outs = [], []
    for part in found.parts(arrays["x"]) if found.order else [arrays["x"]]:
        one = make()
        if found.weights:
            _fill(one, found, arrays)
        outs.append(run(one, part, said=found.said("x")))
        layers.append(one)
    return {"out": out.whole(outs, "out")}, Kept(layers, found, out, arrays)


def _fill(one: Any, found: Layout, arrays: Mapping[str, Array]) -> None:
    assert found.weights
    bias = first_array(one, slots(BIASES))
    if bias is None:
        raise Unusable("no bias was found in the layer: b, bias or params['b']")
    found.weights.set(one, ordered(arrays["w"], found.kernel).copy(), said=turned("w", found.kernel))  # some write into their weights
    bias.set(one, arrays["b"].copy(), said="b")


def backward(_: Found, dout: Array, kept: Kept, said: str = "dout") -> dict[str, Any]:
    """Run backward of every layer that ran, and put together what came of it."""
    layers, how, out, arrays = kept
    each = []
    for one, part in zip(layers, out.parts(dout) if out.order else [dout], strict=True):
        bias = first_array(one, slots(BIASES))
        held = {"dw": (how.weights, WEIGHTS), "db": (bias, BIASES)} if how.weights and bias else {}
        each.append(gradients(one, part, held, out.said(said)))
    values = {"dx": how.whole([dx for dx, _ in each], "dx")}
    for name in each[0][1]:
        summed = each[0][1][name] if how.batch else sum(told[name] for _, told in each)
        values[name] = restored(summed, how.kernel, name) if name == "dw" else reshaped(summed, arrays["b"].shape, name)
    return values


def reshaped(value: Any, shape: tuple[int, ...], name: str = "") -> Any:
    """Return an array of a row, a column or planes of one entry as the vector that it is; one with a name is noted in the transcript."""
    if type(value) is not np.ndarray or value.size != np.prod(shape):
        return value
    if name and value.shape != shape:
        note(f"{name} = {name}.reshape({shape})")
    return value.reshape(shape)


def _adapter(forward: Callable[..., Any], names: Sequence[str], **more: Any) -> Adapter:
    parameters = more.pop("parameters", frozenset())
    return Adapter(wants=both(Wanted(names=tuple(names), calls=CALLS, parameters=parameters)), forward=forward, backward=backward, **more)


def _sized(
    names: Sequence[str],
    find: Callable[[Callable[..., Any]], Layout],
    sizes: Callable[[Mapping[str, Array], Options], Mapping[str, Any]],
    **more: Any,
) -> Adapter:
    """Return the adapter of a layer whose layout is found out, and which is constructed with sizes: pairs, where it wants such."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Kept]:
        made = found["forward"]
        how = find(made)
        given = layout.windowed(sizes(arrays, options), how.pairs)
        return _forward(lambda: built(made, given, known_as="layer"), how, how, arrays)

    return _adapter(forward, names, **more)


def linear(*names: str) -> Adapter:
    """Return the adapter of a fully connected layer, constructed with its sizes."""
    return _sized(names, layout.linear, lambda arrays, _: dict(zip(("inputs", "outputs"), arrays["w"].shape, strict=True)))


def conv(*names: str, option: str | None = None) -> Adapter:
    """Return the adapter of a convolution, constructed with its sizes; `option` is one that its class must have a parameter for."""

    def sizes(arrays: Mapping[str, Array], options: Options) -> dict[str, Any]:
        F, C, h, w = arrays["w"].shape
        return {"inputs": C * options.get("groups", 1), "outputs": F, "kernel": h, "kernel_h": h, "kernel_w": w, **options}

    return _sized(names, layout.conv, sizes, expressible=square, parameters=SPELT[option] if option else frozenset())


def pool(*names: str) -> Adapter:
    """Return the adapter of a pooling layer; one without a parameter for padding is not asked to pad, and one without a stride moves by its window."""

    neutral = {"padding": (0, SPELT["padding"]), "stride": ("kernel_h", SPELT["stride"])}
    return _sized(names, layout.pool, lambda _, options: {"kernel": options["kernel_h"], **options}, expressible=square, neutral=neutral)


def elementwise(*names: str) -> Adapter:
    """Return the adapter of an activation."""
    return _activation(names, lambda made, _: built(made, {}, known_as="layer"))


def leaky(*names: str) -> Adapter:
    """Return the adapter of a leaky ReLU; one without a parameter for the slope has the usual one, 0.01."""
    return _activation(
        names,
        lambda made, options: built(made, {}, {"slope": options["negative_slope"]}, known_as="layer"),
        neutral={"negative_slope": (0.01, SPELT["slope"])},
    )


def _activation(names: Sequence[str], make: Callable[[Callable[..., Any], Options], Any], **more: Any) -> Adapter:
    """Return the adapter of an activation; what is `derivative(x)` and no backward is multiplied by dout."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Kept]:
        return _forward(lambda: make(found["forward"], options), ANY, ANY, arrays)

    def undone(found: Found, dout: Array, kept: Kept) -> dict[str, Any]:
        slope = needed(kept.layers[0], BACKWARD)
        if slope.__name__ in DERIVATIVES and [p.name.lower() for p in parameters(slope)[:1]] in AT_INPUT:
            note(f"dx = dout * {in_code(slope, 'layer', 'x', {})}")
            return {"dx": dout * slope(kept.arrays["x"].copy())}
        return backward(found, dout, kept)

    return Adapter(wants=both(Wanted(names=tuple(names), calls=CALLS)), forward=forward, backward=undone, **more)


def flat(*names: str) -> Adapter:
    """Return the adapter of a layer that makes rows of images."""

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Kept]:
        how = layout.flat(found["forward"])
        return _forward(lambda: built(found["forward"], {}, known_as="layer"), how, Layout((0, 1), how.batch), arrays)

    return _adapter(forward, names)


def global_pool(average: Sequence[str], largest: Sequence[str]) -> Adapter:
    """Return the adapter of two classes in one file, one for the mean of every plane and one for its largest entry; or of one of them.

    Their output may be (N, C), (N, C, 1, 1) or (N, 1, 1, C).
    """
    modes = {"average": tuple(average), "max": tuple(largest)}

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        module = sys.modules[found["forward"].__module__]
        made = next((getattr(module, name) for name in modes[options["mode"]] if hasattr(module, name)), None)
        if made is None:
            raise Unusable(f"beside {found['forward'].__name__[:60]} there is no {modes[options['mode']][0]}")
        how = layout.planes(made)
        values, kept = _forward(lambda: built(made, {}, known_as="layer"), how, ANY, arrays)
        out = values["out"]
        shape = np.shape(out)
        return {"out": reshaped(out, arrays["x"].shape[:2], "out")}, (kept, shape)

    def undone(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        kept, shape = cache
        return backward(found, dout.reshape(shape), kept, f"dout.reshape({shape})")

    return Adapter(wants=both(Wanted(names=(*average, *largest), calls=CALLS)), forward=forward, backward=undone, apart={"mode": modes})
