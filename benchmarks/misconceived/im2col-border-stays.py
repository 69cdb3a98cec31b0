# expects: im2col.dx: padding_not_cut_off
import numpy as np


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode='constant')
    N, C, H, W = xp.shape
    columns = []
    for i in range(0, H - field_height + 1, stride):
        for j in range(0, W - field_width + 1, stride):
            for n in range(N):
                columns.append(xp[n, :, i:i + field_height, j:j + field_width].reshape(-1))
    return np.array(columns).T


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    N, C, H, W = x_shape
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    k = 0
    for i in range(0, H + 2 * padding - field_height + 1, stride):
        for j in range(0, W + 2 * padding - field_width + 1, stride):
            for n in range(N):
                xp[n, :, i:i + field_height, j:j + field_width] += cols[:, k].reshape(C, field_height, field_width)
                k += 1
    return xp
