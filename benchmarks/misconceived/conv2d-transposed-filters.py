# expects: conv2d.out: filters_transposed
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0,), (0,), (pad,), (pad,)), mode='constant')
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out))
    kernels = w.T
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    total = b[f]
                    for c in range(C):
                        window = xp[n, c, i * stride:i * stride + HH, j * stride:j * stride + WW]
                        total += np.sum(window * kernels[:, :, c, f])
                    out[n, f, i, j] = total
    return out, (x, w, b, conv_param)
