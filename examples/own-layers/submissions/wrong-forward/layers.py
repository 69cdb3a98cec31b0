import numpy as np


def softsign_forward(x):
    return x / np.sqrt(1 + x * x), x


def softsign_backward(dout, cache):
    x = cache
    return dout / (1 + x * x) ** 1.5


def gate_forward(x, w):
    return x * (1 + w * w), (x, w)


def gate_backward(dout, cache):
    x, w = cache
    return dout * (1 + w * w), (dout * x * 2 * w).sum(axis=0)
