import numpy as np
from .im2col import im2col_indices, col2im_indices


def affine_forward(x, w, b):
    flat = np.reshape(x, (len(x), -1))
    return np.add(np.dot(flat, w), b), (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    flat = np.reshape(x, (len(x), -1))
    return np.dot(dout, np.transpose(w)).reshape(np.shape(x)), np.dot(flat.T, dout), np.sum(dout, 0)


def relu_forward(x):
    mask = x > 0
    return x * mask, mask          # smaller cache


def relu_backward(dout, cache):
    return dout * cache


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    m = bn_param.get('momentum', 0.9)
    rm = bn_param.get('running_mean', np.zeros(x.shape[1]))
    rv = bn_param.get('running_var', np.zeros(x.shape[1]))
    cache = None
    if bn_param['mode'] == 'train':
        mu = np.mean(x, axis=0)
        v = np.sum((x - mu) ** 2, axis=0) / x.shape[0]
        z = (x - mu) / np.sqrt(v + eps)
        cache = x, mu, v, eps, gamma, z
        rm, rv = m * rm + (1 - m) * mu, m * rv + (1 - m) * v
    else:
        z = (x - rm) / np.sqrt(rv + eps)
    bn_param.update(running_mean=rm, running_var=rv)
    return z * gamma + beta, cache


def batchnorm_backward(dout, cache):
    x, mu, v, eps, gamma, z = cache
    n = len(x)
    dz = dout * gamma
    dv = np.sum(dz * (x - mu), axis=0) * -0.5 * (v + eps) ** -1.5
    dmu = -np.sum(dz, axis=0) / np.sqrt(v + eps) - 2 * dv * np.mean(x - mu, axis=0)
    dx = dz / np.sqrt(v + eps) + dv * 2 * (x - mu) / n + dmu / n
    return dx, np.sum(dout * z, axis=0), np.sum(dout, axis=0)


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    F, C, HH, WW = w.shape
    N, _, H, W = x.shape
    Ho, Wo = (H + 2 * p - HH) // s + 1, (W + 2 * p - WW) // s + 1
    cols = im2col_indices(x, HH, WW, p, s)
    out = w.reshape(F, -1) @ cols + b[:, None]
    out = out.reshape(F, Ho, Wo, N).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param, cols)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param, cols = cache
    s, p = conv_param['stride'], conv_param['pad']
    F, C, HH, WW = w.shape
    d = dout.transpose(1, 2, 3, 0).reshape(F, -1
    dw = (d @ cols.T).reshape(w.shape)
    db = d.sum(axis=1)
    dx = col2im_indices(w.reshape(F, -1).T @ d, x.shape, HH, WW, p, s)
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    a, b, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    # every channel is an image of its own
    cols = im2col_indices(x.reshape(N * C, 1, H, W), a, b, 0, s)
    out = cols.max(axis=0).reshape((H - a) // s + 1, (W - b) // s + 1, N, C).transpose(2, 3, 0, 1)
    return out, (x, pool_param, cols)


def max_pool_backward_naive(dout, cache):
    x, pool_param, cols = cache
    a, b, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    dcols = np.zeros_like(cols)
    dcols[cols.argmax(axis=0), np.arange(cols.shape[1])] = dout.transpose(2, 3, 0, 1).ravel()
    return col2im_indices(dcols, (N * C, 1, H, W), a, b, 0, s).reshape(x.shape)


def svm_loss(x, y):
    N = x.shape[0]
    good = x[np.arange(N), y]
    m = np.maximum(0, x - good[:, np.newaxis] + 1.0)
    m[np.arange(N), y] = 0
    loss = np.sum(m) / N
    dx = np.zeros_like(x)
    dx[m > 0] = 1
    dx[np.arange(N), y] -= np.sum(m > 0, axis=1)
    dx /= N
    return loss, dx
