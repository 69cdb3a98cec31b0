"""Wrong average pooling."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer, scattered
from reference import Array
from reference.layers import avg_pool2d

POOL = layer("avg_pool2d")


def _counted_inside(out: Array, **given: Any) -> Array:
    return avg_pool2d.forward(**given, inexact_output_size="floor", count_include_pad=False)[0]


def _shares(dout: Array, cache: Any) -> Array:
    kernel = cache.grid.kernel_size
    return np.broadcast_to((dout / dout.dtype.type(kernel[0] * kernel[1]))[..., None, None], (*dout.shape, *kernel))


def _height_as_stride(dx: Array, dout: Array, cache: Any) -> Array:
    return scattered(_shares(dout, cache), dx.shape, cache.grid.kernel_size[0], cache.grid.padding[0])


def _corner(dx: Array, dout: Array, cache: Any) -> Array:
    """All of dout at the first entry of the window."""
    grads = np.zeros((*dout.shape, *cache.grid.kernel_size), dout.dtype)
    grads[..., 0, 0] = dout
    return scattered(grads, dx.shape, cache.grid.stride[0], cache.grid.padding[0])


def _counted(dx: Array, dout: Array, cache: Any) -> Array:
    """Divided by the number of windows that cover an entry."""
    ones = np.ones((*dout.shape, *cache.grid.kernel_size), dout.dtype)
    return dx / np.maximum(scattered(ones, dx.shape, cache.grid.stride[0], cache.grid.padding[0]), 1)


WRONG = (
    POOL.wrong_out("padding left out of the count in forward alone", _counted_inside),
    POOL.wrong_gradient("dx", "divided by the number of windows over it too", _counted),
    POOL.wrong_gradient("dx", "with the height of the window as stride", _height_as_stride),
    POOL.wrong_gradient("dx", "at the first entry of the window", _corner),
    POOL.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    *POOL.slightly("dx"),
)
