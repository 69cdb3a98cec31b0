import numpy as np

from .module import Module


class Pool2d(Module):
    pad_with = 0.0

    def __init__(self, kernel_size, stride=None, padding=0):
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size
        self.padding = padding

    def windows(self):
        k, s = self.kernel_size, self.stride
        for i in range((self.padded.shape[2] - k) // s + 1):
            for j in range((self.padded.shape[3] - k) // s + 1):
                yield i, j, slice(i * s, i * s + k), slice(j * s, j * s + k)

    def forward(self, x):
        p, k, s = self.padding, self.kernel_size, self.stride
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=self.pad_with)
        height, width = ((size - k) // s + 1 for size in self.padded.shape[2:])
        out = np.zeros((*x.shape[:2], height, width), x.dtype)
        for i, j, rows, columns in self.windows():
            out[:, :, i, j] = self.reduce(self.padded[:, :, rows, columns])
        return out

    def backward(self, grad_output):
        p = self.padding
        dx = np.zeros_like(self.padded)
        for i, j, rows, columns in self.windows():
            window = self.padded[:, :, rows, columns]
            dx[:, :, rows, columns] += self.share(window) * grad_output[:, :, i, j][:, :, None, None]
        return dx[:, :, p : dx.shape[2] - p, p : dx.shape[3] - p]


class MaxPool2d(Pool2d):
    pad_with = -np.inf

    def reduce(self, window):
        return window.max(axis=(2, 3))

    def share(self, window):
        flat = window.reshape(*window.shape[:2], -1)
        first = np.arange(flat.shape[2]) == flat.argmax(axis=2)[..., None]
        return first.reshape(window.shape)


class AvgPool2d(Pool2d):
    def reduce(self, window):
        return window.mean(axis=(2, 3))

    def share(self, window):
        return np.full(window.shape, 1 / self.kernel_size**2, window.dtype)


class GlobalAvgPool2d(Module):
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3), keepdims=True)

    def backward(self, grad_output):
        return np.ones(self.shape, grad_output.dtype) * grad_output / (self.shape[2] * self.shape[3])


class GlobalMaxPool2d(Module):
    def forward(self, x):
        self.mask = x == x.max(axis=(2, 3), keepdims=True)
        return x.max(axis=(2, 3))

    def backward(self, grad_output):
        return self.mask * grad_output[:, :, None, None]
