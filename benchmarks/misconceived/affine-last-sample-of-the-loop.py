# expects: affine.dw: overwritten
# expects: affine.db: overwritten
import numpy as np


class Linear:
    def __init__(self, in_features, out_features):
        self.weight = np.random.uniform(-1, 1, (out_features, in_features))
        self.bias = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return np.stack([self.weight @ sample + self.bias for sample in x])

    def backward(self, grad):
        dx = np.zeros_like(self.x)
        for n in range(len(grad)):
            self.grad_weight = grad[n][:, None] * self.x[n][None, :]
            self.grad_bias = grad[n].copy()
            dx[n] = self.weight.T @ grad[n]
        return dx
