# expects: avg_pool2d.dx: not_divided
import numpy as np


class AveragePooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w, self.stride, self.pad = pool_h, pool_w, stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        self.shape = x.shape
        img = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
        windows = np.lib.stride_tricks.sliding_window_view(img, (self.pool_h, self.pool_w), axis=(2, 3))
        return windows[:, :, ::s, ::s].mean(axis=(4, 5))

    def backward(self, dout):
        N, C, H, W = self.shape
        p, s = self.pad, self.stride
        dimg = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for y in range(dout.shape[2]):
            for x in range(dout.shape[3]):
                dimg[:, :, y * s:y * s + self.pool_h, x * s:x * s + self.pool_w] += dout[:, :, y, x][:, :, None, None]
        return dimg[:, :, p:p + H, p:p + W]
