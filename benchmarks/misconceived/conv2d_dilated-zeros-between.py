# expects: conv2d_dilated.out: zeros_between_are_dilation
import numpy as np


def spread_out(w, gaps):
    """Put `gaps` zeros between the entries of every filter."""
    F, C, HH, WW = w.shape
    wide = np.zeros((F, C, HH + (HH - 1) * gaps, WW + (WW - 1) * gaps))
    wide[:, :, ::gaps + 1, ::gaps + 1] = w
    return wide


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    wide = spread_out(w, dilation)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    KH, KW = wide.shape[2:]
    out_h, out_w = (xp.shape[2] - KH) // stride + 1, (xp.shape[3] - KW) // stride + 1
    out = np.zeros((len(x), len(w), out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            window = xp[:, :, i * stride:i * stride + KH, j * stride:j * stride + KW]
            out[:, :, i, j] = np.einsum('nckl,fckl->nf', window, wide) + b
    return out, (x, w, stride, padding, dilation)


def conv2d_dilated_backward(dout, cache):
    x, w, s, p, d = cache
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    OH, OW = dout.shape[2:]
    for k in range(w.shape[2]):
        for l in range(w.shape[3]):
            rows, cols = slice(k * d, k * d + s * OH, s), slice(l * d, l * d + s * OW, s)
            dw[:, :, k, l] = np.einsum('nfij,ncij->fc', dout, xp[:, :, rows, cols])
            dxp[:, :, rows, cols] += np.einsum('nfij,fc->ncij', dout, w[:, :, k, l])
    return dxp[:, :, p:p + x.shape[2], p:p + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))
