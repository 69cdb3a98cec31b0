# coding: utf-8
import numpy as np


def conv_output_size(size, filter_size, stride=1, pad=0):
    return (size + 2 * pad - filter_size) // stride + 1


def im2col(x, filter_h, filter_w, stride=1, pad=0):
    """Unrolls images into a matrix: one window per row.

    x : (N, C, H, W)
    returns : (N * out_h * out_w, C * filter_h * filter_w)
    """
    N, C, H, W = x.shape
    out_h = conv_output_size(H, filter_h, stride, pad)
    out_w = conv_output_size(W, filter_w, stride, pad)

    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    col = np.zeros((N, C, filter_h, filter_w, out_h, out_w))
    for fy in range(filter_h):
        for fx in range(filter_w):
            col[:, :, fy, fx] = img[:, :, fy:fy + stride * out_h:stride, fx:fx + stride * out_w:stride]

    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    """The way back: windows that overlap are added up."""
    N, C, H, W = input_shape
    out_h = conv_output_size(H, filter_h, stride, pad)
    out_w = conv_output_size(W, filter_w, stride, pad)

    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for fy in range(filter_h):
        for fx in range(filter_w):
            img[:, :, fy:fy + stride * out_h:stride, fx:fx + stride * out_w:stride] += col[:, :, fy, fx]

    return img[:, :, pad:H + pad, pad:W + pad]


def output_size(size, kernel, stride, padding):
    """Like conv_output_size, but refuses sizes that do not work out."""
    numerator = size + 2 * padding - kernel
    if numerator < 0 or numerator % stride != 0:
        raise ValueError('size=%d kernel=%d stride=%d padding=%d' % (size, kernel, stride, padding))
    return numerator // stride + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    W = out_channels * in_channels * kernel_size * kernel_size
    b = out_channels if bias else 0
    return W + b
