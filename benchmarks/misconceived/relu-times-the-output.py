# expects: relu.dx: multiplied_by_out
import numpy as np


def relu(Z):
    A = (Z + np.abs(Z)) / 2
    return A, A


def relu_backward(dA, cache):
    A = cache
    return np.multiply(dA, A)
