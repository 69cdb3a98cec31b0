"""Assignment 4. Fill in the functions marked with TODO. Do not change their names."""
import numpy as np


def zero_pad(x, pad):
    """TODO 1: zeros around every plane of x (N, C, H, W)."""
    # ===== your code =====
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for n in range(N):
        for c in range(C):
            out[n, c, pad:H + pad, pad:W + pad] = x[n, c]
    # =====================
    return out


def zero_pad_backward(dout, x, pad):
    """TODO 2"""
    dx = None
    # ===== your code =====

    # =====================
    return dx


def conv_single_step(x, w, b):
    """TODO 3: one window, one filter."""
    # ===== your code =====
    prod = np.multiply(x, w)
    out = prod.sum() + b
    # =====================
    return out


def conv_single_step_backward(dout, x, w, b):
    """TODO 4"""
    pass


def im2col(x, kernel_h, kernel_w, stride, padding):
    """TODO 5"""
    # ===== your code =====
    xp = zero_pad(x, padding)
    oh = (xp.shape[2] - kernel_h) // stride + 1
    ow = (xp.shape[3] - kernel_w) // stride + 1
    # first all pixels at place (0, 0) of their window, then (0, 1), ...
    planes = [[xp[:, :, i:i + stride * (oh - 1) + 1:stride, j:j + stride * (ow - 1) + 1:stride] for j in range(kernel_w)] for i in range(kernel_h)]
    out = np.array(planes).transpose(2, 4, 5, 3, 0, 1).reshape(len(x) * oh * ow, -1)
    # =====================
    return out


def col2im(col, x_shape, kernel_h, kernel_w, stride, padding):
    """TODO 6"""
    out = np.zeros(x_shape)
    # ===== your code =====
    # loop over the windows?
    # =====================
    return out


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    """TODO 7"""
    # ===== your code =====
    big = np.zeros(w.shape[:2] + tuple(dilation * (k - 1) + 1 for k in w.shape[2:]))
    big[:, :, ::dilation, ::dilation] = w
    col = im2col(x, big.shape[2], big.shape[3], stride, padding)
    oh = (x.shape[2] + 2 * padding - big.shape[2]) // stride + 1
    out = (col @ big.reshape(len(w), -1).T + b).reshape(len(x), oh, -1, len(w)).transpose(0, 3, 1, 2)
    cache = None
    # =====================
    return out, cache


def conv2d_dilated_backward(dout, cache):
    """TODO 8"""
    dx, dw, db = None, None, None
    return dx, dw, db


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    """TODO 9 (bonus)"""
    raise NotImplementedError


def conv2d_general_backward(dout, cache):
    raise NotImplementedError("bonus")


def global_pool_forward(x, mode):
    """TODO 10"""
    # ===== your code =====
    out = x.max(axis=(2, 3))          # average: later
    # =====================
    return out, x


def global_pool_backward(dout, cache):
    """TODO 11"""
    dx = np.zeros_like(cache)
    return dx


def output_size(size, kernel, stride, padding):
    """TODO 12"""
    return None


def parameter_count(in_channels, out_channels, kernel_size, bias):
    """TODO 13"""
    shape = (out_channels, in_channels, kernel_size, kernel_size)
    return int(np.prod(shape)) + (1 if bias else 0)


def output_size_dilated(size, kernel, stride, padding, dilation):
    """TODO 14"""
    taps = [p * dilation for p in range(kernel)]
    starts = range(-padding, size + padding - taps[-1], stride)
    assert len(starts) > 0, 'kernel too long'
    assert starts[-1] + taps[-1] == size + padding - 1, 'columns left over'
    return len(starts)
