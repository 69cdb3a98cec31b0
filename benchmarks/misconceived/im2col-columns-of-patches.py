# expects: im2col.out: windows_as_columns
import numpy as np


def im2col(x, kernel_h, kernel_w, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    patches = np.lib.stride_tricks.sliding_window_view(x, (kernel_h, kernel_w), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum('ncijkl->cklnij', patches).reshape(x.shape[1] * kernel_h * kernel_w, -1)


def col2im(col, shape, kernel_h, kernel_w, stride, padding):
    N, C, H, W = shape
    img = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    out_w = (W + 2 * padding - kernel_w) // stride + 1
    out_h = (H + 2 * padding - kernel_h) // stride + 1
    for r, row in enumerate(col):
        n, place = divmod(r, out_h * out_w)
        i, j = divmod(place, out_w)
        img[n, :, i * stride:i * stride + kernel_h, j * stride:j * stride + kernel_w] += row.reshape(C, kernel_h, kernel_w)
    return img[:, :, padding:padding + H, padding:padding + W]
