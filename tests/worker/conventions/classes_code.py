"""Classes as repositories have them, one design a class; a name in a comment says whose manner it is."""

import numpy as np


class DictLinear:
    def __init__(self, in_features, out_features):
        self.params = {"W": np.random.randn(in_features, out_features), "b": np.zeros((1, out_features))}
        self.grads = {}

    def forward(self, x):
        self.x = x
        return np.dot(x, self.params["W"]) + self.params["b"]

    def backward(self, dout):
        self.grads["W"], self.grads["b"] = self.x.T @ dout, dout.sum(axis=0, keepdims=True)
        return dout @ self.params["W"].T


class ColumnLinear:
    """Samples are columns, as in the courses of deeplearning.ai."""

    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_out, n_in), np.zeros((n_out, 1))

    def forward(self, A):
        self.A = A
        return self.W @ A + self.b

    def backward(self, dZ):
        return self.W.T @ dZ, dZ @ self.A.T, dZ.sum(axis=1, keepdims=True)


class BoxedLinear:
    def __init__(self, fan_in, fan_out):
        self.W = {"val": np.random.randn(fan_in, fan_out), "grad": 0}
        self.b = {"val": np.random.randn(fan_out), "grad": 0}

    def forward(self, x):
        self.cache = x
        return x @ self.W["val"] + self.b["val"]

    def backward(self, dout):
        self.W["grad"], self.b["grad"] = self.cache.T @ dout, dout.sum(axis=0)
        return dout @ self.W["val"].T


class VectorLinear:
    """One sample, without a batch axis."""

    def __init__(self, input_size, output_size):
        self.weights, self.bias = np.random.randn(output_size, input_size), np.random.randn(output_size)

    def forward(self, x):
        assert x.ndim == 1
        self.x = x
        return self.weights.dot(x) + self.bias

    def backward(self, grad):
        self.dweights, self.dbias = np.outer(grad, self.x), grad
        return self.weights.T.dot(grad)


class MeanLinear(DictLinear):
    """Averages the gradient of its weights, which the loss has done already."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.grads["W"] /= len(dout)
        return dx


class OneOutputLinear(VectorLinear):
    """All of its bias learns from the first output."""

    def backward(self, grad):
        dx = super().backward(grad)
        self.dbias = np.full_like(grad, grad[0])
        return dx


class NnfsLinear:
    """In the manner of "Neural Networks from Scratch in Python": results are left in attributes."""

    def __init__(self, n_inputs, n_neurons):
        self.weights, self.biases = 0.01 * np.random.randn(n_inputs, n_neurons), np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dinputs = np.dot(dvalues, self.weights.T)


class RatedLinear:
    """Updates itself, with the rate of its construction, and keeps no gradient."""

    def __init__(self, input_dim, output_dim, learning_rate=0.01):
        self.W, self.b, self.lr = np.random.randn(input_dim, output_dim), np.zeros(output_dim), learning_rate

    def __call__(self, x):
        self.x = x
        return x @ self.W + self.b

    def backprop(self, dout):
        dx = dout @ self.W.T
        self.W -= self.lr * self.x.T @ dout
        self.b = self.b - self.lr * dout.sum(axis=0)
        return dx


class DefaultRateLinear(RatedLinear):
    def __init__(self, input_dim, output_dim):
        super().__init__(input_dim, output_dim)

    def backprop(self, dout, lr=0.001):
        self.lr = lr
        return super().backprop(dout)


class Square:
    """What convolutions share: one size of the filter."""

    def setup(self, c, f, k, stride, padding):
        self.k, self.s, self.p = k, stride, padding
        self.W, self.b = np.random.randn(f, c, k, k), np.zeros(f)

    def places(self, out):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                yield i, j, slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k)

    def forward(self, x):
        p = self.p
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        size = [(n - self.k) // self.s + 1 for n in self.xp.shape[2:]]
        out = np.zeros((len(x), len(self.b), *size))
        for i, j, rows, columns in self.places(out):
            out[:, :, i, j] = np.tensordot(self.xp[:, :, rows, columns], self.W, ((1, 2, 3), (1, 2, 3))) + self.b
        return out

    def backward(self, dout):
        dxp, self.dW, self.db = np.zeros_like(self.xp), np.zeros_like(self.W), dout.sum(axis=(0, 2, 3))
        for i, j, rows, columns in self.places(dout):
            dxp[:, :, rows, columns] += np.tensordot(dout[:, :, i, j], self.W, 1)
            self.dW += np.tensordot(dout[:, :, i, j], self.xp[:, :, rows, columns], ((0,), (0,)))
        p = self.p
        return dxp[:, :, p : dxp.shape[2] - p, p : dxp.shape[3] - p]


class PlainConv(Square):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.setup(in_channels, out_channels, kernel_size, stride, padding)


class ChannelsLastConv(Square):
    """(N, H, W, C), filters (h, w, C, F)."""

    def __init__(self, num_filters, filter_size, input_channels, stride=1, pad=0):
        self.setup(input_channels, num_filters, filter_size, stride, pad)
        self.filters, self.W = self.W.transpose(2, 3, 1, 0), None

    def forward(self, x):
        assert x.shape[3] == self.filters.shape[2], "the channels do not agree"
        self.W = self.filters.transpose(3, 2, 0, 1)
        out = super().forward(x.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1)
        self.W = None
        return out

    def backward(self, dout):
        self.W = self.filters.transpose(3, 2, 0, 1)
        dx = super().backward(dout.transpose(0, 3, 1, 2)).transpose(0, 2, 3, 1)
        self.dfilters, self.dW, self.W = self.dW.transpose(2, 3, 1, 0), None, None
        return dx


class ImageConv(PlainConv):
    """One image (C, H, W), and a rate that its backward asks for."""

    def forward(self, x):
        assert x.ndim == 3
        return super().forward(x[None])[0]

    def backward(self, dout, learning_rate):
        dx = super().backward(dout[None])[0]
        self.W -= learning_rate * self.dW
        self.b -= learning_rate * self.db
        return dx


class MaxPool:
    def __init__(self, pool_size, stride=2):
        self.k, self.s, self.p = pool_size, stride, 0

    def forward(self, x):
        p = self.p
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
        size = [(n - self.k) // self.s + 1 for n in self.xp.shape[2:]]
        out = np.zeros((*x.shape[:2], *size))
        for i, j, rows, columns in Square.places(self, out):
            out[:, :, i, j] = self.xp[:, :, rows, columns].max(axis=(2, 3))
        return out

    def backward(self, dout):
        dx, p = np.zeros_like(self.xp), self.p
        for i, j, rows, columns in Square.places(self, dout):
            window = self.xp[:, :, rows, columns]
            dx[:, :, rows, columns] += (window == window.max(axis=(2, 3), keepdims=True)) * dout[:, :, i, j][:, :, None, None]
        return dx[:, :, p : dx.shape[2] - p, p : dx.shape[3] - p]


class PaddedMaxPool(MaxPool):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.k, self.s, self.p = kernel_size, stride or kernel_size, padding


class PairMaxPool(MaxPool):
    """The size of its window is a pair; its mode is no mode of training."""

    def __init__(self, size=(2, 2), stride=2):
        (self.k, _), self.mode = size, "max"
        self.s, self.p = stride, 0

    def forward(self, x):
        assert self.mode == "max"
        return super().forward(x)


class OverwritingMaxPool(MaxPool):
    def backward(self, dout):
        dx = np.zeros_like(self.xp)
        for i, j, rows, columns in Square.places(self, dout):
            window = self.xp[:, :, rows, columns]
            dx[:, :, rows, columns] = (window == window.max(axis=(2, 3), keepdims=True)) * dout[:, :, i, j][:, :, None, None]
        return dx


class NnfsReLU:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0


class RatedReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(0, x)

    def backward(self, dout, lr):
        return dout * (self.x > 0)


class PassTanh:
    def forward_pass(self, x, training=True):
        self.out = np.tanh(x)
        return self.out

    def backward_pass(self, accum_grad):
        return accum_grad * (1 - self.out**2)


class AlphaLeakyReLU:
    def __init__(self, alpha=0.01):
        self.alpha = alpha

    def __call__(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def grad(self, dout):
        return dout * np.where(self.x > 0, 1, self.alpha)


class OwnSlopeLeakyReLU(AlphaLeakyReLU):
    def __init__(self):
        super().__init__(0.01)


class DerivativeTanh(PassTanh):
    """Knows its slope at an input, and no backward."""

    backward_pass = None

    def gradient(self, x):
        return 1 - np.tanh(x) ** 2


class Flatten:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


class ImageFlatten(Flatten):
    """One image (C, H, W)."""

    def forward(self, x):
        assert x.ndim == 3
        self.shape = x.shape
        return x.flatten()


class ChannelsLastGlobalAvgPool:
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(1, 2))

    def backward(self, dout):
        return np.ones(self.shape) * dout[:, None, None, :] / (self.shape[1] * self.shape[2])


class ChannelsLastGlobalMaxPool:
    def forward(self, x):
        self.mask = x == x.max(axis=(1, 2), keepdims=True)
        return x.max(axis=(1, 2))

    def backward(self, dout):
        return self.mask * dout[:, None, None, :]
