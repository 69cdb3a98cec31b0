import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(a):
    e = np.exp(a - np.max(a, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def gradient(x, t, W1, b1, W2, b2):
    grads = {}

    # ----------------------------------------------------------
    # YOUR CODE: forward, then backward
    # grads['W1'] = ..., grads['b1'] = ...
    # ----------------------------------------------------------

    return grads
