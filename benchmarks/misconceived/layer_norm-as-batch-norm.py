# expects: layer_norm.out: over_the_batch
import numpy as np


class LayerNorm:
    def __init__(self, normalized_shape, eps=1e-5):
        self.gamma = np.ones(normalized_shape)
        self.beta = np.zeros(normalized_shape)
        self.eps = eps

    def forward(self, x):
        mean = np.sum(x, axis=0) / len(x)
        centred = x - mean
        var = np.sum(centred * centred, axis=0) / len(x)
        self.std = np.sqrt(var + self.eps)
        self.xhat = centred / self.std
        return self.xhat * self.gamma + self.beta

    def backward(self, dout):
        self.dgamma = (dout * self.xhat).sum(0)
        self.dbeta = dout.sum(0)
        d = dout * self.gamma
        return (d - d.mean(0) - self.xhat * (d * self.xhat).mean(0)) / self.std
