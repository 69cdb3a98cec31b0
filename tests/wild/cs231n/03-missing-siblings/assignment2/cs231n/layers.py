import numpy as np
from .fast_layers import conv_forward_fast, conv_backward_fast
try:
    from .im2col_cython import col2im_cython, im2col_cython
except ImportError:
    print('run the following from the cs231n directory and try again:')
    print('python setup.py build_ext --inplace')
from .optim import *
import data_utils


def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    Hp = (H - ph) // s + 1
    Wp = (W - pw) // s + 1
    out = np.zeros((N, C, Hp, Wp))
    for n in range(N):
        for c in range(C):
            for i in range(Hp):
                for j in range(Wp):
                    out[n, c, i, j] = np.max(x[n, c, i*s:i*s+ph, j*s:j*s+pw])
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    N, C, Hp, Wp = dout.shape
    ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(Hp):
                for j in range(Wp):
                    window = x[n, c, i*s:i*s+ph, j*s:j*s+pw]
                    dx[n, c, i*s:i*s+ph, j*s:j*s+pw] += (window == np.max(window)) * dout[n, c, i, j]
    return dx


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    return out, x


def relu_backward(dout, cache):
    dx = dout * (cache > 0)
    return dx
