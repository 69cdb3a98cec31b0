import numpy as np

# GRADED FUNCTIONS of weeks 1 to 4, before the last fixes to the forward steps


def window(a, h, w, f, s):
    return a[:, s * h:s * h + f, s * w:s * w + f]


def padded(X, pad):
    return np.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)])


def zero_pad(X, pad):
    # bug: pads with the border
    return np.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)], "edge")


def zero_pad_backward(dout, X, pad):
    m, n_H, n_W, n_C = X.shape
    return dout[:, pad:pad + n_H, pad:pad + n_W]


def conv_forward(A_prev, W, b, hparameters):
    s, pad = hparameters["stride"], hparameters["pad"]
    f, n_C = W.shape[0], W.shape[3]
    n_H, n_W = ((size - f + 2 * pad) // s + 1 for size in A_prev.shape[1:3])
    a = padded(A_prev, pad)
    Z = np.empty((len(A_prev), n_H, n_W, n_C), A_prev.dtype)
    for h, w in np.ndindex(n_H, n_W):
        # bug: rows and columns of the filter are swapped
        Z[:, h, w] = np.tensordot(window(a, h, w, f, s), W.transpose(1, 0, 2, 3), 3)
    return Z + b, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, pad, f = hparameters["stride"], hparameters["pad"], len(W)
    a, dW = padded(A_prev, pad), np.zeros_like(W)
    da = np.zeros_like(a)
    for h, w in np.ndindex(*dZ.shape[1:3]):
        da_window = window(da, h, w, f, s)
        da_window += np.tensordot(dZ[:, h, w], W, ([1], [3]))
        dW += np.tensordot(window(a, h, w, f, s), dZ[:, h, w], ([0], [0]))
    return zero_pad_backward(da, A_prev, pad), dW, dZ.sum((0, 1, 2), keepdims=True)


def pool_forward(A_prev, hparameters, mode):
    f, s = hparameters["f"], hparameters["stride"]
    n_H, n_W = ((size - f) // s + 1 for size in A_prev.shape[1:3])
    A = np.empty((len(A_prev), n_H, n_W, A_prev.shape[3]), A_prev.dtype)
    for h, w in np.ndindex(n_H, n_W):
        # bug: one column too few, unless the window has no other
        a = window(A_prev, h, w, f, s)[:, :, :max(f - 1, 1)]
        A[:, h, w] = a.max((1, 2)) if mode == "max" else a.mean((1, 2))
    return A, (A_prev, hparameters)


def pool_backward(dA, cache, mode):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for h, w in np.ndindex(*dA.shape[1:3]):
        a, d = window(A_prev, h, w, f, s), window(dA_prev, h, w, f, s)
        part = dA[:, h, w][:, None, None]
        d += (a == a.max((1, 2), keepdims=True)) * part if mode == "max" else part / f ** 2
    return dA_prev


def linear_forward(A, W, b):
    # bug: the same bias for all units
    return np.dot(W, A) + b[0], (A, W, b)


def linear_backward(dZ, cache):
    A, W, b = cache
    m = dZ.shape[1]
    return np.dot(W.T, dZ), np.dot(dZ, A.T) / m, np.sum(dZ, axis=1, keepdims=True) / m


def relu(Z):
    # bug: softplus
    return np.logaddexp(0, Z), Z


def relu_backward(dA, cache):
    return np.where(cache > 0, dA, 0)


def sigmoid(Z):
    # bug: the "hard" sigmoid
    return np.clip(Z / 4 + 0.5, 0, 1), Z


def sigmoid_backward(dA, cache):
    e = np.exp(-np.abs(cache))
    return dA * e / (1 + e) ** 2
