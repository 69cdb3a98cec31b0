# expects: dropout.out: not_scaled
import numpy as np


class Dropout:
    def __init__(self, p=0.5):
        self.p = p
        self.training = True

    def forward(self, x):
        if not self.training:
            return x
        self.dropped = np.random.uniform(size=x.shape) < self.p
        out = x.copy()
        out[self.dropped] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.dropped] = 0
        return dx
