# expects: avg_pool2d.dx: divided_by_stride_squared
import numpy as np


class AvgPool2d:
    def __init__(self, kernel_size, stride=2, padding=0):
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        self.shape = x.shape
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.zeros((*x.shape[:2], (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = np.average(x[:, :, i * s:i * s + k, j * s:j * s + k].reshape(*x.shape[:2], -1), axis=2)
        return out

    def backward(self, grad):
        k, s, p = self.kernel_size, self.stride, self.padding
        N, C, H, W = self.shape
        dx = np.zeros((N, C, H + 2 * p, W + 2 * p))
        share = grad / (s * s)
        for i in range(grad.shape[2]):
            for j in range(grad.shape[3]):
                for a in range(k):
                    for b in range(k):
                        dx[:, :, i * s + a, j * s + b] += share[:, :, i, j]
        return dx[:, :, p:p + H, p:p + W]
