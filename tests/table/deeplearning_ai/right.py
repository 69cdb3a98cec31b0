import numpy as np


def zero_pad(X, pad):
    """X of shape (m, n_H, n_W, n_C); pads height and width."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad:n_H + pad, pad:n_W + pad, :] = X
    return X_pad


def zero_pad_backward(dX_pad, X, pad):
    return dX_pad[:, pad:X.shape[1] + pad, pad:X.shape[2] + pad, :]


def conv_forward(A_prev, W, b, hparameters):
    s, pad = hparameters["stride"], hparameters["pad"]
    (f, f, n_C_prev, n_C) = W.shape
    A_prev_pad = zero_pad(A_prev, pad)
    n_H = int((A_prev.shape[1] - f + 2 * pad) / s) + 1
    n_W = int((A_prev.shape[2] - f + 2 * pad) / s) + 1
    Z = np.zeros((A_prev.shape[0], n_H, n_W, n_C), dtype=A_prev.dtype)
    for h in range(n_H):
        for w in range(n_W):
            a_slice_prev = A_prev_pad[:, h * s:h * s + f, w * s:w * s + f, :]
            Z[:, h, w, :] = np.einsum("mijc,ijcd->md", a_slice_prev, W) + b[0, 0, 0, :]
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    s, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros_like(A_prev_pad)
    dW = np.zeros_like(W)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            rows, cols = slice(h * s, h * s + f), slice(w * s, w * s + f)
            dA_prev_pad[:, rows, cols, :] += np.einsum("md,ijcd->mijc", dZ[:, h, w], W)
            dW += np.einsum("mijc,md->ijcd", A_prev_pad[:, rows, cols, :], dZ[:, h, w])
    return zero_pad_backward(dA_prev_pad, A_prev, pad), dW, dZ.sum(axis=(0, 1, 2)).reshape(b.shape)


def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    (m, n_H_prev, n_W_prev, n_C) = A_prev.shape
    A = np.zeros((m, 1 + (n_H_prev - f) // s, 1 + (n_W_prev - f) // s, n_C), dtype=A_prev.dtype)
    for h in range(A.shape[1]):
        for w in range(A.shape[2]):
            window = A_prev[:, h * s:h * s + f, w * s:w * s + f, :]
            A[:, h, w, :] = {"max": np.amax, "average": np.mean}[mode](window, axis=(1, 2))
    return A, (A_prev, hparameters)


def create_mask_from_window(x):
    mask = np.zeros(x.size)
    mask[np.argmax(x)] = 1
    return mask.reshape(x.shape)


def distribute_value(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))


def pool_backward(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        rows, cols = slice(h * s, h * s + f), slice(w * s, w * s + f)
        if mode == "max":
            dA_prev[i, rows, cols, c] += create_mask_from_window(A_prev[i, rows, cols, c]) * dA[i, h, w, c]
        elif mode == "average":
            dA_prev[i, rows, cols, c] += distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev


def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.mean(axis=1, keepdims=True)


def relu(Z):
    return np.maximum(0, Z), Z


def relu_backward(dA, cache):
    dZ = np.array(dA, copy=True)
    dZ[cache <= 0] = 0
    return dZ


def sigmoid(Z):
    return 0.5 * (1 + np.tanh(0.5 * Z)), Z


def sigmoid_backward(dA, cache):
    s, _ = sigmoid(cache)
    return dA * s * (1 - s)
