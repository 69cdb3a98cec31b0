# expects: sigmoid.out: overflows
import numpy as np


def sigmoid_forward(x):
    e = np.e ** x
    out = e / (e + 1)
    return out, x


def sigmoid_backward(dout, cache):
    half = 1 / np.cosh(np.clip(cache / 2, -350, 350))
    return dout * half * half / 4
