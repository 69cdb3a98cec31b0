# expects: leaky_relu.dx: slope_fixed
import numpy as np


class LeakyReLU:
    def __init__(self, alpha=0.01):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0) + self.alpha * np.minimum(x, 0)

    def backward(self, dout):
        dx = dout.copy()
        dx[self.x < 0] *= 0.01
        return dx
