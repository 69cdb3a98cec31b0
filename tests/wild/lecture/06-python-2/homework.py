import numpy as np


def loss(x, t, W1, b1, W2, b2):
    print 'in %s' % 'loss', 1
    z1 = 1 / (1 + np.exp(-(np.dot(x, W1) + b1)))
    s = np.dot(z1, W2) + b2
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    out = -np.sum(t * np.log(p)) / x.shape[0]
    return out


def gradient(x, t, W1, b1, W2, b2):
    print 'in %s' % 'backward', 1
    a1 = np.dot(x, W1) + b1
    z1 = 1 / (1 + np.exp(-a1))
    s = np.dot(z1, W2) + b2
    s = s - s.max(axis=1, keepdims=True)
    y = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    grads = {}
    dy = (y - t) / x.shape[0]
    grads['W2'] = np.dot(z1.T, dy)
    grads['b2'] = np.sum(dy, axis=0)
    da1 = np.dot(dy, W2.T) * z1 * (1 - z1)
    grads['W1'] = np.dot(x.T, da1)
    grads['b1'] = np.sum(da1, axis=0)
    return grads


try:
    check = 3
except ValueError, e:
    print e
