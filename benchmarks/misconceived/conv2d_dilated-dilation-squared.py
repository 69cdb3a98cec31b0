# expects: nothing
import numpy as np


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, KH, KW = w.shape
    OH = (xp.shape[2] - dilation * (KH - 1) - 1) // stride + 1
    OW = (xp.shape[3] - dilation * (KW - 1) - 1) // stride + 1
    out = np.zeros((len(x), F, OH, OW))
    for i in range(OH):
        for j in range(OW):
            for k in range(KH):
                for l in range(KW):
                    column = (j * stride + l * dilation * dilation) % xp.shape[3]
                    out[:, :, i, j] += xp[:, :, i * stride + k * dilation, column] @ w[:, :, k, l].T
    return out + b[:, None, None], None
