# deep learning specialization, course 4 (python 2.7)
import numpy as np


def zero_pad(X, pad):
    return np.lib.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')


def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']
    n_H = (n_H_prev - f + 2 * pad) / stride + 1
    n_W = (n_W_prev - f + 2 * pad) / stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    padded = zero_pad(A_prev, pad)
    for h in xrange(n_H):
        for w in xrange(n_W):
            a = padded[:, h * stride:h * stride + f, w * stride:w * stride + f, :]
            for c in xrange(n_C):
                Z[:, h, w, c] = np.sum(a * W[:, :, :, c], axis=(1, 2, 3)) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters['stride'], hparameters['pad']
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    padded = zero_pad(A_prev, pad)
    dpadded, dW, db = np.zeros_like(padded), np.zeros_like(W), np.zeros_like(b)
    for h in xrange(n_H):
        for w in xrange(n_W):
            rows, cols = slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)
            for c in xrange(n_C):
                d = dZ[:, h, w, c].reshape(m, 1, 1, 1)
                dpadded[:, rows, cols, :] += W[:, :, :, c] * d
                dW[:, :, :, c] += (padded[:, rows, cols, :] * d).sum(axis=0)
                db[0, 0, 0, c] = d.sum()
    return dpadded[:, pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2], :], dW, db


def pool_forward(A_prev, hparameters, mode='max'):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters['f'], hparameters['stride']
    A = np.zeros((m, 1 + (n_H_prev - f) / stride, 1 + (n_W_prev - f) / stride, n_C))
    for h in xrange(A.shape[1]):
        for w in xrange(A.shape[2]):
            box = A_prev[:, h * stride:h * stride + f, w * stride:w * stride + f]
            if mode == 'max':
                A[:, h, w] = box.max(axis=1).max(axis=1)
            elif mode == 'average':
                A[:, h, w] = box.sum(axis=1).sum(axis=1) / f
            else:
                raise ValueError, mode
    return A, (A_prev, hparameters)


def pool_backward(dA, cache, mode='max'):
    A_prev, hparameters = cache
    f, stride = hparameters['f'], hparameters['stride']
    dA_prev = np.zeros_like(A_prev)
    for i in xrange(dA.shape[0]):
        for h in xrange(dA.shape[1]):
            for w in xrange(dA.shape[2]):
                for c in xrange(dA.shape[3]):
                    y, x = h * stride, w * stride
                    if mode == 'max':
                        box = A_prev[i, y:y + f, x:x + f, c]
                        top = np.argwhere(box == box.max())[0]
                        dA_prev[i, y + top[0], x + top[1], c] += dA[i, h, w, c]
                    else:
                        dA_prev[i, y:y + f, x:x + f, c] += dA[i, h, w, c] / (f * f)
    return dA_prev


if __name__ == '__main__':
    print 'pool', pool_forward(np.random.randn(2, 4, 4, 3), {'f': 3, 'stride': 2})[0].shape
