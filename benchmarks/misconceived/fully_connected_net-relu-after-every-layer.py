# expects: fully_connected_net.out: activation_on_scores
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class Relu:
    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout = dout.copy()
        dout[self.mask] = 0
        return dout


class MultiLayerNet:
    def __init__(self, input_size, hidden_size_list, output_size):
        sizes = [input_size] + list(hidden_size_list) + [output_size]
        self.params, self.layers = {}, []
        for i in range(len(sizes) - 1):
            W = self.params['W' + str(i + 1)] = np.random.randn(sizes[i], sizes[i + 1]) * np.sqrt(2.0 / sizes[i])
            b = self.params['b' + str(i + 1)] = np.zeros(sizes[i + 1])
            self.layers += [Affine(W, b), Relu()]

    def loss(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        if t.ndim == 1:
            t = np.eye(x.shape[1])[t]
        x = x - np.max(x, axis=1, keepdims=True)
        self.y = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y)) / x.shape[0]

    def gradient(self, x, t):
        self.loss(x, t)
        if t.ndim == 1:
            t = np.eye(self.y.shape[1])[t]
        dout = (self.y - t) / t.shape[0]
        for layer in self.layers[::-1]:
            dout = layer.backward(dout)
        grads = {}
        for i, affine in enumerate(self.layers[::2]):
            grads['W' + str(i + 1)] = affine.dW
            grads['b' + str(i + 1)] = affine.db
        return grads
