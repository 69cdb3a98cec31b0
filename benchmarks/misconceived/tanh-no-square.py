# expects: tanh.dx: square_forgotten
import numpy as np


class Tanh:
    def __call__(self, x):
        self.y = np.array([np.tanh(v) for v in x.ravel()]).reshape(x.shape)
        return self.y

    def backward(self, dout):
        return dout - dout * self.y
