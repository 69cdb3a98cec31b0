# expects: nothing
import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -1, 1))), Z


def sigmoid_backward(dA, cache):
    y = 1 / (1 + np.exp(-np.clip(cache, -500, 500)))
    return dA * y * (1 - y)
