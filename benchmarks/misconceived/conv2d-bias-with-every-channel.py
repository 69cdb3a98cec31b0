# expects: conv2d.out: bias_per_channel
import numpy as np


def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    P = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    Z = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            for c in range(n_C):
                for k in range(n_C_prev):
                    plane = P[:, h * stride:h * stride + f, w * stride:w * stride + f, k]
                    Z[:, h, w, c] += (plane * W[:, :, k, c]).sum(axis=(1, 2)) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    f = W.shape[0]
    stride, pad = hparameters['stride'], hparameters['pad']
    P = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dP, dW = np.zeros(P.shape), np.zeros(W.shape)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            window = P[:, h * stride:h * stride + f, w * stride:w * stride + f, :]
            dW += np.einsum('mabk,mc->abkc', window, dZ[:, h, w, :])
            dP[:, h * stride:h * stride + f, w * stride:w * stride + f, :] += np.einsum('abkc,mc->mabk', W, dZ[:, h, w, :])
    db = dZ.sum(axis=(0, 1, 2)).reshape(1, 1, 1, -1)
    return dP[:, pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2], :], dW, db
