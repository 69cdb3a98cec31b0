"""
Exercises that are not in the book, from our reading group (thanks to Jun and Aylin).
Every class: forward(x), backward(dout).  float32 in, float32 out.
"""
import numpy as np


class Tanh:
    def forward(self, x):
        a = np.exp(-2 * np.abs(x))
        self.out = np.copysign((1 - a) / (1 + a), x)
        return self.out

    def backward(self, dout):
        return dout * (1 + self.out) * (1 - self.out)


class LeakyReLU:
    def __init__(self, alpha=0.01):
        self.alpha = alpha

    def forward(self, x):
        self.slope = np.where(x >= 0, 1, self.alpha).astype(x.dtype)
        return self.slope * x

    def backward(self, dout):
        return self.slope * dout


class MeanSquaredError:
    def forward(self, y, t):
        self.d = y - t
        return 0.5 * np.sum(self.d ** 2) / len(y)

    def backward(self, dout=1):
        return dout * self.d / len(self.d)


class HingeLoss:
    """ t: class numbers """
    def forward(self, x, t):
        self.t, self.n = t, np.arange(len(t))
        margin = x - x[self.n, t, None] + 1
        margin[self.n, t] = 0
        self.hit = margin > 0
        return margin[self.hit].sum() / len(t)

    def backward(self, dout=1):
        dx = self.hit.astype(float)
        dx[self.n, self.t] = -self.hit.sum(axis=1)
        return dout * dx / len(self.t)


class AveragePooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.h, self.w, self.s, self.p = pool_h, pool_w, stride, pad

    def _spots(self, OH, OW):
        for i in range(OH):
            for j in range(OW):
                yield i, j, np.s_[:, :, i * self.s:i * self.s + self.h, j * self.s:j * self.s + self.w]

    def forward(self, x):
        p = self.p
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.shape, self.padded = x.shape, xp.shape
        out = np.zeros(x.shape[:2] + ((xp.shape[2] - self.h) // self.s + 1, (xp.shape[3] - self.w) // self.s + 1), x.dtype)
        for i, j, spot in self._spots(*out.shape[2:]):
            out[:, :, i, j] = xp[spot].mean(axis=(2, 3))
        return out

    def backward(self, dout):
        dxp = np.zeros(self.padded, dout.dtype)
        for i, j, spot in self._spots(*dout.shape[2:]):
            dxp[spot] += dout[:, :, i, j, None, None] / (self.h * self.w)
        return dxp[:, :, self.p:self.p + self.shape[2], self.p:self.p + self.shape[3]]


class DilatedConvolution:
    """ blow the filter up with zeros, then it is an ordinary convolution """
    def __init__(self, W, b, stride=1, pad=0, dilation=1):
        self.W, self.b, self.s, self.p, self.d = W, b, stride, pad, dilation

    def forward(self, x):
        F, C, FH, FW = self.W.shape
        self.big = np.zeros((F, C, self.d * (FH - 1) + 1, self.d * (FW - 1) + 1), self.W.dtype)
        self.big[:, :, ::self.d, ::self.d] = self.W
        self.x, p = x, self.p
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        BH, BW = self.big.shape[2:]
        OH, OW = (self.xp.shape[2] - BH) // self.s + 1, (self.xp.shape[3] - BW) // self.s + 1
        out = np.empty((len(x), F, OH, OW), x.dtype)
        for i in range(OH):
            for j in range(OW):
                win = self.xp[:, :, i * self.s:i * self.s + BH, j * self.s:j * self.s + BW]
                out[:, :, i, j] = np.tensordot(win, self.big, ([1, 2, 3], [1, 2, 3])) + self.b
        return out

    def backward(self, dout):
        BH, BW = self.big.shape[2:]
        dbig, dxp = np.zeros_like(self.big), np.zeros_like(self.xp)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                spot = np.s_[:, :, i * self.s:i * self.s + BH, j * self.s:j * self.s + BW]
                dbig += np.tensordot(dout[:, :, i, j], self.xp[spot], (0, 0))
                dxp[spot] += np.tensordot(dout[:, :, i, j], self.big, (1, 0))
        self.dW = dbig[:, :, ::self.d, ::self.d]
        self.db = dout.sum((0, 2, 3))
        return dxp[:, :, self.p:self.p + self.x.shape[2], self.p:self.p + self.x.shape[3]]


class GroupedConvolution:
    def __init__(self, W, b, stride=1, pad=0, groups=1):
        self.groups = groups
        self.parts = [DilatedConvolution(w, v, stride, pad) for w, v in zip(np.array_split(W, groups), np.array_split(b, groups))]

    def forward(self, x):
        return np.hstack([part.forward(xs) for part, xs in zip(self.parts, np.array_split(x, self.groups, axis=1))])

    def backward(self, dout):
        dx = np.hstack([part.backward(d) for part, d in zip(self.parts, np.array_split(dout, self.groups, axis=1))])
        self.dW = np.vstack([part.dW for part in self.parts])
        self.db = np.hstack([part.db for part in self.parts])
        return dx


class MaxPooling:
    """ all maxima of a window get the gradient """
    def __init__(self, pool_h, pool_w, stride=1):
        self.h, self.w, self.s = pool_h, pool_w, stride

    def forward(self, x):
        OH, OW = (x.shape[2] - self.h) // self.s + 1, (x.shape[3] - self.w) // self.s + 1
        self.x = x
        self.out = np.stack([x[:, :, a:a + self.s * OH:self.s, b:b + self.s * OW:self.s]
                             for a in range(self.h) for b in range(self.w)]).max(axis=0)
        return self.out

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        OH, OW = dout.shape[2:]
        for a in range(self.h):
            for b in range(self.w):
                spot = np.s_[:, :, a:a + self.s * OH:self.s, b:b + self.s * OW:self.s]
                dx[spot] += dout * (self.x[spot] == self.out)
        return dx
