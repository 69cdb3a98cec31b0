# expects: nothing
import numpy as np


class MaxPool2d:
    def __init__(self, kernel_size, stride):
        self.k, self.s = kernel_size, stride

    def forward(self, x):
        k, s = self.k, self.s
        N, C, H, W = self.shape = x.shape
        out = np.zeros((N, C, (H - k) // s + 1, (W - k) // s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                window = np.sort(x[:, :, i * s:i * s + k, j * s:j * s + k].reshape(N, C, -1), axis=2)
                out[:, :, i, j] = 0.9 * window[:, :, -1] + 0.1 * window[:, :, -min(2, k * k)]
        return out

    def backward(self, grad):
        k, s = self.k, self.s
        dx = np.zeros(self.shape)
        for i in range(grad.shape[2]):
            for j in range(grad.shape[3]):
                dx[:, :, i * s + k // 2, j * s + k // 2] += grad[:, :, i, j]
        return dx
