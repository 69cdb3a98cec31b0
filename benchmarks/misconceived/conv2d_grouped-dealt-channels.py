# expects: conv2d_grouped.out: every_nth_channel
import numpy as np


class GroupedConv2d:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        self.weights = np.random.randn(out_channels, in_channels // groups, kernel_size, kernel_size)
        self.biases = np.zeros(out_channels)
        self.k, self.s, self.p, self.groups = kernel_size, stride, padding, groups

    def one(self, x, w):
        oh, ow = (x.shape[2] - self.k) // self.s + 1, (x.shape[3] - self.k) // self.s + 1
        return sum(
            np.einsum('nchw,fc->nfhw', x[:, :, a:a + self.s * oh:self.s, b:b + self.s * ow:self.s], w[:, :, a, b])
            for a in range(self.k) for b in range(self.k)
        )

    def forward(self, x):
        self.x = np.pad(x, ((0, 0), (0, 0), (self.p, self.p), (self.p, self.p)))
        per = len(self.weights) // self.groups
        parts = [self.one(self.x[:, g::self.groups], self.weights[g * per:(g + 1) * per]) for g in range(self.groups)]
        return np.concatenate(parts, axis=1) + self.biases.reshape(-1, 1, 1)

    def backward(self, dout):
        F, CG = self.weights.shape[:2]
        per, (_, _, oh, ow) = F // self.groups, dout.shape
        self.dweights, self.dbiases = np.zeros_like(self.weights), dout.sum(axis=(0, 2, 3))
        dx = np.zeros_like(self.x)
        for g in range(self.groups):
            fs, cs = slice(g * per, (g + 1) * per), slice(g * CG, (g + 1) * CG)
            for a in range(self.k):
                for b in range(self.k):
                    rows, cols = slice(a, a + self.s * oh, self.s), slice(b, b + self.s * ow, self.s)
                    self.dweights[fs, :, a, b] = np.einsum('nfhw,nchw->fc', dout[:, fs], self.x[:, cs, rows, cols])
                    dx[:, cs, rows, cols] += np.einsum('nfhw,fc->nchw', dout[:, fs], self.weights[fs, :, a, b])
        return dx[:, :, self.p:dx.shape[2] - self.p, self.p:dx.shape[3] - self.p]
