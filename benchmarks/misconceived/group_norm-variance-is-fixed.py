# expects: group_norm.dx: variance_held_constant
import numpy as np


class GroupNorm:
    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.G, self.eps = num_groups, eps
        self.gamma, self.beta = np.ones(num_channels), np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        grouped = x.reshape(N, self.G, C // self.G, H, W)
        self.xhat = np.zeros_like(grouped)
        self.std = np.zeros((N, self.G))
        for n in range(N):
            for g in range(self.G):
                part = grouped[n, g]
                self.std[n, g] = np.sqrt(part.var() + self.eps)
                self.xhat[n, g] = (part - part.mean()) / self.std[n, g]
        self.xhat = self.xhat.reshape(x.shape)
        return self.gamma.reshape(C, 1, 1) * self.xhat + self.beta.reshape(C, 1, 1)

    def backward(self, dout):
        N, C, H, W = dout.shape
        self.dgamma = np.einsum('nchw,nchw->c', dout, self.xhat)
        self.dbeta = dout.sum((0, 2, 3))
        dxhat = (dout * self.gamma.reshape(C, 1, 1)).reshape(N, self.G, C // self.G, H, W)
        dx = np.zeros_like(dxhat)
        for n in range(N):
            for g in range(self.G):
                dmean = -dxhat[n, g].sum() / self.std[n, g]
                dx[n, g] = dxhat[n, g] / self.std[n, g] + dmean / dxhat[n, g].size
        return dx.reshape(dout.shape)
