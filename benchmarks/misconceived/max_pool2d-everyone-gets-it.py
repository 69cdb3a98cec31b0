# expects: max_pool2d.dx: to_all_entries
import numpy as np


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w, self.stride, self.pad = pool_h, pool_w, stride, pad

    def forward(self, x):
        self.x = x
        padded = np.pad(x, [(0, 0), (0, 0), (self.pad, self.pad), (self.pad, self.pad)], constant_values=-np.inf)
        out_h = (padded.shape[2] - self.pool_h) // self.stride + 1
        out_w = (padded.shape[3] - self.pool_w) // self.stride + 1
        out = np.full((*x.shape[:2], out_h, out_w), -np.inf)
        for y in range(self.pool_h):
            for xx in range(self.pool_w):
                np.maximum(out, padded[:, :, y:y + self.stride*out_h:self.stride, xx:xx + self.stride*out_w:self.stride], out=out)
        return out

    def backward(self, dout):
        N, C, H, W = self.x.shape
        _, _, out_h, out_w = dout.shape
        img = np.zeros((N, C, H + 2*self.pad, W + 2*self.pad))
        for y in range(self.pool_h):
            for x in range(self.pool_w):
                img[:, :, y:y + self.stride*out_h:self.stride, x:x + self.stride*out_w:self.stride] += dout
        return img[:, :, self.pad:H + self.pad, self.pad:W + self.pad]
