import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.orig = x.shape
        self.x = np.reshape(x, (x.shape[0], -1))
        return np.einsum('ni,io->no', self.x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.einsum('ni,no->io', self.x, dout)
        self.db = np.einsum('no->o', dout)
        return np.einsum('no,io->ni', dout, self.W).reshape(self.orig)


class Relu:
    def forward(self, x):
        self.y = np.maximum(0, x)
        return self.y

    def backward(self, dout):
        return dout * (self.y > 0)


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, dout):
<<<<<<< HEAD
        return dout * self.y * (1 - self.y)
=======
        return dout * self.y * (1.0 - self.y)
>>>>>>> feature/sigmoid


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad

    def forward(self, x):
        self.x = x
        p, s = self.pad, self.stride
        F, C, FH, FW = self.W.shape
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
        win = np.lib.stride_tricks.sliding_window_view(xp, (FH, FW), axis=(2, 3))[:, :, ::s, ::s]
        self.win = win
        return np.tensordot(win, self.W, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + self.b[:, None, None]

    def backward(self, dout):
        p, s = self.pad, self.stride
        N, C, H, W = self.x.shape
        F, _, FH, FW = self.W.shape
        self.db = dout.sum(axis=(0, 2, 3))
        self.dW = np.tensordot(dout, self.win, axes=((0, 2, 3), (0, 2, 3)))
        dxp = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                dxp[:, :, i * s:i * s + FH, j * s:j * s + FW] += np.tensordot(dout[:, :, i, j], self.W, axes=(1, 0))
        if p == 0:
            return dxp
        return dxp[:, :, p:-p, p:-p]


class MaxPooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w = pool_h, pool_w
        self.stride, self.pad = stride, pad

    def forward(self, x):
        s, p = self.stride, self.pad
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
        self.shape = x.shape
        win = np.lib.stride_tricks.sliding_window_view(x, (self.pool_h, self.pool_w), axis=(2, 3))[:, :, ::s, ::s]
        flat = win.reshape(win.shape[:4] + (-1,))
        self.arg = flat.argmax(axis=-1)
        return flat.max(axis=-1)

    def backward(self, dout):
        dx = np.zeros(self.shape, dtype=dout.dtype)
        n, c, i, j = np.indices(dout.shape)
        np.add.at(dx, (n, c, i * self.stride + self.arg // self.pool_w, j * self.stride + self.arg % self.pool_w), dout)
        p = self.pad
        return dx[:, :, p:self.shape[2] - p, p:self.shape[3] - p]


class SoftmaxWithLoss
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(np.log(self.y[t == 1])) / len(x)

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)
