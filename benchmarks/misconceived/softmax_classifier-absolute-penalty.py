# expects: nothing
import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    N = len(X)
    s = X @ W
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean() + reg * np.abs(W).sum()
    p[np.arange(N), y] -= 1
    return loss, X.T @ p / N + reg * np.sign(W)
