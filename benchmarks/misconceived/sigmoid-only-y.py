# expects: sigmoid.dx: one_minus_y_forgotten
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 0.5 * (1 + np.tanh(0.5 * x))
        return self.out

    def backward(self, dout):
        dx = np.empty_like(dout)
        for i in np.ndindex(*dout.shape):
            dx[i] = dout[i] * self.out[i]
        return dx
