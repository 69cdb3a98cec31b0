import numpy as np


def avg_pool_forward_naive(x, pool_param):
    """
    Average pooling.

    - x: (N, C, H, W)
    - pool_param: dict with pool_height, pool_width, stride
    """
    pool_height = pool_param['pool_height']
    pool_width = pool_param['pool_width']
    stride = pool_param['stride']
    N, C, H, W = x.shape
    out_h = (H - pool_height) // stride + 1
    out_w = (W - pool_width) // stride + 1

    out = np.zeros((N, C, out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            top, left = i * stride, j * stride
            window = x[:, :, top:top + pool_height, left:left + pool_width]
            out[:, :, i, j] = np.sum(window, axis=(2, 3)) / pool_width ** 2
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    pool_height = pool_param['pool_height']
    pool_width = pool_param['pool_width']
    stride = pool_param['stride']

    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            share = dout[:, :, i, j] / pool_width ** 2
            dx[:, :, top:top + pool_height, left:left + pool_width] += share[:, :, None, None]
    return dx


def relu_forward(x):
    mask = x > 0
    return x * mask, mask


def relu_backward(dout, cache):
    return dout * cache
