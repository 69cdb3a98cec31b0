# expects: nothing
# Backward pads x again by a slice that is empty for pad 0, and raises for another reason than a slice of dx.
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    HH, WW = w.shape[2:]
    H2, W2 = (xp.shape[2] - HH) // s + 1, (xp.shape[3] - WW) // s + 1
    out = np.zeros((len(x), len(w), H2, W2))
    for i in range(H2):
        for j in range(W2):
            out[:, :, i, j] = np.einsum('nckl,fckl->nf', xp[:, :, i*s:i*s+HH, j*s:j*s+WW], w) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    HH, WW = w.shape[2:]
    xp = np.zeros((N, C, H + 2*p, W + 2*p))
    xp[:, :, p:-p, p:-p] = x
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dw += np.einsum('nf,nckl->fckl', dout[:, :, i, j], xp[:, :, i*s:i*s+HH, j*s:j*s+WW])
            dxp[:, :, i*s:i*s+HH, j*s:j*s+WW] += np.einsum('nf,fckl->nckl', dout[:, :, i, j], w)
    return dxp[:, :, p:p+H, p:p+W], dw, dout.sum(axis=(0, 2, 3))
