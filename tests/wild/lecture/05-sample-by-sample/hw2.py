"""HW2, same plan as in hw1: one sample at a time."""
import numpy as np
from hw1 import sigma, soft


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    total = {"W1": 0 * W1, "b1": 0 * b1, "W2": 0 * W2, "b2": 0 * b2, "W3": 0 * W3, "b3": 0 * b3}
    for xn, tn in zip(x, t):
        # forward
        h1 = sigma(xn @ W1 + b1)
        u2 = h1 @ W2 + b2
        h2 = np.array([max(u, 0.0) for u in u2])
        probs = soft(h2 @ W3 + b3)
        # backward
        e3 = probs - tn
        e2 = np.array([e if u > 0 else 0.0 for e, u in zip(W3 @ e3, u2)])
        e1 = (W2 @ e2) * h1 * (1 - h1)
        for k, (inp, err) in enumerate([(xn, e1), (h1, e2), (h2, e3)], start=1):
            total["W%d" % k] += np.outer(inp, err)
            total["b%d" % k] += err
    return total
