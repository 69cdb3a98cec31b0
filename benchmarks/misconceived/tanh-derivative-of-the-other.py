# expects: tanh.dx: derivative_of_sigmoid
import numpy as np


class TanhLayer:
    def forward(self, x):
        self.a = 2 / (1 + np.exp(-2 * np.clip(x, -300, 300))) - 1
        return self.a

    def backward(self, dout):
        return dout * (self.a - self.a * self.a)
