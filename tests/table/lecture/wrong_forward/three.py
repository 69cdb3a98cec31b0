import numpy as np

from two import sigmoid, softmax


def scores(x, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid(x.dot(W1) + b1)
    z2 = np.maximum(z1.dot(W2) + b2, 0)
    return z1, z2, z2.dot(W3) + b3


def loss(x, t, W1, b1, W2, b2, W3, b3):
    a3 = scores(x, W1, b1, W2, b2, W3, b3)[2]
    return -np.mean(np.log(softmax(a3)) * t)  # averaged over the classes, too


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    z1, z2, a3 = scores(x, W1, b1, W2, b2, W3, b3)
    da3 = (softmax(a3) - t) / len(x)
    da2 = da3.dot(W3.T)
    da2[z2 == 0] = 0
    da1 = da2.dot(W2.T) * z1 * (1 - z1)
    return {'W1': x.T.dot(da1), 'b1': da1.sum(0), 'W2': z1.T.dot(da2), 'b2': da2.sum(0), 'W3': z2.T.dot(da3), 'b3': da3.sum(0)}
