# expects: two_layer_net.W1: slope_forgotten
# expects: two_layer_net.b1: slope_forgotten
import numpy as np


class TwoLayerNN:
    def __init__(self, input_size, hidden_size, output_size):
        self.W1 = np.random.randn(input_size, hidden_size) * 0.1
        self.b1 = np.zeros(hidden_size)
        self.W2 = np.random.randn(hidden_size, output_size) * 0.1
        self.b2 = np.zeros(output_size)

    def forward(self, x):
        self.x = x
        self.h = np.maximum(x @ self.W1 + self.b1, 0)
        return self.h @ self.W2 + self.b2

    def loss(self, scores, y):
        self.y = y
        e = np.exp(scores - scores.max(1, keepdims=True))
        self.p = e / e.sum(1, keepdims=True)
        return -np.log(self.p[np.arange(len(y)), y]).mean()

    def backward(self):
        d = self.p.copy()
        for i, label in enumerate(self.y):
            d[i, label] -= 1
        d = d / len(d)
        self.dW2 = self.h.T @ d
        self.db2 = d.sum(0)
        d = d @ self.W2.T
        self.dW1 = self.x.T @ d
        self.db1 = d.sum(0)
