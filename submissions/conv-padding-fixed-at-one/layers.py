import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class Convolution:
    """Convolution with 3x3 filters in mind: one pixel of zeros on every side."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = 1
        self.dW = None
        self.db = None

    def forward(self, x):
        p, s = self.pad, self.stride
        N, C, H, W = x.shape
        FN, C, FH, FW = self.W.shape
        assert (H + 2 * p - FH) % s == 0, 'height and stride do not go together'
        assert (W + 2 * p - FW) % s == 0, 'width and stride do not go together'
        out_h = (H + 2 * p - FH) // s + 1
        out_w = (W + 2 * p - FW) // s + 1

        self.x = x
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.zeros((N, FN, out_h, out_w))
        for i in range(out_h):
            for j in range(out_w):
                window = self.xp[:, :, i*s:i*s+FH, j*s:j*s+FW]
                out[:, :, i, j] = np.einsum('ncab,fcab->nf', window, self.W) + self.b
        return out

    def backward(self, dout):
        p, s = self.pad, self.stride
        N, C, H, W = self.x.shape
        FN, C, FH, FW = self.W.shape
        dxp = np.zeros(self.xp.shape)
        self.dW = np.zeros(self.W.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                window = self.xp[:, :, i*s:i*s+FH, j*s:j*s+FW]
                self.dW += np.einsum('ncab,nf->fcab', window, dout[:, :, i, j])
                dxp[:, :, i*s:i*s+FH, j*s:j*s+FW] += np.einsum('fcab,nf->ncab', self.W, dout[:, :, i, j])
        self.db = dout.sum(axis=(0, 2, 3))
        return dxp[:, :, p:p + H, p:p + W]
