"""Wrong max pooling."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import Layer, first_only, layer, scattered
from grader.audit.right.conv import cropped
from reference import Array
from reference.layers import avg_pool2d, max_pool2d
from reference.windows import Grid, slide

_SPEC = layer("max_pool2d")


def _forward(x: Array, **window: int) -> tuple[Any, Any]:
    out, cache = _SPEC.forward(x=x, **window)
    return out, (cache, out, x)


def _view(x: Array, kernel_h: int, kernel_w: int, stride: int, padding: int) -> Array:
    return slide(x, Grid((kernel_h, kernel_w), (stride, stride), (padding, padding), value=-np.inf), "floor")


# Its cache also holds the output and the input.
POOL = Layer("max_pool2d", _forward, lambda dout, cache: _SPEC.backward(dout, cache[0]))


def _grads(dout: Array, argmax: Array, kernel: tuple[int, int]) -> Array:
    """The gradient of every window: dout at its argmax, 0 elsewhere."""
    chosen = np.arange(kernel[0] * kernel[1]) == argmax[..., None]
    return np.reshape(chosen * dout[..., None], (*dout.shape, *kernel))


def _from(change: Any) -> Any:
    """A gradient from other windows: `change(dout, cache of the reference)`."""

    def dx(right: Array, dout: Array, cache: Any) -> Array:
        return scattered(change(dout, cache[0]), right.shape, cache[0].grid.stride[0], cache[0].grid.padding[0])

    return dx


def _strided(step: Any, add: Any = None) -> Any:
    """A gradient whose windows lie elsewhere, or overwrite each other."""

    def dx(right: Array, dout: Array, cache: Any) -> Array:
        kept = cache[0]
        return scattered(_grads(dout, kept.argmax, kept.grid.kernel_size), right.shape, step(kept), kept.grid.padding[0], add)

    return dx


def _mixed_sides(dout: Array, kept: Any) -> Array:
    """The argmax unravelled by the height of the window instead of its width."""
    kernel = kept.grid.kernel_size
    rows, columns = kept.argmax // kernel[0], kept.argmax % kernel[0]
    inside = (rows < kernel[0]) & (columns < kernel[1])
    return _grads(dout * inside, np.where(inside, rows * kernel[1] + columns, 0), kernel)


def _first_of(axis: int) -> Any:
    """The argmax of the first sample or channel used for all."""
    return _from(lambda dout, kept: _grads(dout, np.broadcast_to(kept.argmax.take([0], axis), dout.shape), kept.grid.kernel_size))


def _near(right: Array, dout: Array, cache: Any) -> Array:
    """The mask taken with a tolerance: all entries near the largest get the gradient."""
    kept, out, x = cache
    H, W = kept.grid.kernel_size
    p = kept.grid.padding[0]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*dout.shape[2:]):
        place = (
            slice(None),
            slice(None),
            slice(i * kept.grid.stride[0], i * kept.grid.stride[0] + H),
            slice(j * kept.grid.stride[0], j * kept.grid.stride[0] + W),
        )
        dx[place] += (x[place] >= out[:, :, i : i + 1, j : j + 1] - 0.1) * dout[:, :, i : i + 1, j : j + 1]
    return cropped(dx, p)


def _rest(right: Array, dout: Array, cache: Any) -> Array:
    kept = cache[0]
    rests = [(right.shape[a + 2] + 2 * kept.grid.padding[0] - kept.grid.kernel_size[a]) % kept.grid.stride[0] for a in (0, 1)]
    return np.roll(right, rests, axis=(2, 3))


def _of_size(out: Array, **given: Any) -> Array:
    """The entry of largest absolute value."""
    flat = _view(**given).reshape(*out.shape, -1)
    size = np.where(np.isfinite(flat), np.abs(flat), -1)  # not the padding
    return np.take_along_axis(flat, size.argmax(axis=-1)[..., None], axis=-1)[..., 0]


def _where_largest_in_size(right: Array, dout: Array, cache: Any) -> Array:
    kept, _, x = cache
    kernel = {"kernel_h": kept.grid.kernel_size[0], "kernel_w": kept.grid.kernel_size[1]}
    return _SPEC.backward(dout, _SPEC.forward(x=np.abs(x), stride=kept.grid.stride[0], padding=kept.grid.padding[0], **kernel)[1])[0]


def _as_padded_with_zeros(right: Array, dout: Array, cache: Any) -> Array:
    kept, _, x = cache
    kernel = {"kernel_h": kept.grid.kernel_size[0], "kernel_w": kept.grid.kernel_size[1]}
    _, zeros = max_pool2d.forward(
        x, stride=kept.grid.stride[0], padding=kept.grid.padding[0], inexact_output_size="floor", pads_with="zeros", **kernel
    )
    return max_pool2d.backward(dout, zeros)[0]


def _last_row_left_out(out: Array, kernel_h: int, **given: Any) -> Array:
    rows = _view(kernel_h=kernel_h, **given)[..., : max(kernel_h - 1, 1), :].max(axis=(4, 5))
    return np.where(np.isfinite(rows), rows, out)  # a row of padding has no entry


WRONG = (
    POOL.wrong_out("largest absolute value", _of_size),
    POOL.wrong_out("average", lambda out, x, **window: avg_pool2d.forward(x, **window)[0]),
    POOL.wrong_out("last row of every window left out", _last_row_left_out),
    POOL.wrong_out("columns of the output counted by its rows", lambda out, **_: out * (np.arange(out.shape[3]) < out.shape[2])),
    POOL.wrong_gradient("dx", "with the larger for the sum where windows overlap", _strided(lambda kept: kept.grid.stride[0], np.maximum)),
    POOL.wrong_gradient("dx", "with the height of the window as stride", _strided(lambda kept: kept.grid.kernel_size[0])),
    POOL.wrong_gradient("dx", "at entries within 0.1 of the largest too", _near),
    POOL.wrong_gradient("dx", "only where the output is positive", lambda dx, dout, cache: POOL.backward(dout * (cache[1] > 0), cache)[0]),
    POOL.wrong_gradient("dx", "at the largest absolute value", _where_largest_in_size),
    POOL.wrong_gradient("dx", "with the sides of the window mixed up", _from(_mixed_sides)),
    POOL.wrong_gradient("dx", "as if padded with zeros", _as_padded_with_zeros),
    POOL.wrong_gradient("dx", "at the places of the first sample", _first_of(0)),
    POOL.wrong_gradient("dx", "at the places of the first channel", _first_of(1)),
    POOL.wrong_gradient("dx", "shifted by the rest that the stride leaves", _rest),
    POOL.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    *POOL.slightly("dx"),
)
