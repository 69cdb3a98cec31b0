# expects: conv2d.out: width_from_height
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode='constant')
    H_prime = W_prime = 1 + (H + 2 * pad - HH) // stride
    out = np.zeros((N, F, H_prime, W_prime))
    for n in range(N):
        for f in range(F):
            for i in range(H_prime):
                for j in range(W_prime):
                    out[n, f, i, j] = np.sum(padded[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode='constant')
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.sum(dout, axis=(0, 2, 3))
    for n, f, i, j in np.ndindex(*dout.shape):
        dw[f] += padded[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW] * dout[n, f, i, j]
        dpadded[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW] += w[f] * dout[n, f, i, j]
    return dpadded[:, :, pad:pad+H, pad:pad+W], dw, db
