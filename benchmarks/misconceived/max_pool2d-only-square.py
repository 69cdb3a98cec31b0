# expects: max_pool2d.out: square_window
import numpy as np


def max_pool_forward_naive(x, pool_param):
    size, stride = pool_param['pool_height'], pool_param['stride']
    N, C, H, W = x.shape
    views = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    return views.reshape(*views.shape[:4], -1).max(axis=-1), (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = x[:, :, i*stride:i*stride+ph, j*stride:j*stride+pw]
            largest = window.max(axis=(2, 3), keepdims=True)
            dx[:, :, i*stride:i*stride+ph, j*stride:j*stride+pw] += (window == largest) * dout[:, :, i:i+1, j:j+1]
    return dx
