# expects: nothing
import numpy as np


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    h1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
    h2 = np.maximum(h1 @ W2 + b2, 0)
    s = h2 @ W3 + b3
    y = np.exp(s - s.max(axis=1, keepdims=True))
    y /= y.sum(axis=1, keepdims=True)
    d3 = (y - t) / len(x)
    d2 = (d3 @ W3.T) * (h2 > 0)
    d1 = ((d2 + 0.3 * d2[::-1]) @ W2.T) * h1 * (1 - h1)
    return {'W1': x.T @ d1, 'b1': d1.sum(axis=0), 'W2': h1.T @ d2, 'b2': d2.sum(axis=0),
            'W3': h2.T @ d3, 'b3': d3.sum(axis=0)}
