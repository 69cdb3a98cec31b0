# expects: conv2d_grouped.out: every_nth_filter
import numpy as np


class GroupedConvolution:
    def __init__(self, W, b, stride=1, pad=0, groups=1):
        self.W, self.b, self.stride, self.pad, self.groups = W, b, stride, pad, groups

    def windows(self, image):
        FH, FW = self.W.shape[2:]
        for y in range(0, image.shape[2] - FH + 1, self.stride):
            for x in range(0, image.shape[3] - FW + 1, self.stride):
                yield y // self.stride, x // self.stride, image[:, :, y:y + FH, x:x + FW]

    def forward(self, x):
        self.x = x
        self.image = np.pad(x, [(0, 0), (0, 0), (self.pad, self.pad), (self.pad, self.pad)])
        FN, CG, FH, FW = self.W.shape
        out = np.zeros((len(x), FN, (self.image.shape[2] - FH) // self.stride + 1, (self.image.shape[3] - FW) // self.stride + 1))
        for i, j, window in self.windows(self.image):
            for f in range(FN):
                g = f % self.groups
                out[:, f, i, j] = (window[:, g * CG:(g + 1) * CG] * self.W[f]).sum(axis=(1, 2, 3)) + self.b[f]
        return out

    def backward(self, dout):
        FN, CG, FH, FW = self.W.shape
        self.dW, self.db = np.zeros(self.W.shape), np.sum(dout, axis=(0, 2, 3))
        dimage = np.zeros(self.image.shape)
        for f in range(FN):
            g = f * self.groups // FN
            for i, j, window in self.windows(self.image):
                self.dW[f] += np.tensordot(dout[:, f, i, j], window[:, g * CG:(g + 1) * CG], axes=1)
            for i, j, window in self.windows(dimage):
                window[:, g * CG:(g + 1) * CG] += np.multiply.outer(dout[:, f, i, j], self.W[f])
        return dimage[:, :, self.pad:self.pad + self.x.shape[2], self.pad:self.pad + self.x.shape[3]]
