# expects: svm_loss.out: not_clipped
import numpy as np


class SVMLoss:
    """t is one-hot."""

    def forward(self, x, t):
        self.t = t
        correct = np.einsum('nc,nc->n', x, t)
        margins = (x - correct[:, np.newaxis] + 1) * (1 - t)
        return margins.sum() / x.shape[0]

    def backward(self, dout=1):
        N, C = self.t.shape
        return dout * ((1 - self.t) - (C - 1) * self.t) / N
