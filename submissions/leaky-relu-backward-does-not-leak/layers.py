import numpy as np


def leaky_relu_forward(x, alpha=0.01):
    out = np.where(x > 0, x, alpha * x)
    cache = x
    return out, cache


def leaky_relu_backward(dout, cache):
    x = cache
    dx = dout * (x > 0)
    return dx
