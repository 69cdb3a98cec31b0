"""HW1.

I do the backward pass one sample at a time, because I could not get my head
around the transposes of the batch version.  For one sample everything is a
vector: the gradient of a weight matrix is the outer product of what goes in
and of the error that comes back.  At the end: average over the batch.
"""
import math
import numpy as np


def sigma(v):
    return np.array([1 / (1 + math.exp(-u)) for u in v])


def soft(v):
    top = max(v)
    e = [math.exp(u - top) for u in v]
    return np.array(e) / sum(e)


def gradient(x, t, W1, b1, W2, b2):
    N = len(x)
    gW1, gb1 = np.zeros_like(W1), np.zeros_like(b1)
    gW2, gb2 = np.zeros_like(W2), np.zeros_like(b2)
    for n in range(N):
        hidden = sigma(x[n] @ W1 + b1)
        probs = soft(hidden @ W2 + b2)
        err2 = probs - t[n]
        err1 = (W2 @ err2) * hidden * (1 - hidden)
        gW2 += np.outer(hidden, err2)
        gb2 += err2
        gW1 += np.outer(x[n], err1)
        gb1 += err1
    return {"W1": gW1 / N, "b1": gb1 / N, "W2": gW2 / N, "b2": gb2 / N}
