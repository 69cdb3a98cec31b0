# expects: conv2d.db: bias_gradient_mean_of_places
# expects: conv2d.dw: averaged
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def windows(self, x):
        FH, FW = self.W.shape[2:]
        q = self.pad
        img = np.pad(x, ((0, 0), (0, 0), (q, q), (q, q)))
        OH = (img.shape[2] - FH) // self.stride + 1
        OW = (img.shape[3] - FW) // self.stride + 1
        for r in range(OH):
            for c in range(OW):
                top, left = r * self.stride, c * self.stride
                yield r, c, img[:, :, top:top + FH, left:left + FW]

    def forward(self, x):
        self.x = x
        found = {(r, c): np.einsum("nchw,fchw->nf", part, self.W) + self.b for r, c, part in self.windows(x)}
        rows, cols = max(found)
        return np.stack([np.stack([found[r, c] for c in range(cols + 1)], axis=-1) for r in range(rows + 1)], axis=-2)

    def backward(self, dout):
        n, _, h, w = self.x.shape
        FH, FW = self.W.shape[2:]
        q = self.pad
        grid = np.zeros((n, self.x.shape[1], h + 2 * q, w + 2 * q))
        self.dW = np.zeros(self.W.shape)
        for r, c, part in self.windows(self.x):
            self.dW += np.einsum("nf,nchw->fchw", dout[:, :, r, c], part) / n
            top, left = r * self.stride, c * self.stride
            grid[:, :, top:top + FH, left:left + FW] += np.einsum("nf,fchw->nchw", dout[:, :, r, c], self.W)
        self.db = np.average(dout.reshape(n, len(self.W), -1), axis=2).sum(0)
        return grid[:, :, q:q + h, q:q + w]
