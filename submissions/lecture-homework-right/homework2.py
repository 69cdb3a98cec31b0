import numpy as np

from homework1 import sigmoid, softmax


def relu(x):
    return np.maximum(0, x)


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    # forward
    a1 = np.dot(x, W1) + b1
    z1 = sigmoid(a1)
    a2 = np.dot(z1, W2) + b2
    z2 = relu(a2)
    a3 = np.dot(z2, W3) + b3
    y = softmax(a3)

    # backward
    grads = {}
    N = x.shape[0]
    dy = (y - t) / N
    grads['W3'] = np.dot(z2.T, dy)
    grads['b3'] = np.sum(dy, axis=0)

    dz2 = np.dot(dy, W3.T)
    da2 = dz2
    da2[a2 <= 0] = 0
    grads['W2'] = np.dot(z1.T, da2)
    grads['b2'] = np.sum(da2, axis=0)

    dz1 = np.dot(da2, W2.T)
    da1 = dz1 * z1 * (1 - z1)
    grads['W1'] = np.dot(x.T, da1)
    grads['b1'] = np.sum(da1, axis=0)
    return grads
