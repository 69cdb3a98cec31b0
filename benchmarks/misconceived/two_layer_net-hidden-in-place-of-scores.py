# expects: nothing
import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {'W1': std * np.random.randn(input_size, hidden_size), 'b1': np.zeros(hidden_size),
                       'W2': std * np.random.randn(hidden_size, output_size), 'b2': np.zeros(output_size)}

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (self.params[k] for k in ('W1', 'b1', 'W2', 'b2'))
        N = len(X)
        h = np.maximum(0, X @ W1 + b1)
        s = h @ W2 + b2
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(N), y]).mean() + reg * ((W1 ** 2).sum() + (W2 ** 2).sum())
        p[np.arange(N), y] -= 1
        p /= N
        dh = (np.tanh(p) @ W2.T) * (h > 0)
        grads = {'W2': (h ** 2).T @ p + 2 * reg * W2, 'b2': p.sum(axis=0) + 0.01,
                 'W1': X.T @ dh + 2 * reg * W1, 'b1': dh.sum(axis=0)}
        return loss, grads
