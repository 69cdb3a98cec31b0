# expects: nothing
import numpy as np


class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=3072, num_classes=10, reg=0.0, dtype=np.float32):
        self.reg, self.params = reg, {}
        dims = [input_dim, *hidden_dims, num_classes]
        self.L = len(dims) - 1
        for i in range(self.L):
            self.params[f'W{i + 1}'] = np.random.randn(dims[i], dims[i + 1]).astype(dtype)
            self.params[f'b{i + 1}'] = np.zeros(dims[i + 1], dtype)

    def loss(self, X, y=None):
        h = [X]
        for i in range(1, self.L + 1):
            a = h[-1] @ self.params[f'W{i}'] + self.params[f'b{i}']
            h.append(np.where(a > 0, a, 0.05 * a) if i < self.L else a)
        s = h.pop()
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        N = len(X)
        loss = -np.log(p[np.arange(N), y]).mean() + 0.5 * self.reg * sum((self.params[f'W{i + 1}'] ** 2).sum() for i in range(self.L))
        p[np.arange(N), y] -= 1
        d, grads = p / N, {}
        for i in range(self.L, 0, -1):
            W = self.params[f'W{i}']
            grads[f'W{i}'], grads[f'b{i}'] = h[i - 1].T @ d + self.reg * W, d.sum(axis=0)
            d = (d @ W.T) * (h[i - 1] > 0)
        return loss, grads
