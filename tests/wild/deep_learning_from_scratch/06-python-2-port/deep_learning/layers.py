# encoding: utf-8
# ported to python 2.7 because the lab machines have nothing else
import cPickle as pickle
import numpy as np
from itertools import izip


class Affine(object):

    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = None, None

    def forward(self, x):
        if x.ndim <> 2:
            self.shape = x.shape
            x = x.reshape(x.shape[0], -1)
        else:
            self.shape = None
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T.dot(dout)
        self.db = reduce(np.add, [row for row in dout])
        dx = dout.dot(self.W.T)
        return dx if self.shape is None else dx.reshape(self.shape)


class Relu(object):

    def forward(self, x):
        self.pos = x > 0
        return x * self.pos

    def backward(self, dout):
        return dout * self.pos


class Pooling(object):

    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w, self.stride, self.pad = pool_h, pool_w, stride, pad

    def forward(self, x):
        N, C, H, W = x.shape
        out_h = 1 + (H - self.pool_h) / self.stride
        out_w = 1 + (W - self.pool_w) / self.stride
        self.x = x
        out = np.zeros((N, C, out_h, out_w), dtype=x.dtype)
        for i in xrange(out_h):
            for j in xrange(out_w):
                y, z = i * self.stride, j * self.stride
                out[:, :, i, j] = np.amax(x[:, :, y:y + self.pool_h, z:z + self.pool_w], axis=(2, 3))
        return out

    def backward(self, dout):
        dx = np.zeros(self.x.shape, dtype=dout.dtype)
        for n in xrange(dout.shape[0]):
            for c in xrange(dout.shape[1]):
                for i in xrange(dout.shape[2]):
                    for j in xrange(dout.shape[3]):
                        y, z = i * self.stride, j * self.stride
                        window = self.x[n, c, y:y + self.pool_h, z:z + self.pool_w]
                        k = window.argmax()
                        dx[n, c, y + k / self.pool_h, z + k % self.pool_h] += dout[n, c, i, j]
        return dx


class Convolution(object):

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        F, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        p, s = self.pad, self.stride
        out_h = 1 + (H + 2 * p - FH) / s
        out_w = 1 + (W + 2 * p - FW) / s
        self.x, self.xp = x, np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
        out = np.zeros((N, F, out_h, out_w), dtype=x.dtype)
        # shift the whole image under one weight at a time
        for a in xrange(FH):
            for b in xrange(FW):
                piece = self.xp[:, :, a:a + s * out_h:s, b:b + s * out_w:s]
                out += np.einsum('nchw,fc->nfhw', piece, self.W[:, :, a, b])
        return out + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        F, C, FH, FW = self.W.shape
        s, p = self.stride, self.pad
        _, _, out_h, out_w = dout.shape
        dxp = np.zeros_like(self.xp)
        self.dW = np.zeros_like(self.W)
        self.db = dout.sum(axis=3).sum(axis=2).sum(axis=0)
        for a in xrange(FH):
            for b in xrange(FW):
                rows, cols = slice(a, a + s * out_h, s), slice(b, b + s * out_w, s)
                self.dW[:, :, a, b] = np.einsum('nfhw,nchw->fc', dout, self.xp[:, :, rows, cols])
                dxp[:, :, rows, cols] += np.einsum('nfhw,fc->nchw', dout, self.W[:, :, a, b])
        H, W = self.x.shape[2:]
        return dxp[:, :, p:p + H, p:p + W]


def load_params(name):
    try:
        return pickle.load(open(name))
    except IOError, e:
        print 'no parameters:', e
        return {}
