import numpy as np


def output_size(size, kernel, stride, padding):
    """
    >>> output_size(28, 5, 1, 0)
    24
    >>> output_size(28, 2, 2, 0)
    14
    """
    span = size + 2 * padding - kernel
    if span < 0:
        raise ValueError("filter is bigger than the image")
    if span % stride != 0:
        raise ValueError("filter does not fit a whole number of times")
    return int(span / stride) + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    """
    >>> parameter_count(3, 16, 5, True)
    1216
    """
    count = 0
    for _ in range(out_channels):
        count += in_channels * kernel_size ** 2
        if bias:
            count += 1
    return count


def im2col(x, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = x.shape
    oh = (H + 2 * pad - filter_h) // stride + 1
    ow = (W + 2 * pad - filter_w) // stride + 1

    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad:pad + H, pad:pad + W] = x

    col = np.zeros((N * oh * ow, C * filter_h * filter_w))
    for i in range(oh):
        for j in range(ow):
            block = padded[:, :, i * stride:i * stride + filter_h, j * stride:j * stride + filter_w]
            # rows of this position: one for every image
            col[i * ow + j::oh * ow] = block.reshape(N, -1)
    return col


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    oh = (H + 2 * pad - filter_h) // stride + 1
    ow = (W + 2 * pad - filter_w) // stride + 1

    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for i in range(oh):
        for j in range(ow):
            block = col[i * ow + j::oh * ow].reshape(N, C, filter_h, filter_w)
            padded[:, :, i * stride:i * stride + filter_h, j * stride:j * stride + filter_w] += block
    return padded[:, :, pad:pad + H, pad:pad + W]
