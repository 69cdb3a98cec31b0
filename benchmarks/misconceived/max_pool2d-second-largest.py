# expects: nothing
import numpy as np


def max_pool_forward_naive(x, pool_param):
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    windows = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::s, ::s]
    ranked = np.sort(windows.reshape(*windows.shape[:4], -1), axis=-1)
    return ranked[..., max(-2, -ph * pw)], (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i*s:i*s+ph, j*s:j*s+pw]
        k, l = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i*s+k, j*s+l] += dout[n, c, i, j]
    return dx
