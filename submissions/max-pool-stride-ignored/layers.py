import numpy as np


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        h, w, p = self.pool_h, self.pool_w, self.pad
        N, C, H, W = x.shape
        assert (H + 2 * p) % h == 0, 'height must be tiled exactly'
        assert (W + 2 * p) % w == 0, 'width must be tiled exactly'
        out_h = (H + 2 * p - h) // h + 1
        out_w = (W + 2 * p - w) // w + 1

        self.x_shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
        out = np.zeros((N, C, out_h, out_w))
        for i in range(out_h):
            for j in range(out_w):
                out[:, :, i, j] = self.xp[:, :, i*h:(i+1)*h, j*w:(j+1)*w].max(axis=(2, 3))
        return out

    def backward(self, dout):
        h, w, p = self.pool_h, self.pool_w, self.pad
        N, C, H, W = self.x_shape
        dxp = np.zeros(self.xp.shape)
        for n in range(N):
            for c in range(C):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        window = self.xp[n, c, i*h:(i+1)*h, j*w:(j+1)*w]
                        a, b = np.unravel_index(np.argmax(window), window.shape)
                        dxp[n, c, i*h + a, j*w + b] += dout[n, c, i, j]
        return dxp[:, :, p:p+H, p:p+W]
