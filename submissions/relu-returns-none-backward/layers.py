import numpy as np


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    dx = dout * (cache > 0)
    print(dx)


def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], -1)
    return flat.dot(w) + b, (x.shape, flat, w)


def affine_backward(dout, cache):
    shape, flat, w = cache
    return dout.dot(w.T).reshape(shape), flat.T.dot(dout), dout.sum(axis=0)
