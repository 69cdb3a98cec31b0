import numpy as np
from course_utils_2019.linear import matmul


def affine_forward(x, w, b):
    out = matmul(x.reshape(x.shape[0], -1), w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = matmul(dout, w.T).reshape(x.shape)
    dw = matmul(x.reshape(x.shape[0], -1).T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db
