# expects: dropout.dx: scaled_twice
import numpy as np


class DropoutLayer:
    def __init__(self, keep_prob):
        self.keep_prob = keep_prob

    def forward(self, x, training=True):
        if not training:
            return x
        self.mask = np.where(np.random.random(x.shape) < self.keep_prob, 1 / self.keep_prob, 0.0)
        return self.mask * x

    def backward(self, dout):
        return dout * self.mask / self.keep_prob
