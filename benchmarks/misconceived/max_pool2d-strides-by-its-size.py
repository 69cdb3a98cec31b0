# expects: max_pool2d.out: kernel_as_stride+kernel_width_as_stride
import numpy as np


class MaxPool2D:
    """Channels last, one image after the other."""

    def __init__(self, pool_size=2, stride=2):
        self.pool_size = pool_size
        self.stride = stride

    def forward(self, x):
        self.x = x
        k = self.pool_size
        N, H, W, C = x.shape
        out = np.zeros((N, (H - k) // k + 1, (W - k) // k + 1, C))
        for n in range(N):
            for i in range(out.shape[1]):
                for j in range(out.shape[2]):
                    out[n, i, j] = x[n, i * k:i * k + k, j * k:j * k + k].max(axis=(0, 1))
        return out

    def backward(self, dout):
        k, s = self.pool_size, self.stride
        dx = np.zeros_like(self.x)
        for n, i, j, c in np.ndindex(*dout.shape):
            patch = self.x[n, i * s:i * s + k, j * s:j * s + k, c]
            a, b = np.unravel_index(patch.argmax(), patch.shape)
            dx[n, i * s + a, j * s + b, c] += dout[n, i, j, c]
        return dx
