# expects: conv2d.out: bias_forgotten
import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.params = {'W': np.random.randn(out_channels, in_channels, kernel_size, kernel_size), 'b': np.zeros((out_channels, 1))}
        self.grads = {}
        self.k, self.s, self.p = kernel_size, stride, padding

    def columns(self, image):
        cols = []
        for i in range(0, image.shape[1] - self.k + 1, self.s):
            for j in range(0, image.shape[2] - self.k + 1, self.s):
                cols.append(image[:, i:i + self.k, j:j + self.k].reshape(-1))
        return np.stack(cols, axis=1)

    def forward(self, X):
        W = self.params['W'].reshape(len(self.params['W']), -1)
        self.padded = np.pad(X, ((0, 0), (0, 0), (self.p, self.p), (self.p, self.p)))
        self.cols = [self.columns(image) for image in self.padded]
        h = (self.padded.shape[2] - self.k) // self.s + 1
        return np.stack([(W @ cols).reshape(len(W), h, -1) for cols in self.cols])

    def backward(self, dZ):
        W = self.params['W'].reshape(len(self.params['W']), -1)
        self.grads['W'] = np.zeros(self.params['W'].shape)
        self.grads['b'] = np.zeros(self.params['b'].shape)
        dX = np.zeros(self.padded.shape)
        for n, (d, cols) in enumerate(zip(dZ, self.cols)):
            flat = d.reshape(len(W), -1)
            self.grads['W'] += (flat @ cols.T).reshape(self.params['W'].shape)
            self.grads['b'] += flat.sum(axis=1, keepdims=True)
            back, t = W.T @ flat, 0
            for i in range(0, self.padded.shape[2] - self.k + 1, self.s):
                for j in range(0, self.padded.shape[3] - self.k + 1, self.s):
                    dX[n, :, i:i + self.k, j:j + self.k] += back[:, t].reshape(-1, self.k, self.k)
                    t += 1
        return dX[:, :, self.p:dX.shape[2] - self.p, self.p:dX.shape[3] - self.p]
