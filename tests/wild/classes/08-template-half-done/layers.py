"""Project 2. Complete the missing methods; run `python grade.py` to see where you stand.

Name: ______________
"""
import numpy as np


class Layer:
    """Base class of all layers."""

    def forward(self, x):
        raise NotImplementedError("implement me")

    def backward(self, dout):
        raise NotImplementedError("implement me")


class Linear(Layer):
    def __init__(self, in_features, out_features):
        rng = np.random.default_rng(42)
        self.weight = rng.normal(scale=0.1, size=(in_features, out_features))
        self.bias = np.zeros(out_features)
        self.grad_weight = None
        self.grad_bias = None

    def forward(self, x):
        # BEGIN SOLUTION
        self.x = x
        return np.add(np.matmul(x, self.weight), self.bias)
        # END SOLUTION

    def backward(self, dout):
        # BEGIN SOLUTION
        self.grad_weight = np.matmul(self.x.T, dout)
        self.grad_bias = np.ones(len(dout)) @ dout
        return np.matmul(dout, self.weight.T)
        # END SOLUTION


class ReLU(Layer):
    def forward(self, x):
        # BEGIN SOLUTION
        self.x = x
        return np.fmax(x, 0)
        # END SOLUTION

    def backward(self, dout):
        # BEGIN SOLUTION
        ...
        # END SOLUTION


class Sigmoid(Layer):
    def forward(self, x):
        # BEGIN SOLUTION
        self.s = np.reciprocal(1. + np.exp(-x))
        return self.s
        # END SOLUTION

    def backward(self, dout):
        dx = None
        # BEGIN SOLUTION
        # dx = dout * self.s * (1 - self.s) ???
        # END SOLUTION
        return dx


class Conv2d(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        rng = np.random.default_rng(42)
        self.weight = rng.normal(scale=0.1, size=(out_channels, in_channels, kernel_size, kernel_size))
        self.bias = np.zeros(out_channels)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        # BEGIN SOLUTION
        p, s = self.padding, self.stride
        F, C, K, _ = self.weight.shape
        self.x_pad = xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
        rows = range(0, xp.shape[2] - K + 1, s)
        cols = range(0, xp.shape[3] - K + 1, s)
        out = np.stack([np.stack([np.tensordot(xp[:, :, i:i + K, j:j + K], self.weight, ((1, 2, 3), (1, 2, 3))) for j in cols], -1) for i in rows], -2)
        return out + self.bias.reshape(1, F, 1, 1)
        # END SOLUTION

    def backward(self, dout):
        N, F, OH, OW = dout.shape
        # BEGIN SOLUTION
        raise NotImplementedError
        # END SOLUTION


class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        # BEGIN SOLUTION
        pass
        # END SOLUTION

    def backward(self, dout):
        # BEGIN SOLUTION
        pass
        # END SOLUTION


class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        # BEGIN SOLUTION
        # cumulative sums: the sum of a window is a difference of four of them
        self.shape, k, s = x.shape, self.kernel_size, self.stride
        total = np.zeros(x.shape[:2] + (x.shape[2] + 1, x.shape[3] + 1))
        total[:, :, 1:, 1:] = x.cumsum(axis=2).cumsum(axis=3)
        sums = total[:, :, k:, k:] - total[:, :, :-k, k:] - total[:, :, k:, :-k] + total[:, :, :-k, :-k]
        return sums[:, :, ::s, ::s] / (k * k)
        # END SOLUTION

    def backward(self, dout):
        """Spread dout evenly.  TODO ask about stride > 1"""
        # BEGIN SOLUTION
        dx = np.zeros(self.shape)
        k = self.kernel_size
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                dx[:, :, i * k:i * k + k, j * k:j * k + k] += dout[:, :, i:i + 1, j:j + 1] / k ** 2
        return dx
        # END SOLUTION
