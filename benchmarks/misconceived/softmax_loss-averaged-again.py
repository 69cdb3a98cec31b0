# expects: softmax_loss.out: averaged_twice
import numpy as np


class SoftmaxWithLoss:
    def forward(self, x, t):
        if t.ndim == 2:
            t = t.argmax(axis=1)
        self.t = t
        e = np.exp(x.T - x.max(axis=1))
        self.y = (e / e.sum(axis=0)).T
        rows = range(len(t))
        return -np.mean(np.log(self.y[rows, t])) / len(t)

    def backward(self, dout=1):
        dx = np.copy(self.y)
        for row, label in zip(dx, self.t):
            row[label] -= 1.0
        dx = dx / len(dx)
        return dout * dx / dx.shape[0]
