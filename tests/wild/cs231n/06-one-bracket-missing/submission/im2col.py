import numpy as np
from numpy.lib.stride_tricks import as_strided


def im2col_indices(x, fh, fw, padding=1, stride=1):
    """(C * fh * fw, out_h * out_w * N), without copying until the very end"""
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode='constant')
    N, C, H, W = xp.shape
    oh, ow = (H - fh) // stride + 1, (W - fw) // stride + 1
    n, c, h, w = xp.strides
    view = as_strided(xp, (C, fh, fw, oh, ow, N), (c, h, w, h * stride, w * stride, n))
    return view.reshape(C * fh * fw, -1)


def col2im_indices(cols, x_shape, fh=3, fw=3, padding=1, stride=1):
    N, C, H, W = x_shape
    oh, ow = (H + 2 * padding - fh) // stride + 1, (W + 2 * padding - fw) // stride + 1
    cols = cols.reshape(C, fh, fw, oh, ow, N)
    x = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    for i in range(fh):
        for j in range(fw):
            x[:, :, i:i + stride * oh:stride, j:j + stride * ow:stride] += cols[:, i, j].transpose(3, 0, 1, 2)
    return x[:, :, padding:H + padding, padding:W + padding]
