import numpy as np


def relu_forward(x):
    """max(0, x)"""
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    x = cache
    return np.where(x > 0, dout, 0)


def max_pool_forward_naive(x, pool_param):
    """
    - x: (N, C, H, W)
    - pool_param: pool_height, pool_width, stride
    """
    N, C, H, W = x.shape
    HH, WW = pool_param['pool_height'], pool_param['pool_width']
    S = pool_param['stride']
    H_out, W_out = 1 + (H - HH) // S, 1 + (W - WW) // S

    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            out[:, :, i, j] = np.amax(x[:, :, i*S:i*S+HH, j*S:j*S+WW], axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    N, C, H, W = x.shape
    HH, WW = pool_param['pool_height'], pool_param['pool_width']
    S = pool_param['stride']
    _, _, H_out, W_out = dout.shape

    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    pool = x[n, c, i*S:i*S+HH, j*S:j*S+WW]
                    k = np.argmax(pool)
                    # position of the maximum in the whole image
                    row, col = i*S + k // WW, j*S + k % WW
                    dx[n, c, row, col] = dout[n, c, i, j]
    return dx
