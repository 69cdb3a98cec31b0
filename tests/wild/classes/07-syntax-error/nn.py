import numpy as np


class MaxPool2d(object):
    def __init__(self, kernel_size, stride):
        self.k = kernel_size
        self.s = stride
    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        h, w = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        out = np.zeros((N, C, h, w))
        for i in range(h):
            for j in range(w):
                out[:, :, i, j] = x[:, :, i*self.s:i*self.s+self.k, j*self.s:j*self.s+self.k].max(axis=(2, 3))
        return out
    def backward(self, dZ):
        dx = np.zeros(self.x.shape)
        for i in range(dZ.shape[2]):
            for j in range(dZ.shape[3]):
                rows, cols = slice(i*self.s, i*self.s+self.k), slice(j*self.s, j*self.s+self.k)
                window = self.x[:, :, rows, cols]
                mask = window == window.max(axis=(2, 3), keepdims=True)
                dx[:, :, rows, cols] += mask * dZ[:, :, i, j][:, :, None, None]
        return (dx


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
