import numpy as np


def numerical_gradient(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        pos = f(x).copy()
        x[ix] = old - h
        neg = f(x).copy()
        x[ix] = old
        grad[ix] = np.sum((pos - neg) * df) / (2 * h)
        it.iternext()
    return grad


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = numerical_gradient(lambda x: affine_forward(x, w, b)[0], x, dout)
    dw = numerical_gradient(lambda w: affine_forward(x, w, b)[0], w, dout)
    db = numerical_gradient(lambda b: affine_forward(x, w, b)[0], b, dout)
    return dx, dw, db


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-x))
    return out, x


def sigmoid_backward(dout, cache):
    h = 1e-4
    slope = (sigmoid_forward(cache + h)[0] - sigmoid_forward(cache)[0]) / h
    return dout * slope
