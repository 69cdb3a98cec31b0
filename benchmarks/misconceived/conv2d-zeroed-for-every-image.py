# expects: conv2d.dw: overwritten
# expects: conv2d.db: overwritten
import numpy as np


def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters['stride'], hparameters['pad']
    f, n_C = W.shape[0], W.shape[3]
    X = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = (X.shape[1] - f) // stride + 1, (X.shape[2] - f) // stride + 1
    Z = np.zeros((len(X), n_H, n_W, n_C))
    for i in range(len(X)):
        for h in range(n_H):
            for w in range(n_W):
                a = X[i, h * stride:h * stride + f, w * stride:w * stride + f]
                Z[i, h, w] = np.tensordot(a, W, axes=3) + b.ravel()
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters['stride'], hparameters['pad']
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = W.shape[0]
    X = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dX = np.zeros_like(X)
    for i in range(m):
        dW = np.zeros_like(W)
        db = np.zeros_like(b)
        for h in range(dZ.shape[1]):
            for w in range(dZ.shape[2]):
                for c in range(dZ.shape[3]):
                    a = X[i, h * stride:h * stride + f, w * stride:w * stride + f, :]
                    dX[i, h * stride:h * stride + f, w * stride:w * stride + f, :] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += a * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dX[:, pad:pad + n_H_prev, pad:pad + n_W_prev, :], dW, db
