"""Dilated and grouped convolution.

The grouped one cuts the channels into slices and calls the dilated one on each.
"""
from typing import List, Tuple

import numpy as np

from ..ops.pad import zero_pad


def _out_len(n: int, k: int, stride: int, dilation: int) -> int:
    return (n - dilation * (k - 1) - 1) // stride + 1


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    xp = zero_pad(x, padding)
    N, _, H, W = xp.shape
    F, _, KH, KW = w.shape
    OH, OW = _out_len(H, KH, stride, dilation), _out_len(W, KW, stride, dilation)
    out = np.zeros((N, F, OH, OW), dtype=x.dtype) + b[None, :, None, None]
    # loop over the kernel, not over the image: KH * KW is small
    for p in range(KH):
        for q in range(KW):
            seen = xp[:, :, p * dilation:, q * dilation:][:, :, :(OH - 1) * stride + 1:stride, :(OW - 1) * stride + 1:stride]
            out += np.tensordot(seen, w[:, :, p, q], axes=([1], [1])).transpose(0, 3, 1, 2)
    return out, (xp, x.shape, w, stride, padding, dilation)


def conv2d_dilated_backward(dout, cache):
    xp, (_, _, H, W), w, stride, padding, dilation = cache
    OH, OW = dout.shape[2:]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for p in range(w.shape[2]):
        for q in range(w.shape[3]):
            rows = slice(p * dilation, p * dilation + (OH - 1) * stride + 1, stride)
            cols = slice(q * dilation, q * dilation + (OW - 1) * stride + 1, stride)
            dw[:, :, p, q] = np.tensordot(dout, xp[:, :, rows, cols], axes=([0, 2, 3], [0, 2, 3]))
            dxp[:, :, rows, cols] += np.tensordot(dout, w[:, :, p, q], axes=([1], [0])).transpose(0, 3, 1, 2)
    dx = dxp[:, :, padding:padding + H, padding:padding + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    outs: List[np.ndarray] = []
    caches: List[Tuple] = []
    for xg, wg, bg in zip(np.split(x, groups, axis=1), np.split(w, groups), np.split(b, groups)):
        out, cache = conv2d_dilated_forward(xg, wg, bg, stride, padding, dilation=1)
        outs.append(out)
        caches.append(cache)
    return np.concatenate(outs, axis=1), caches


def conv2d_grouped_backward(dout, cache):
    parts = [conv2d_dilated_backward(d, c) for d, c in zip(np.split(dout, len(cache), axis=1), cache)]
    dxs, dws, dbs = zip(*parts)
    return np.concatenate(dxs, axis=1), np.concatenate(dws), np.concatenate(dbs)
