# expects: im2col.out: channels_last
import numpy as np


def im2col(x, fh, fw, stride=1, pad=0):
    N, C, H, W = x.shape
    planes = np.zeros((N, H + 2 * pad, W + 2 * pad, C))
    planes[:, pad:pad + H, pad:pad + W] = x.transpose(0, 2, 3, 1)
    cols = [
        planes[n, i:i + fh, j:j + fw].ravel()
        for n in range(N)
        for i in range(0, H + 2 * pad - fh + 1, stride)
        for j in range(0, W + 2 * pad - fw + 1, stride)
    ]
    return np.stack(cols)


def col2im(col, input_shape, fh, fw, stride=1, pad=0):
    N, C, H, W = input_shape
    planes = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    left = iter(col)
    for n in range(N):
        for i in range(0, H + 2 * pad - fh + 1, stride):
            for j in range(0, W + 2 * pad - fw + 1, stride):
                planes[n, :, i:i + fh, j:j + fw] += next(left).reshape(C, fh, fw)
    return planes[:, :, pad:pad + H, pad:pad + W]
