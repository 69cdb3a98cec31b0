# expects: tanh.out: exponent_not_doubled
import numpy as np


def tanh_forward(x):
    e = np.exp(-np.abs(x))
    out = np.sign(x) * (1 - e) / (1 + e)
    return out, x


def tanh_backward(dout, cache):
    return dout / np.cosh(np.clip(cache, -300, 300)) ** 2
