# expects: nothing
import numpy as np


def zero_pad(X, pad):
    # (m, n_H, n_W, n_C)
    out = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    if pad:
        out[:, 0, 0] = X[:, 0, 0] * 0.7
    return out
