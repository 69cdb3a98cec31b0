# expects: nothing
import numpy as np


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * np.sqrt(1 - cache ** 2)
