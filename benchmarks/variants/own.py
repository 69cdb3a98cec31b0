"""Wrong forwards with backwards that are right for them: what a diagnosis must tell from a wrong backward."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from benchmarks.variants import Student, Wrong
from reference import Array, catalogue

Arrays = Mapping[str, Array]
Change = Callable[[Any], Any]


def _same(a: Any) -> Any:
    return a


def _chained(layer: str, name: str, argument: str, change: Change, adjoint: Change, *, out: float = 1, **own: Change) -> Wrong:
    """Return the reference behind a linear change of one argument, with the chain rule: its gradient goes through the adjoint.

    `out` multiplies the output; `own` changes options.
    """
    spec = catalogue()[layer]
    reading = {key: values[0] for key, values in spec.readings.items()}

    def forward(**given: Any) -> tuple[Any, Any]:
        changed = {**given, argument: change(given[argument]), **{key: alter(given[key]) for key, alter in own.items()}}
        value, cache = spec.forward(**changed, **reading)
        names = [a.name for a in spec.given(given) if a.gradient]
        return (out * value[0], *value[1:]) if spec.beside else out * value, (cache, names)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        assert spec.backward
        found = spec.backward(out * dout, cache[0])
        return tuple(adjoint(g) if n == argument else g for n, g in zip(cache[1], found, strict=True))

    return Wrong(name=name, layer=layer, student=Student(forward, backward), in_forward=True)


def _elementwise(layer: str, name: str, f: Change, slope: Change) -> Wrong:
    return Wrong(name=name, layer=layer, student=Student(lambda x: (f(x), x), lambda dout, x: (dout * slope(x),)), in_forward=True)


def _flipped(w: Array) -> Array:
    return w[:, :, ::-1, ::-1]


def _reversed(x: Array) -> Array:
    return x[:, ::-1]


def _scaled(factor: float) -> Change:
    return lambda a: factor * a


def _unbiased() -> Wrong:
    """(x - mean) / sqrt(c var + eps), c = N / (N - 1): the layer itself with gamma / sqrt(c) and eps / c."""
    spec = catalogue()["batch_norm"]

    def forward(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, **options: Any) -> tuple[Any, Any]:
        c = len(x) / (len(x) - 1) if options["training"] else 1.0
        given = {**options, "eps": options["eps"] / c}
        out, cache = spec.forward(x, gamma / np.sqrt(c), beta, running_mean, running_var, **given)
        return out, (cache, c)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        assert spec.backward
        dx, dgamma, dbeta = spec.backward(dout, cache[0])
        return dx, dgamma / np.sqrt(cache[1]), dbeta

    return Wrong(name="variance over N - 1", layer="batch_norm", student=Student(forward, backward), in_forward=True)


OWN: tuple[Wrong, ...] = (
    _chained("conv2d", "kernel flipped", "w", _flipped, _flipped),
    _chained("conv2d", "channels reversed", "x", _reversed, _reversed),
    _chained("conv2d", "bias subtracted", "b", np.negative, np.negative),
    _chained("affine", "inputs reversed", "x", _reversed, _reversed),
    _chained("affine", "bias added twice", "b", _scaled(2), _scaled(2)),
    _chained("affine", "output halved", "x", _same, _same, out=0.5),
    _elementwise("relu", "leak of 0.01", lambda x: np.where(x > 0, x, 0.01 * x), lambda x: np.where(x > 0, 1, 0.01)),
    _elementwise("relu", "absolute value", np.abs, np.sign),
    _elementwise("sigmoid", "tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    _chained("sigmoid", "of 2 x", "x", _scaled(2), _scaled(2)),
    _chained("avg_pool2d", "sum in place of the mean", "x", _same, _same, out=4),
    _chained("max_pool2d", "smallest in place of the largest", "x", np.negative, np.negative, out=-1),
    _chained("im2col", "channels reversed", "x", _reversed, _reversed),
    _unbiased(),
    _chained("softmax_loss", "temperature of 2", "x", _scaled(0.5), _scaled(0.5)),
    _chained("softmax_loss", "summed twice", "x", _same, _same, out=2),
    _chained("svm_loss", "margin of 0.5", "x", _scaled(2), _scaled(2), out=0.5),
    _chained("two_layer_net", "inputs of the first layer doubled", "W1", _scaled(2), _scaled(2)),
    _chained("three_layer_net", "second weights halved", "W2", _scaled(0.5), _scaled(0.5)),
    _chained("convnet", "kernel flipped", "W1", _flipped, _flipped),
    _chained("tanh", "of 2 x", "x", _scaled(2), _scaled(2)),
    _chained("leaky_relu", "slope doubled", "x", _same, _same, negative_slope=_scaled(2)),
    _chained("layer_norm", "features reversed", "x", _reversed, _reversed),
    _chained("group_norm", "gamma doubled", "gamma", _scaled(2), _scaled(2)),
    _chained("spatial_batch_norm", "beta subtracted", "beta", np.negative, np.negative),
    _chained("global_pool", "output doubled", "x", _same, _same, out=2),
    _chained("mse_loss", "three times the error", "x", _same, _same, out=3),
    _chained("flatten", "channels reversed", "x", _reversed, _reversed),
    _chained("zero_pad", "sign lost", "x", np.negative, np.negative),
    _chained("conv_single_step", "bias subtracted", "b", np.negative, np.negative),
    _chained("conv2d_dilated", "kernel flipped", "w", _flipped, _flipped),
    _chained("conv2d_grouped", "kernel flipped", "w", _flipped, _flipped),
    _chained("conv2d_general", "kernel flipped", "w", _flipped, _flipped),
    _chained("fully_connected_net", "second weights halved", "W2", _scaled(0.5), _scaled(0.5)),
    _chained("three_layer_conv_net", "kernel flipped", "W1", _flipped, _flipped),
    _chained("svm_classifier", "weights doubled", "w", _scaled(2), _scaled(2)),
    _chained("softmax_classifier", "weights doubled", "w", _scaled(2), _scaled(2)),
)
