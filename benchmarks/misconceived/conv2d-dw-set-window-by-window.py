# expects: conv2d.dw: last_window_of_every_sample
import numpy as np


class Conv2d:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.W = 0.1 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.b = np.zeros(out_channels)
        self.stride, self.padding = stride, padding

    def windows(self):
        k, s = self.W.shape[2], self.stride
        for i in range((self.xp.shape[2] - k) // s + 1):
            for j in range((self.xp.shape[3] - k) // s + 1):
                yield i, j, (slice(None), slice(None), slice(i * s, i * s + k), slice(j * s, j * s + k))

    def forward(self, x):
        p = self.padding
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        size = [(n - self.W.shape[2]) // self.stride + 1 for n in self.xp.shape[2:]]
        out = np.empty((len(x), len(self.W), *size))
        for i, j, window in self.windows():
            out[:, :, i, j] = np.einsum('nchw,fchw->nf', self.xp[window], self.W) + self.b
        return out

    def backward(self, dout):
        p = self.padding
        dxp = np.zeros_like(self.xp)
        self.db = dout.sum(axis=(0, 2, 3))
        for i, j, window in self.windows():
            self.dW = np.einsum('nf,nchw->fchw', dout[:, :, i, j], self.xp[window])
            dxp[window] += np.einsum('nf,fchw->nchw', dout[:, :, i, j], self.W)
        return dxp[:, :, p:dxp.shape[2] - p, p:dxp.shape[3] - p]
