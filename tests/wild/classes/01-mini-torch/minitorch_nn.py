"""A tiny torch.nn look-alike. Layout of all tensors: N C H W, weights as torch keeps them."""
import math
from collections import OrderedDict

import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = np.asarray(data, dtype=float)
        self.grad = np.zeros_like(self.data)

    def __repr__(self):
        return f"Parameter{self.data.shape}"


class Module:
    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def parameters(self):
        return [v for v in vars(self).values() if isinstance(v, Parameter)]

    def zero_grad(self):
        for p in self.parameters():
            p.grad[...] = 0

    def forward(self, x):
        raise NotImplementedError

    def backward(self, grad):
        raise NotImplementedError


def uniform(shape, fan_in):
    bound = 1 / math.sqrt(fan_in)
    return np.random.uniform(-bound, bound, shape)


class Linear(Module):
    def __init__(self, in_features, out_features):
        self.weight = Parameter(uniform((out_features, in_features), in_features))
        self.bias = Parameter(uniform(out_features, in_features))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad = grad.T @ self.x
        self.bias.grad = grad.sum(axis=0)
        return grad @ self.weight.data


class Conv2d(Module):
    """Sum over the taps of the kernel: out += w[:, :, i, j] applied to the input moved by (i, j)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        fan_in = in_channels * kernel_size ** 2
        self.weight = Parameter(uniform((out_channels, in_channels, kernel_size, kernel_size), fan_in))
        self.bias = Parameter(uniform(out_channels, fan_in))

    def _taps(self, height, width):
        k, s = self.kernel_size, self.stride
        for i in range(k):
            for j in range(k):
                yield i, j, (Ellipsis, slice(i, i + (height - 1) * s + 1, s), slice(j, j + (width - 1) * s + 1, s))

    def forward(self, x):
        p, k = self.padding, self.kernel_size
        self.shape = x.shape
        self.xp = np.zeros((*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p), dtype=x.dtype)
        self.xp[:, :, p:p + x.shape[2], p:p + x.shape[3]] = x
        oh, ow = ((n - k) // self.stride + 1 for n in self.xp.shape[2:])
        out = np.zeros((x.shape[0], len(self.bias.data), oh, ow), dtype=x.dtype)
        for i, j, at in self._taps(oh, ow):
            out += np.einsum("nchw,fc->nfhw", self.xp[at], self.weight.data[:, :, i, j])
        return out + self.bias.data[:, None, None]

    def backward(self, grad):
        dxp = np.zeros_like(self.xp)
        self.zero_grad()
        for i, j, at in self._taps(*grad.shape[2:]):
            self.weight.grad[:, :, i, j] = np.einsum("nfhw,nchw->fc", grad, self.xp[at])
            dxp[at] += np.einsum("nfhw,fc->nchw", grad, self.weight.data[:, :, i, j])
        self.bias.grad = np.einsum("nfhw->f", grad)
        p = self.padding
        return dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]


class _Pool(Module):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def _windows(self, x):
        k, s = self.kernel_size, self.stride
        for i in range((x.shape[2] - k) // s + 1):
            for j in range((x.shape[3] - k) // s + 1):
                yield i, j, (slice(None), slice(None), slice(i * s, i * s + k), slice(j * s, j * s + k))

    def _empty(self, x):
        return np.empty(x.shape[:2] + tuple((n - self.kernel_size) // self.stride + 1 for n in x.shape[2:]), x.dtype)


class MaxPool2d(_Pool):
    def forward(self, x):
        self.x, out = x, self._empty(x)
        for i, j, at in self._windows(x):
            out[:, :, i, j] = x[at].max(axis=(2, 3))
        return out

    def backward(self, grad):
        dx = np.zeros_like(self.x)
        for i, j, at in self._windows(self.x):
            flat = self.x[at].reshape(*self.x.shape[:2], -1)
            one = np.zeros_like(flat)
            np.put_along_axis(one, flat.argmax(axis=2)[..., None], grad[:, :, i, j][..., None], axis=2)
            dx[at] += one.reshape(self.x[at].shape)
        return dx


class AvgPool2d(_Pool):
    def forward(self, x):
        self.x, out = x, self._empty(x)
        for i, j, at in self._windows(x):
            out[:, :, i, j] = x[at].mean(axis=(2, 3))
        return out

    def backward(self, grad):
        dx = np.zeros_like(self.x)
        for i, j, at in self._windows(self.x):
            dx[at] += (grad[:, :, i, j] / self.kernel_size ** 2)[:, :, None, None]
        return dx


class ReLU(Module):
    def forward(self, x):
        self.on = x > 0
        return np.where(self.on, x, 0)

    def backward(self, grad):
        return np.where(self.on, grad, 0)


class Sigmoid(Module):
    def forward(self, x):
        self.y = 0.5 + 0.5 * np.tanh(0.5 * x)
        return self.y

    def backward(self, grad):
        return grad * self.y * (1 - self.y)


class Flatten(Module):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, grad):
        return grad.reshape(self.shape)


class Sequential(Module):
    def __init__(self, *layers):
        self.layers = OrderedDict((str(i), layer) for i, layer in enumerate(layers))

    def forward(self, x):
        for layer in self.layers.values():
            x = layer(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers.values()):
            grad = layer.backward(grad)
        return grad


if __name__ == "__main__":
    net = Sequential(Conv2d(1, 4, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), Linear(4 * 14 * 14, 10))
    print(net(np.random.randn(2, 1, 28, 28)).shape)
