"""
Layers in single precision.

The heavy layers (affine, conv, average pooling) convert everything they get to
float32, the others stay in the type of their input.
"""
import numpy as np


def _f32(*arrays):
    return [a.astype(np.float32) for a in arrays]


def affine_forward(x, w, b):
    x32, w32, b32 = _f32(x, w, b)
    out = x32.reshape(x.shape[0], -1) @ w32 + b32
    return out, (x32, w32)


def affine_backward(dout, cache):
    x, w = cache
    dout = dout.astype(np.float32)
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    out = np.zeros_like(x)
    positive = x > 0
    out[positive] = x[positive]
    return out, positive


def relu_backward(dout, cache):
    dx = np.zeros_like(dout)
    dx[cache] = dout[cache]
    return dx


def sigmoid_forward(x):
    out = np.zeros_like(x)
    pos = x >= 0
    out[pos] = 1 / (1 + np.exp(-x[pos]))
    ex = np.exp(x[~pos])
    out[~pos] = ex / (1 + ex)
    return out, out


def sigmoid_backward(dout, cache):
    return dout * (1 - cache) * cache


def softmax_loss(x, y):
    N = x.shape[0]
    rows = np.arange(N)
    shifted = x - np.max(x, axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = np.sum(exps, axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - shifted[rows, y])
    dx = exps / sums
    dx[rows, y] -= 1
    dx /= N
    return loss, dx


def svm_loss(x, y):
    N = x.shape[0]
    rows = np.arange(N)
    margins = np.maximum(0, x - x[rows, y].reshape(-1, 1) + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / N
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[rows, y] -= np.sum(margins > 0, axis=1)
    dx /= N
    return loss, dx


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    x32, w32, b32 = _f32(x, w, b)
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H_out = (H + 2 * pad - HH) // stride + 1
    W_out = (W + 2 * pad - WW) // stride + 1

    xp = np.pad(x32, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H_out, W_out), dtype=np.float32)
    # one tap of the kernel at a time, for all output positions
    for i in range(HH):
        for j in range(WW):
            tap = xp[:, :, i:i + stride * H_out:stride, j:j + stride * W_out:stride]
            out += np.tensordot(tap, w32[:, :, i, j], axes=([1], [1])).transpose(0, 3, 1, 2)
    out += b32.reshape(1, F, 1, 1)
    return out, (x32, w32, conv_param)


def conv_backward_naive(dout, cache):
    x, w, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    dout = dout.astype(np.float32)
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape

    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(HH):
        for j in range(WW):
            rows = slice(i, i + stride * H_out, stride)
            cols = slice(j, j + stride * W_out, stride)
            dw[:, :, i, j] = np.tensordot(dout, xp[:, :, rows, cols],
                                          axes=([0, 2, 3], [0, 2, 3]))
            back = np.tensordot(dout, w[:, :, i, j], axes=([1], [0]))
            dxp[:, :, rows, cols] += back.transpose(0, 3, 1, 2)
    db = dout.sum(axis=(0, 2, 3))
    dx = dxp[:, :, pad:pad + H, pad:pad + W]
    return dx, dw, db


def _pool_sizes(x, pool_param):
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    s = pool_param['stride']
    return ph, pw, s, (x.shape[2] - ph) // s + 1, (x.shape[3] - pw) // s + 1


def max_pool_forward_naive(x, pool_param):
    ph, pw, s, H_out, W_out = _pool_sizes(x, pool_param)
    N, C = x.shape[:2]
    out = np.zeros_like(x, shape=(N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            out[:, :, i, j] = np.max(x[:, :, i * s:i * s + ph, j * s:j * s + pw], axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s, H_out, W_out = _pool_sizes(x, pool_param)
    N, C = x.shape[:2]
    dx = np.zeros_like(x)
    n, c = np.ogrid[:N, :C]
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * s:i * s + ph, j * s:j * s + pw].reshape(N, C, -1)
            row, col = np.divmod(np.argmax(window, axis=2), pw)
            dx[n, c, i * s + row, j * s + col] += dout[:, :, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    ph, pw, s, H_out, W_out = _pool_sizes(x, pool_param)
    x = x.astype(np.float32)
    out = np.zeros(x.shape[:2] + (H_out, W_out), dtype=np.float32)
    for i in range(ph):
        for j in range(pw):
            out += x[:, :, i:i + s * H_out:s, j:j + s * W_out:s]
    out /= ph * pw
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s, H_out, W_out = _pool_sizes(x, pool_param)
    dx = np.zeros_like(x)
    share = dout.astype(np.float32) / (ph * pw)
    for i in range(ph):
        for j in range(pw):
            dx[:, :, i:i + s * H_out:s, j:j + s * W_out:s] += share
    return dx


def im2col(x, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = x.shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    col = np.zeros_like(x, shape=(N, out_h, out_w, C * filter_h * filter_w))
    for i in range(out_h):
        for j in range(out_w):
            patch = xp[:, :, i * stride:i * stride + filter_h, j * stride:j * stride + filter_w]
            col[:, i, j] = patch.reshape(N, -1)
    return col.reshape(N * out_h * out_w, -1)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w)
    img = np.zeros_like(col, shape=(N, C, H + 2 * pad, W + 2 * pad))
    for i in range(out_h):
        for j in range(out_w):
            img[:, :, i * stride:i * stride + filter_h, j * stride:j * stride + filter_w] += col[:, i, j]
    return img[:, :, pad:H + pad, pad:W + pad]
