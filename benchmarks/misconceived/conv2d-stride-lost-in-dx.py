# expects: conv2d.dx: put_back_unstrided
import numpy as np


class ConvLayer:
    """Images are (N, H, W, C), filters (k, k, C, F)."""

    def __init__(self, in_channels, num_filters, filter_size, stride=1, padding=0):
        self.W = 0.01 * np.random.randn(filter_size, filter_size, in_channels, num_filters)
        self.b = np.zeros(num_filters)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        k, p, s = self.W.shape[0], self.padding, self.stride
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        self.out_h, self.out_w = (self.x.shape[1] - k) // s + 1, (self.x.shape[2] - k) // s + 1
        out = np.zeros((len(x), self.out_h, self.out_w, self.W.shape[3]))
        for i in range(self.out_h):
            for j in range(self.out_w):
                patch = self.x[:, i * s:i * s + k, j * s:j * s + k, :]
                out[:, i, j, :] = patch.reshape(len(x), -1) @ self.W.reshape(-1, self.W.shape[3]) + self.b
        return out

    def backward(self, dout):
        k, p, s = self.W.shape[0], self.padding, self.stride
        dx = np.zeros_like(self.x)
        self.dW = np.zeros_like(self.W)
        self.db = dout.sum(axis=(0, 1, 2))
        for i in range(self.out_h):
            for j in range(self.out_w):
                d = dout[:, i, j, :]
                patch = self.x[:, i * s:i * s + k, j * s:j * s + k, :]
                self.dW += (patch.reshape(len(d), -1).T @ d).reshape(self.W.shape)
                dx[:, i:i + k, j:j + k, :] += (d @ self.W.reshape(-1, d.shape[1]).T).reshape(len(d), k, k, -1)
        return dx[:, p:dx.shape[1] - p, p:dx.shape[2] - p, :]
