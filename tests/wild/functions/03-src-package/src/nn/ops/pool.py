import numpy as np


def global_pool_forward(x, mode):
    reduce = np.max if mode == "max" else np.mean
    y = reduce(x, axis=(-2, -1), keepdims=True)
    return y, {"x": x, "y": y, "mode": mode}


def global_pool_backward(dout, cache):
    x, y = cache["x"], cache["y"]
    if cache["mode"] == "max":
        return np.where(x == y, dout, 0.0)
    area = x.shape[-2] * x.shape[-1]
    return np.ones_like(x) * (dout / area)
