# coding: utf-8
import numpy as np


class MultiLayerNet:
    def __init__(self, input_size, hidden_size_list, output_size):
        sizes = [input_size] + list(hidden_size_list) + [output_size]
        self.depth = len(sizes) - 1
        self.params = {}
        for i in range(1, self.depth + 1):
            self.params['W%d' % i] = 0.01 * np.random.randn(sizes[i - 1], sizes[i])
            self.params['b%d' % i] = np.zeros(sizes[i])

    def predict(self, x):
        self.inputs = []
        for i in range(1, self.depth + 1):
            self.inputs.append(x)
            x = np.dot(x, self.params['W%d' % i]) + self.params['b%d' % i]
            if i < self.depth:
                x = np.maximum(x, 0)
        x = np.exp(x - np.max(x, axis=1, keepdims=True))
        return x / np.sum(x, axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.sum(t * np.log(self.predict(x) + 1e-7)) / len(x)

    def gradient(self, x, t):
        d = (self.predict(x) - t) / len(x)
        grads = {}
        for i in range(self.depth, 0, -1):
            h = self.inputs[i - 1]
            grads['W%d' % i] = np.dot(h.T, d)
            grads['b%d' % i] = np.sum(d, axis=0)
            d = np.dot(d, self.params['W%d' % i].T)
            if i == 3:
                d = d * (h > 0)
        return grads
