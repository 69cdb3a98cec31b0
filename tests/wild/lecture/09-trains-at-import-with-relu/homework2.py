import numpy as np
import homework1


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    sigmoid = lambda v: 1 / (1 + np.exp(-v))
    a1 = x @ W1 + b1
    z1 = sigmoid(a1)
    a2 = z1 @ W2 + b2
    z2 = np.maximum(a2, 0)
    y = homework1.softmax(z2 @ W3 + b3)
    dy = (y - t) / len(t)
    dz2 = dy @ W3.T
    da2 = dz2 * (a2 > 0)
    da1 = (da2 @ W2.T) * sigmoid(z1) * (1 - sigmoid(z1))
    grads = {}
    grads['W1'], grads['b1'] = x.T @ da1, da1.sum(axis=0)
    grads['W2'], grads['b2'] = z1.T @ da2, da2.sum(axis=0)
    grads['W3'], grads['b3'] = z2.T @ dy, dy.sum(axis=0)
    return grads
