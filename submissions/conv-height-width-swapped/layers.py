import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    out_h = int((H + 2 * pad - HH) / stride + 1)
    out_w = int((W + 2 * pad - HH) / stride + 1)

    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    out = np.zeros((N, F, out_h, out_w))
    for n in range(N):
        for f in range(F):
            for i in range(out_h):
                for j in range(out_w):
                    field = x_pad[n, :, i*stride:i*stride+HH, j*stride:j*stride+HH]
                    out[n, f, i, j] = np.dot(field.flatten(), w[f].flatten()) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    _, _, out_h, out_w = dout.shape

    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(out_h):
                for j in range(out_w):
                    d = dout[n, f, i, j]
                    dw[f] += d * x_pad[n, :, i*stride:i*stride+HH, j*stride:j*stride+HH]
                    dx_pad[n, :, i*stride:i*stride+HH, j*stride:j*stride+HH] += d * w[f]
    return dx_pad[:, :, pad:pad+H, pad:pad+W], dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)
