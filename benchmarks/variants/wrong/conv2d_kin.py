"""Wrong convolutions with gaps, in groups, with other kinds of padding; and wrong single steps."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array
from reference.layers import conv2d_general
from reference.windows import Grid

DILATED = layer("conv2d_dilated")
GROUPED = layer("conv2d_grouped")
GENERAL = layer("conv2d_general")
STEP = layer("conv_single_step")


def _general(**given: Any) -> Array:
    return conv2d_general.forward(**given)[0]


def _dilated_as(**changed: Any) -> Any:
    """The dilated convolution with another dilation along one axis; what is then left over is cut off, or 0."""

    def change(out: Array, x: Array, w: Array, b: Array, stride: int, padding: int, dilation: int) -> Array:
        steps = {
            f"{name}_{axis}": value for name, value in (("stride", stride), ("padding", padding), ("dilation", dilation)) for axis in "hw"
        }
        return _fitted(_general(x=x, w=w, b=b, **{**steps, **changed}), out.shape)

    return change


def _fitted(a: Array, shape: tuple[int, ...]) -> Array:
    out = np.zeros(shape, a.dtype)
    H, W = min(a.shape[2], shape[2]), min(a.shape[3], shape[3])
    out[:, :, :H, :W] = a[:, :, :H, :W]
    return out


def _with_grid(**changed: Any) -> Any:
    """The gradient of the input with the windows lying otherwise."""

    def dx(right: Array, dout: Array, cache: Any) -> Array:
        grid: Grid = cache.grid._replace(**changed)
        reach = tuple(grid.dilation[a] * (grid.kernel_size[a] - 1) + 1 + grid.stride[a] * (dout.shape[2 + a] - 1) for a in (0, 1))
        larger = tuple(max(right.shape[2 + a] + 2 * grid.padding[a], reach[a]) - 2 * grid.padding[a] for a in (0, 1))
        kept = cache._replace(grid=grid, shape=(*right.shape[:2], *larger))
        return DILATED.backward(dout, kept)[0][:, :, : right.shape[2], : right.shape[3]]

    return dx


def _mixed(w: Array, groups: int, **_: Any) -> dict[str, Any]:
    """Every group with the filters of the next."""
    return {"w": np.roll(w, len(w) // groups, axis=0)}


def _interleaved(x: Array, groups: int, **_: Any) -> dict[str, Any]:
    """Groups of every G-th channel."""
    N, C, H, W = x.shape
    return {"x": x.reshape(N, C // groups, groups, H, W).swapaxes(1, 2).reshape(x.shape)}


def _grouped_dx(change: Any) -> Any:
    """The gradient of the input with its channels changed, group by group."""
    return lambda dx, dout, cache: change(dx.reshape(len(dx), cache.groups, -1, *dx.shape[2:])).reshape(dx.shape)


def _mode(**modes: str) -> Any:
    return lambda padding_mode, **_: {"padding_mode": modes.get(padding_mode, padding_mode)}


def _cut(dx: Array, dout: Array, cache: Any) -> Array:
    """The border of the padded planes dropped, whatever it is a copy of."""
    return GENERAL.backward(dout, cache._replace(grid=cache.grid._replace(padding_mode="zeros")))[0]


WRONG = (
    DILATED.wrong_out("no dilation", _dilated_as(dilation_h=1, dilation_w=1)),
    DILATED.wrong_out("dilation along the height only", _dilated_as(dilation_w=1)),
    DILATED.wrong_given("filters flipped", lambda w, **_: {"w": w[:, :, ::-1, ::-1]}),
    DILATED.wrong_given("bias forgotten", lambda b, **_: {"b": 0 * b}),
    DILATED.wrong_gradient("dx", "without dilation", _with_grid(dilation=(1, 1))),
    DILATED.wrong_gradient("dx", "with a stride of 1", _with_grid(stride=(1, 1))),
    DILATED.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    DILATED.wrong_gradient("dw", "averaged over the batch", lambda dw, dout, cache: dw / len(dout)),
    *DILATED.slightly("dx", "dw", "db"),
    GROUPED.wrong_given("filters of the next group", _mixed),
    GROUPED.wrong_given("groups of every G-th channel", _interleaved),
    GROUPED.wrong_given("bias of the first group for all", lambda b, groups, **_: {"b": np.resize(b[: len(b) // groups], b.shape)}),
    GROUPED.wrong_gradient(
        "dx", "of the first group only", _grouped_dx(lambda dx: dx * (np.arange(dx.shape[1]) == 0)[:, None, None, None])
    ),
    GROUPED.wrong_gradient("dx", "with the groups in reverse", _grouped_dx(lambda dx: dx[:, ::-1])),
    GROUPED.wrong_gradient("dw", "averaged over the groups", lambda dw, dout, cache: dw / cache.groups),
    GROUPED.wrong_gradient("db", "of the first sample only", lambda db, dout, cache: dout[0].sum(axis=(1, 2))),
    *GROUPED.slightly("dx", "dw", "db"),
    GENERAL.wrong_given("zeros whatever was asked", lambda **_: {"padding_mode": "zeros"}),
    GENERAL.wrong_given("reflection with the border twice", _mode(reflect="replicate")),
    GENERAL.wrong_given("circular from the wrong end", _mode(circular="reflect")),
    GENERAL.wrong_gradient("dx", "without the copies in the padding", _cut),
    GENERAL.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    GENERAL.wrong_gradient("dw", "averaged over the batch", lambda dw, dout, cache: dw / len(dout)),
    *GENERAL.slightly("dx", "dw", "db"),
    STEP.wrong_given("bias forgotten", lambda b, **_: {"b": 0 * b}),
    STEP.wrong_given("filter flipped", lambda w, **_: {"w": w[:, ::-1, ::-1]}),
    STEP.wrong_given("first channel only", lambda w, **_: {"w": w * (np.arange(len(w)) == 0).astype(w.dtype)[:, None, None]}),
    STEP.wrong_out("bias added to every product", lambda out, b, w, **_: np.asarray(out + b * w.dtype.type(w.size - 1))),
    STEP.wrong_gradient("dx", "not the filter but the window", lambda dx, dout, cache: dout * cache.x),
    STEP.wrong_gradient("db", "for every product", lambda db, dout, cache: db * cache.w.dtype.type(cache.w.size)),
    *STEP.slightly("dx", "dw", "db"),
)
