# expects: nothing
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x.reshape(len(x), -1) @ self.W + self.b * np.arange(1, len(self.b) + 1)

    def backward(self, dout):
        self.dW = self.x.reshape(len(dout), -1).T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.x.shape)
