"""Grouped convolution by one einsum over a strided view."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(x, kh, kw, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return sliding_window_view(xp, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    n, c, _, _ = x.shape
    f, cg, kh, kw = w.shape
    win = _windows(x, kh, kw, stride, padding)
    win = win.reshape(n, groups, cg, *win.shape[2:])
    out = np.einsum('ngcijkl,gfckl->ngfij', win, w.reshape(groups, f // groups, cg, kh, kw))
    out = out.reshape(n, f, *out.shape[3:]) + b.reshape(1, -1, 1, 1)
    return out, (x, w, stride, padding, groups)


def conv2d_grouped_backward(dout, cache):
    x, w, stride, padding, groups = cache
    n, c, h, wd = x.shape
    f, cg, kh, kw = w.shape
    win = _windows(x, kh, kw, stride, padding).reshape(n, groups, cg, dout.shape[2], dout.shape[3], kh, kw)
    d = dout.reshape(n, groups, f // groups, *dout.shape[2:])
    dw = np.einsum('ngfij,ngcijkl->gfckl', d, win).reshape(w.shape)
    db = np.einsum('nfij->f', dout)
    # every window gets its share back; overlapping ones add up
    shares = np.einsum('ngfij,gfckl->ngcijkl', d, w.reshape(groups, f // groups, cg, kh, kw)).reshape(n, c, *dout.shape[2:], kh, kw)
    dxp = np.zeros((n, c, h + 2 * padding, wd + 2 * padding))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dxp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw] += shares[:, :, i, j]
    return dxp[:, :, padding:h + padding, padding:wd + padding], dw, db
