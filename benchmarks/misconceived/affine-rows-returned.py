# expects: affine.dx: left_flat
import numpy as np


def affine_forward(x, w, b):
    N = x.shape[0]
    rows = np.reshape(x, (N, np.prod(x.shape[1:])))
    return np.add(np.matmul(rows, w), b), (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    rows = np.reshape(x, (x.shape[0], np.prod(x.shape[1:])))
    dx = np.zeros_like(rows)
    for m in range(w.shape[1]):
        dx += dout[:, m:m + 1] * w[:, m]
    return dx, np.matmul(rows.T, dout), np.sum(dout, 0)
