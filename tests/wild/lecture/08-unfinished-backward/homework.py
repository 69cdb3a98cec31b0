import numpy as np


def loss(x, t, W1, b1, W2, b2):
    z1 = 1 / (1 + np.exp(-(np.dot(x, W1) + b1)))
    s = np.dot(z1, W2) + b2
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    out = -np.sum(t * np.log(p)) / x.shape[0]
    return out


def gradient(x, t, W1, b1, W2, b2):
    """Compute the gradient."""
    dx = None
    # TODO: implement the backward pass
    pass
    return dx
