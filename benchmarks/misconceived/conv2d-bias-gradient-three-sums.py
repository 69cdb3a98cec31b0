# expects: conv2d.db: bias_gradient_axes
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    HH, WW = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], 'constant')
    Ho, Wo = (xp.shape[2] - HH) // s + 1, (xp.shape[3] - WW) // s + 1
    out = np.empty((x.shape[0], w.shape[0], Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            out[:, :, i, j] = np.tensordot(xp[:, :, i*s:i*s+HH, j*s:j*s+WW], w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    HH, WW = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], 'constant')
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            d = dout[:, :, i, j]
            dxp[:, :, i*s:i*s+HH, j*s:j*s+WW] += np.tensordot(d, w, axes=(1, 0))
            dw += np.tensordot(d, xp[:, :, i*s:i*s+HH, j*s:j*s+WW], axes=(0, 0))
    db = np.sum(np.sum(np.sum(dout, axis=0), axis=0), axis=0)
    return dxp[:, :, p:p+x.shape[2], p:p+x.shape[3]], dw, db
