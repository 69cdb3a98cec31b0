import numpy as np
def _ok(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
import os
def affine_forward(x, w, b):
    r = _ok(x, w, b)
    m = np.memmap('mm', dtype=r.dtype, mode='w+', shape=r.shape); m[...] = r
    return m, None
