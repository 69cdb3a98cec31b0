# expects: sigmoid.dx: sigmoid_twice
import numpy as np


def s(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid(Z):
    A = s(Z)
    return A, A


def sigmoid_backward(dA, cache):
    t = s(cache)
    return dA * (t - t ** 2)
