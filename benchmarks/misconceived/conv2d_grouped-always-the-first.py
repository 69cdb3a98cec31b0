# expects: conv2d_grouped.out: first_channels_for_all
import numpy as np


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, per_group, KH, KW = w.shape
    out_h, out_w = (xp.shape[2] - KH) // stride + 1, (xp.shape[3] - KW) // stride + 1
    out = np.zeros((x.shape[0], F, out_h, out_w))
    for n in range(x.shape[0]):
        for f in range(F):
            for i in range(out_h):
                for j in range(out_w):
                    for c in range(per_group):
                        for k in range(KH):
                            for l in range(KW):
                                out[n, f, i, j] += w[f, c, k, l] * xp[n, c, i * stride + k, j * stride + l]
            out[n, f] += b[f]
    return out, (x, w, stride, padding, groups)


def conv2d_grouped_backward(dout, cache):
    x, w, stride, padding, groups = cache
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, per_group, KH, KW = w.shape
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        start = f // (F // groups) * per_group
        rows, cols = slice(i * stride, i * stride + KH), slice(j * stride, j * stride + KW)
        dw[f] += dout[n, f, i, j] * xp[n, start:start + per_group, rows, cols]
        dxp[n, start:start + per_group, rows, cols] += dout[n, f, i, j] * w[f]
    return dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))
