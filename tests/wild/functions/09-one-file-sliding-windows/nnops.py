# nnops.py -- all ops of the course in one place, no loops over pixels
# (c) me, 2024. Tested against torch on my laptop, see the bottom.
from __future__ import annotations

import functools
import operator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as swv

PADDERS = {"zeros": functools.partial(np.pad, mode="constant"), "reflect": functools.partial(np.pad, mode="reflect"),
           "replicate": functools.partial(np.pad, mode="edge"), "circular": functools.partial(np.pad, mode="wrap")}


class ShapeMismatch(ValueError):
    """The window does not tile the axis."""


def windows(xp, kernel, stride, dilation):
    """(N, C, H, W) -> view (N, C, OH, OW, KH, KW)"""
    span = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    v = swv(xp, span, axis=(2, 3))
    return v[:, :, ::stride[0], ::stride[1], ::dilation[0], ::dilation[1]]


def scatter(dwin, shape, stride, dilation):
    """Adjoint of `windows`."""
    n, c, oh, ow, kh, kw = dwin.shape
    out = np.zeros(shape, dwin.dtype)
    rows = np.arange(oh)[:, None] * stride[0] + np.arange(kh) * dilation[0]     # OH, KH
    cols = np.arange(ow)[:, None] * stride[1] + np.arange(kw) * dilation[1]     # OW, KW
    np.add.at(out, (slice(None), slice(None), rows[:, None, :, None], cols[None, :, None, :]), dwin)
    return out


def im2col(x, kh, kw, stride, padding):
    xp = PADDERS["zeros"](x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    v = windows(xp, (kh, kw), (stride, stride), (1, 1))
    return np.moveaxis(v, 1, 3).reshape(-1, x.shape[1] * kh * kw)


def col2im(col, x_shape, kh, kw, stride, padding):
    n, c, h, w = x_shape
    padded = n, c, h + 2 * padding, w + 2 * padding
    oh, ow = (padded[2] - kh) // stride + 1, (padded[3] - kw) // stride + 1
    dwin = np.moveaxis(col.reshape(n, oh, ow, c, kh, kw), 3, 1)
    return zero_pad_backward(scatter(dwin, padded, (stride, stride), (1, 1)), np.empty(x_shape), padding)


def zero_pad(x, padding):
    return PADDERS["zeros"](x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])


def zero_pad_backward(dout, x, padding):
    keep = slice(padding, -padding or None)
    return dout[:, :, keep, keep]


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    (ph, pw), (f, cg, kh, kw) = padding, w.shape
    xp = PADDERS[padding_mode](x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    v = windows(xp, (kh, kw), stride, dilation)
    v = v.reshape(v.shape[0], groups, cg, *v.shape[2:])
    wg = w.reshape(groups, -1, cg, kh, kw)
    out = np.einsum("ngcijkl,gfckl->ngfij", v, wg, optimize=True)
    out = out.reshape(len(x), f, *out.shape[3:]) + b[:, None, None]
    return out, dict(x=x.shape, padded=xp.shape, v=v, wg=wg, stride=stride, padding=padding, dilation=dilation, mode=padding_mode)


def conv2d_general_backward(dout, cache):
    v, wg = cache["v"], cache["wg"]
    groups, fg, cg, kh, kw = wg.shape
    d = dout.reshape(len(dout), groups, fg, *dout.shape[2:])
    dw = np.einsum("ngfij,ngcijkl->gfckl", d, v, optimize=True).reshape(-1, cg, kh, kw)
    dwin = np.einsum("ngfij,gfckl->ngcijkl", d, wg, optimize=True)
    dwin = dwin.reshape(len(dout), groups * cg, *dwin.shape[3:])
    dxp = scatter(dwin, cache["padded"], cache["stride"], cache["dilation"])
    return fold_border(dxp, cache["x"], cache["padding"], cache["mode"]), dw, dout.sum((0, 2, 3))


def fold_border(dxp, shape, padding, mode):
    """Padding is linear: along each axis multiply with the transpose of its 0/1 matrix."""
    for axis, p in zip((2, 3), padding):
        eye = np.eye(shape[axis])
        matrix = PADDERS[mode](eye, ((p, p), (0, 0)))           # padded length x length
        dxp = np.moveaxis(np.moveaxis(dxp, axis, -1) @ matrix, -1, axis)
    return dxp


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    pair = lambda v: (v, v)
    return conv2d_general_forward(x, w, b, pair(stride), pair(padding), pair(dilation), 1, "zeros")


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (1, 1), groups, "zeros")


conv2d_dilated_backward = conv2d_grouped_backward = conv2d_general_backward


def global_pool_forward(x, mode):
    flat = x.reshape(*x.shape[:2], -1)
    if mode == "max":
        last = flat.shape[2] - 1 - flat[..., ::-1].argmax(-1)      # of equal ones the last, why not
        return np.take_along_axis(flat, last[..., None], -1)[..., 0], (x.shape, last)
    return flat.mean(-1), (x.shape, None)


def global_pool_backward(dout, cache):
    shape, last = cache
    if last is None:
        return np.broadcast_to((dout / (shape[2] * shape[3]))[..., None, None], shape).copy()
    hot = np.arange(shape[2] * shape[3]) == last[..., None]
    return (hot * dout[..., None]).reshape(shape)


def conv_single_step(x, w, b):
    return np.einsum("chw,chw->", x, w) + b


def conv_single_step_backward(dout, x, w, b):
    return np.multiply(dout, w), np.multiply(dout, x), np.asarray(dout)


def _pool_windows(x, kernel, stride, padding, fill):
    pads = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    xp = np.pad(x, pads, constant_values=fill)
    return np.lib.stride_tricks.sliding_window_view(xp, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride], xp.shape


def _spread(share, xp_shape, stride, padding):
    dxp = np.zeros(xp_shape)
    for i, j in np.ndindex(*share.shape[2:4]):
        rows, cols = (slice(k * stride, k * stride + share.shape[-1]) for k in (i, j))
        dxp[:, :, rows, cols] += share[:, :, i, j]
    return dxp[:, :, padding:xp_shape[2] - padding, padding:xp_shape[3] - padding]


def max_pool2d_forward(x, kernel_size, stride, padding=0):
    windows, shape = _pool_windows(x, kernel_size, stride, padding, -np.inf)
    out = windows.max(axis=(-2, -1))
    first = windows.reshape(*out.shape, -1).argmax(axis=-1)
    return out, (first, kernel_size, shape, stride, padding)


def max_pool2d_backward(dout, cache):
    first, k, shape, stride, padding = cache
    share = (np.arange(k * k) == first[..., None]) * dout[..., None]
    return _spread(share.reshape(*dout.shape, k, k), shape, stride, padding)


def avg_pool2d_forward(x, kernel_size, stride, padding=0):
    windows, shape = _pool_windows(x, kernel_size, stride, padding, 0)
    return windows.mean(axis=(-2, -1)), (kernel_size, shape, stride, padding)


def avg_pool2d_backward(dout, cache):
    k, shape, stride, padding = cache
    return _spread(np.broadcast_to(dout[..., None, None] / k ** 2, (*dout.shape, k, k)), shape, stride, padding)


def output_size(size, kernel, stride, padding):
    return output_size_dilated(size, kernel, stride, padding, 1)


def output_size_dilated(size, kernel, stride, padding, dilation):
    steps, rest = divmod(size + 2 * padding - dilation * (kernel - 1) - 1, stride)
    if steps < 0 or rest:
        raise ShapeMismatch((size, kernel, stride, padding, dilation))
    return steps + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    return parameter_count_grouped(in_channels, out_channels, kernel_size, 1, bias)


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    weight = np.broadcast_to(0.0, (out_channels, in_channels // groups, kernel_size, kernel_size))
    return weight.size + (out_channels if bias else 0)


def receptive_field(kernels, strides, dilations=()):
    dilations = list(dilations) or [1] * len(kernels)
    jumps = functools.reduce(lambda js, s: js + [js[-1] * s], strides, [1])
    return 1 + sum(map(operator.mul, jumps, (d * (k - 1) for k, d in zip(kernels, dilations))))


if __name__ == "__main__":
    import torch
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 4, 6, 7)), rng.normal(size=(6, 2, 3, 2)), rng.normal(size=6)
    mine, _ = conv2d_grouped_forward(x, w, b, 1, 1, 2)
    theirs = torch.nn.functional.conv2d(*map(torch.tensor, (x, w, b)), padding=1, groups=2)
    print(abs(mine - theirs.numpy()).max())
