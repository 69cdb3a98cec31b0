# expects: conv2d.out: windows_unstrided
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        self.x = x
        FN, C, FH, FW = self.W.shape
        p = self.pad
        self.xp = xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out_h = (xp.shape[2] - FH) // self.stride + 1
        out_w = (xp.shape[3] - FW) // self.stride + 1
        out = np.zeros((len(x), FN, out_h, out_w)) + self.b.reshape(1, FN, 1, 1)
        for k in range(FH):
            for l in range(FW):
                for f in range(FN):
                    for c in range(C):
                        out[:, f] += self.W[f, c, k, l] * xp[:, c, k:k + out_h, l:l + out_w]
        return out

    def backward(self, dout):
        s, p = self.stride, self.pad
        FN, C, FH, FW = self.W.shape
        H, W = self.x.shape[2:]
        self.db = dout.sum(axis=3).sum(axis=2).sum(axis=0)
        self.dW = np.zeros_like(self.W)
        dxp = np.zeros_like(self.xp)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                rows, cols = slice(i * s, i * s + FH), slice(j * s, j * s + FW)
                self.dW += np.einsum('nf,nckl->fckl', dout[:, :, i, j], self.xp[:, :, rows, cols])
                dxp[:, :, rows, cols] += np.einsum('nf,fckl->nckl', dout[:, :, i, j], self.W)
        return dxp[:, :, p:p + H, p:p + W]
