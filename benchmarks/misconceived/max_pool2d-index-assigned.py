# expects: max_pool2d.dx: largest_overwrites
import numpy as np


def max_pool_forward_naive(x, pool_param):
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    out = np.array([[[[x[n, c, i:i + ph, j:j + pw].max() for j in range(0, W - pw + 1, s)] for i in range(0, H - ph + 1, s)]
                     for c in range(C)] for n in range(N)])
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    N, C, H_out, W_out = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[n, c, i*s:i*s + ph, j*s:j*s + pw]
                    ind = np.unravel_index(np.argmax(window), (ph, pw))
                    dx[n, c, i*s:i*s + ph, j*s:j*s + pw][ind] = dout[n, c, i, j]
    return dx
