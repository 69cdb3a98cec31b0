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


def max_pool2d_forward(x, kernel_size, stride):
    shifted = [x[:, :, i:x.shape[2] - kernel_size + 1 + i:stride, j:x.shape[3] - kernel_size + 1 + j:stride]
               for i in range(kernel_size) for j in range(kernel_size)]
    y = np.max(shifted, axis=0)
    return y, {"x": x, "y": y, "k": kernel_size, "s": stride}


def max_pool2d_backward(dout, cache):
    x, y, k, s = cache["x"], cache["y"], cache["k"], cache["s"]
    dx = np.zeros_like(x)
    for i in range(k):
        for j in range(k):
            at = np.s_[:, :, i:x.shape[2] - k + 1 + i:s, j:x.shape[3] - k + 1 + j:s]
            dx[at] += dout * (x[at] == y)
    return dx
