# expects: nothing
import numpy as np


def softmax_loss(x, y):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / np.sqrt((e ** 2).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    dx = p.copy()
    dx[rows, y] -= 1
    return loss, dx / len(y)
