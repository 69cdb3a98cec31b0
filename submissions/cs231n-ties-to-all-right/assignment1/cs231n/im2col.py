import numpy as np


def get_indices(input_shape, filter_h, filter_w, stride, pad):
    """
    Fancy indices (channel, row, column) of every element of the im2col matrix,
    for one padded image. All three broadcast to (windows, C * fh * fw).
    """
    N, C, H, W = input_shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1

    c = np.repeat(np.arange(C), filter_h * filter_w)
    di = np.tile(np.repeat(np.arange(filter_h), filter_w), C)
    dj = np.tile(np.arange(filter_w), C * filter_h)
    i0 = stride * np.repeat(np.arange(out_h), out_w)
    j0 = stride * np.tile(np.arange(out_w), out_h)
    i = i0.reshape(-1, 1) + di.reshape(1, -1)
    j = j0.reshape(-1, 1) + dj.reshape(1, -1)
    return c.reshape(1, -1), i, j


def im2col(x, filter_h, filter_w, stride=1, pad=0):
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    c, i, j = get_indices(x.shape, filter_h, filter_w, stride, pad)
    cols = x_padded[:, c, i, j]
    return cols.reshape(-1, cols.shape[2])


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    c, i, j = get_indices(input_shape, filter_h, filter_w, stride, pad)
    x_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=col.dtype)
    # add.at, because += with repeated indices counts each of them only once
    np.add.at(x_padded, (slice(None), c, i, j), col.reshape(N, i.shape[0], -1))
    return x_padded[:, :, pad:pad + H, pad:pad + W]
