# expects: avg_pool2d.dx: to_the_largest
import numpy as np


def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    m, H, W, C = A_prev.shape
    n_H, n_W = (H - f) // s + 1, (W - f) // s + 1
    reduce = {"max": np.max, "average": np.mean}[mode]
    A = np.stack([np.stack([reduce(A_prev[:, h*s:h*s+f, w*s:w*s+f], axis=(1, 2)) for w in range(n_W)], axis=1) for h in range(n_H)], axis=1)
    return A, (A_prev, hparameters)


def create_mask_from_window(x):
    return x == np.max(x)


def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        mask = create_mask_from_window(A_prev[i, h*s:h*s+f, w*s:w*s+f, c])
        dA_prev[i, h*s:h*s+f, w*s:w*s+f, c] += np.multiply(mask, dA[i, h, w, c])
    return dA_prev
