import numpy as np

from .ops import affine, backprop, relu, sigmoid, softmax


def _forward(x, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid.f(affine(x, W1, b1))
    z2 = relu.f(affine(z1, W2, b2))
    return z1, z2, softmax(affine(z2, W3, b3))


def loss(x, t, W1, b1, W2, b2, W3, b3):
    y = _forward(x, W1, b1, W2, b2, W3, b3)[-1]
    return -np.einsum("nk,nk->", t, np.log(y)) / len(x)


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    z1, z2, y = _forward(x, W1, b1, W2, b2, W3, b3)
    return backprop([x, z1, z2], (y - t) / len(x), [W1, W2, W3], [sigmoid, relu])
