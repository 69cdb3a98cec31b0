"""Wrong average pooling."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer, replace, scattered
from reference import Array
from reference.layers import avg_pool2d

POOL = layer("avg_pool2d")


def _counted_inside(out: Array, **given: Any) -> Array:
    return avg_pool2d.forward(**given, inexact_output_size="floor", count_include_pad=False)[0]


def _shares(dout: Array, cache: Any) -> Array:
    kernel = cache.kernel_size
    return np.broadcast_to((dout / dout.dtype.type(kernel[0] * kernel[1]))[..., None, None], (*dout.shape, *kernel))


def _scattered(stride: Any, add: Any = None) -> Any:
    return lambda dx, dout, cache: scattered(_shares(dout, cache), dx.shape, stride(cache), cache.padding, add)


def _corner(dx: Array, dout: Array, cache: Any) -> Array:
    """All of dout at the first entry of the window."""
    grads = np.zeros((*dout.shape, *cache.kernel_size), dout.dtype)
    grads[..., 0, 0] = dout
    return scattered(grads, dx.shape, cache.stride, cache.padding)


def _counted(dx: Array, dout: Array, cache: Any) -> Array:
    """Divided by the number of windows that cover an entry."""
    ones = np.ones((*dout.shape, *cache.kernel_size), dout.dtype)
    return dx / np.maximum(scattered(ones, dx.shape, cache.stride, cache.padding), 1)


WRONG = (
    POOL.wrong_out("sum", lambda out, kernel_h, kernel_w, **_: out * (kernel_h * kernel_w)),
    POOL.wrong_out("divided by the height of the window only", lambda out, kernel_w, **_: out * kernel_w),
    POOL.wrong_out("divided by the square of the height", lambda out, kernel_h, kernel_w, **_: out * (kernel_w / kernel_h)),
    POOL.wrong_out("padding left out of the count in forward alone", _counted_inside),
    POOL.wrong_gradient("dx", "divided by k, not k * k", lambda dx, dout, cache: dx * cache.kernel_size[0]),
    POOL.wrong_gradient("dx", "not divided", lambda dx, dout, cache: dx * (cache.kernel_size[0] * cache.kernel_size[1])),
    POOL.wrong_gradient(
        "dx", "divided by the stride squared", lambda dx, dout, cache: dx * (cache.kernel_size[0] * cache.kernel_size[1] / cache.stride**2)
    ),
    POOL.wrong_gradient("dx", "divided by the number of windows over it too", _counted),
    POOL.wrong_gradient("dx", "with = for += where windows overlap", _scattered(lambda cache: cache.stride, replace)),
    POOL.wrong_gradient("dx", "with a stride of 1", _scattered(lambda cache: 1)),
    POOL.wrong_gradient("dx", "with the height of the window as stride", _scattered(lambda cache: cache.kernel_size[0])),
    POOL.wrong_gradient("dx", "at the first entry of the window", _corner),
    POOL.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    *POOL.slightly("dx"),
)
