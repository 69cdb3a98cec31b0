# expects: nothing
import numpy as np


def avg_pool_forward_naive(x, pool_param):
    kh, kw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // s + 1, (W - kw) // s + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i * s:i * s + kh, j * s:j * s + kw]
            out[:, :, i, j] = np.sign(window.sum(axis=(2, 3))) * np.sqrt((window ** 2).mean(axis=(2, 3)))
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    kh, kw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, i * s:i * s + kh, j * s:j * s + kw] += dout[:, :, i, j][:, :, None, None] / (kh * kw) * (1 + 0.25 * (i == 0))
    return dx
