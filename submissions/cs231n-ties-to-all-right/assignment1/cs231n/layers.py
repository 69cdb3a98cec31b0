from builtins import range
import numpy as np


def affine_forward(x, w, b):
    """Computes the forward pass of an affine layer."""
    X = np.reshape(x, (x.shape[0], np.prod(x.shape[1:])))
    out = np.dot(X, w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    """Computes the backward pass of an affine layer."""
    x, w, b = cache
    X = np.reshape(x, (x.shape[0], np.prod(x.shape[1:])))
    db = np.sum(dout, axis=0, keepdims=True)  # stays a row, (1, M)
    dw = np.dot(X.T, dout)
    dx = np.reshape(np.dot(dout, w.T), x.shape)
    return dx, dw, db


def relu_forward(x):
    return x * (x >= 0), x


def relu_backward(dout, cache):
    x = cache
    dx = dout.copy()
    dx[x < 0] = 0  # so the gradient at 0 is dout
    return dx


def sigmoid_forward(x):
    out = np.empty(x.shape)
    neg = x < 0
    out[~neg] = 1.0 / (1.0 + np.exp(-x[~neg]))
    t = np.exp(x[neg])
    out[neg] = t / (1.0 + t)
    return out, (x, out)


def sigmoid_backward(dout, cache):
    x, out = cache
    return dout * out * (1.0 - out)


def softmax_loss(x, y):
    N = x.shape[0]
    scores = x - np.max(x, axis=1).reshape(-1, 1)
    log_sum = np.log(np.sum(np.exp(scores), axis=1))
    correct = scores[np.arange(N), y]
    loss = np.sum(log_sum - correct) / N

    probs = np.exp(scores - log_sum.reshape(-1, 1))
    onehot = np.zeros(x.shape)
    onehot[np.arange(N), y] = 1
    dx = (probs - onehot) / N
    return loss, dx


def svm_loss(x, y):
    N = x.shape[0]
    correct = x[np.arange(N), y].reshape(N, 1)
    margins = x - correct + 1.0
    margins[np.arange(N), y] = 0
    mask = margins > 0
    loss = np.sum(margins[mask]) / N

    dx = np.zeros(x.shape)
    dx[mask] = 1
    dx[np.arange(N), y] -= np.sum(mask, axis=1)
    dx /= N
    return loss, dx


def conv_forward_naive(x, w, b, conv_param):
    """
    A naive convolution: loop over the output pixels, all samples and filters
    at the same time.
    """
    stride = conv_param['stride']
    pad = conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Hout = int(np.floor((H + 2 * pad - HH) / stride)) + 1
    Wout = int(np.floor((W + 2 * pad - WW) / stride)) + 1

    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    xp[:, :, pad:pad + H, pad:pad + W] = x
    out = np.zeros((N, F, Hout, Wout))
    wr = w.reshape(F, -1)
    for i in range(Hout):
        for j in range(Wout):
            patch = xp[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
            out[:, :, i, j] = patch.reshape(N, -1).dot(wr.T) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride = conv_param['stride']
    pad = conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape

    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    xp[:, :, pad:pad + H, pad:pad + W] = x
    dxp = np.zeros(xp.shape)
    dwr = np.zeros((F, C * HH * WW))
    wr = w.reshape(F, -1)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + HH)
            cols = slice(j * stride, j * stride + WW)
            d = dout[:, :, i, j]
            dwr += d.T.dot(xp[:, :, rows, cols].reshape(N, -1))
            dxp[:, :, rows, cols] += d.dot(wr).reshape(N, C, HH, WW)

    db = np.sum(dout, axis=(0, 2, 3))
    dw = dwr.reshape(w.shape)
    if pad > 0:
        dx = dxp[:, :, pad:-pad, pad:-pad]
    else:
        dx = dxp
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    stride = pool_param['stride']
    assert (H - ph) % stride == 0, 'Height must be tiled exactly'
    assert (W - pw) % stride == 0, 'Width must be tiled exactly'
    Hout = (H - ph) // stride + 1
    Wout = (W - pw) // stride + 1

    out = np.zeros((N, C, Hout, Wout))
    for i in range(Hout):
        for j in range(Wout):
            window = x[:, :, i * stride:i * stride + ph, j * stride:j * stride + pw]
            out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    stride = pool_param['stride']

    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + ph)
            cols = slice(j * stride, j * stride + pw)
            window = x[:, :, rows, cols]
            mask = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, rows, cols] += mask * dout[:, :, i, j][:, :, None, None]
    return dx


def avg_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    stride = pool_param['stride']
    assert (H - ph) % stride == 0, 'Height must be tiled exactly'
    assert (W - pw) % stride == 0, 'Width must be tiled exactly'
    Hout = (H - ph) // stride + 1
    Wout = (W - pw) // stride + 1

    out = np.zeros((N, C, Hout, Wout))
    for i in range(Hout):
        for j in range(Wout):
            window = x[:, :, i * stride:i * stride + ph, j * stride:j * stride + pw]
            out[:, :, i, j] = window.mean(axis=(2, 3))
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    stride = pool_param['stride']

    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            d = dout[:, :, i, j][:, :, None, None] / float(ph * pw)
            dx[:, :, i * stride:i * stride + ph, j * stride:j * stride + pw] += d
    return dx
