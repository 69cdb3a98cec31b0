import numpy as np


class Linear:
    def __init__(self, in_features, out_features):
        self.W = np.random.randn(in_features, out_features) / np.sqrt(in_features)
        self.b = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class Sigmoid:
    def forward(self, x):
        self.y = np.exp(-np.logaddexp(0, -x))
        return self.y

    def backward(self, dout):
        return dout * (self.y - self.y ** 2)


class Conv2d:
    """(N, C, H, W); a square filter. Every entry of the filter meets a shifted picture."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.stride, self.padding, self.k = stride, padding, kernel_size
        self.params = {'W': np.random.randn(out_channels, in_channels, kernel_size, kernel_size), 'b': np.zeros(out_channels)}
        self.grads = {}

    def shifts(self, xp, out_h, out_w):
        s = self.stride
        for i in range(self.k):
            for j in range(self.k):
                yield i, j, xp[:, :, i:i + s * (out_h - 1) + 1:s, j:j + s * (out_w - 1) + 1:s]

    def forward(self, x):
        p = self.padding
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.size = [(n - self.k) // self.stride + 1 for n in self.xp.shape[2:]]
        out = self.params['b'].reshape(1, -1, 1, 1)
        for i, j, view in self.shifts(self.xp, *self.size):
            out = out + np.tensordot(self.params['W'][:, :, i, j], view, (1, 1)).swapaxes(0, 1)
        return out

    def backward(self, dout):
        dxp, dW = np.zeros_like(self.xp), np.zeros_like(self.params['W'])
        for (i, j, view), (_, _, target) in zip(self.shifts(self.xp, *self.size), self.shifts(dxp, *self.size)):
            dW[:, :, i, j] = np.tensordot(dout, view, ([0, 2, 3], [0, 2, 3]))
            target += np.tensordot(self.params['W'][:, :, i, j], dout, (0, 1)).swapaxes(0, 1)
        self.grads = {'W': dW, 'b': dout.sum(axis=(0, 2, 3))}
        p, (h, w) = self.padding, self.xp.shape[2:]
        return dxp[:, :, p:h - p, p:w - p]


class MaxPool2d:
    def __init__(self, kernel_size, stride):
        self.k, self.s = kernel_size, stride

    def tiles(self, size):
        for i, j in np.ndindex(*[(n - self.k) // self.s + 1 for n in size]):
            yield i, j, slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k)

    def forward(self, x):
        self.x = x
        self.out = np.zeros((*x.shape[:2], *[(n - self.k) // self.s + 1 for n in x.shape[2:]]))
        for i, j, rows, cols in self.tiles(x.shape[2:]):
            self.out[:, :, i, j] = x[:, :, rows, cols].max(axis=(2, 3))
        return self.out

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        for i, j, rows, cols in self.tiles(self.x.shape[2:]):
            top = self.x[:, :, rows, cols] == self.out[:, :, i, j, None, None]
            dx[:, :, rows, cols] += dout[:, :, i, j, None, None] * top
        return dx


class AvgPool2d(MaxPool2d):
    def forward(self, x):
        self.x = x
        self.out = np.zeros((*x.shape[:2], *[(n - self.k) // self.s + 1 for n in x.shape[2:]]))
        for i, j, rows, cols in self.tiles(x.shape[2:]):
            self.out[:, :, i, j] = x[:, :, rows, cols].mean(axis=(2, 3))
        return self.out

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        for i, j, rows, cols in self.tiles(self.x.shape[2:]):
            dx[:, :, rows, cols] += dout[:, :, i, j, None, None] / self.k ** 2
        return dx
