import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def zero_pad(X, pad):
    return np.pad(X, ((0,), (pad,), (pad,), (0,)))


def patches(A, f, s):
    return sliding_window_view(A, (f, f), (1, 2))[:, ::s, ::s]


def conv_forward(A_prev, W, b, hparameters):
    A = zero_pad(A_prev, hparameters["pad"])
    Z = np.einsum("mhwcij,ijcd->mhwd", patches(A, len(W), hparameters["stride"]), W) + b
    return Z, (A_prev, A, W, hparameters)


def conv_backward(dZ, cache):
    A_prev, A, W, hparameters = cache
    s, pad, f = hparameters["stride"], hparameters["pad"], len(W)
    dW = np.einsum("mhwcij,mhwd->ijcd", patches(A, f, s), dZ)
    dA = np.zeros_like(A)
    for i in range(f):
        for j in range(f):
            target = dA[:, i:i + s * (dZ.shape[1] - 1) + 1:s, j:j + s * (dZ.shape[2] - 1) + 1:s]
            target += dZ @ W[f - 1 - i, f - 1 - j].T  # mistake: flipped, as for "full" convolution, and walked forwards
    return dA[:, pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2]], dW, dZ.sum(axis=(0, 1, 2)).reshape(1, 1, 1, -1)


def pool_forward(A_prev, hparameters, mode="max"):
    seen = patches(A_prev, hparameters["f"], hparameters["stride"])
    return seen.max(axis=(4, 5)) if mode == "max" else seen.mean(axis=(4, 5)), (A_prev, hparameters)


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for m, h, w, c in np.ndindex(*dA.shape):
        a = A_prev[m, h * s:h * s + f, w * s:w * s + f, c]
        share = (a == a.max()) if mode == "max" else np.full((f, f), 1 / f)  # mistake: 1 / f ** 2
        if mode == "max":
            dA_prev[m, h * s:h * s + f, w * s:w * s + f, c] = share * dA[m, h, w, c]  # mistake: += where windows overlap
        else:
            dA_prev[m, h * s:h * s + f, w * s:w * s + f, c] += share * dA[m, h, w, c]
    return dA_prev


def linear_forward(A, W, b):
    return (A.T @ W.T).T + b, (A, W)


def linear_backward(dZ, cache):
    A, W = cache
    m = A.shape[1]
    return W.T @ dZ / m, dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m  # mistake: dA_prev is of each sample


def relu(Z):
    return Z * (Z > 0), Z


def relu_backward(dA, cache):
    dZ = dA.copy()
    dZ[cache < -1] = 0  # mistake: 0
    return dZ


def sigmoid(Z):
    s = np.exp(np.minimum(Z, 0)) / (1 + np.exp(-np.abs(Z)))
    return s, s


def sigmoid_backward(dA, cache):
    return dA * cache * (1 - cache) * 2  # mistake: no 2
