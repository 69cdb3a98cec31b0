from .base_layers import *
import numpy as np


class Linear(object):
    def __init__(self, in_features, out_features):
        self.params = {'W': np.random.randn(in_features, out_features), 'b': np.zeros((1, out_features))}
        self.grads = {}
    def forward(self, x):
        self.x = x
        out = np.dot(x, self.params['W']) + self.params['b']
        return out
    def backward(self, dout, lr):
        dx = np.dot(dout, self.params['W'].T)
        self.grads['W'] = np.dot(self.x.T, dout)
        self.grads['b'] = dout.sum(axis=0, keepdims=True)
        self.params['W'] -= lr * self.grads['W']
        self.params['b'] -= lr * self.grads['b']
        return dx


class ReLULayer(object):
    def forward(self, x):
        self.mask = x > 0
        out = x * self.mask
        return out
    def backward(self, dout, lr):
        dx = dout * self.mask
        return dx
