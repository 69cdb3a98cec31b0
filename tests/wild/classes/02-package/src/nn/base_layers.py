import numpy as np


class MaxPool2d(object):
    def __init__(self, kernel_size, stride):
        self.k = kernel_size
        self.s = stride
    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        h, w = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        out = np.zeros((N, C, h, w))
        for i in range(h):
            for j in range(w):
                out[:, :, i, j] = x[:, :, i*self.s:i*self.s+self.k, j*self.s:j*self.s+self.k].max(axis=(2, 3))
        return out
    def backward(self, dZ):
        dx = np.zeros(self.x.shape)
        for i in range(dZ.shape[2]):
            for j in range(dZ.shape[3]):
                rows, cols = slice(i*self.s, i*self.s+self.k), slice(j*self.s, j*self.s+self.k)
                window = self.x[:, :, rows, cols]
                mask = window == window.max(axis=(2, 3), keepdims=True)
                dx[:, :, rows, cols] += mask * dZ[:, :, i, j][:, :, None, None]
        return dx
