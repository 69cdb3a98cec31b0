import numpy as np

EPS = 0.02  # do not let units die right at zero


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x > -EPS
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x.reshape(x.shape[0], -1), self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.reshape(self.x.shape[0], -1).T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T).reshape(self.x.shape)
