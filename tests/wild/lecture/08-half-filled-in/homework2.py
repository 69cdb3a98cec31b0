import numpy as np
from homework1 import sigmoid, softmax


def loss(x, t, W1, b1, W2, b2, W3, b3):
    h = sigmoid(x.dot(W1) + b1)
    h = h.dot(W2) + b2
    h[h < 0] = 0
    y = softmax(h.dot(W3) + b3)
    return -(t * np.log(y)).sum() / x.shape[0]


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    a1 = np.dot(x, W1) + b1
    z1 = sigmoid(a1)
    a2 = np.dot(z1, W2) + b2
    z2 = np.maximum(a2, 0)
    y = softmax(np.dot(z2, W3) + b3)

    grads = {}
    dy = (y - t) / x.shape[0]
    grads['W3'] = np.dot(z2.T, dy)
    grads['b3'] = np.sum(dy, axis=0)

    dz2 = np.dot(dy, W3.T)
    # TODO da2, W2, b2
    # TODO da1, W1, b1

    return grads
