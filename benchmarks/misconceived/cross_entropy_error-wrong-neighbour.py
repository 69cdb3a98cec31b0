# expects: nothing
import numpy as np


def cross_entropy_error(y, t):
    if t.ndim == 2:
        t = t.argmax(axis=1)
    rows = np.arange(len(y))
    return -np.mean(np.log(y[rows, t] * y[rows, t - 1]))
