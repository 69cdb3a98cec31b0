# expects: conv2d.dx: dout_reshaped_for_transposed
# expects: conv2d.dw: dout_reshaped_for_transposed
# expects: conv2d.db: dout_reshaped_for_transposed
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.dW = self.db = None

    def windows(self, img):
        FH, FW = self.W.shape[2:]
        for y in range((img.shape[2] - FH) // self.stride + 1):
            for x in range((img.shape[3] - FW) // self.stride + 1):
                yield y, x, img[:, :, y * self.stride:y * self.stride + FH, x * self.stride:x * self.stride + FW]

    def forward(self, x):
        self.x = x
        self.img = np.pad(x, [(0, 0), (0, 0)] + [(self.pad, self.pad)] * 2)
        FN, C, FH, FW = self.W.shape
        oh = (self.img.shape[2] - FH) // self.stride + 1
        ow = (self.img.shape[3] - FW) // self.stride + 1
        out = np.zeros((len(x), oh, ow, FN))
        for y, xx, window in self.windows(self.img):
            out[:, y, xx] = window.reshape(len(x), -1).dot(self.W.reshape(FN, -1).T) + self.b
        return out.transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN = self.W.shape[0]
        N, _, oh, ow = dout.shape
        dout = dout.reshape(-1, FN)
        self.db = np.sum(dout, axis=0)
        dout = dout.reshape(N, oh, ow, FN)
        self.dW = np.zeros(self.W.shape)
        dimg = np.zeros(self.img.shape)
        for y, x, window in self.windows(self.img):
            self.dW += np.tensordot(dout[:, y, x], window, axes=(0, 0))
        for y, x, window in self.windows(dimg):
            window += np.tensordot(dout[:, y, x], self.W, axes=(1, 0))
        H, W = self.x.shape[2:]
        return dimg[:, :, self.pad:self.pad + H, self.pad:self.pad + W]
