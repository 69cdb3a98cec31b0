import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_forward(x):
    out = sigmoid(x)
    cache = x
    return out, cache


def sigmoid_backward(dout, cache):
    # derivative of the sigmoid: x * (1 - x)
    x = cache
    dx = dout * x * (1 - x)
    return dx


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    return dout * (cache > 0)
