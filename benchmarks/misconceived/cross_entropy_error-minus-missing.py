# expects: cross_entropy_error.out: sign
import numpy as np


def cross_entropy_error(y, t):
    if t.ndim == 2:
        t = np.argmax(t, axis=1)
    total = 0
    for k in range(y.shape[0]):
        total = total + np.log(y[k][t[k]])
    return total / y.shape[0]
