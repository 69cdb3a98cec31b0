import numpy as np
from common.functions import sigmoid, softmax, cross_entropy_error, to_one_hot
from common.util import im2col, col2im


class Relu:
    def forward(self, x):
        self.mask = (x > 0)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class Sigmoid:
    def forward(self, x):
        y = sigmoid(x)
        self.dy_dx = y * (1 - y)
        return y

    def backward(self, dout):
        return dout * self.dy_dx


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = None, None

    def forward(self, x):
        self.original_shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        dx = dout @ self.W.T
        return dx.reshape(self.original_shape)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.y = softmax(x)
        self.t = to_one_hot(t, x.shape[1])
        return cross_entropy_error(self.y, self.t)

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class SVMLoss:
    def forward(self, x, t):
        self.t = to_one_hot(t, x.shape[1])
        right = np.sum(x * self.t, axis=1, keepdims=True)
        hinge = np.maximum(0, x - right + 1) * (1 - self.t)
        self.active = (hinge > 0) * 1.0
        return hinge.sum() / len(x)

    def backward(self, dout=1):
        count = self.active.sum(axis=1, keepdims=True)
        return dout * (self.active - count * self.t) / len(self.t)


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.dW, self.db = None, None

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        assert (H + 2 * self.pad - FH) % self.stride == 0
        assert (W + 2 * self.pad - FW) % self.stride == 0
        OH = (H + 2 * self.pad - FH) // self.stride + 1
        OW = (W + 2 * self.pad - FW) // self.stride + 1

        self.x_shape = x.shape
        self.col = im2col(x, FH, FW, self.stride, self.pad)
        out = self.col @ self.W.reshape(FN, -1).T + self.b
        return out.reshape(N, OH, OW, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        d = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = d.sum(axis=0)
        self.dW = (d.T @ self.col).reshape(self.W.shape)
        dcol = d @ self.W.reshape(FN, -1)
        return col2im(dcol, self.x_shape, FH, FW, self.stride, self.pad)


class Pooling:
    """Max pooling with plain loops. The padding is -inf, so it never wins."""

    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w = pool_h, pool_w
        self.stride, self.pad = stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        N, C, H, W = x.shape
        OH = (H + 2 * p - self.pool_h) // s + 1
        OW = (W + 2 * p - self.pool_w) // s + 1

        padded = np.full((N, C, H + 2 * p, W + 2 * p), -np.inf)
        padded[:, :, p:p + H, p:p + W] = x

        out = np.zeros((N, C, OH, OW))
        self.where = np.zeros((N, C, OH, OW, 2), dtype=int)
        for n in range(N):
            for c in range(C):
                for i in range(OH):
                    for j in range(OW):
                        window = padded[n, c, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w]
                        r, q = np.unravel_index(window.argmax(), window.shape)
                        out[n, c, i, j] = window[r, q]
                        self.where[n, c, i, j] = i * s + r, j * s + q
        self.x_shape = x.shape
        return out

    def backward(self, dout):
        p = self.pad
        N, C, H, W = self.x_shape
        dpadded = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for n, c, i, j in np.ndindex(*dout.shape):
            row, col = self.where[n, c, i, j]
            dpadded[n, c, row, col] += dout[n, c, i, j]
        return dpadded[:, :, p:p + H, p:p + W]


class AveragePooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w = pool_h, pool_w
        self.stride, self.pad = stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        N, C, H, W = x.shape
        OH = (H + 2 * p - self.pool_h) // s + 1
        OW = (W + 2 * p - self.pool_w) // s + 1
        padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.zeros((N, C, OH, OW))
        for i in range(OH):
            for j in range(OW):
                window = padded[:, :, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w]
                out[:, :, i, j] = window.sum(axis=(2, 3)) / (self.pool_h * self.pool_w)
        self.x_shape = x.shape
        return out

    def backward(self, dout):
        p, s = self.pad, self.stride
        N, C, H, W = self.x_shape
        dpadded = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for n, c, i, j in np.ndindex(*dout.shape):
            share = dout[n, c, i, j] / (self.pool_h * self.pool_w)
            dpadded[n, c, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w] += share
        return dpadded[:, :, p:p + H, p:p + W]
