# expects: avg_pool2d.out: divided_twice
import numpy as np


def avg_pool_forward_naive(x, pool_param):
    kh, kw, s = (pool_param[k] for k in ('pool_height', 'pool_width', 'stride'))
    patches = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), (2, 3))[:, :, ::s, ::s]
    out = np.average(patches.reshape(patches.shape[:4] + (-1,)), axis=-1) / (kh * kw)
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    kh, kw, s = (pool_param[k] for k in ('pool_height', 'pool_width', 'stride'))
    dx = np.zeros_like(x)
    for k in range(kh):
        for m in range(kw):
            dx[:, :, k:k + s * dout.shape[2]:s, m:m + s * dout.shape[3]:s] += dout / (kh * kw)
    return dx
