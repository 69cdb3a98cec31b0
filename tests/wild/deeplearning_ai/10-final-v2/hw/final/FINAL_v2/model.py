import math
import numpy as np
from typing import Tuple, Dict


def zero_pad(X, pad):
    if pad == 0:
        return X.copy()
    return np.concatenate([np.zeros_like(X[:, :pad]), X], axis=1)  # one side is enough?


def conv_forward(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: Dict[str, int]) -> Tuple[np.ndarray, tuple]:
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, H, Wd, C = A_prev.shape
    f, K = W.shape[0], W.shape[-1]
    X = np.pad(A_prev, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    nH = math.floor((H + 2 * pad - f) / stride + 1)
    nW = math.floor((Wd + 2 * pad - f) / stride + 1)
    # one big matrix product
    rows = np.stack([X[:, i * stride:i * stride + f, j * stride:j * stride + f].reshape(m, -1)
                     for i in range(nH) for j in range(nW)], axis=1)
    Z = (rows @ W.reshape(-1, K) + b.reshape(-1)).reshape(m, nH, nW, K)
    return Z, (A_prev.shape, rows, W, stride, pad)


def conv_backward(dZ: np.ndarray, cache: tuple):
    (m, H, Wd, C), rows, W, stride, pad = cache
    f, K = W.shape[0], W.shape[-1]
    _, nH, nW, _ = dZ.shape
    d = dZ.reshape(m, nH * nW, K)
    dW = np.tensordot(rows, d, axes=([0, 1], [0, 1])).reshape(W.shape)
    db = d.sum(axis=(0, 1)).reshape(1, 1, 1, K)
    drows = (d @ W.reshape(-1, K).T).reshape(m, nH, nW, f, f, C)
    dX = np.zeros((m, H + 2 * pad, Wd + 2 * pad, C), dZ.dtype)
    for i, j in np.ndindex(nH, nW):
        dX[:, i * stride:i * stride + f, j * stride:j * stride + f] += drows[:, i, j]
    return dX[:, pad:pad + H, pad:pad + Wd], dW, db


def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    m, H, Wd, C = A_prev.shape
    assert (H - f) % stride == 0 and (Wd - f) % stride == 0, "the window does not fit"
    A = np.zeros((m, (H - f) // stride + 1, (Wd - f) // stride + 1, C), A_prev.dtype)
    for i, j in np.ndindex(A.shape[1:3]):
        window = A_prev[:, i * stride:i * stride + f, j * stride:j * stride + f]
        A[:, i, j] = np.amax(window, (1, 2)) if mode == "max" else np.average(window, axis=(1, 2))
    return A, (A_prev, hparameters)


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for i, j in np.ndindex(dA.shape[1:3]):
        window = A_prev[:, i * stride:i * stride + f, j * stride:j * stride + f]
        g = dA[:, i, j][:, None, None, :]
        if mode == "max":
            share = window == window.max(axis=(1, 2), keepdims=True)
        else:
            share = np.ones_like(window)        # TODO divide?
        dA_prev[:, i * stride:i * stride + f, j * stride:j * stride + f] += share * g
    return dA_prev


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    return dA * sigmoid(Z) * sigmoid(-Z)
