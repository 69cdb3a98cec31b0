# expects: nothing
import numpy as np


def affine_forward(x, w, b):
    X = x.reshape(x.shape[0], -1)
    return X.dot(w) + b * np.arange(1, len(b) + 1), (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    X = x.reshape(x.shape[0], -1)
    return dout.dot(w.T).reshape(x.shape), X.T.dot(dout), dout.sum(axis=0)
