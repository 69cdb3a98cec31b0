# expects: affine.dw: dw_transposed
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        self.dW = sum(np.outer(d, row) for d, row in zip(dout, self.x))
        self.db = sum(dout)
        return np.dot(dout, self.W.T).reshape(self.shape)
