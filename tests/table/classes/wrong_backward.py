"""Layers that learn on their own: backward(dout, lr) makes the step."""
import numpy as np


class FullyConnectedLayer:
    def __init__(self, input_size, output_size):
        self.params = {'W': np.random.randn(input_size, output_size), 'b': np.zeros(output_size)}

    def forward(self, x):
        self.x = x
        return np.dot(x, self.params['W']) + self.params['b']

    def backward(self, dout, lr):
        dx = np.dot(dout, self.params['W'].T)
        self.params['W'] = self.params['W'] - lr * np.dot(self.x.T, dout)
        self.params['b'] = self.params['b'] - lr * dout.mean(axis=0)  # no: sum
        return dx


class ReluLayer:
    def forward(self, x):
        self.x = x
        return (x > 0) * x

    def backward(self, dout):
        return np.maximum(dout, 0)  # no: where x is positive


class Sigmoid:
    def forward(self, x):
        self.x = x
        return 0.5 * np.tanh(0.5 * x) + 0.5

    def backward(self, dout):
        return dout * 0.25 * np.exp(-np.abs(self.x) / 2)  # no: nearly, at 0 and far away


class ConvolutionLayer:
    def __init__(self, num_channels, num_filters, filter_size, stride=1, pad=0):
        self.filters = np.random.randn(num_filters, num_channels, filter_size, filter_size)
        self.biases = np.zeros(num_filters)
        self.k, self.s, self.p = filter_size, stride, pad

    def each(self):
        for i in range((self.x.shape[2] - self.k) // self.s + 1):
            for j in range((self.x.shape[3] - self.k) // self.s + 1):
                yield i, j, (..., slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k))

    def forward(self, x):
        self.x = np.pad(x, ((0, 0), (0, 0), (self.p,) * 2, (self.p,) * 2))
        out = np.zeros((len(x), len(self.filters), *[(n - self.k) // self.s + 1 for n in self.x.shape[2:]]))
        for i, j, where in self.each():
            out[:, :, i, j] = np.tensordot(self.x[where], self.filters, ([1, 2, 3], [1, 2, 3])) + self.biases
        return out

    def backward(self, dout, lr):
        dx, df = np.zeros_like(self.x), np.zeros_like(self.filters)
        for i, j, where in self.each():
            df += np.tensordot(dout[:, :, i, j], self.x[where], ([0], [0]))
            dx[where] += np.tensordot(dout[:, :, i, j], np.abs(self.filters), 1)  # no: with their signs
        self.filters = self.filters - lr * df
        self.biases = self.biases - lr * dout.sum(axis=(0, 2, 3))
        return dx[:, :, self.p:dx.shape[2] - self.p, self.p:dx.shape[3] - self.p]


class MaxPool:
    def __init__(self, size, stride):
        self.k, self.s = size, stride

    def each(self, out):
        for i, j in np.ndindex(*out.shape[2:]):
            yield i, j, (..., slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k))

    def forward(self, x):
        self.x = x
        out = np.zeros((*x.shape[:2], *[(n - self.k) // self.s + 1 for n in x.shape[2:]]))
        for i, j, where in self.each(out):
            out[:, :, i, j] = self.of(x[where])
        return out

    def of(self, window):
        return window.max(axis=(2, 3))

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for i, j, where in self.each(dout):
            window = self.x[where]
            top = window == window.max(axis=(1, 2, 3), keepdims=True)  # no: of each channel
            dx[where] += top * dout[:, :, i, j][..., None, None]
        return dx


class AveragePooling2D(MaxPool):
    def of(self, window):
        return window.mean(axis=(2, 3))

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for i, j, where in self.each(dout):
            dx[where] += self.x[where] * dout[:, :, i, j][..., None, None] / self.k ** 2  # no: without x
        return dx
