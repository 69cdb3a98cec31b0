# expects: conv2d.dx: filters_transposed
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        fn, c, fh, fw = self.W.shape
        s, p = self.stride, self.pad
        self.shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh, ow = (self.xp.shape[2] - fh) // s + 1, (self.xp.shape[3] - fw) // s + 1
        out = np.tile(self.b.reshape(1, fn, 1, 1), (len(x), 1, oh, ow)).astype(float)
        for u in range(fh):
            for v in range(fw):
                out += np.einsum("fc,ncij->nfij", self.W[:, :, u, v], self.xp[:, :, u:u + s * oh:s, v:v + s * ow:s])
        return out

    def backward(self, dout):
        fn, c, fh, fw = self.W.shape
        s, p = self.stride, self.pad
        oh, ow = dout.shape[2:]
        self.dW, dxp = np.zeros_like(self.W), np.zeros_like(self.xp)
        for u in range(fh):
            for v in range(fw):
                seen = (slice(None), slice(None), slice(u, u + s * oh, s), slice(v, v + s * ow, s))
                self.dW[:, :, u, v] = np.einsum("nfij,ncij->fc", dout, self.xp[seen])
                dxp[seen] += np.einsum("nfij,fc->ncij", dout, self.W[:, :, v, u])
        self.db = np.einsum("nfij->f", dout)
        n, c, h, w = self.shape
        return dxp[:, :, p:p + h, p:p + w]
