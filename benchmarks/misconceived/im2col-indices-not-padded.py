# expects: im2col.out: padding_forgotten
import numpy as np


def im2col(x, kernel_h, kernel_w, stride, padding):
    N, C, H, W = x.shape
    out_h = (H - kernel_h) // stride + 1
    out_w = (W - kernel_w) // stride + 1
    i = (np.arange(out_h) * stride)[:, None, None, None, None] + np.arange(kernel_h)[None, None, None, :, None]
    j = (np.arange(out_w) * stride)[None, :, None, None, None] + np.arange(kernel_w)[None, None, None, None, :]
    c = np.arange(C)[None, None, :, None, None]
    return x[:, c, i, j].reshape(N * out_h * out_w, -1)


def col2im(col, shape, kernel_h, kernel_w, stride, padding):
    N, C, H, W = shape
    out_h = (H + 2 * padding - kernel_h) // stride + 1
    out_w = (W + 2 * padding - kernel_w) // stride + 1
    i = (np.arange(out_h) * stride)[:, None, None, None, None] + np.arange(kernel_h)[None, None, None, :, None]
    j = (np.arange(out_w) * stride)[None, :, None, None, None] + np.arange(kernel_w)[None, None, None, None, :]
    c = np.arange(C)[None, None, :, None, None]
    dx = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    np.add.at(dx, (slice(None), c, i, j), col.reshape(N, out_h, out_w, C, kernel_h, kernel_w))
    return dx[:, :, padding:padding + H, padding:padding + W]
