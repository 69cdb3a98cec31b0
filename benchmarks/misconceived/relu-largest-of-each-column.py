# expects: relu.out: max_for_maximum
import numpy as np


def relu_forward(x):
    out = np.max(x, 0)
    return out, x


def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0)
