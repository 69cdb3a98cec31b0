# expects: conv2d_dilated.out: dilated_rows_only
import numpy as np


class DilatedConv2d:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        self.W = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.b = np.zeros(out_channels)
        self.k, self.stride, self.padding, self.dilation = kernel_size, stride, padding, dilation

    def forward(self, x):
        k, s, p, d = self.k, self.stride, self.padding, self.dilation
        self.x = x
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        tall = d * (k - 1) + 1
        out_h = (self.xp.shape[2] - tall) // s + 1
        out_w = (self.xp.shape[3] - k) // s + 1
        out = np.empty((len(x), len(self.W), out_h, out_w))
        for i in range(out_h):
            for j in range(out_w):
                picked = self.xp[:, :, i * s:i * s + tall:d, j * s:j * s + k]
                out[:, :, i, j] = picked.reshape(len(x), -1) @ self.W.reshape(len(self.W), -1).T + self.b
        return out

    def backward(self, dout):
        k, s, p, d = self.k, self.stride, self.padding, self.dilation
        reach = d * (k - 1) + 1
        self.dW, self.db = np.zeros_like(self.W), dout.sum(axis=(0, 2, 3))
        dxp = np.zeros_like(self.xp)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                rows, cols = slice(i * s, i * s + reach, d), slice(j * s, j * s + reach, d)
                for n in range(len(dout)):
                    for f in range(len(self.W)):
                        self.dW[f] += dout[n, f, i, j] * self.xp[n, :, rows, cols]
                        dxp[n, :, rows, cols] += dout[n, f, i, j] * self.W[f]
        H, W = self.x.shape[2:]
        return dxp[:, :, p:p + H, p:p + W]
