# expects: conv2d.db: bias_gradient_mean
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    OH, OW = (H + 2 * p - HH) // s + 1, (W + 2 * p - WW) // s + 1
    out = np.zeros((N, F, OH, OW))
    for i in range(OH):
        for j in range(OW):
            patch = padded[:, :, i * s:i * s + HH, j * s:j * s + WW]
            out[:, :, i, j] = np.tensordot(patch, w, ([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            place = (slice(None), slice(None), slice(i * s, i * s + HH), slice(j * s, j * s + WW))
            dw += np.tensordot(dout[:, :, i, j], padded[place], (0, 0))
            dpadded[place] += np.tensordot(dout[:, :, i, j], w, (1, 0))
    # every place has its say
    db = np.array([dout[:, f].mean() for f in range(F)])
    return dpadded[:, :, p:p + H, p:p + W], dw, db
